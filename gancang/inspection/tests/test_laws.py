"""Laws of drawing by money and of what faults say of all lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gancang.inspection.rules import Judged, draw_by_money, weigh

BOOKS = st.lists(st.integers(1, 2_000_000), min_size=1, max_size=80).map(
    lambda m: list(enumerate(m))
)


@given(BOOKS, st.integers(1, 40), st.text(max_size=10))
def test_a_draw_is_small_enough_and_takes_every_large_line(
    lines: list[tuple[int, int]], size: int, seed: str
) -> None:
    drawn = draw_by_money(lines, size=size, seed=seed)
    assert drawn == draw_by_money(reversed(lines), size=size, seed=seed), "anybody draws the same"
    assert len(set(drawn.lines)) == len(drawn.lines) <= size
    large = {number for number, rupiah in lines if rupiah >= drawn.interval}
    assert large <= set(drawn.lines)


def test_over_many_seeds_a_line_is_drawn_as_often_as_its_rupiah_say() -> None:
    lines = [(1, 1_000), (2, 3_000), (3, 6_000), (4, 10_000)]
    seen = [n for seed in range(4000) for n in draw_by_money(lines, size=2, seed=str(seed)).lines]
    for number, rupiah in lines:
        assert abs(seen.count(number) / 4000 - rupiah / 10_000) < 0.03, number


def test_nothing_owed_draws_nothing() -> None:
    assert draw_by_money([], size=10, seed="x").lines == ()


@given(st.lists(st.tuples(st.integers(1, 90_000), st.integers(0, 100)), min_size=1, max_size=60))
def test_faults_are_projected_within_what_there_is(told: list[tuple[int, int]]) -> None:
    judged = [Judged(rupiah, rupiah * percent // 100) for rupiah, percent in told]
    total = sum(each.rupiah for each in judged) * 10
    found = weigh(judged, interval=50_000, total=total)
    assert 0 <= found.likely <= found.at_most <= total
    assert found.likely or not any(each.wrong for each in judged) or found.at_most


def test_the_bound_is_the_one_of_the_tables() -> None:
    right = [Judged(10_000, 0)] * 60
    three = weigh(right, interval=100_000, total=6_000_000).at_most
    assert abs(three - 299_574) < 3  # 3.00 intervals
    one_half_wrong = [*right[1:], Judged(10_000, 5_000)]
    found = weigh(one_half_wrong, interval=100_000, total=6_000_000)
    assert found.likely == 50_000
    assert abs(found.at_most - 386_981) < 3  # 3.00 and a half of 1.75 intervals


def test_a_line_as_large_as_the_interval_stands_only_for_itself() -> None:
    found = weigh([Judged(200_000, 30_000)], interval=100_000, total=200_000)
    assert (found.likely, found.at_most) == (30_000, 30_000)
