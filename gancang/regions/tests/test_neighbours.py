"""Districts that a volcano or a bay parts: no estimate goes straight across what lies between."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from gancang_roads import Place, round_ways
from gancang_roads.estimate import great_circle_m
from hypothesis import given
from hypothesis import strategies as st

from gancang import packs
from gancang.cli import main
from gancang.maps.ways import travel_of
from gancang.regions.models import Region, Village
from gancang.regions.neighbours import estimate_of
from gancang.regions.pack import check_pack, read_pack
from gancang.regions.queries import place_of
from gancang.regions.tests.test_packs import said_by
from tests.cast import PACK

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, tzinfo=UTC)
FIGURES = {
    "speed_kmh": 30,
    "start_s": 120,
    "detour": 1.35,
    "mountain_detour": 1.6,
    "mountain_districts": ["b"],
}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack, to be changed."""
    return shutil.copytree(PACK, tmp_path / PACK.name)


def rewritten(pack: Path, told: dict[str, str] | None) -> list[str]:
    """The districts' codes; their neighbours are these now, or the column is gone."""
    file = pack / "districts.csv"
    with file.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    for row in rows:
        del row["neighbours"]
        if told is not None:
            row["neighbours"] = told.get(row["code"], "")
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return [row["code"] for row in rows]


def middle(pack: Path, district: str) -> Place:
    """The middle of a district's villages."""
    rows = [r.values for r in read_pack(pack).villages if r.values["code"].startswith(district)]
    lats, lons = ([float(row[key]) for row in rows] for key in ("lat", "lon"))
    return Place(sum(lats) / len(lats), sum(lons) / len(lons), district)


def parted(pack: Path) -> tuple[Place, Place, Place]:
    """Two districts near each other, and a far one through which alone a road joins them."""
    codes = rewritten(pack, {})
    places = [middle(pack, code) for code in codes]
    one = places[0]
    _self, other, *_rest, far = sorted(places, key=lambda place: great_circle_m(one, place))
    ends = {str(one.area), str(other.area)}
    told = dict.fromkeys(ends, str(far.area)) | {str(far.area): " ".join(sorted(ends))}
    rewritten(pack, told)
    return one, other, far


@pytest.mark.django_db
def test_a_bay_between_two_districts_is_gone_around(region: Region, pack: Path) -> None:
    one, other, far = parted(pack)
    before = estimate_of({**region.config["travel"], "round": []})
    packs.load(pack, by="tests", now=NOW)
    travel = travel_of(Region.objects.get())
    chain = great_circle_m(one, far) + great_circle_m(far, other)
    most = 8 * great_circle_m(one, other)
    assert travel.metres(one, other) >= 0.99 * min(chain, most)
    assert travel.metres(one, other) == travel.metres(other, one) > before.metres(one, other)
    assert travel.metres(one, far) == before.metres(one, far), "neighbours are as far as before"
    assert travel.leg(one, other).source == "estimate"
    assert said_by(pack) == []


@pytest.mark.django_db
def test_a_pack_without_the_column_is_as_it_was_before(region: Region, pack: Path) -> None:
    rewritten(pack, None)
    assert check_pack(pack) == []
    packs.load(pack, by="tests", now=NOW)
    travel = Region.objects.get().config["travel"]
    assert "round" not in travel
    plain = estimate_of({**region.config["travel"], "round": []})
    villages = list(Village.objects.order_by("code"))
    for one, other in zip(villages, villages[::-1], strict=True):
        ends = place_of(one), place_of(other)
        assert estimate_of(travel).leg(*ends) == plain.leg(*ends)


def test_in_the_packs_that_come_along_all_districts_are_joined() -> None:
    rows = {row.values["code"]: row.values for row in read_pack(PACK).districts}
    seen: set[str] = set()
    reached = {next(iter(rows))}
    while new := reached - seen:
        seen |= new
        reached = {code for each in new for code in rows[each]["neighbours"].split()}
    assert seen == set(rows)


@pytest.mark.parametrize(
    ("of_first", "said"),
    [
        ("{first}", "itself"),
        ("{second}", "but not the other way; add {first} in line 3"),
        ("{first}9", "which is no district"),
        ("Pesisir", "like 99.01.01 99.01.02"),
    ],
)
def test_a_wrong_neighbour_is_named_with_its_line(
    pack: Path, capsys: pytest.CaptureFixture[str], of_first: str, said: str
) -> None:
    first, second, *_ = rewritten(pack, {})
    rewritten(pack, {first: of_first.format(first=first, second=second)})
    assert main(["check-region", str(pack)]) == 1
    told = capsys.readouterr()
    line = next(line for line in (told.out + told.err).splitlines() if "districts.csv:2:" in line)
    assert said.format(first=first) in line


AREAS = "abcde"
CENTRES = st.lists(
    st.tuples(st.floats(-8.7, -7.9), st.floats(114, 114.6)), min_size=5, max_size=5, unique=True
)
JOINED = st.sets(st.tuples(st.sampled_from(AREAS), st.sampled_from(AREAS)))


@given(CENTRES, JOINED, CENTRES)
def test_going_round_is_as_far_both_ways_and_never_shorter(
    centres: list[tuple[float, float]],
    joined: set[tuple[str, str]],
    points: list[tuple[float, float]],
) -> None:
    touching = {
        area: {o for pair in joined if area in pair for o in pair} - {area} for area in AREAS
    }
    middles = {area: Place(*at, area) for area, at in zip(AREAS, centres, strict=True)}
    plain = estimate_of(FIGURES)
    around = round_ways(plain, touching, middles)
    places = [Place(*at, area) for area, at in zip(AREAS, points, strict=True)]
    for one in places:
        for other in places:
            metres = around.metres(one, other)
            assert metres == around.metres(other, one)
            assert metres >= plain.metres(one, other) >= int(great_circle_m(one, other))
            if other.area in touching[str(one.area)]:
                assert metres == plain.metres(one, other)
