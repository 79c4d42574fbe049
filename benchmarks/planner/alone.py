"""One solver, one instance, in a process of its own: a question on stdin, an answer on stdout."""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
from time import perf_counter, process_time
from typing import Any

from benchmarks.planner.checker import checked, checked_round
from benchmarks.planner.instances import parsed


def main() -> None:
    """Load the solver, then start the clock; the check comes after it."""
    question = json.load(sys.stdin)
    if hasattr(os, "sched_setaffinity"):  # one core, whatever threads it starts
        os.sched_setaffinity(0, {question["core"]})
    # What a solver prints goes the way of its complaints.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    solver = importlib.import_module(f"benchmarks.planner.solvers.{question['solver']}")
    out.write(json.dumps(answered(solver, question)))
    out.close()


def answered(solver: Any, question: dict[str, Any]) -> dict[str, Any]:
    """What the solver found and what that is worth."""
    is_round = question["format"] == "vroom"
    instance = None if is_round else parsed(question["format"], question["text"])
    if instance is not None:
        instance.ways  # noqa: B018 - the distances are there for everybody before the clock starts
    began, worked = perf_counter(), process_time()
    if instance is None:
        found = solver.solve_round(question["text"], question["seconds"], question["seed"])
    else:
        problem = (instance, question["format"], question["text"])
        found = solver.solve(problem, question["seconds"], question["seed"])
    took = {"seconds": perf_counter() - began, "cpu_s": process_time() - worked}
    if found is None:
        return {**took, "problem": "no answer"}
    if instance is None:
        verdict = checked_round(json.loads(question["text"]), found)
    else:
        verdict = checked(instance, found)
    return {
        **took,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "vehicles": verdict.vehicles,
        "distance": verdict.distance,
        "problem": "; ".join(verdict.problems[:3]),
    }


if __name__ == "__main__":
    main()
