"""What a batch of the search costs as the world grows: 100 to 1,600 tasks in Li & Lim's manner.

CPU time of a thousand iterations: what 11,000 take beyond 1,000, so that laying out, the first plan
and the answer do not count, each the fastest of three. Beside it the same divided by n log n of the
tasks, which is what should not grow, and the most memory of a process that reads the world and
plans it. The ground is the same for all sizes (benchmarks/planner/generate.py): more tasks lie more
densely, and routes become longer.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from math import log
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from gancang_planner import Stopping, plan
from gancang_planner.formats import READERS

from benchmarks.planner.generate import SEED, Kind, made

if TYPE_CHECKING:
    from collections.abc import Iterator

TASKS = (100, 200, 400, 800, 1600)
KINDS = {"short days": Kind("rc", is_long=False), "long days": Kind("rc", is_long=True)}
FEW, MANY = 1000, 11_000
RUNS = 3


def run() -> Iterator[dict[str, Any]]:
    """A row a size, each in a process of its own."""
    for name, kind in KINDS.items():
        for tasks in TASKS:
            text = made(kind, Random(f"{SEED} {kind.name} {tasks}"), tasks // 2)
            asked = [sys.executable, "-m", "benchmarks.planner_curve"]
            ran = subprocess.run(asked, input=text, capture_output=True, text=True, check=True)
            a_thousand_s, peak_mib, routes = json.loads(ran.stdout)
            share_us = a_thousand_s / (tasks * log(tasks)) * 1e6
            yield {
                "what": f"1000 iterations at {tasks} tasks, {name}",
                "told": f"{a_thousand_s * 1000:.0f} ms of CPU, {share_us:.1f} us by n log n,"
                f" {routes} routes, peak {peak_mib:.0f} MiB",
                "cpu_s": round(a_thousand_s, 5),
                "us_by_n_log_n": round(share_us, 2),
                "peak_mib": round(peak_mib),
            }


def main() -> None:
    """One world, from stdin: CPU seconds of a thousand iterations, MiB at most, routes."""
    case = READERS["lilim"](sys.stdin.read())
    took: dict[int, list[float]] = {FEW: [], MANY: []}
    for _ in range(RUNS):
        for iterations, seconds in took.items():
            began = time.process_time()
            found = plan(case.snapshot, case.policy, Stopping(iterations=iterations), seed=1)
            seconds.append(time.process_time() - began)
            assert found.iterations == iterations
    a_thousand_s = (min(took[MANY]) - min(took[FEW])) * 1000 / (MANY - FEW)
    # Not ru_maxrss, which begins with what the parent had.
    status = Path("/proc/self/status").read_text("utf-8")
    peak_kib = int(re.findall(r"VmHWM:\s+(\d+)", status)[0])
    routes = sum(bool(route.visits) for route in found.routes)
    sys.stdout.write(json.dumps([a_thousand_s, peak_kib / 1024, routes]))


if __name__ == "__main__":
    main()
