"""Which orders may go together, and what the trip costs. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

from gancang.orders.lifecycle import PLACED, RELEASED, STATES
from gancang.reach.rules import DIRECT
from gancang.regions.tariffs import price
from gancang.values import N_, Money, Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gancang_roads import Place

    from gancang.regions.tariffs import Price

TRIP_MAX = 6  # bags of more orders do not fit one rider
WAITS_IN = frozenset({PLACED, RELEASED})


class Why(Reason):
    """Why orders are not joined."""

    NOT_ONE_HOUSE = (
        "not_one_house",
        N_("Orders {order} and {other} do not wait for one house; each goes by itself."),
    )
    UNDER_WAY = (
        "under_way",
        N_("Order {order} is {state}; only what still waits for a rider can go along."),
    )
    HAS_ITS_DEPARTURE = (
        "has_its_departure",
        N_("Order {order} goes with a departure of its own; those share their way already."),
    )
    STOPPED = "stopped", N_("Order {order} was stopped; let it go on first.")
    IN_ANOTHER_TRIP = (
        "in_another_trip",
        N_("Both go in a trip already; take one of them out of its trip first."),
    )
    TOO_MANY = "too_many", N_("More than {most} orders do not go in one trip.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An order as the rules look at it."""

    code: str
    state: str
    way: str
    frozen: bool
    trip: int | None


def why_not_join(one: Candidate, other: Candidate, *, one_house: bool) -> Refused | None:
    """Why two orders do not go together; None if they may."""
    if not one_house or one.code == other.code:
        return Refused(Why.NOT_ONE_HOUSE, order=one.code, other=other.code)
    if one.trip and other.trip and one.trip != other.trip:
        return Refused(Why.IN_ANOTHER_TRIP)
    for each in (one, other):
        if each.state not in WAITS_IN:
            return Refused(Why.UNDER_WAY, order=each.code, state=STATES[each.state])
        if each.frozen:
            return Refused(Why.STOPPED, order=each.code)
        if each.way != DIRECT:
            return Refused(Why.HAS_ITS_DEPARTURE, order=each.code)
    return None


def price_of_trip(alone: Sequence[Money], metres: int, tariff: Price | None) -> Money:
    """What one trip with several orders costs: never less than the dearest, nor more than all.

    `metres`: from the first counter by the others to the door; 0 where there is one counter.
    """
    dearest, total = max(each.rupiah for each in alone), sum(each.rupiah for each in alone)
    by_way = price(tariff, metres).rupiah if tariff and metres else dearest
    return Money(max(dearest, min(by_way, total)))


def metres_by(counters: Sequence[Place], door: Place, metres: Callable[[Place, Place], int]) -> int:
    """How far it is from one counter by all others to the door, in the best order; of one: 0."""
    if len(counters) < 2:
        return 0
    ways = ([*order, door] for order in permutations(counters))
    return min(sum(metres(a, b) for a, b in pairwise(way)) for way in ways)
