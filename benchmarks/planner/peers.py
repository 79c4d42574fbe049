"""Who is measured: the solvers, where they come from, and what they can do."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Solver:
    """One of `solvers/`, by the name of its module there."""

    name: str
    distribution: str
    has_seed: bool = True
    has_whole_seconds: bool = False
    sets: tuple[str, ...] = ("lilim", "generated", "solomon")

    def is_asked(self, set_name: str, seconds: float) -> bool:
        """Whether it can do a set within such a limit at all."""
        if self.has_whole_seconds and seconds != int(seconds):
            return False
        return set_name.startswith(self.sets)


SOLVERS = {
    solver.name: solver
    for solver in (
        Solver("ours", "gancang-planner", sets=("lilim", "generated", "solomon", "rounds")),
        Solver(
            "vroom",
            "pyvroom",
            has_seed=False,
            sets=("lilim", "generated", "solomon", "rounds"),
        ),
        Solver("ortools", "ortools", has_seed=False),
        Solver("pyvrp", "pyvrp"),
        # Not deterministic, though it takes no seed: it runs once a seed of the others.
        Solver("vrp_cli", "vrp-cli", has_whole_seconds=True),
        Solver("commiv", "commiv"),
    )
}


def find_version(solver: Solver, python: str) -> str | None:
    """The version that an interpreter has; None where it is not installed."""
    program = f"from importlib.metadata import version; print(version({solver.distribution!r}))"
    asked = [python, "-c", program]
    ran = subprocess.run(asked, capture_output=True, text=True, check=False)
    return ran.stdout.strip() if ran.returncode == 0 else None
