"""Runs what is not yet in the file of results, each in a process and on a core of its own."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from threading import Lock
from typing import TYPE_CHECKING, Any

from benchmarks.planner.instances import named
from benchmarks.planner.peers import SOLVERS, find_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.planner.instances import Named

ROOT = Path(__file__).parent.parent.parent
KILLED_AFTER_S = 60
"""Beyond three times its limit."""
KEY = ("set", "instance", "solver", "limit", "seed")
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)


@dataclass(frozen=True)
class Task:
    """One solver on one instance within one limit from one seed."""

    named: Named
    solver: str
    limit: float
    seed: int

    def key(self) -> tuple[Any, ...]:
        """What tells it from the others in the file of results."""
        return (self.named.set, self.named.name, self.solver, self.limit, self.seed)


@dataclass(frozen=True)
class Plan:
    """What is to be run. `every`: only each so manieth instance of a set."""

    sets: Sequence[str]
    limits: Sequence[float]
    seeds: Sequence[int]
    solvers: Sequence[str]
    instances: Path
    every: int = 1

    def tasks(self, solvers: Sequence[str]) -> Iterator[Task]:
        """All of it, those side by side in time that are to be compared."""
        for limit in self.limits:
            for set_name in self.sets:
                for instance in named(set_name, self.instances)[:: self.every]:
                    for seed in self.seeds:
                        for name in solvers:
                            solver = SOLVERS[name]
                            is_new = solver.has_seed or seed == self.seeds[0]
                            if is_new and solver.is_asked(set_name, limit):
                                yield Task(instance, name, limit, seed)


@dataclass
class Runner:
    """Keeps the cores busy and writes each line as it comes."""

    out: Path
    processes: int
    peers_python: str
    versions: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def run(self, plan: Plan) -> None:
        """Run what is not in the file yet; who is not installed is skipped with a line."""
        for name in plan.solvers:
            version = find_version(SOLVERS[name], self._python(name))
            if version is None:
                _say(f"{name} is skipped: {SOLVERS[name].distribution} is not installed")
            else:
                self.versions[name] = version
        done = {tuple(line[key] for key in KEY) for line in lines_of(self.out)}
        tasks = [task for task in plan.tasks(list(self.versions)) if task.key() not in done]
        least_s = sum(task.limit for task in tasks) / self.processes
        _say(f"{len(tasks)} runs, {least_s:.0f} s at least")
        cores: Queue[int] = Queue()
        for core in _cores()[: self.processes]:
            cores.put(core)
        pool = ThreadPoolExecutor(cores.qsize())
        try:
            for _ in pool.map(lambda task: self._one(task, cores), tasks):
                pass
        finally:
            pool.shutdown(cancel_futures=True)

    def _python(self, solver: str) -> str:
        return sys.executable if solver == "ours" else self.peers_python

    def _one(self, task: Task, cores: Queue[int]) -> None:
        core = cores.get()
        try:
            found = self._answer(task, core)
        finally:
            cores.put(core)
        line = dict(zip(KEY, task.key(), strict=True)) | {
            **found,
            "version": self.versions[task.solver],
            "commit": _commit(),
            "machine": f"{platform.machine()}, {len(_cores())} cores",
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        with self._lock, self.out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def _answer(self, task: Task, core: int) -> dict[str, Any]:
        question = {
            "solver": task.solver,
            "format": task.named.format,
            "text": task.named.text,
            "seconds": task.limit,
            "seed": task.seed,
            "core": core,
        }
        try:
            ran = subprocess.run(
                [self._python(task.solver), "-m", "benchmarks.planner.alone"],
                input=json.dumps(question),
                capture_output=True,
                text=True,
                cwd=ROOT,
                env=os.environ | ONE_THREAD,
                timeout=3 * task.limit + KILLED_AFTER_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"problem": "killed, as it did not end"}
        if ran.returncode:
            return {"problem": f"broke: {ran.stderr.strip()[-200:]}"}
        found: dict[str, Any] = json.loads(ran.stdout)
        return found


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def lines_of(file: Path) -> list[dict[str, Any]]:
    """All that a file of results holds; [] where it is not there yet."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def _cores() -> list[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    ran = subprocess.run(asked, capture_output=True, text=True, cwd=ROOT, check=False)
    return ran.stdout.strip()
