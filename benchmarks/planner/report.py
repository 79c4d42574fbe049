"""The results as tables in Markdown, losses included."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.planner.peers import SOLVERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Line = Mapping[str, Any]
    Best = Mapping[str, tuple[int, float]]

SAME = 1e-6
"""Distances that differ by less, relatively, are equal."""
LATE = 1.2
NOTHING = "-"
OURS = "ours"


@dataclass(frozen=True)
class Figure:
    """An answer that keeps all rules."""

    vehicles: int
    distance: float

    def against(self, other: Figure, *, by_distance: bool) -> int:
        """1 if it is better, 0 if the two are equal, -1 if it is worse: vehicles first."""
        if not by_distance and self.vehicles != other.vehicles:
            return 1 if self.vehicles < other.vehicles else -1
        if abs(self.distance - other.distance) <= SAME * max(self.distance, other.distance):
            return 0
        return 1 if self.distance < other.distance else -1


class Board:
    """The answers of one set within one limit, by solver, by instance and seed."""

    def __init__(self, lines: Iterable[Line], is_round: bool) -> None:  # noqa: FBT001
        self.by_distance = is_round
        self.answers: dict[str, dict[tuple[str, int], Line]] = defaultdict(dict)
        for line in lines:
            self.answers[line["solver"]][line["instance"], line["seed"]] = line
        self.asked = sorted({key for each in self.answers.values() for key in each})
        for name, answers in self.answers.items():
            if not SOLVERS[name].has_seed:  # its one answer stands for every seed
                found = {instance: line for (instance, _), line in answers.items()}
                answers.update({k: found[k[0]] for k in self.asked if k[0] in found})

    def solvers(self) -> list[str]:
        """Those who answered at all, in the order of their list."""
        return [name for name in SOLVERS if name in self.answers]

    def figure(self, solver: str, key: tuple[str, int]) -> Figure | None:
        """The answer of a solver, if it keeps all rules."""
        line = self.answers[solver].get(key)
        if line is None or line["problem"]:
            return None
        return Figure(line["vehicles"], line["distance"])

    def late(self, solver: str) -> int:
        """Answers that came more than a fifth after their time."""
        return sum(
            line.get("seconds", 0) > LATE * line["limit"] for line in self.answers[solver].values()
        )

    def seeds(self) -> int:
        """How many answers stand for one instance."""
        return max(1, len({seed for _, seed in self.asked}))


def told(lines: Sequence[Line], best: Best) -> str:
    """All tables: each set within each limit, then the same over time, then what stands behind."""
    groups: dict[str, dict[float, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        groups[line["set"]][line["limit"]].append(line)
    parts = []
    for set_name, by_limit in groups.items():
        boards = {limit: Board(by_limit[limit], set_name == "rounds") for limit in sorted(by_limit)}
        for limit, board in boards.items():
            parts.append("\n".join(_table(set_name, limit, board, best)))
        parts.append("\n".join(_over_time(set_name, boards)))
    parts.append("\n".join(_behind(lines)))
    return "\n\n".join(parts) + "\n"


def _table(set_name: str, limit: float, board: Board, best: Best) -> Iterator[str]:
    instances = len({instance for instance, _ in board.asked})
    yield f"### {set_name}, {limit:g} s: {instances} instances, {board.seeds()} seeds"
    yield ""
    known = sum(best[instance][0] for instance, _ in board.asked if instance in best)
    if known:
        yield f"Best known: {known / board.seeds():.0f} vehicles."
        yield ""
    yield (
        "| solver | answers | vehicles | distance to best known | ours: vehicles |"
        " ours: distance | better, equal, worse | not behind | late |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for solver in board.solvers():
        yield "| " + " | ".join(_cells(solver, board, best)) + " |"


def _cells(solver: str, board: Board, best: Best) -> list[str]:
    figures = {key: figure for key in board.asked if (figure := board.figure(solver, key))}
    vehicles = sum(figure.vehicles for figure in figures.values()) / board.seeds()
    to_best = [
        (figure.distance, best[key[0]][1])
        for key, figure in figures.items()
        if key[0] in best and figure.vehicles == best[key[0]][0]
    ]
    cells = [
        solver,
        f"{len(figures)} of {len(board.asked)}",
        f"{vehicles:.1f}",
        f"{_percent(to_best)} on {len(to_best)}" if to_best else NOTHING,
    ]
    cells += _beside_ours(solver, board) if solver != OURS else [NOTHING] * 4
    return [*cells, str(board.late(solver))]


def _beside_ours(solver: str, board: Board) -> list[str]:
    """Ours against theirs: vehicles where both have an answer, distance at equal vehicles."""
    both, scores = [], []
    for key in board.asked:
        ours, theirs = board.figure(OURS, key), board.figure(solver, key)
        if ours and theirs:
            both.append((ours, theirs))
            scores.append(ours.against(theirs, by_distance=board.by_distance))
        elif ours or theirs:
            scores.append(1 if ours else -1)
    if not scores:
        return [NOTHING] * 4
    more = sum(ours.vehicles - theirs.vehicles for ours, theirs in both) / board.seeds()
    equal = [
        (ours.distance, theirs.distance)
        for ours, theirs in both
        if board.by_distance or ours.vehicles == theirs.vehicles
    ]
    won, tied, lost = (scores.count(score) for score in (1, 0, -1))
    return [
        f"{more:+.1f}" if both else NOTHING,
        f"{_percent(equal)} on {len(equal)}" if equal else NOTHING,
        f"{won}, {tied}, {lost}",
        f"{100 * (won + tied) / len(scores):.0f} %",
    ]


def _percent(pairs: Sequence[tuple[float, float]]) -> str:
    """How much more the first of each pair are in total."""
    mine, others = (sum(each) for each in zip(*pairs, strict=True))
    more = round(100 * (mine / others - 1), 2)
    return f"{more or 0.0:+.2f} %"


def _over_time(set_name: str, boards: Mapping[float, Board]) -> Iterator[str]:
    """Vehicles, and distance per route of all answers, as the limit grows."""
    yield f"### {set_name} over time: vehicles / distance (answers)"
    yield ""
    yield "| solver | " + " | ".join(f"{limit:g} s" for limit in boards) + " |"
    yield "|---" * (len(boards) + 1) + "|"
    names = [name for name in SOLVERS if any(name in board.answers for board in boards.values())]
    for name in names:
        cells = []
        for board in boards.values():
            figures = [f for key in board.asked if (f := board.figure(name, key))]
            vehicles = sum(figure.vehicles for figure in figures) / board.seeds()
            distance = sum(figure.distance for figure in figures) / board.seeds()
            cells.append(
                f"{vehicles:.1f} / {distance:.0f} ({len(figures)})" if figures else NOTHING
            )
        yield f"| {name} | " + " | ".join(cells) + " |"


def _behind(lines: Sequence[Line]) -> Iterator[str]:
    """What the figures were measured with, and every answer that breaks a rule."""
    versions = sorted({(line["solver"], line["version"]) for line in lines})
    yield "Measured with " + ", ".join(f"{name} {version}" for name, version in versions)
    yield f"on {', '.join(sorted({line['machine'] for line in lines}))}, one core each;"
    yield f"commit {', '.join(sorted({line['commit'] for line in lines}))}."
    wrong = [line for line in lines if line["problem"]]
    if wrong:
        yield ""
        yield "Answers that are none:"
        yield ""
    for line in wrong:
        where = f"{line['instance']}, {line['limit']:g} s, seed {line['seed']}"
        yield f"- {line['solver']} on {where}: {' '.join(line['problem'].split())}"
