"""What a trip costs by a dated tariff."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gancang.regions.rules import Price, price
from gancang.values import Money

ZONE = Price(base=Money(8_000), included_m=4_000, per_km=Money(2_500), ceiling=Money(150_000))
METRES = st.integers(0, 500_000)


def test_the_base_covers_the_first_four_kilometres() -> None:
    assert price(ZONE, 0) == price(ZONE, 4_000) == Money(8_000)


def test_a_kilometre_begun_is_paid_whole() -> None:
    assert price(ZONE, 4_001) == price(ZONE, 5_000) == Money(10_500)
    assert price(ZONE, 5_001) == Money(13_000)


def test_no_trip_costs_more_than_the_ceiling() -> None:
    assert price(ZONE, 60_000) == Money(148_000)
    assert price(ZONE, 61_001) == price(ZONE, 500_000) == Money(150_000)


@given(METRES, METRES)
def test_a_longer_way_is_never_cheaper(one: int, other: int) -> None:
    near, far = sorted((one, other))
    assert price(ZONE, near).rupiah <= price(ZONE, far).rupiah
