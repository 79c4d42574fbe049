"""What a trip costs by a dated tariff, and how that is told."""

from __future__ import annotations

import shutil
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gancang.regions.pack import check_pack
from gancang.regions.price_words import rule_in_words
from gancang.regions.tariffs import Band, Price, outside_band, price, price_of_row, reckon
from gancang.values import Money

ZONE = Price(base=Money(8_000), included_m=4_000, per_km=Money(2_500), ceiling=Money(150_000))
METRES = st.integers(0, 500_000)
FAR, NEAR, DISTRICT = "33.19.09.2001", "33.19.02.2004", "33.19.09"


def tariff(**told: Any) -> Price:
    """A tariff as a pack would tell it."""
    plain = {"code": "kurir", "from": date(2023, 1, 1), "decree": "", "per_km_rp": 0}
    return price_of_row({**plain, "included_m": 0, **told})


# Published prices of hospitals that send medicine, and the ministry's of Zone I.
KUDUS = tariff(
    base_rp=7_000,
    included_m=5_000,
    per_km_rp=2_000,
    zones=[{"areas": [FAR], "rp": 24_000}],
)
ONTA = tariff(base_rp=5_000, included_m=9_000, steps=[{"up_to_m": 15_000, "rp": 10_000}])
MOEWARDI = tariff(base_rp=15_000)
ZONE_LOW = tariff(base_rp=8_000, included_m=4_000, per_km_rp=2_000)
ZONE_HIGH = tariff(base_rp=10_000, included_m=4_000, per_km_rp=2_500)
BAND = Band(per_km=(2_000, 2_500), minimum_fare=(8_000, 10_000), first_m=4_000, decree="")


@pytest.mark.parametrize(
    ("rule", "village", "km", "rupiah"),
    [
        (KUDUS, NEAR, 5, 7_000),
        (KUDUS, NEAR, 5.001, 9_000),
        (KUDUS, NEAR, 9, 15_000),
        (KUDUS, FAR, 13.5, 24_000),
        (KUDUS, FAR, 2, 24_000),
        (ONTA, NEAR, 9, 5_000),
        (ONTA, NEAR, 9.001, 10_000),
        (ONTA, NEAR, 10, 10_000),
        (ONTA, NEAR, 15, 10_000),
        (MOEWARDI, NEAR, 1, 15_000),
        (MOEWARDI, FAR, 40, 15_000),
        (ZONE_LOW, NEAR, 4, 8_000),
        (ZONE_HIGH, NEAR, 4, 10_000),
        (ZONE_LOW, NEAR, 7, 14_000),
        (ZONE_HIGH, NEAR, 6.2, 17_500),
    ],
)
def test_what_hospitals_and_the_ministry_publish(
    rule: Price, village: str, km: float, rupiah: int
) -> None:
    assert price(rule.to(village), round(km * 1000)).rupiah == rupiah


def test_the_base_covers_the_first_four_kilometres() -> None:
    assert price(ZONE, 0) == price(ZONE, 4_000) == Money(8_000)


def test_a_kilometre_begun_is_paid_whole() -> None:
    assert price(ZONE, 4_001) == price(ZONE, 5_000) == Money(10_500)
    assert price(ZONE, 5_001) == Money(13_000)


def test_no_trip_costs_more_than_the_ceiling() -> None:
    assert price(ZONE, 60_000) == Money(148_000)
    assert price(ZONE, 61_001) == price(ZONE, 500_000) == Money(150_000)


def test_a_step_by_the_kilometre_and_then_the_rest() -> None:
    rule = tariff(
        base_rp=5_000,
        included_m=2_000,
        steps=[{"up_to_m": 10_000, "per_km_rp": 2_000}],
        per_km_rp=1_000,
    )
    assert price(rule, 10_000) == Money(5_000 + 8 * 2_000)
    assert price(rule, 12_500) == Money(5_000 + 8 * 2_000 + 3 * 1_000)


def test_the_village_holds_over_its_district_and_the_night_is_added() -> None:
    rule = tariff(
        base_rp=7_000,
        zones=[{"areas": [DISTRICT], "rp": 20_000}, {"areas": [FAR], "rp": 24_000}],
        night_from="22:00",
        night_until="05:00",
        night_rp=3_000,
        minimum_rp=9_000,
        ceiling_rp=25_000,
    )
    assert price(rule.to(FAR, time(12)), 0).rupiah == 24_000
    assert price(rule.to("33.19.09.2002", time(12)), 0).rupiah == 20_000
    assert price(rule.to(FAR, time(23)), 0).rupiah == 25_000  # the ceiling has the last word
    assert price(rule.to(NEAR, time(4, 59)), 0).rupiah == 12_000
    assert price(rule.to(NEAR, time(5)), 0).rupiah == 9_000


def test_the_rule_is_told_in_words_that_can_be_reckoned_again() -> None:
    with translation.override("id"):
        told = rule_in_words(reckon(ZONE, 6_200).told(ZONE))
        assert told == "Rp 8.000 sampai 4 km, lalu 3 km x Rp 2.500 = Rp 15.500"
        flat = KUDUS.to(FAR)
        assert rule_in_words(reckon(flat, 0).told(flat)) == "harga tetap desa Rp 24.000 = Rp 24.000"
        step = rule_in_words(reckon(ONTA, 10_000).told(ONTA))
        assert step == "Rp 10.000 untuk seluruh jalan sampai 15 km = Rp 10.000"
        assert rule_in_words({}) == ""


@pytest.mark.parametrize(
    ("base", "per_km", "key"),
    [
        (8_000, 2_000, None),
        (10_000, 2_500, None),
        (7_999, 2_000, "base_rp"),
        (10_001, 2_000, "base_rp"),
        (8_000, 1_999, "per_km_rp"),
        (8_000, 2_501, "per_km_rp"),
    ],
)
def test_the_law_allows_a_band(base: int, per_km: int, key: str | None) -> None:
    found = outside_band(tariff(base_rp=base, included_m=4_000, per_km_rp=per_km), BAND)
    assert (found[0] if found else None) == key


@st.composite
def tariffs(draw: st.DrawFn) -> Price:
    """Tariffs that a pack check lets pass: with steps that rise."""
    rupiah, ends = st.integers(0, 50_000), st.integers(1, 40_000)
    included, base = draw(ends), draw(rupiah)
    steps, reached, cost = [], included, base
    for _ in range(draw(st.integers(0, 3))):
        reached += draw(ends)
        cost += draw(rupiah)
        steps.append({"up_to_m": reached, "rp": cost})
    most = {"ceiling_rp": draw(st.integers(1, 10**6))} if draw(st.booleans()) else {}
    per_km = draw(st.integers(0, 5_000))
    return tariff(base_rp=base, included_m=included, steps=steps, per_km_rp=per_km, **most)


@given(tariffs(), METRES, METRES)
def test_a_longer_way_is_never_cheaper(rule: Price, one: int, other: int) -> None:
    near, far = sorted((one, other))
    assert price(rule, near).rupiah <= price(rule, far).rupiah


PACK = Path(__file__).parents[3] / "region_packs" / "contoh"
OUTSIDE = 'outside_band = "Perbup 1/2024, Pasal 3 (contoh)"\n'
SPOILT = [
    (OUTSIDE, "", ":4:", "base_rp comes to Rp 7.000, outside its legal band (Keputusan 2/2024"),
    ('service = "parcel"', 'service = "passenger-car"', ":9:", "only parcels may stand outside"),
    ("commission_percent = 10", "commission_percent = 21", "", "at most 15 % are allowed"),
    ('fleet = "ojek-desa"', 'fleet = "rsud-contoh"', "", "rsud-contoh is no fleet"),
    ("per_km_min_rp = 2_000", "per_km_min_rp = 3_000", "", "per_km_min_rp is above per_km_max_rp"),
    (OUTSIDE, OUTSIDE + "night_rp = 1_000\n", ":10:", "a night without night_from"),
    (OUTSIDE, OUTSIDE + "minimum_rp = 9_000\nceiling_rp = 8_000\n", ":10:", "is above the ceiling"),
    (OUTSIDE, OUTSIDE + "steps = [{ up_to_m = 5_000, rp = 9_000 }]\n", ":10:", "ends before it"),
    (OUTSIDE, OUTSIDE + "steps = [{ up_to_m = 9_000, rp = 1 }]\n", ":10:", "would cost less"),
    (OUTSIDE, OUTSIDE + "steps = [{ up_to_m = 9_000 }]\n", ":10:", "write a list like"),
    (OUTSIDE, OUTSIDE + 'zones = [{ areas = ["x"], rp = 1 }]\n', ":10:", "write a list like"),
    (
        OUTSIDE,
        OUTSIDE + 'zones = [{ areas = ["99.01.77"], rp = 9_000 }]\n',
        ":10:",
        "zones names 99.01.77, which is not there",
    ),
    (
        OUTSIDE,
        OUTSIDE + 'zones = [{ areas = ["99.01.03", "99.01.03"], rp = 9_000 }]\n',
        ":10:",
        "99.01.03 has two flat prices",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "where", "what"), SPOILT)
def test_a_tariff_against_the_law_or_itself_is_named_with_its_line(
    tmp_path: Path, right: str, wrong: str, where: str, what: str
) -> None:
    pack = Path(shutil.copytree(PACK, tmp_path / "contoh"))
    text = (pack / "tariffs.toml").read_text("utf-8")
    assert right in text, "the sample must spoil something"
    (pack / "tariffs.toml").write_text(text.replace(right, wrong, 1), "utf-8")
    said = [str(problem) for problem in check_pack(pack)]
    assert any(line.startswith(f"tariffs.toml{where}") and what in line for line in said), said
