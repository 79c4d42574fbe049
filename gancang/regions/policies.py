"""Planning policies as data: what a good plan is, how long it takes, whose share is due."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from gancang_planner import Policy, Share, Term

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gancang.regions.models import Region

_TERM = re.compile(r"([A-Za-z0-9_]{1,40})(?:\s*\*\s*([0-9]{1,9}))?")
Levels = tuple[tuple[tuple[Term, int], ...], ...]


def read_levels(levels: Sequence[Sequence[str]]) -> Levels:
    """The levels of a policy from texts like "lateness_s*10". ValueError names what is wrong."""
    return tuple(tuple(_weighed(told) for told in level) for level in levels)


def _weighed(told: str) -> tuple[Term, int]:
    found = _TERM.fullmatch(told.strip())
    if found is None:
        raise ValueError(f"{told[:60]!r} is neither a term nor term*weight")
    name, weight = found[1], found[2]
    known = [str(term) for term in Term]
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        mend = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        raise ValueError(f"there is no term {name}; {mend}")
    return Term(name), int(weight or 1)


@dataclass(frozen=True, slots=True)
class FleetShare:
    """Between which percentages of the orders a fleet is to have."""

    fleet: str
    least_percent: int
    most_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningPolicy:
    """A policy of a region as its pack tells it; valid at birth, ValueError names what is wrong.

    `levels`: terms of `gancang_planner.Term` in strict order, weighed within a level.
    `iterations`, `no_gain`, `think_s_max`: when the planner stops, whatever comes first.
    `shares` count the orders of the last `share_days` days. `commit_minutes`: an offer is made at
    most so long before its rider leaves for the counter, and planned anew until then; None: at
    once.
    """

    name: str
    title: str
    from_date: date
    levels: tuple[tuple[str, ...], ...]
    iterations: int
    no_gain: int
    think_s_max: float
    until: date | None = None
    share_days: int = 7
    shares: tuple[FleetShare, ...] = ()
    commit_minutes: int | None = None
    decree: str = ""

    def __post_init__(self) -> None:
        policy = self.weighing({})
        has_term = any(term is Term.OFF_SHARE for level in policy.levels for term, _ in level)
        if has_term != bool(self.shares):
            raise ValueError(
                f"policy {self.name} weighs {Term.OFF_SHARE} but names no share"
                if has_term
                else f"policy {self.name} names shares but no level weighs {Term.OFF_SHARE}"
            )

    def weighing(self, already: Mapping[str, int]) -> Policy:
        """The planner's own policy; `already`: orders of the last days by code of the fleet."""
        shares = tuple(
            Share(each.fleet, each.least_percent, each.most_percent, already.get(each.fleet, 0))
            for each in self.shares
        )
        return Policy(read_levels(self.levels), shares)

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.from_date <= on and (self.until is None or on <= self.until)

    def told(self) -> dict[str, Any]:
        """The policy as JSON, to be kept with the region and with each tick."""
        return {
            "name": self.name,
            "title": self.title,
            "from": self.from_date.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "levels": [list(level) for level in self.levels],
            "iterations": self.iterations,
            "no_gain": self.no_gain,
            "think_s_max": self.think_s_max,
            "share_days": self.share_days,
            "shares": [[each.fleet, each.least_percent, each.most_percent] for each in self.shares],
            "commit_minutes": self.commit_minutes,
            "decree": self.decree,
        }

    @classmethod
    def again(cls, told: Mapping[str, Any]) -> Self:
        """The policy that `told` told."""
        return cls(
            name=told["name"],
            title=told["title"],
            from_date=date.fromisoformat(told["from"]),
            until=date.fromisoformat(told["until"]) if told["until"] else None,
            levels=tuple(tuple(level) for level in told["levels"]),
            iterations=told["iterations"],
            no_gain=told["no_gain"],
            think_s_max=told["think_s_max"],
            share_days=told["share_days"],
            shares=tuple(FleetShare(*share) for share in told["shares"]),
            commit_minutes=told.get("commit_minutes"),
            decree=told["decree"],
        )


# What holds where a pack tells nothing: whoever can be served is served; then nobody late, nothing
# lying ready for long, little time on the road, work shared evenly.
BUILT_IN = PlanningPolicy(
    name="gancang",
    title="Gancang",
    from_date=date(2026, 1, 1),
    levels=(("unserved",), ("lateness_s*10", "wait_s", "duration_s", "imbalance_min2")),
    iterations=1_000,
    no_gain=200,
    think_s_max=1.0,
)


def policies_in_force(region: Region, on: date) -> list[PlanningPolicy]:
    """The policies of a region on a day, the newest of each name, as the pack orders them.

    The first is the one that plans unless another was chosen. Never empty.
    """
    told = region.config.get("dispatch", {}).get("policies", [])
    newest: dict[str, PlanningPolicy] = {}
    for policy in map(PlanningPolicy.again, told):
        held = newest.get(policy.name)
        if policy.holds(on) and (held is None or policy.from_date > held.from_date):
            newest[policy.name] = policy
    return list(newest.values()) or [BUILT_IN]
