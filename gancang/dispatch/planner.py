"""Who plans: a policy and an engine, and all that is needed to plan the same again."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self

import gancang_planner
from gancang_planner import Plan, Policy, Stopping
from gancang_planner import reference as plain

from gancang.dispatch.planning import score_of
from gancang.regions.policies import BUILT_IN, PlanningPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gancang_planner import Snapshot

NEXT_BEST = 3
KERNEL, REFERENCE = "kernel", "reference"
_ENGINES: dict[str, Callable[..., Plan]] = {KERNEL: gancang_planner.plan, REFERENCE: plain.plan}


def engine_here(wanted: str) -> str:
    """The engine that plans where this one is wanted: the plain one where no kernel was built."""
    return wanted if find_spec("gancang_planner_kernel") else REFERENCE


@dataclass(frozen=True, slots=True)
class Planner:
    """A policy of the region and the engine that plans by it.

    `already`: orders of the last days by code of the fleet, where the policy minds shares.
    """

    policy: PlanningPolicy
    engine: str
    already: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Policy and engine, as comparisons name them."""
        return f"{self.policy.name}/{self.engine}"

    def weighing(self) -> Policy:
        """The policy as the library reads it."""
        return self.policy.weighing(self.already)

    def plan(self, snapshot: Snapshot, *, seed: int, is_time_up: Callable[[], bool]) -> Plan:
        """A plan as good as the policy's time allows."""
        policy = self.policy
        stop = Stopping(policy.iterations, no_gain=policy.no_gain, is_time_up=is_time_up)
        return _ENGINES[self.engine](snapshot, self.weighing(), stop, seed)

    def again(self, snapshot: Snapshot, *, seed: int, iterations: int) -> Plan:
        """The plan that was made of this snapshot, with this seed, in so many iterations."""
        stop = Stopping(iterations, planned=max(iterations, self.policy.iterations))
        return _ENGINES[self.engine](snapshot, self.weighing(), stop, seed)

    def next_best(self, snapshot: Snapshot, found: Plan, order: str) -> list[dict[str, Any]]:
        """The three riders who could take an order next best, with what it would add to each."""
        others = gancang_planner.alternatives(snapshot, found, self.weighing(), order, NEXT_BEST)
        return [{"rider": each.vehicle_id, "score": score_of(each.cost)} for each in others]

    def told(self) -> dict[str, Any]:
        """The planner as JSON, to be kept with the tick."""
        return {
            "policy": self.policy.told(),
            "engine": self.engine,
            "already": dict(self.already),
        }

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """The planner that `told` told; ticks of the first release told nothing."""
        if not told:
            return cls(BUILT_IN, REFERENCE)
        return cls(PlanningPolicy.again(told["policy"]), told["engine"], told["already"])
