"""Sartori & Buriol's instances (2020): pickup and delivery on real roads, whole minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gancang_planner.formats.numbered import Numbered, fleet, numbers, scaled
from gancang_planner.formats.pairs import Task, paired
from gancang_planner.model import Window
from gancang_planner.snapshot import Matrix, Snapshot

if TYPE_CHECKING:
    from decimal import Decimal

    from numpy.typing import NDArray


def read(text: str) -> Numbered:
    """The instance in a text: `KEY: value` lines, then NODES and EDGES (its travel minutes)."""
    lines = [(at, line.strip()) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    titles = {line: row for row, (_, line) in enumerate(lines) if line in ("NODES", "EDGES", "EOF")}
    if titles.get("NODES", len(lines)) >= titles.get("EDGES", 0):
        raise ValueError("the file has no NODES followed by EDGES")
    keys = dict(line.split(":", 1) for _, line in lines[: titles["NODES"]] if ":" in line)
    if "CAPACITY" not in keys:
        raise ValueError("the file has no CAPACITY")
    capacity = scaled(numbers(keys["CAPACITY"], 1, 1)[0], 1)
    nodes = lines[titles["NODES"] + 1 : titles["EDGES"]]
    rows = [(at, numbers(line, at, 9)) for at, line in nodes]
    tasks = [_task(row, at) for at, row in rows]
    jobs = paired(tasks)
    minutes = _minutes(lines[titles["EDGES"] + 1 : titles.get("EOF")], len(tasks))
    shift = Window(tasks[0].opens_s, tasks[0].closes_s)
    # The format has as many vehicles as anybody needs.
    vehicles = fleet(len(jobs), capacity, shift, jobs)
    snapshot = Snapshot(jobs, vehicles, Matrix.of(list(minutes), list(minutes)))
    # Latitude goes up, longitude to the right.
    coordinates = tuple((float(row[2]), float(row[1])) for _, row in rows)
    return Numbered(snapshot, minutes.astype(np.float64), coordinates)


def _minutes(lines: list[tuple[int, str]], count: int) -> NDArray[np.int64]:
    table = np.empty((len(lines), count), np.int64)
    for row, (at, line) in zip(table, lines, strict=True):
        try:
            row[:] = line.split()
        except (ValueError, OverflowError):
            raise ValueError(f"line {at} should hold {count} whole minutes") from None
    if len(lines) != count:
        raise ValueError(f"EDGES has {len(lines)} rows, not {count}")
    return table


def _task(row: list[Decimal], at: int) -> Task:
    number, _, _, *others = row
    return Task(scaled(number, at), *(scaled(each, at) for each in others))
