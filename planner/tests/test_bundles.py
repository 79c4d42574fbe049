"""Bundles of meals: no dinner is forgotten, nor late for another's sake."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from random import Random
from typing import Any

import hypothesis.strategies as st
import pytest
from gancang_planner.bundles import Bundle, Limits, Meal, proposed, target_size
from hypothesis import given, settings

law = settings(deadline=None, max_examples=150)
NOW_S = 600


def seconds(a: int, b: int) -> float:
    """Places stand on a line, 60 s apart."""
    return 60.0 * abs(a - b)


@st.composite
def orders(draw: st.DrawFn) -> list[Meal]:
    """Up to ten meals of two restaurants."""
    found = []
    for number in range(draw(st.integers(0, 10))):
        placed = draw(st.integers(0, 600))
        ready = placed + draw(st.integers(0, 1200))
        drop = draw(st.integers(0, 30))
        found.append(Meal(f"m{number}", draw(st.sampled_from([10, 20])), drop, placed, ready))
    return found


def at_work(meals: list[Meal], couriers: int = 2, **limits: Any) -> tuple[Bundle, ...]:
    return proposed(meals, seconds, couriers=couriers, now_s=NOW_S, limits=Limits(**limits))


@pytest.mark.parametrize(
    ("ready", "couriers", "size"), [(0, 5, 1), (4, 5, 1), (6, 5, 2), (50, 5, 4), (3, 0, 4)]
)
def test_bundles_grow_as_meals_wait_for_couriers(ready: int, couriers: int, size: int) -> None:
    assert target_size(ready, couriers, most=4) == size


@law
@given(orders(), st.integers(0, 12), st.integers(1, 4))
def test_each_meal_is_in_one_bundle_of_its_restaurant(
    meals: list[Meal], couriers: int, size_max: int
) -> None:
    found = at_work(meals, couriers, size_max=size_max)
    assert sorted(name for each in found for name in each.ids) == sorted(m.id for m in meals)
    for each in found:
        assert len(each.meals) <= target_size(len(meals), couriers, most=size_max)
        assert len({meal.restaurant for meal in each.meals}) == 1
        assert each.pickup_s >= max(meal.ready_s for meal in each.meals)


@law
@given(orders(), st.integers(600, 3000))
def test_nobody_waits_too_long_for_anothers_sake(meals: list[Meal], limit_s: int) -> None:
    limits = Limits(click_to_door_s=limit_s)
    for each in at_work(meals, 1, click_to_door_s=limit_s):
        for meal, door_s in zip(each.meals, each.doors_s, strict=True):
            (alone,) = proposed([meal], seconds, couriers=1, now_s=NOW_S, limits=limits)
            assert door_s <= max(meal.placed_s + limit_s, alone.doors_s[0])


@law
@given(orders(), st.integers(0, 12))
def test_together_is_never_worse_than_alone(meals: list[Meal], couriers: int) -> None:
    alone = at_work(meals, couriers, size_max=1)
    assert sum(b.cost for b in at_work(meals, couriers)) <= sum(b.cost for b in alone) + 1e-6


@law
@given(orders(), st.integers(0, 2**32))
def test_the_order_of_the_meals_changes_nothing(meals: list[Meal], seed: int) -> None:
    assert at_work(meals) == at_work(Random(seed).sample(meals, len(meals)))


def test_neighbours_share_a_rider_and_the_ways_do_not_cross() -> None:
    east = [Meal("e2", 10, 15, 0, 600), Meal("e1", 10, 14, 0, 600)]
    west = [Meal("w1", 10, 6, 0, 600), Meal("w2", 10, 5, 0, 600)]
    found = at_work([*east, *west], couriers=2)
    assert [each.ids for each in found] == [("e1", "e2"), ("w1", "w2")]
    assert found[0].pickup_s == 600
    assert found[0].doors_s == (600 + 120 + 240, 600 + 120 + 240 + 120 + 60)


def test_a_meal_that_is_ready_does_not_wait_for_one_that_is_not() -> None:
    meals = [Meal("now", 10, 12, 0, 600), Meal("late", 10, 13, 0, 2400)]
    assert [each.ids for each in at_work(meals, 1, click_to_door_s=9000)] == [("late",), ("now",)]
    # Unless waiting costs nothing.
    found = at_work(meals, 1, click_to_door_s=9000, ready_weight=0, click_weight=0)
    assert [each.ids for each in found] == [("now", "late")]


@pytest.mark.parametrize(
    "wrong",
    [{"drop": -1}, {"ready_s": -5}, {"placed_s": 700}, {"ready_s": 600.5}, {"ready_s": nan}],
)
def test_a_wrong_meal_is_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="m1"):
        replace(Meal("m1", 1, 2, 0, 600), **wrong)


def test_wrong_limits_and_crowds_are_refused() -> None:
    meal = Meal("m1", 1, 2, 0, 600)
    with pytest.raises(ValueError, match="m1"):
        at_work([meal, meal])
    with pytest.raises(ValueError, match="too many"):
        at_work([meal] * 10_001)
    with pytest.raises(ValueError, match="too many"):
        at_work([replace(meal, id=f"m{number}") for number in range(501)])
    with pytest.raises(ValueError, match="bundle"):
        Limits(size_max=0)
    with pytest.raises(ValueError, match="weight"):
        Limits(click_weight=nan)
    with pytest.raises(ValueError, match="place 1 to place 2"):
        proposed([meal], lambda a, b: nan, couriers=1, now_s=0)
