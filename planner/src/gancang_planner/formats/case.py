"""What every file becomes: a problem for the planner, and a way to tell the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from gancang_planner.cost import Cost
from gancang_planner.outcome import Kind, Plan, Route, Visit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gancang_planner.cost import Policy
    from gancang_planner.snapshot import Snapshot


class Case(Protocol):
    """A file as the planner sees it."""

    @property
    def snapshot(self) -> Snapshot: ...

    @property
    def policy(self) -> Policy:
        """What a good plan is by the rules of the format."""

    @property
    def coordinates(self) -> tuple[tuple[float, float], ...]:
        """Where each place is drawn (x to the right, y up); () where the file does not say."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What whoever reads the answer must know, a sentence each."""

    @property
    def warm(self) -> Plan | None:
        """A plan to start from that the file itself brings."""

    def told(self, plan: Plan, seconds: float) -> dict[str, Any]:
        """The answer in the terms of the format; `seconds`: how long it took."""

    def earlier(self, answer: Any) -> Plan:
        """An answer as `told` gave it, as a plan to start from; ValueError where it is none."""


def plan_to_start_from(calls: Iterable[tuple[str, list[tuple[str, Kind, int]]]]) -> Plan:
    """A plan that says only who makes which calls: for each vehicle, job, kind and place."""

    routes = tuple(
        Route(
            vehicle_id=vehicle_id,
            visits=tuple(
                Visit(job_id, kind, place, 0, 0, 0, 0, 0, ()) for job_id, kind, place in visits
            ),
            departs_s=0,
            ends_s=0,
            cost=Cost(),
            added=(),
        )
        for vehicle_id, visits in calls
        if visits
    )
    return Plan(routes=routes, unserved=(), cost=Cost(), iterations=0)
