"""What a plan costs, part by part, and the policy that weighs the parts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from operator import mul
from typing import TYPE_CHECKING, Self

from gancang_planner.checks import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Term(StrEnum):
    """The parts of a cost. Less is better in each of them."""

    UNSERVED = "unserved"
    """Sum of the priorities of the jobs left out."""
    VEHICLES = "vehicles"
    """Vehicles that do anything."""
    LATENESS = "lateness_s"
    """Seconds by which deliveries start after the time promised to people."""
    WAIT = "wait_s"
    """Seconds from the release of a job to the start of its pickups."""
    DISTANCE = "distance_m"
    """Metres driven."""
    DURATION = "duration_s"
    """Seconds from setting out, just in time for the first stop, to the end of the route."""
    MONEY = "money"
    """What the vehicles cost: fixed if used, per kilometre and per hour."""
    IMBALANCE = "imbalance_min2"
    """Square minutes of work, those worked before the plan included: least when all work alike."""
    OFF_SHARE = "off_share"
    """Jobs by which fleets have more or less than their share; of the whole plan, none a route."""
    CHANGES = "changes"
    """Jobs that another vehicle has than in the plan that runs now, or none."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The named parts of a cost; units as in their names, `unserved` in points of priority."""

    unserved: int = 0
    vehicles: int = 0
    lateness_s: int = 0
    wait_s: int = 0
    distance_m: int = 0
    duration_s: int = 0
    money: int = 0
    imbalance_min2: int = 0
    off_share: int = 0
    changes: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(*(a + b for a, b in zip(self.parts(), other.parts(), strict=True)))

    def __sub__(self, other: Cost) -> Cost:
        return Cost(*(a - b for a, b in zip(self.parts(), other.parts(), strict=True)))

    def parts(self) -> tuple[int, ...]:
        """The parts in the order of `Term`."""
        return (
            self.unserved,
            self.vehicles,
            self.lateness_s,
            self.wait_s,
            self.distance_m,
            self.duration_s,
            self.money,
            self.imbalance_min2,
            self.off_share,
            self.changes,
        )


Score = tuple[int, ...]
"""One number a level of the policy; compared as Python compares tuples."""


@dataclass(frozen=True, slots=True)
class Share:
    """A fleet's due: between `least_percent` and `most_percent` of the jobs that are served.

    `already`: jobs it has served before this plan (today, this week), which count too.
    """

    fleet: str
    least_percent: int = 0
    most_percent: int = 100
    already: int = 0

    def __post_init__(self) -> None:
        numbers = (self.least_percent, self.most_percent, self.already)
        whole(f"a number of the share of fleet {self.fleet!r}", *numbers)
        if not self.least_percent <= self.most_percent <= 100:
            raise ValueError(
                f"fleet {self.fleet!r} cannot have between {self.least_percent} and"
                f" {self.most_percent} percent"
            )


@dataclass(frozen=True, slots=True)
class Policy:
    """What a good plan is: levels in strict order, weighted sums of terms within a level.

    `levels` holds, level after level, pairs of a term and its whole weight. The first level is
    `Term.UNSERVED` alone: whoever can be served is served, and the rest decides how.
    `shares`: what `Term.OFF_SHARE` is measured by, one a fleet.
    Raises ValueError for an empty or repeated term, a negative weight, another first level.
    """

    levels: tuple[tuple[tuple[Term, int], ...], ...]
    shares: tuple[Share, ...] = ()

    def __post_init__(self) -> None:
        terms = [term for level in self.levels for term, _ in level]
        weights = [weight for level in self.levels for _, weight in level]
        if not self.levels or [term for term, _ in self.levels[0]] != [Term.UNSERVED]:
            raise ValueError("the first level of a policy is the term 'unserved', alone")
        if len(set(terms)) != len(terms):
            raise ValueError(f"a policy names each term once, not {[str(term) for term in terms]}")
        if not all(self.levels):
            raise ValueError("a level of a policy names at least one term")
        if any(type(weight) is not int or weight < 0 for weight in weights) or weights[0] < 1:
            raise ValueError(f"weights are whole numbers of zero or more, not {weights}")
        fleets = [share.fleet for share in self.shares]
        if len(set(fleets)) != len(fleets):
            raise ValueError(f"a policy names the share of a fleet once, not {fleets}")

    @classmethod
    def strict(cls, *terms: Term, shares: tuple[Share, ...] = ()) -> Self:
        """Serve first; then each term only where all terms before it are equal."""
        return cls((((Term.UNSERVED, 1),), *(((term, 1),) for term in terms)), shares)

    @classmethod
    def weighted(cls, weights: Mapping[Term, int], shares: tuple[Share, ...] = ()) -> Self:
        """Serve first; then the least weighted sum."""
        return cls((((Term.UNSERVED, 1),), tuple(weights.items())), shares)

    def rows(self) -> tuple[tuple[int, ...], ...]:
        """The weights as a row a level, shape (levels, terms in the order of `Term`)."""
        return tuple(tuple(dict(level).get(term, 0) for term in Term) for level in self.levels)

    def score(self, cost: Cost) -> Score:
        """The cost as this policy compares it: one number a level, the first level first."""
        return score_of(self.rows(), cost.parts())


def score_of(rows: tuple[tuple[int, ...], ...], parts: tuple[int, ...]) -> Score:
    """`Policy.score` for the loops, from `Policy.rows` and `Cost.parts`."""
    return tuple([sum(map(mul, row, parts)) for row in rows])


def off_share(shares: Iterable[Share], served: Mapping[str, int]) -> int:
    """The jobs by which fleets are off their shares where `served` counts the jobs a fleet."""
    shares = tuple(shares)
    total = sum(served.values()) + sum(share.already for share in shares)
    off = 0
    for share in shares:
        has = served.get(share.fleet, 0) + share.already
        most, least = share.most_percent * total // 100, -(-share.least_percent * total // 100)
        off += max(0, has - most) + max(0, least - has)
    return off


DEFAULT_POLICY = Policy.weighted(
    {Term.LATENESS: 4, Term.WAIT: 1, Term.DURATION: 1, Term.IMBALANCE: 1}
)
"""Serve all; then nobody late, nothing lying ready for long, little driving, work shared."""
