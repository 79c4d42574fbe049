"""Prices of fair shares: over weeks, everybody earns about the same per hour."""

from __future__ import annotations

from math import nan
from random import Random

import pytest
from gancang_planner.fairness import Earned, prices
from gancang_planner.match import Geometry, Request, Rider, Travel, match

pytestmark = pytest.mark.filterwarnings("ignore::gancang_planner.KernelMissing")


def test_the_worst_off_and_newcomers_cost_nothing_more() -> None:
    found = prices([Earned("a", 100, 10), Earned("b", 300, 10), Earned("new", 0, 0)], weight_s=300)
    assert found == {"a": 0, "b": pytest.approx(300 * 20 / 40), "new": 0}
    assert prices([], weight_s=300) == {}
    assert prices([Earned("a", 0, 5)], weight_s=300) == {"a": 0}


def test_over_many_rounds_incomes_come_closer() -> None:
    """Riders in the middle of town get all the jobs, unless their past counts."""

    def spread(weight_s: float) -> float:
        draw = Random(1)
        income = dict.fromkeys((f"r{number}" for number in range(10)), 1.0)
        for hours in range(1, 61):
            past = [Earned(who, had, hours) for who, had in income.items()]
            extra = prices(past, weight_s=weight_s)
            # The higher the number, the farther from town.
            riders = [
                Rider(who, (200.0 * number, 0), price=extra[who])
                for number, who in enumerate(income)
            ]
            requests = [Request(f"j{n}", (draw.uniform(-100, 400), 0)) for n in range(4)]
            found = match(requests, riders, Travel(speed_mps=5, geometry=Geometry.METRES))
            for pair in found.pairs:
                income[pair.rider_id] += 10
        return max(income.values()) - min(income.values())

    assert spread(3000) < spread(0) / 4


@pytest.mark.parametrize("wrong", [(-1, 1), (1, -1), (nan, 1), (1, nan)])
def test_wrong_incomes_are_refused_by_name(wrong: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="Wati"):
        Earned("Wati", *wrong)


def test_whoever_is_there_twice_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="Wati"):
        prices([Earned("Wati", 1, 1), Earned("Wati", 2, 1)], weight_s=1)
    with pytest.raises(ValueError, match="weight"):
        prices([], weight_s=nan)
