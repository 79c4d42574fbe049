"""Li & Lim's pickup and delivery instances (2001): straight lines, one depot, vehicles alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang_planner.formats.numbered import (
    FINENESS,
    Numbered,
    fleet,
    numbers,
    scaled,
    straight_lines,
)
from gancang_planner.formats.pairs import Task, paired
from gancang_planner.model import Window
from gancang_planner.snapshot import Snapshot

if TYPE_CHECKING:
    from decimal import Decimal


def read(text: str) -> Numbered:
    """The instance in a text: vehicles, capacity and speed, then a row of nine numbers a task."""
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise ValueError("the file is empty")
    number, capacity, _ = numbers(lines[0][1], lines[0][0], 3)  # the speed is 1, whatever it says
    rows = [(at, numbers(line, at, 9)) for at, line in lines[1:]]
    tasks = [_task(row, at) for at, row in rows]
    jobs = paired(tasks)
    coordinates = [(float(row[1]), float(row[2])) for _, row in rows]
    ways, matrix = straight_lines(coordinates)
    shift = Window(tasks[0].opens_s, tasks[0].closes_s)
    vehicles = fleet(scaled(number, lines[0][0]), scaled(capacity, lines[0][0]), shift, jobs)
    return Numbered(Snapshot(jobs, vehicles, matrix), ways, tuple(coordinates))


def _task(row: list[Decimal], at: int) -> Task:
    task, _, _, demand, opens, closes, service, pickup, delivery = row
    return Task(
        number=scaled(task, at),
        demand=scaled(demand, at),
        opens_s=scaled(opens, at, FINENESS),
        closes_s=scaled(closes, at, FINENESS),
        service_s=scaled(service, at, FINENESS),
        pickup=scaled(pickup, at),
        delivery=scaled(delivery, at),
    )
