"""Pins by how well they are known. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.residents.rules import Why
from gancang.values import N_, Point, lies_in, metres_between, middle_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# How well a pin is known, the worst first.
GRADES = {
    "village": N_("Only the village is known"),
    "guess": N_("Guessed from the hamlet"),
    "clerk": N_("Placed by a clerk"),
    "learned": N_("Learned from a hand-over"),
    "confirmed": N_("Confirmed by two hand-overs"),
}
LEARNED = ("learned", "confirmed")
OF_NO_HOUSE = ("village", "guess")  # good enough to plan with, not to ride to
SAME_DOOR_M = 150  # a phone's own error in a village with trees, and the width of a yard
ONE_DOOR_M = 30  # two pins of one house
NEAR_VILLAGE_M = 2_000
FAR_FROM_VILLAGE_M = 25_000


def why_not_pin(
    point: Point, *, village: Point, others: Iterable[Point], bounds: Sequence[float]
) -> Why | None:
    """Why a point is not the place of somebody of this village.

    It lies within 2 km of the village's own point, or, since villages in the hills are wide,
    nearer to it than to any other village's.
    """
    if not lies_in(point, bounds):
        return Why.PIN_OUTSIDE
    far = metres_between(point, village)
    if far <= NEAR_VILLAGE_M:
        return None
    if far > FAR_FROM_VILLAGE_M or any(metres_between(point, other) < far for other in others):
        return Why.PIN_FAR
    return None


def best_pin(met: Sequence[Point]) -> tuple[Point, str]:
    """Of the points of hand-overs, oldest first: the place where most were, and its grade.

    One hand-over at a neighbour's does not move a place that two have confirmed; of equals
    the newest holds.
    """
    assert met
    groups = [[p for p in met if metres_between(p, near) <= SAME_DOOR_M] for near in reversed(met)]
    group = max(groups, key=len)
    return middle_of(group), "confirmed" if len(group) > 1 else "learned"
