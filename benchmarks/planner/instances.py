"""Li & Lim's and Solomon's instances, read without the planner: the checker trusts nobody."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.planner import generate, rounds

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SETS = {
    "lilim100": ("lilim", r"l(c|r|rc)[12]\d\d"),
    "lilim200": ("lilim", r"l(c|r|rc)[12]_2_\d+"),
    "lilim400": ("lilim", r"l(c|r|rc)[12]_4_\d+"),
    "lilim1000": ("lilim", r"l(c|r|rc)[12]_10_\d+"),
    "solomon": ("solomon", r"(C|R|RC)[12]\d\d"),
}
GENERATED = "generated1000"
ROUNDS = "rounds"


@dataclass(frozen=True)
class Named:
    """An instance as text: its set, its name, and what kind of file it is."""

    set: str
    name: str
    format: str
    text: str


@dataclass(frozen=True)
class Instance:
    """A problem of one depot, place 0; tasks are numbered as the places. Times as in the file.

    `pairs`: the delivery of each pickup; {} where all goods come from the depot.
    """

    vehicles: int
    capacity: int
    points: NDArray[np.float64]
    demand: list[int]
    opens: list[int]
    closes: list[int]
    service: list[int]
    pairs: dict[int, int]

    @cached_property
    def ways(self) -> NDArray[np.float64]:
        """Straight lines in double precision."""
        gaps = self.points[:, None, :] - self.points[None, :, :]
        ways: NDArray[np.float64] = np.sqrt((gaps**2).sum(axis=2))
        return ways


def named(set_name: str, folder: Path) -> list[Named]:
    """The instances of a set by name: of the folder, or made here from a seed."""
    if set_name == GENERATED:
        texts = generate.all_of_them()
        return [Named(set_name, name, "lilim", text) for name, text in texts.items()]
    if set_name == ROUNDS:
        return [Named(set_name, name, "vroom", text) for name, text in rounds.made().items()]
    kind, pattern = SETS[set_name]
    files = sorted((folder / kind).glob("*.txt"), key=lambda file: _in_numbers(file.stem))
    return [
        Named(set_name, file.stem, kind, file.read_text("utf-8"))
        for file in files
        if re.fullmatch(pattern, file.stem)
    ]


def _in_numbers(name: str) -> list[Any]:
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def parsed(format_name: str, text: str) -> Instance:
    """The instance in a text."""
    rows = [line.split() for line in text.splitlines() if re.match(r"\s*\d+\s+\d", line)]
    head, tasks = rows[0], rows[1:]
    numbers = [[int(cell) for cell in row[3:]] for row in tasks]
    if format_name == "lilim":
        pairs = {at: row[5] for at, row in enumerate(numbers) if row[5]}
    else:
        pairs = {}
    return Instance(
        vehicles=int(head[0]),
        capacity=int(head[1]),
        points=np.array([[float(cell) for cell in row[1:3]] for row in tasks]),
        demand=[row[0] for row in numbers],
        opens=[row[1] for row in numbers],
        closes=[row[2] for row in numbers],
        service=[row[3] for row in numbers],
        pairs=pairs,
    )


def best_known(folder: Path) -> dict[str, tuple[int, float]]:
    """Vehicles and distance of the best plans ever published, by the instance's name."""
    best: dict[str, tuple[int, float]] = {}
    with (folder / "best_known.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["benchmark"] == "LiLim":
                found = (int(row["routes"]), float(row["distance"]))
                best[row["instance"]] = min(found, best.get(row["instance"], found))
    solomon = folder / "solomon" / "BKS_vroom_vrptw.json"
    for name, row in json.loads(solomon.read_text("utf-8")).items() if solomon.exists() else ():
        if re.fullmatch(SETS["solomon"][1], name):
            best[name] = (row["solved_with_vehicles"], row["best_known_cost"])
    return best
