"""What cannot be matched is refused by name before anything is reckoned."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from gancang_planner.match import (
    Request,
    Rider,
    Travel,
    match,
)

from planner.tests.test_match import PLANE

if TYPE_CHECKING:
    World = tuple[list[Request], list[Rider]]

pytestmark = pytest.mark.filterwarnings("ignore::gancang_planner.KernelMissing")


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: Request("j1", (nan, 0)), "j1"),
        (lambda: Request("j1", (0, inf)), "j1"),
        (lambda: Request("j1", (0, 1e9)), "j1"),
        (lambda: Request("j1", (0, 0, 0)), "j1"),  # type: ignore[arg-type]
        (lambda: Request("j1", "ab"), "j1"),  # type: ignore[arg-type]
        (lambda: Request("j1", (0, 0), leave_cost=-1), "j1"),
        (lambda: Request("j1", (0, 0), leave_cost=nan), "j1"),
        (lambda: Request("", (0, 0)), "id"),
        (lambda: Rider("r1", (0, nan)), "r1"),
        (lambda: Rider("r1", (0, 0), seats=0), "r1"),
        (lambda: Rider("r1", (0, 0), seats=True), "r1"),
        (lambda: Rider("r1", (0, 0), price=-1), "r1"),
        (lambda: Rider("", (0, 0)), "id"),
        (lambda: Travel(speed_mps=0), "speed"),
        (lambda: Travel(speed_mps=nan), "speed"),
    ],
)
def test_a_wrong_value_is_refused_at_birth_by_name(build: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        build()


JOB, RIDER = Request("j1", (0, 0)), Rider("r1", (0, 0))


@pytest.mark.parametrize(
    ("requests", "riders", "travel", "told"),
    [
        ([JOB, JOB], [RIDER], PLANE, "j1"),
        ([JOB], [RIDER, RIDER], PLANE, "r1"),
        ([replace(JOB, forbidden_riders=frozenset({"r9"}))], [RIDER], PLANE, "j1.*r9"),
        ([replace(JOB, allowed_riders=frozenset({"r9"}))], [RIDER], PLANE, "j1.*r9"),
        ([replace(JOB, place=(91, 0))], [RIDER], Travel(), "j1"),
        ([JOB], [replace(RIDER, place=(0, 181))], Travel(), "rider r1"),
        ([JOB], [RIDER], Travel(seconds=np.array([[nan]])), "r1.*j1"),
        ([JOB], [RIDER], Travel(seconds=np.array([[-1]])), "r1.*j1"),
        ([JOB], [RIDER], Travel(seconds=np.zeros((2, 1))), "shape"),
        ([JOB], [RIDER], Travel(seconds=lambda j, r: np.array([nan])), "r1.*j1"),
        ([JOB], [RIDER], Travel(seconds=lambda j, r: np.zeros(3)), "3"),
        ([JOB] * 100_001, [RIDER], PLANE, "too many"),
        ([JOB], range(10_000_000), PLANE, "too many"),
    ],
)
def test_a_wrong_world_is_refused_by_name(
    requests: Any, riders: Any, travel: Travel, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        match(requests, riders, travel)


@pytest.mark.parametrize("wrong", [{"nearest": 0}, {"nearest": 10**6}, {"rounds": -1}])
def test_wrong_limits_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be"):
        match([JOB], [RIDER], PLANE, **wrong)
