"""A rider's way: in words, on a map, by the road he prefers; a house only with its bag."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.dispatch.rules import HOUSE, whereto
from gancang.fleet.models import Shift
from gancang.maps.tests.town import Drawing, load_town
from gancang.orders.models import Order
from tests.cast import assigned, at_work, client_of, collected, failed, place, release

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast

BYTES_MAX = 30 * 1024
WAY, THINGS = "/dispatch/rider/way", "/dispatch/rider/way.json"
NORTH = 400 / 111_000  # to the house, from the hospital


@given(st.sampled_from(["pickup", "delivery", "back"]), *[st.booleans()] * 4)
def test_no_stop_leads_to_a_house_unless_the_bag_goes_there(
    what: str, has_bag: bool, is_stopped: bool, has_counter: bool, has_pin: bool
) -> None:
    kind = whereto(
        what, has_bag=has_bag, is_stopped=is_stopped, has_counter=has_counter, has_pin=has_pin
    )
    if kind == HOUSE:
        assert what == "delivery"
        assert has_bag
        assert has_pin
        assert not is_stopped
        assert not has_counter


@pytest.fixture
def town(cast: Cast, tmp_path: Path, settings: Any) -> Cast:
    """Two ways lead from the hospital to the house: a short one and a longer one."""
    settings.VAR = tmp_path / "var"
    assert cast.hospital.lat is not None
    assert cast.hospital.lon is not None
    drawn = Drawing(cast.hospital.lat, cast.hospital.lon)
    drawn.way((-350, 0), (0, 0), (300, 0), name="Jalan Selatan", highway="residential")
    drawn.way((-350, 400), (0, 400), (300, 400), name="Jalan Utara", highway="residential")
    drawn.way((300, 0), (300, 400), name="Jalan Pendek", highway="residential")
    drawn.way((-350, 0), (-350, 400), name="Jalan Panjang", highway="residential")
    load_town(cast.region, drawn, tmp_path)
    return cast


def there(cast: Cast) -> dict[str, str]:
    """The pin of the house."""
    assert cast.hospital.lat is not None
    return {"lat": f"{cast.hospital.lat + NORTH:.6f}", "lon": f"{cast.hospital.lon:.6f}"}


def stands_at_the_hospital(cast: Cast) -> None:
    """Toni's phone told so a moment ago."""
    shift = Shift.objects.filter(rider__user=cast.rider)
    shift.update(lat=cast.hospital.lat, lon=cast.hospital.lon)


def shown(cast: Cast, query: str = "") -> tuple[str, dict[str, Any]]:
    """Toni's page, and what its map asks for."""
    phone = client_of(cast.rider)
    page, things = phone.get(WAY + query), phone.get(THINGS + query)
    assert page.status_code == things.status_code == 200
    return page.content.decode(), things.json()


def turns(page: str) -> list[str]:
    """What to do, turn by turn."""
    told = page.partition('class="turns"')[2].partition("</ol>")[0]
    return [words.strip() for words in re.findall("<li>([^<]*)", told)]


def test_the_way_to_the_house_stands_in_words_and_as_a_line(town: Cast) -> None:
    order = collected(town, **there(town))
    stands_at_the_hospital(town)
    page, things = shown(town)
    assert "1,0 km" in page
    assert "menurut peta jalan 20-11-2026" in page
    assert turns(page)[:2] == [
        "Berangkat ke arah timur di Jalan Selatan",
        "Belok kiri ke Jalan Pendek",
    ]
    assert f"geo:{order.lat:.6f},{order.lon:.6f}" in page
    (line,) = things["lines"]
    assert len(line["points"]) >= 4
    assert {each["id"] for each in things["points"]} == {"stop-1", "rider-me"}
    assert len(page.encode()) < BYTES_MAX


def test_a_rider_who_knows_better_takes_another_way(town: Cast) -> None:
    collected(town, **there(town))
    stands_at_the_hospital(town)
    page, quickest = shown(town)
    assert "lewat Jalan Pendek, tercepat" in page
    assert re.search(r"lewat Jalan Panjang, \+\d menit", page)
    (address,) = re.findall(r'href="[^"]*way(\?by=Jalan%20Panjang)"', page)
    page, other = shown(town, address)
    assert other["lines"] != quickest["lines"]
    assert turns(page)[1] == "Belok kanan ke Jalan Panjang"
    # A road that is none, or leads no more, is the quickest way again.
    assert shown(town, "?by=Jalan+Buntu")[1]["lines"] == quickest["lines"]


def test_in_english_the_turns_are_english(town: Cast) -> None:
    collected(town, **there(town))
    stands_at_the_hospital(town)
    phone = client_of(town.rider)
    phone.cookies["language"] = "en"
    assert "Turn left" in phone.get(WAY).content.decode()


def points(order: Order, told: str) -> bool:
    """Whether the house stands in what a rider is shown, however roughly."""
    lat, lon = order.lat, order.lon
    in_words = f"{lat:.6f}"[:-2] in told and f"{lon:.6f}"[:-2] in told
    return in_words or (str(round(lat, 5)) in told and str(round(lon, 5)) in told)


def test_before_the_bag_the_village_with_it_the_house_and_afterwards_nothing(town: Cast) -> None:
    order = assigned(town, **there(town))
    page, things = shown(town)
    assert not points(order, page + str(things))
    assert "titik tengah desa" in shown(town, f"?to={order.code}")[0] or town.hospital.name in page
    kinds = [each["kind"] for each in things["points"] if each["id"].startswith("stop")]
    assert kinds[0] == "counter"
    assert "house" not in kinds
    Order.objects.filter(pk=order.pk).update(state="collected")
    page, things = shown(town)
    assert points(order, page)
    assert points(order, str(things))
    Order.objects.filter(pk=order.pk).update(frozen_at=order.placed_at)
    page, things = shown(town)
    assert not points(order, page + str(things))
    Order.objects.filter(pk=order.pk).update(state="delivered", frozen_at=None)
    page, things = shown(town)
    assert "tidak punya perhentian" in page
    assert things["points"] == [each for each in things["points"] if each["id"] == "rider-me"]


def test_with_a_bag_that_comes_back_the_house_is_gone(town: Cast) -> None:
    order = failed(town)
    page, things = shown(town)
    assert not points(order, page + str(things))
    assert order.origin.name in page


def test_without_a_map_distances_are_straight_and_called_estimates(
    cast: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.VAR = tmp_path / "var"
    collected(cast, **there(cast))
    stands_at_the_hospital(cast)
    page, things = shown(cast)
    assert "perkiraan" in page
    assert "garis di peta lurus" in page
    assert 'class="turns"' not in page
    assert [line["kind"] for line in things["lines"]] == ["quiet"]


def test_whoever_has_no_shift_and_no_stops_reads_so(cast: Cast) -> None:
    at_work(cast, cast.rider)
    Shift.objects.update(ended_at=Shift.objects.get().started_at)
    page, things = shown(cast)
    assert "tidak punya perhentian" in page
    assert things == {"points": [], "lines": []}


def test_one_tap_leads_there_from_home_and_from_the_bag(cast: Cast) -> None:
    order = collected(cast)
    phone = client_of(cast.rider)
    assert f'href="{WAY}"' in phone.get("/dispatch/rider").content.decode()
    bag = phone.get(f"/dispatch/rider/orders/{order.code}").content.decode()
    assert f'href="{WAY}?to={order.code}"' in bag


def test_he_may_ask_for_the_way_to_a_later_stop(town: Cast) -> None:
    first = collected(town, **there(town))
    later = release(town, place(town, number="R-2", nik="3510164903500022"))
    changed = {"state": "collected", "carrier": first.carrier, "fleet": first.fleet}
    Order.objects.filter(pk=later.pk).update(**changed)
    page = client_of(town.rider).get(f"{WAY}?to={later.code}")
    assert later.code in {stop.order.code for stop in page.context["found"].ahead.stops}


@pytest.mark.parametrize("many", [1, 5])
def test_the_way_asks_the_same_however_many_bags_he_has(
    cast: Cast, django_assert_num_queries: Any, many: int
) -> None:
    first = collected(cast)
    for n in range(2, many + 1):
        order = release(cast, place(cast, number=f"R-{n}", nik=f"35101649035{n:05}"))
        changed = {"state": "collected", "carrier": first.carrier, "fleet": first.fleet}
        changed |= {"hold_at": cast.other_hospital} if n % 2 else {}
        Order.objects.filter(pk=order.pk).update(**changed)
    phone = client_of(cast.rider)
    phone.get(WAY)
    with django_assert_num_queries(16):
        phone.get(WAY)
