"""In which order a rider brings the bags that he has, and fetches those that he was promised. Pure.

The planner keeps both in the order that it is told; here is decided which that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

from gancang_planner import Cost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang_planner import Policy
    from gancang_roads import Estimate, Place

    from gancang.maps.ways import Among

# So many bags are tried in every order; more are brought by their promises.
TRIED_MAX = 6


@dataclass(frozen=True, slots=True)
class Bag:
    """An order in somebody's hands, or promised: where he has to go for it next, until when."""

    code: str
    place: Place
    promise_s: int


@dataclass(frozen=True, slots=True)
class Rule:
    """How people get along, what is minded on the way, and how long a hand-over takes."""

    travel: Among | Estimate
    policy: Policy
    hand_over_s: int


def to_bring(start: Place, bags: Sequence[Bag], rule: Rule, *, now_s: int) -> list[Bag]:
    """The bags in the order that the policy likes best, by lateness, distance and duration."""
    by_promise = sorted(bags, key=lambda bag: (bag.promise_s, bag.code))
    if not 1 < len(bags) <= TRIED_MAX:
        return by_promise
    legs = {
        (a, b.place): rule.travel.leg(a, b.place)
        for a in (start, *(bag.place for bag in bags))
        for b in bags
    }

    def score(order: tuple[Bag, ...]) -> tuple[int, ...]:
        at, time_s, late_s, metres = start, now_s, 0, 0
        for bag in order:
            leg = legs[at, bag.place]
            at, time_s, metres = bag.place, time_s + leg.seconds, metres + leg.metres
            late_s += max(0, time_s - bag.promise_s)
            time_s += rule.hand_over_s
        cost = Cost(lateness_s=late_s, distance_m=metres, duration_s=time_s - now_s)
        return rule.policy.score(cost)

    # Of equal orders the first: that by promises comes before all others.
    best = min(permutations(by_promise), key=score)
    return list(best)


def to_fetch(start: Place, bags: Sequence[Bag], rule: Rule) -> list[Bag]:
    """The bags by how near their counters are, then by their promises."""
    return sorted(
        bags, key=lambda bag: (rule.travel.seconds(start, bag.place), bag.promise_s, bag.code)
    )
