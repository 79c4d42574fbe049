"""What plans a region is data: its policies, its programmes' wishes, the shares of its fleets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from gancang_planner import Term

from gancang.dispatch import keeping
from gancang.dispatch.models import Offer, Tick, Waiting
from gancang.dispatch.planner import Planner
from gancang.dispatch.planning import proposals_of
from gancang.dispatch.ticking import photograph, tick, world_seen
from gancang.fleet.models import Shift
from gancang.medicine.actions import PROGRAMME
from gancang.orders.models import Order
from gancang.programmes.models import Programme
from gancang.programmes.queries import get_programme
from gancang.regions.models import Village
from gancang.regions.policies import BUILT_IN, FleetShare, PlanningPolicy
from tests.cast import at_work, client_of, place, release

if TYPE_CHECKING:
    from gancang.regions.models import Region
    from tests.cast import Cast

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


def released(cast: Cast, number: int, **typed: str) -> Order:
    """An order of one more patient, that waits for a rider."""
    nik = f"35101649035{number:05}"
    return release(cast, place(cast, number=f"R-{number}", nik=nik, **typed))


def with_policies(region: Region, *policies: PlanningPolicy) -> None:
    """The region's pack tells these policies."""
    region.config["dispatch"] = {"policies": [policy.told() for policy in policies]}
    region.save()


def with_terms(cast: Cast, **terms: Any) -> None:
    """The programme of all stories has these terms too."""
    row = get_programme(cast.region, PROGRAMME)
    row.terms = {**row.terms, **terms}
    row.save()


def test_a_tick_keeps_the_policy_that_planned_it(cast: Cast) -> None:
    mine = replace(BUILT_IN, name="satu", iterations=7, no_gain=7)
    with_policies(cast.region, mine, replace(BUILT_IN, name="dua"))
    at_work(cast, cast.rider, cast.second_rider)
    released(cast, 1)
    tick(cast.region, now=datetime.now(UTC), seed=3)
    kept = Tick.objects.get()
    assert Planner.of(kept.thinking).policy == mine
    assert kept.iterations <= 7


def test_a_policy_survives_being_told(cast: Cast) -> None:
    levels = (("unserved",), ("off_share*3", "wait_s"))
    shares = (FleetShare(cast.fleet.code, 20, 60),)
    policy = replace(
        BUILT_IN, name="bagi", until=date(2027, 1, 1), levels=levels, shares=shares, decree="SK 1"
    )
    planner = Planner(policy, "reference", {cast.fleet.code: 4})
    assert Planner.of(planner.told()) == planner
    assert planner.weighing().shares[0].already == 4


def test_a_tick_of_the_first_release_is_planned_by_the_built_in_policy() -> None:
    assert Planner.of({}).policy == BUILT_IN


def test_priority_minutes_on_board_and_fleets_reach_the_planner(cast: Cast) -> None:
    with_terms(cast, priority=5, on_board_min_max=45)
    at_work(cast, cast.rider, cast.other_rider)
    released(cast, 1)
    now = datetime.now(UTC)
    photo = photograph(cast.region, now=now)
    world = world_seen(photo)
    assert (world.jobs[0].priority, world.jobs[0].max_onboard_s) == (5, 45 * 60)
    fleets = {vehicle.id: vehicle.fleet for vehicle in world.vehicles}
    assert fleets == {"rider": cast.fleet.code, "other-rider": cast.other_fleet.code}
    assert keeping.world_again(keeping.kept(world)) == world


def test_what_is_too_far_for_cold_medicine_waits_for_that_reason(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = released(cast, 1)
    # Placed while it was in time; then the way became longer, as when a bridge is closed.
    with_terms(cast, on_board_min_max=5)
    cast.region.config["travel"]["start_s"] = 1800
    cast.region.save()
    outcome = tick(cast.region, now=datetime.now(UTC), seed=1)
    assert outcome.unserved == [(order.code, "on_board_too_long")]
    board = client_of(cast.operator).get("/dispatch/board").content.decode()
    assert "Terlalu jauh untuk batas waktu dinginnya" in board


def another_programme(cast: Cast, **terms: Any) -> Programme:
    """A second programme with terms of its own."""
    first = get_programme(cast.region, PROGRAMME)
    return Programme.objects.create(
        region=cast.region, code="lain", version=1, name="Lain", terms={**first.terms, **terms}
    )


def test_programmes_with_policies_of_their_own_are_planned_by_themselves_the_weightiest_first(
    cast: Cast,
) -> None:
    with_policies(cast.region, BUILT_IN, replace(BUILT_IN, name="kilat"))
    other = another_programme(cast, policy="kilat", priority=9)
    at_work(cast, cast.rider, cast.second_rider)
    orders = [released(cast, number) for number in range(4)]
    for order in orders[2:]:
        order.programme = other
        order.save(update_fields=["programme"])
    outcome = tick(cast.region, now=datetime.now(UTC), seed=1)
    assert (outcome.considered, outcome.assigned) == (4, 4)
    first, second = Tick.objects.order_by("pk")
    assert [t.thinking["policy"]["name"] for t in (first, second)] == ["kilat", BUILT_IN.name]
    assert [t.assigned for t in (first, second)] == [2, 2]
    for kept, its in ((first, orders[2:]), (second, orders[:2])):
        world, found = keeping.replay(kept)
        assert world.loose() == {order.code for order in its}
        assert not found.unserved
    # What the first group was offered is promised when the second is planned.
    assert keeping.world_again(second.world).committed() == {order.code for order in orders[2:]}


def test_orders_of_a_programme_whose_policy_ran_out_are_planned_by_the_running_one(
    cast: Cast,
) -> None:
    ended = replace(BUILT_IN, name="kilat", until=date(2026, 1, 2))
    with_policies(cast.region, BUILT_IN, ended)
    with_terms(cast, policy="kilat")
    at_work(cast, cast.rider)
    released(cast, 1)
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert Tick.objects.get().thinking["policy"]["name"] == BUILT_IN.name


@pytest.mark.parametrize("fleet", ["fleet", "other_fleet"])
def test_a_fleet_below_its_published_share_is_asked_first(cast: Cast, fleet: str) -> None:
    due = getattr(cast, fleet)
    levels = (("unserved",), ("off_share",), ("wait_s",))
    shares = (FleetShare(due.code, 60, 100),)
    with_policies(cast.region, replace(BUILT_IN, name="bagi", levels=levels, shares=shares))
    at_work(cast, cast.rider, cast.other_rider)
    released(cast, 1)
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert Offer.objects.get().fleet == due


def test_what_a_fleet_carried_in_the_last_days_counts_for_its_share(cast: Cast) -> None:
    levels = (("unserved",), ("off_share",), ("wait_s",))
    policy = replace(
        BUILT_IN, levels=levels, shares=(FleetShare(cast.fleet.code, 0, 50),), share_days=2
    )
    with_policies(cast.region, policy)
    at_work(cast, cast.rider, cast.other_rider)
    now = datetime.now(UTC)
    for number, days in ((1, 1), (2, 5)):
        done = released(cast, number)
        Offer.objects.create(
            order=done,
            rider=cast.rider,
            fleet=cast.fleet,
            made_at=now - timedelta(days=days),
            expires_at=now,
            answer="yes",
            answered_at=now - timedelta(days=days),
            pay_rp=1,
            distance_m=1,
        )
        done.state = "delivered"
        done.save(update_fields=["state"])
    order = released(cast, 3)
    tick(cast.region, now=now, seed=1)
    assert Tick.objects.get().thinking["already"] == {cast.fleet.code: 1}
    assert Offer.objects.get(order=order, answer="open").fleet == cast.other_fleet


def busy_and_a_new_order(cast: Cast, minutes: int | None) -> Order:
    """Toni is at a far door with a bag when an order for the hospital's own village is let out."""
    # The shortest way: he hands over where he stands before he goes back to the counter.
    levels = (("unserved",), ("duration_s",))
    with_policies(cast.region, replace(BUILT_IN, levels=levels, commit_minutes=minutes))
    at_work(cast, cast.rider)
    first = released(cast, 1)
    tick(cast.region, now=datetime.now(UTC), seed=1)
    client_of(cast.rider).post(
        f"/dispatch/rider/offers/{Offer.objects.get().pk}", {"answer": "yes"}
    )
    first.refresh_from_db()
    typed = {"version": first.version, "bag_code": first.bag_code}
    client_of(cast.rider).post(f"/dispatch/rider/orders/{first.code}", typed)
    Shift.objects.update(lat=first.lat, lon=first.lon, seen_at=datetime.now(UTC))
    assert cast.hospital.village is not None
    return released(cast, 2, village=cast.hospital.village.code)


def test_an_order_that_is_fetched_later_is_planned_and_offered_only_then(cast: Cast) -> None:
    order = busy_and_a_new_order(cast, 2)
    outcome = tick(cast.region, now=datetime.now(UTC), seed=1)
    assert (outcome.assigned, outcome.unserved) == (0, [(order.code, "planned")])
    assert Waiting.objects.get().rider == "rider"
    board = client_of(cast.operator).get("/dispatch/board").content.decode()
    assert "Sudah direncanakan" in board
    # The next plan knows whom the last one meant, and keeps nothing where nothing changed.
    now = datetime.now(UTC)
    assert (order.code, "rider") in world_seen(photograph(cast.region, now=now)).running
    kept = Tick.objects.count()
    tick(cast.region, now=now, seed=2)
    assert Tick.objects.count() == kept
    # The bag before is handed over: now he would leave at once.
    Order.objects.exclude(pk=order.pk).update(state="delivered")
    tick(cast.region, now=now, seed=3)
    assert Offer.objects.get(order=order).answer == "open"
    assert not Waiting.objects.exists()


def test_without_such_a_policy_it_is_offered_at_once(cast: Cast) -> None:
    order = busy_and_a_new_order(cast, None)
    assert tick(cast.region, now=datetime.now(UTC), seed=1).assigned == 1
    assert Offer.objects.get(order=order).rider == cast.rider


def near_by(cast: Cast, count: int) -> list[Village]:
    """The villages nearest to the hospital: riders go there at once, on no round."""
    lat, lon = cast.hospital.lat or 0.0, cast.hospital.lon or 0.0
    villages = Village.objects.filter(region=cast.region)
    return sorted(villages, key=lambda v: (v.lat - lat) ** 2 + (v.lon - lon) ** 2)[:count]


def test_a_plan_that_was_cut_short_by_the_clock_replays_too(cast: Cast) -> None:
    endless = replace(BUILT_IN, iterations=10**6, no_gain=10**6, think_s_max=0.05)
    with_policies(cast.region, endless)
    at_work(cast, cast.rider, cast.second_rider, cast.other_rider)
    for number, village in enumerate(near_by(cast, 6)):
        released(cast, number, village=village.code)
    tick(cast.region, now=datetime.now(UTC), seed=4)
    kept = Tick.objects.get()
    assert 0 < kept.iterations < 10**6
    world, found = keeping.replay(kept)
    again = {(p.order, p.rider, tuple(p.score.items())) for p in proposals_of(world, found)}
    made = Offer.objects.filter(tick=kept).values_list("order__code", "rider__username", "score")
    parts = {(code, rider, tuple(score[str(t)] for t in Term)) for code, rider, score in made}
    assert {(code, rider, tuple(v for _, v in score)) for code, rider, score in again} == parts
