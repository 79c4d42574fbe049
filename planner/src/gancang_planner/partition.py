"""Set partitioning: the best choice among the routes that a search has seen.

Each job by exactly one route, no vehicle twice, no more vehicles than the best plan has; solved by
HiGHS. It closes the last part of a percent that a search leaves (Sartori & Buriol 2020).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang_planner.cost import Policy
    from gancang_planner.feasible import World

    Seen = tuple[int, list[int], list[int]]
    """A vehicle, its calls, the parts of its cost."""

ROUTES_MAX = 12_000
CELLS_MAX = 4_000_000
"""Fewer routes are kept where they are long: routes times calls of the world are at most this."""
GAP_MAX = 1e-6


def is_at_hand() -> bool:
    """Whether HiGHS is installed."""
    return find_spec("highspy") is not None


def routes_kept(world: World) -> int:
    """How many of the newest routes a search is to remember, for memory's sake."""
    return min(ROUTES_MAX, CELLS_MAX // max(1, len(world.job_of)))


def suits(world: World, policy: Policy) -> bool:
    """Whether a plan's cost is the sum of its routes' under this policy, in one level or after
    the number of vehicles, and all vehicles are alike.
    """
    if policy.shares or world.holder or world.running:
        return False
    levels = policy.levels[1:]
    counts_vehicles = len(levels) == 2 and [str(term) for term, _ in levels[0]] == ["vehicles"]
    return (len(levels) == 1 or counts_vehicles) and _are_alike(world)


def _are_alike(world: World) -> bool:
    """Whether it does not matter which vehicle drives a route."""
    first = world.vehicles[0]
    names = [name for name in first.__slots__ if name != "id"]
    return all(
        getattr(vehicle, name) == getattr(first, name)
        for vehicle in world.vehicles
        for name in names
    ) and not any(
        job.allowed_vehicles is not None or job.forbidden_vehicles or job.refused_by
        for job in world.jobs
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """Routes as columns: their calls, the rows they cover (positions in `jobs`), their costs."""

    calls: list[list[int]]
    rows: list[list[int]]
    costs: list[int]


def columns_of(world: World, policy: Policy, seen: Sequence[Seen], jobs: Sequence[int]) -> Columns:
    """The routes that serve none but these jobs, weighed by the last level of the policy."""
    row_of = {job: row for row, job in enumerate(jobs)}
    weights = policy.rows()[-1]
    columns = Columns([], [], [])
    for _, calls, parts in seen:
        served = {world.job_of[call] for call in calls}
        if served <= row_of.keys():
            columns.calls.append(calls)
            columns.rows.append(sorted(row_of[job] for job in served))
            columns.costs.append(sum(w * p for w, p in zip(weights, parts, strict=True)))
    return columns


def best_choice(
    columns: Columns, rows: int, vehicles_max: int, seconds: float
) -> list[list[int]] | None:
    """The cheapest columns that cover each row once, at most so many; None if time is too short.

    The seconds are of the wall clock; HiGHS runs on one thread.
    """
    import highspy  # noqa: PLC0415 - an extra, only where it is wanted

    solver = highspy.Highs.__new__(highspy.Highs)
    # Not the initializer of Highs itself, which greets on standard output.
    super(highspy.Highs, solver).__init__()
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("time_limit", seconds),
        ("mip_rel_gap", GAP_MAX),
    ):
        solver.setOptionValue(name, value)
    solver.passModel(_model(highspy, columns, rows, vehicles_max))
    solver.run()
    chosen = np.array(solver.getSolution().col_value)
    if len(chosen) != len(columns.calls):
        return None
    picked = [int(column) for column in np.flatnonzero(chosen > 0.5)]
    covered = sorted(row for column in picked for row in columns.rows[column])
    return [columns.calls[c] for c in picked] if covered == list(range(rows)) else None


def _model(highspy: Any, columns: Columns, rows: int, vehicles_max: int) -> Any:
    """One row a job (exactly once), one for the number of vehicles; binary columns."""
    scale = max(1.0, max(columns.costs) / 1e4)  # HiGHS likes numbers of a human size
    model = highspy.HighsLp()
    size = len(columns.calls)
    model.num_col_, model.num_row_ = size, rows + 1
    model.col_cost_ = np.array(columns.costs, float) / scale
    model.col_lower_, model.col_upper_ = np.zeros(size), np.ones(size)
    model.row_lower_ = np.array([*([1.0] * rows), 0.0])
    model.row_upper_ = np.array([*([1.0] * rows), float(vehicles_max)])
    model.integrality_ = [highspy.HighsVarType.kInteger] * size
    lengths = [len(covered) + 1 for covered in columns.rows]
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    matrix.index_ = np.array([r for each in columns.rows for r in (*each, rows)], np.int32)
    matrix.value_ = np.ones(sum(lengths))
    return model
