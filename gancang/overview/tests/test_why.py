"""Why he and not another: an order's story tells it in words, on page and command line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from gancang.dispatch.models import Offer, Tick
from gancang.dispatch.ticking import tick
from gancang.dispatch.words import gap, told_against, told_levels, told_score
from gancang.fleet.models import Shift
from gancang.overview.story import lines_of_offers, story_of
from gancang.programmes.queries import list_programmes
from tests.cast import at_work, client_of, place, release

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from tests.cast import Cast

WEIGHED = ("unserved", "lateness_s", "wait_s")


def offered(cast: Cast) -> Order:
    """An order offered to the nearest of three riders, who stand ever farther away."""
    at_work(cast, cast.rider, cast.second_rider, cast.other_rider)
    lat, lon = cast.hospital.lat, cast.hospital.lon
    assert lat is not None
    assert lon is not None
    for away, user in enumerate((cast.rider, cast.second_rider, cast.other_rider)):
        row = Shift.objects.filter(rider__user=user)
        row.update(lat=lat + 0.02 * away, lon=lon, seen_at=datetime.now(UTC))
    order = release(cast, place(cast))
    tick(cast.region, now=datetime.now(UTC), seed=1)
    return order


def test_the_story_tells_the_next_riders_and_how_they_compare(cast: Cast) -> None:
    order = offered(cast)
    offer = Offer.objects.get()
    assert offer.rider == cast.rider
    assert [each["rider"] for each in offer.alternatives or []] == ["second-rider", "other-rider"]
    page = client_of(cast.operator).get(f"/overview/orders/{order.code}").content.decode()
    slamet = page[page.index("<strong>Slamet</strong>") :]
    assert "lebih lambat" in slamet[:200]
    assert "menit" in slamet[:200]
    assert "Toni" in page
    assert "tepat waktu" in page
    assert "Dipilih menurut kebijakan" in page
    for raw in ("lateness_s", "imbalance_min2", "distance_m"):
        assert raw not in page


def test_the_story_tells_machines_the_parts_of_each(cast: Cast) -> None:
    told = story_of(offered(cast))["offers"][0]
    assert told["planner"]["policy"] == Tick.objects.get().thinking["policy"]["name"]
    assert told["score"]["distance_m"] > 0
    names = [other["rider_name"] for other in told["alternatives"]]
    assert names == ["Slamet", "Joko"]
    assert all(set(other["score"]) == set(told["score"]) for other in told["alternatives"])


def test_the_command_line_tells_it_in_words_too(cast: Cast) -> None:
    with translation.override("en"):
        chosen, second, third = lines_of_offers(story_of(offered(cast)))
    assert "Toni" in chosen
    assert "in time" in chosen
    assert "Slamet: " in second
    assert "fetched" in second
    assert "later" in second
    assert "Joko: " in third


def test_the_story_names_people_and_funds_not_their_codes(cast: Cast) -> None:
    order = offered(cast)
    funders = story_of(order)["funders"]
    page = client_of(cast.auditor).get(f"/overview/orders/{order.code}").content.decode()
    happened = page[page.index('<ol class="story">') : page.index("</ol>")]
    assert cast.pharmacist.full_name in happened
    assert cast.pharmacist.username not in happened
    assert "perencana" in happened
    assert "dispatch" not in happened
    assert f"({cast.fleet.name})" in page
    for funder in funders:
        assert funder["name"] != funder["fund"]
        assert f"{funder['name']} {funder['percent']}%" in page


def test_a_budget_tells_its_programme_by_name(cast: Cast) -> None:
    names = {each.name for each in list_programmes(cast.region)}
    page = client_of(cast.treasurer).get("/overview/budgets").content.decode()
    assert any(name in page for name in names)
    assert not any(f">{each.code}<" in page for each in list_programmes(cast.region))


def test_who_was_alone_had_no_rival_and_an_old_offer_tells_of_none(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = release(cast, place(cast))
    tick(cast.region, now=datetime.now(UTC), seed=1)
    url = f"/overview/orders/{order.code}"
    assert Offer.objects.get().alternatives == []
    assert (
        "Tidak ada pengantar lain yang bisa" in client_of(cast.operator).get(url).content.decode()
    )
    Offer.objects.update(alternatives=None, score={"lateness_s": 0, "bygone": 3})
    page = client_of(cast.operator).get(url).content.decode()
    assert "Tidak ada pengantar lain" not in page
    assert "bygone" not in page


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"lateness_s": 240}, ["4 minutes later"]),
        ({"lateness_s": -90}, ["2 minutes less late"]),
        ({"wait_s": 61, "distance_m": 1260}, ["fetched 1 minute later", "1,3 km farther"]),
        ({"duration_s": -3600}, ["60 minutes less on the road"]),
        ({"lateness_s": 29, "distance_m": 49}, ["just as good"]),
        ({"vehicles": 1}, ["just as good"]),  # the policy does not weigh it
    ],
)
def test_differences_have_words_and_units(other: dict[str, int], said: list[str]) -> None:
    with translation.override("en"):
        assert told_against({}, other, WEIGHED) == said


def test_what_the_policy_weighs_is_said_first() -> None:
    other = {"vehicles": 1, "lateness_s": 120}
    with translation.override("id"):
        said = told_against({}, other, ("unserved", "vehicles", "lateness_s"))
        assert said == ["satu pengantar lagi harus berangkat", "lebih lambat 2 menit"]
        assert told_levels([["unserved"], ["lateness_s*10", "wait_s"]]) == [
            "pesanan yang tak terantar",
            "keterlambatan \u00d7 10 + menunggu diambil",
        ]
        assert gap("distance_m", -2500) == "\u22122,5 km"
        assert gap("wait_s", 10) == ""
        assert told_score({}) == []
