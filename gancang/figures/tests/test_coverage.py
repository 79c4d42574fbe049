"""Who is reached how soon, who is not, and what reaching them would cost; as a map and a table."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from gancang.figures.coverage import LETTERS
from gancang.maps.tests.town import load_town, town
from gancang.reach.actions import Told, switch_off
from gancang.reach.queries import ways_of
from gancang.regions.models import District, Village
from tests.cast import client_of, place

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast

PAGE = "/figures/coverage"


def close_all_ways(cast: Cast, village: Village) -> None:
    """Nothing goes to one village until further notice."""
    for way in ways_of(cast.region):
        told = Told(
            fleet=None,
            way=way.code,
            place=village.code,
            since=datetime(2026, 1, 1, tzinfo=UTC),
            until=None,
            because="flood",
        )
        switch_off(told, region=cast.region, by=cast.operator, now=datetime.now(UTC))


def lines_of(cast: Cast, asked: str = "") -> list[dict[str, str]]:
    """The CSV file, line by line."""
    answer = client_of(cast.operator).get(f"/figures/coverage.csv{asked}")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_map_table_and_file_tell_the_same_of_every_village(cast: Cast) -> None:
    reader = client_of(cast.operator)
    points = {p["id"]: p for p in reader.get("/figures/coverage.json").json()["points"]}
    lines = {line["village_code"]: line for line in lines_of(cast)}
    codes = set(Village.objects.filter(region=cast.region).values_list("code", flat=True))
    assert set(points) == set(lines) == codes
    assert {point["mark"] for point in points.values()} <= set(LETTERS)
    assert {p["mark"] for p in points.values()} == {line["letter"] for line in lines.values()}
    seen: dict[str, str] = {}
    after = ""
    while True:
        page = reader.get(PAGE, {"after": after})
        seen |= {row.village.code: row.letter for row in page.context["rows"]}
        after = page.context["page"]["after"]
        if not after:
            break
    assert seen == {code: point["mark"] for code, point in points.items()}


def test_who_is_not_covered_comes_first_with_the_reason_and_the_price_of_each_way(
    cast: Cast,
) -> None:
    close_all_ways(cast, cast.village)
    page = client_of(cast.operator).get(PAGE, {"from": cast.hospital.code})
    first = page.context["rows"][0]
    assert (first.village, first.letter, first.status) == (cast.village, "X", "none")
    covers = first.covers()
    assert covers
    assert all(cover.trip.rupiah > 0 for cover in covers)
    assert all(cover.month is None for cover in covers)
    text = page.content.decode()
    assert "tidak terjangkau" in text
    assert "dimatikan: banjir" in text
    # Nobody claims to know a month where hardly anything was ordered.
    assert "terlalu sedikit untuk memperkirakan biaya sebulan" in text


def test_what_a_month_costs_is_told_where_orders_enough_came_in(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(cast)
    monkeypatch.setattr("gancang.figures.coverage.DEMAND_LEAST", 1)
    close_all_ways(cast, cast.village)
    page = client_of(cast.operator).get(PAGE, {"from": cast.hospital.code})
    coverage, first = page.context["coverage"], page.context["rows"][0]
    served = sum(r.village.population or 0 for r in coverage.rows if r.takes is not None)
    assert first.wanted == pytest.approx(1 / 3 * first.village.population / served)
    cover = first.covers()[0]
    assert cover.month.rupiah == round(cover.trip.rupiah * first.wanted)
    assert "sebulan" in page.content.decode()


def test_the_table_is_sorted_and_narrowed_by_links_and_rubbish_changes_nothing(cast: Cast) -> None:
    reader = client_of(cast.clerk)
    rows = reader.get(PAGE, {"sort": "distance"}).context["rows"]
    metres = [row.trip.metres for row in rows]
    assert metres == sorted(metres)
    district = District.objects.filter(region=cast.region).order_by("-code")[0]
    rows = reader.get(PAGE, {"district": district.code, "sort": "-time"}).context["rows"]
    assert {row.village.district_id for row in rows} == {district.pk}
    assert [line["district"] for line in lines_of(cast, f"?district={district.code}")]
    rubbish = [{"after": after} for after in ("9999", "²", "9" * 5000)]
    for asked in (*rubbish, {"sort": "x"}, {"from": "\0"}):
        assert reader.get(PAGE, asked).status_code == 200
    assert "Belum ada desa" in reader.get(PAGE, {"district": "00"}).content.decode()


def test_every_figure_names_its_source(cast: Cast, tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path / "var"
    assert {line["way_source"] for line in lines_of(cast)} == {"estimate"}
    assert cast.hospital.lat is not None
    assert cast.hospital.lon is not None
    load_town(cast.region, town(cast.hospital.lat, cast.hospital.lon), tmp_path)
    page = client_of(cast.operator).get(PAGE, {"from": cast.hospital.code, "sort": "distance"})
    assert "menurut peta jalan 20-11-2026" in page.content.decode()
    assert page.context["coverage"].decree in page.content.decode()


def test_coverage_asks_a_fixed_number_of_questions(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    reader = client_of(cast.operator)
    place(cast)
    for address, many in (
        (PAGE, 15),
        ("/figures/coverage.json", 12),
        ("/figures/coverage.csv", 12),
    ):
        with django_assert_num_queries(many):
            reader.get(address)
