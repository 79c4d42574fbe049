"""Another planner is tried in the shadow of the running one; its differences are kept and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gancang.audit.queries import list_story
from gancang.dispatch.models import Comparison, Offer, Regime, Tick
from gancang.dispatch.planner import Planner
from gancang.dispatch.queries import in_force
from gancang.dispatch.ticking import tick
from gancang.regions.policies import BUILT_IN, FleetShare, PlanningPolicy
from tests.cast import at_work, client_of, place, release

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang.accounts.models import User
    from gancang.orders.models import Order
    from tests.cast import Cast

FIRST = replace(BUILT_IN, name="satu", title="Yang pertama")


def other_for(cast: Cast) -> PlanningPolicy:
    """A policy that gives all orders to Toni's fleet."""
    levels = (("unserved",), ("off_share",), ("wait_s",))
    shares = (FleetShare(cast.fleet.code, 100, 100),)
    return replace(BUILT_IN, name="dua", title="Yang kedua", levels=levels, shares=shares)


@pytest.fixture
def office(cast: Cast) -> Cast:
    """The cast in a region of two policies, the second of which was never chosen."""
    other = other_for(cast)
    cast.region.config["dispatch"] = {"policies": [FIRST.told(), other.told()]}
    cast.region.save()
    return cast


def post(actor: User, deed: str, **typed: object) -> int:
    """What the page of the planning answers to a deed."""
    return client_of(actor).post(f"/dispatch/planning/{deed}", typed).status_code


def seen() -> int:
    """What a page shows last."""
    row = Regime.objects.order_by("-pk").first()
    return row.pk if row else 0


def shown(actor: User) -> str:
    """The page of the planning."""
    response = client_of(actor).get("/dispatch/planning")
    assert response.status_code == 200
    return response.content.decode()


def tried(cast: Cast, planner: str = "dua/reference") -> None:
    """The admin tries a planner in the shadow."""
    assert post(cast.admin, "shadow", tried=planner, seen=seen()) == 302


def planned_twice(cast: Cast, orders: int = 2) -> list[Order]:
    """Orders that a tick offers while something is tried in the shadow."""
    at_work(cast, cast.rider, cast.other_rider)
    made = [
        release(cast, place(cast, number=f"R-{n}", nik=f"35101649035{n:05}")) for n in range(orders)
    ]
    tick(cast.region, now=datetime.now(UTC), seed=1)
    return made


def running(cast: Cast) -> str:
    """The name of the policy that plans now."""
    return in_force(cast.region, now=datetime.now(UTC)).running.policy.name


def kinds(cast: Cast) -> Sequence[str]:
    """What the audit says of the region's planning."""
    told = list_story(cast.region.code, cast.region.code)
    return [event.kind for event in told if event.kind.startswith("planning.")]


def test_the_shadow_plans_each_round_again_and_offers_nothing(office: Cast) -> None:
    tried(office)
    orders = planned_twice(office)
    kept, compared = Tick.objects.get(), Comparison.objects.get()
    assert (compared.tick, compared.considered, compared.served) == (kept, 2, 2)
    assert compared.running.startswith("satu/")
    assert compared.instead == "dua/reference"
    assert Planner.of(compared.thinking).policy.name == "dua"
    # Every order would go to Toni; only the running plan makes offers.
    offers = {offer.order.code: offer.rider.username for offer in Offer.objects.all()}
    assert offers.keys() == {order.code for order in orders}
    expected = [
        [code, rider, "rider"] for code, rider in sorted(offers.items()) if rider != "rider"
    ]
    assert compared.orders == expected
    assert compared.moved == len(expected) > 0


def test_where_nothing_is_tried_nothing_is_planned_twice(office: Cast) -> None:
    planned_twice(office)
    assert Tick.objects.exists()
    assert not Comparison.objects.exists()


def test_work_that_was_promised_before_counts_for_neither_plan(office: Cast) -> None:
    tried(office)
    planned_twice(office, 1)
    first = Comparison.objects.get()
    release(office, place(office, number="R-9", nik="3510164903500099"))
    tick(office.region, now=datetime.now(UTC), seed=1)
    second = Comparison.objects.latest("pk")
    assert (second.considered, second.served_instead) == (1, 1)
    # It goes from the same counter to the same village: no farther than the first alone.
    assert second.distance_m_instead <= first.distance_m_instead


def test_the_page_shows_days_and_rounds_with_orders_and_names(office: Cast) -> None:
    assert "Belum ada yang direncanakan dua kali" in shown(office.operator)
    tried(office)
    orders = planned_twice(office)
    page = shown(office.operator)
    moved = Comparison.objects.get().orders[0]
    assert moved[0] in {order.code for order in orders}
    for words in (moved[0], "Toni", "Joko", "Yang pertama", "Yang kedua", "menit", "km"):
        assert words in page


def test_an_operator_of_a_fleet_sees_figures_but_no_orders_of_others(office: Cast) -> None:
    tried(office)
    planned_twice(office)
    code = Comparison.objects.get().orders[0][0]
    member = office.member(office.operator)
    member.organisation = office.fleet
    member.save()
    page = shown(office.operator)
    assert code not in page
    assert "pesanan pihak lain" in page


def test_one_click_makes_it_the_running_one_and_one_click_brings_the_other_back(
    office: Cast,
) -> None:
    tried(office)
    assert running(office) == "satu"
    assert "Jadikan yang berjalan" in shown(office.admin)
    assert post(office.admin, "adopt", seen=seen()) == 302
    assert running(office) == "dua"
    planned_twice(office)
    assert {offer.rider for offer in Offer.objects.all()} == {office.rider}
    # What ran before is in the shadow now, so that one sees what is lost.
    assert Comparison.objects.get().instead.startswith("satu/")
    assert "Kembali ke yang sebelumnya" in shown(office.admin)
    assert post(office.admin, "back", seen=seen()) == 302
    assert running(office) == "satu"
    assert kinds(office) == ["planning.shadowed", "planning.adopted", "planning.went_back"]
    assert post(office.admin, "back", seen=seen()) == 302
    assert running(office) == "dua"


def test_trying_nothing_ends_it(office: Cast) -> None:
    tried(office)
    tried(office, "-")
    planned_twice(office)
    assert not Comparison.objects.exists()
    assert running(office) == "satu"


@pytest.mark.parametrize("deed", ["shadow", "adopt", "back"])
def test_only_the_admin_changes_what_plans(office: Cast, deed: str) -> None:
    tried(office)
    before = Regime.objects.count()
    for other in (office.operator, office.clerk, office.rider, office.auditor):
        assert post(other, deed, tried="dua/reference", seen=seen()) == 403
    assert Regime.objects.count() == before
    page = shown(office.operator)
    assert "Jadikan yang berjalan" not in page
    assert "Admin wilayah menentukan" in page


@pytest.mark.parametrize("deed", ["shadow", "adopt", "back"])
def test_whoever_saw_an_older_planning_changes_nothing(office: Cast, deed: str) -> None:
    old = seen()
    tried(office)
    assert post(office.admin, deed, tried="-", seen=old) == 409
    assert in_force(office.region, now=datetime.now(UTC)).shadow is not None


def test_what_is_unknown_or_runs_already_is_not_tried(office: Cast) -> None:
    assert post(office.admin, "shadow", tried="tiga/reference", seen=0) == 400
    name = in_force(office.region, now=datetime.now(UTC)).running.name
    assert post(office.admin, "shadow", tried=name, seen=0) == 400
    assert not Regime.objects.exists()


def test_without_a_shadow_or_a_past_there_is_nothing_to_click(office: Cast) -> None:
    page = shown(office.admin)
    assert "Jadikan yang berjalan" not in page
    assert "Kembali ke yang sebelumnya" not in page
    assert post(office.admin, "adopt", seen=0) == 409
    assert post(office.admin, "back", seen=0) == 409


def test_a_policy_that_is_gone_from_the_pack_gives_way_to_the_first(office: Cast) -> None:
    tried(office)
    assert post(office.admin, "adopt", seen=seen()) == 302
    office.region.config["dispatch"] = {"policies": [FIRST.told()]}
    office.region.save()
    assert running(office) == "satu"
    assert shown(office.admin)
