"""Solomon's instances (1987), and Gehring & Homberger's: goods from one depot, time windows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gancang_planner.formats.numbered import (
    FINENESS,
    Numbered,
    fleet,
    in_order,
    numbers,
    scaled,
    straight_lines,
)
from gancang_planner.model import Job, Stop, Window
from gancang_planner.snapshot import Snapshot

if TYPE_CHECKING:
    from decimal import Decimal


def read(text: str) -> Numbered:
    """The instance in a text: a name, the vehicles, then a row of seven numbers a customer."""
    # Titles and names are the lines that do not begin with a number and another one.
    lines = [
        (at, line)
        for at, line in enumerate(text.splitlines(), 1)
        if re.match(r"\s*[-+.\d]+\s+[-+.\d]", line)
    ]
    if not lines:
        raise ValueError("the file has no line with the number of vehicles and their capacity")
    number, capacity = numbers(lines[0][1], lines[0][0], 2)
    rows = [(at, numbers(line, at, 7)) for at, line in lines[1:]]
    in_order([scaled(row[0], at) for at, row in rows])
    jobs = tuple(_job(row, at) for at, row in rows[1:])
    coordinates = [(float(row[1]), float(row[2])) for _, row in rows]
    ways, matrix = straight_lines(coordinates)
    shift = _window(rows[0][1], rows[0][0])
    vehicles = fleet(scaled(number, lines[0][0]), scaled(capacity, lines[0][0]), shift, jobs)
    return Numbered(Snapshot(jobs, vehicles, matrix), ways, tuple(coordinates))


def _window(row: list[Decimal], at: int) -> Window:
    try:
        return Window(scaled(row[4], at, FINENESS), scaled(row[5], at, FINENESS))
    except ValueError as wrong:
        raise ValueError(f"line {at}: {wrong}") from None


def _job(row: list[Decimal], at: int) -> Job:
    task, _, _, demand, _, _, service = row
    stop = Stop(scaled(task, at), (_window(row, at),), scaled(service, at, FINENESS))
    return Job(str(stop.place), deliveries=stop, load=(scaled(demand, at),))
