"""Roads that a decree closes: everybody goes around them, and who cannot be reached is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.db import ProgrammingError, transaction

from gancang.audit.models import Event
from gancang.dispatch import keeping
from gancang.dispatch.models import Tick, Waiting
from gancang.dispatch.ticking import tick
from gancang.maps.models import RoadClosure
from gancang.maps.tests.town import Drawing, load_town
from gancang.maps.ways import travel_of
from gancang.orders.models import Order
from gancang.regions.queries import place_of
from tests.cast import at_work, client_of, collected, place, release

from .test_my_way import NORTH, shown, stands_at_the_hospital, there, town, turns

if TYPE_CHECKING:
    from pathlib import Path

    from gancang_roads import Place

    from tests.cast import Cast

__all__ = ["town"]  # a fixture
PAGE = "/dispatch/roads"
SHORT = (300, 200)
"""A point of the short way, in metres east and north of the hospital; of the long one below."""
LONG = (-350, 200)


def at(cast: Cast, east: float, north: float) -> str:
    """A point as the operator types it, with a decimal comma."""
    assert cast.hospital.lat is not None
    assert cast.hospital.lon is not None
    typed = f"{cast.hospital.lat + north / 111_000:.6f} {cast.hospital.lon + east / 111_000:.6f}"
    return typed.replace(".", ",")


def close(cast: Cast, *points: str, **more: str) -> Any:
    """Yanti closes roads by the regent's decree."""
    typed = {
        "kind": "circle",
        "points": "\n".join(points),
        "radius_m": "50",
        "cause": "flood",
        "decree": "360/12",
        "decree_on": "2026-11-28",
        **more,
    }
    return client_of(cast.operator).post(PAGE, typed)


def clock(cast: Cast, moment: datetime) -> str:
    """A moment as the form takes it."""
    return moment.astimezone(ZoneInfo(cast.region.timezone)).strftime("%Y-%m-%dT%H:%M")


def ends(cast: Cast) -> tuple[Place, Place]:
    """The hospital and the house."""
    lat, lon = cast.hospital.lat, cast.hospital.lon
    assert lat is not None
    assert cast.hospital.village is not None
    start = place_of(cast.hospital.village, lat, lon)
    return start, place_of(cast.hospital.village, lat + NORTH, lon)


def test_a_rider_is_led_around_a_flood_and_prices_stay(town: Cast) -> None:
    before = place(town, number="R-1", **there(town))
    assert close(town, at(town, *SHORT)).status_code == 302
    now = datetime.now(UTC)
    travel, again = travel_of(town.region, at=now), travel_of(town.region, at=now)
    assert travel.roads is again.roads, "made once for these closures"
    assert travel.seconds(*ends(town)) > travel_of(town.region).seconds(*ends(town))
    order = collected(town, number="R-2", nik="", **there(town))
    assert (order.price_rp, order.distance_m) == (before.price_rp, before.distance_m)
    stands_at_the_hospital(town)
    page, things = shown(town)
    assert turns(page)[1] == "Belok kanan ke Jalan Panjang"
    assert "memutari jalan yang ditutup" in page
    assert things["lines"]
    event = Event.objects.get(kind="roads.closed")
    assert "360/12" in event.payload
    operator = client_of(town.operator)
    listed = operator.get(PAGE).content.decode()
    assert "360/12" in listed
    assert "jalan tergenang banjir" in listed
    drawn = operator.get("/dispatch/map.json").json()
    (sign,) = [each for each in drawn["points"] if each["mark"] == "X"]
    assert sign["title"] == "Ditutup: jalan tergenang banjir"
    assert any(len(each["points"]) > 30 for each in drawn["lines"])


def test_who_can_be_reached_by_no_road_is_told_until_when_and_the_planner_waits(
    town: Cast,
) -> None:
    order = release(town, place(town, **there(town)))
    at_work(town, town.rider)
    stands_at_the_hospital(town)
    until = datetime.now(UTC) + timedelta(hours=5)
    for point in (SHORT, LONG):
        assert close(town, at(town, *point), until=clock(town, until)).status_code == 302
    tick(town.region, now=datetime.now(UTC), seed=1)
    assert Waiting.objects.get(order=order).reason == "unreachable"
    board = client_of(town.operator).get("/dispatch/board").content.decode()
    assert "Jalan ke sana ditutup dengan keputusan" in board
    travel = travel_of(town.region, at=datetime.now(UTC))
    start, house = ends(town)
    assert travel.leg(start, house).is_closed
    assert travel.routes(start, house) == []
    shut = travel.closed_by(start, house)
    assert shut is not None
    assert shut.decree == "360/12"
    # Once the water is gone, the round of then is planned again as it was.
    kept = Tick.objects.get()
    _, before = keeping.replay(kept)
    operator = client_of(town.operator)
    for row in RoadClosure.objects.all():
        assert operator.post(f"{PAGE}/{row.pk}/open").status_code == 302
    _, after = keeping.replay(Tick.objects.get(pk=kept.pk))
    assert after == before
    assert not travel_of(town.region, at=datetime.now(UTC)).leg(start, house).is_closed
    tick(town.region, now=datetime.now(UTC), seed=1)
    assert not Waiting.objects.filter(order=order).exists()


def test_a_rider_with_a_bag_for_a_closed_road_reads_by_which_decree(town: Cast) -> None:
    collected(town, **there(town))
    stands_at_the_hospital(town)
    assert close(town, at(town, 0, 400), radius_m="100").status_code == 302
    page, things = shown(town)
    assert "Ditutup dengan keputusan 360/12 tanggal 28-11-2026 sampai ada pemberitahuan" in page
    assert "tanyakan operator" in page
    assert "perkiraan" not in page
    assert [line["kind"] for line in things["lines"]] == ["quiet"]


def test_a_village_behind_a_closed_road_says_by_which_decree_and_until_when(
    town: Cast, tmp_path: Path
) -> None:
    lat, lon = town.hospital.lat, town.hospital.lon
    assert lat is not None
    assert lon is not None
    village = town.village
    road = Drawing(lat, lon)
    north, east = (village.lat - lat) * 111_000, (village.lon - lon) * 111_000
    road.way((0, 0), (east / 2, north / 2), (east, north), highway="primary", name="Jalan Raya")
    load_town(town.region, road, tmp_path)
    until = datetime.now(UTC) + timedelta(days=2)
    told = {"kind": "way", "radius_m": "", "until": clock(town, until), "cause": "bridge"}
    assert close(town, at(town, 0, 0), at(town, east, north), **told).status_code == 302
    page = client_of(town.operator).get("/reach/where", {"q": village.name})
    line = next(told for each, told in page.context["lines"] if each == village)
    assert line.chosen is None or line.chosen.promise_at > until
    district = {"district": village.district.code}
    coverage = client_of(town.operator).get("/figures/coverage", district).content.decode()
    day = f"{until.astimezone(ZoneInfo(town.region.timezone)):%d-%m-%Y}"
    for words in (page.content.decode(), coverage):
        assert f"Ditutup dengan keputusan 360/12 (28-11-2026) sampai {day}" in words


def test_riders_pass_where_only_motorcycles_may(town: Cast) -> None:
    for point in (SHORT, LONG):
        assert close(town, at(town, *point), motorcycles_pass="on").status_code == 302
    assert not travel_of(town.region, at=datetime.now(UTC)).leg(*ends(town)).is_closed
    assert "sepeda motor boleh lewat" in client_of(town.operator).get(PAGE).content.decode()


def test_a_closure_holds_in_its_time_only_and_its_row_is_never_changed(town: Cast) -> None:
    now = datetime.now(UTC)
    since, until = now + timedelta(hours=24), now + timedelta(hours=48)
    times = {"since": clock(town, since), "until": clock(town, until)}
    box = (at(town, 250, 150), at(town, 350, 250))
    assert close(town, *box, kind="area", **times).status_code == 302
    free = travel_of(town.region).metres(*ends(town))
    metres = [
        travel_of(town.region, at=now + timedelta(hours=hours)).metres(*ends(town))
        for hours in (1, 25, 49)
    ]
    assert metres[0] == metres[2] == free < metres[1]
    operator = client_of(town.operator)
    assert "akan datang" in operator.get(PAGE).content.decode()
    row = RoadClosure.objects.get()
    for _twice in range(2):
        assert operator.post(f"{PAGE}/{row.pk}/open").status_code == 302
    assert Event.objects.filter(kind="roads.opened").count() == 1
    assert travel_of(town.region, at=since + timedelta(hours=1)).metres(*ends(town)) == free
    assert "360/12" not in operator.get(PAGE).content.decode()
    assert "diakhiri lebih awal" in operator.get(f"{PAGE}?past").content.decode()
    with pytest.raises(ProgrammingError), transaction.atomic():
        RoadClosure.objects.update(decree="361/12")


@pytest.mark.parametrize(
    ("point", "more", "words"),
    [
        ("", {"points": "di jembatan"}, "bukan titik"),
        ("here", {"since": "2026-12-02T08:00", "until": "2026-12-01T08:00"}, "sebelum mulai"),
        ("here", {"radius_m": ""}, "Seberapa jauh"),
        ("here", {"kind": "way"}, "ruas jalan dua"),
        ("nowhere", {}, "Tidak ada jalan di sana"),
        ("swapped", {}, "tertukar"),
        ("", {"points": "-6.2, 106.8"}, "berada di luar"),
        ("", {"points": "-8.2, 999"}, "berada di luar"),
        ("here", {"decree": ""}, "aria-invalid"),
    ],
)
def test_what_closes_nothing_is_refused_in_one_sentence(
    town: Cast, point: str, more: dict[str, str], words: str
) -> None:
    here, nowhere = at(town, *SHORT), at(town, 1_500, 1_500)
    swapped = " ".join(reversed(here.split()))
    told = {"": "", "here": here, "nowhere": nowhere, "swapped": swapped}[point]
    answer = close(town, **{"points": told, **more})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not RoadClosure.objects.exists()


def test_without_a_road_map_the_page_says_so_and_closes_nothing(
    cast: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.VAR = tmp_path / "var"
    answer = close(cast, at(cast, *SHORT))
    assert answer.status_code == 400
    assert "belum ada yang dimuat" in answer.content.decode()
    assert "Belum ada peta jalan" in answer.content.decode()
    assert Order.objects.count() == RoadClosure.objects.count() == 0


@pytest.mark.parametrize("many", [1, 4])
def test_the_list_asks_as_much_for_many_closures_as_for_one(
    town: Cast, django_assert_num_queries: Any, many: int
) -> None:
    for number in range(many):
        assert close(town, at(town, *SHORT), decree=f"360/{number}").status_code == 302
    operator = client_of(town.operator)
    operator.get(PAGE)
    with django_assert_num_queries(5):
        assert len(operator.get(PAGE).context["page"].rows) == many
