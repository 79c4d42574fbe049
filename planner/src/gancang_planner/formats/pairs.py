"""Tasks that come in pairs, a pickup and its delivery: what Li & Lim's and others' files share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang_planner.formats.numbered import in_order
from gancang_planner.model import Job, Stop, Window

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Task:
    """A row of the file, times in whole units. 0 for no pickup or no delivery."""

    number: int
    demand: int
    opens_s: int
    closes_s: int
    service_s: int
    pickup: int
    delivery: int

    def stop(self) -> Stop:
        """Where and when it is done."""
        return Stop(self.number, (Window(self.opens_s, self.closes_s),), self.service_s)


def paired(tasks: Sequence[Task]) -> tuple[Job, ...]:
    """A job for each pickup with its delivery; ValueError where a task has no true partner."""
    in_order([task.number for task in tasks])
    jobs = []
    for task in tasks[1:]:
        partner = task.delivery or task.pickup
        if bool(task.delivery) == bool(task.pickup) or not 0 < partner < len(tasks):
            raise ValueError(f"task {task.number} is neither a pickup nor a delivery of another")
        other = tasks[partner]
        if task.number not in (other.pickup, other.delivery) or task.demand != -other.demand:
            raise ValueError(f"tasks {task.number} and {partner} do not belong together")
        if task.delivery:
            if other.pickup != task.number or task.demand < 0:
                raise ValueError(f"task {task.number} takes {task.demand}")
            jobs.append(_job(task, other))
    return tuple(jobs)


def _job(pickup: Task, delivery: Task) -> Job:
    try:
        return Job(str(pickup.number), pickup.stop(), delivery.stop(), load=(pickup.demand,))
    except ValueError as wrong:
        raise ValueError(f"task {pickup.number} or {delivery.number}: {wrong}") from None
