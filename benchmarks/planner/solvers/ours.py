"""gancang-planner, as its command does it: from the text of the file to the routes."""

from __future__ import annotations

import json
from time import perf_counter
from typing import Any

from gancang_planner import Stopping, plan
from gancang_planner.cli import ANSWER_S, ANSWER_S_A_JOB
from gancang_planner.formats import READERS

from benchmarks.planner.solvers import Problem, Routes


def solve(problem: Problem, seconds: float, seed: int) -> Routes | None:
    """Routes, or None where a task is left out."""
    _, kind, text = problem
    answer = _answered(kind, text, seconds, seed)
    return None if answer["unserved"] else answer["routes"]


def solve_round(text: str, seconds: float, seed: int) -> dict[str, Any]:
    """VROOM's own kind of answer."""
    return _answered("vroom", text, seconds, seed)


def _answered(kind: str, text: str, seconds: float, seed: int) -> dict[str, Any]:
    began = perf_counter()
    case = READERS[kind](text)
    reserve = ANSWER_S + ANSWER_S_A_JOB * len(case.snapshot.jobs)
    left = max(0.0, seconds - reserve - (perf_counter() - began))
    found = plan(case.snapshot, case.policy, Stopping(seconds=left), seed)
    told: dict[str, Any] = json.loads(json.dumps(case.told(found, perf_counter() - began)))
    return told
