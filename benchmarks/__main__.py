"""`make bench`: every benchmark in one run, a line each in results.jsonl, a table at the end."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import rows_of

FOLDER = Path(__file__).parent
NAMES = (
    "bench_lists",
    "many_times",
    "sizing",
    "bench_import",
    "bench_rider_page",
    "bench_spelling",
    "menus",
    "page_costs",
    "hospital_day",
    "live_map",
    "map_screen",
    "bench_planner_import",
    "matching",
    "dispatch_day",
    "evening",
    "replan",
    "planner_curve",
    "money",
    "statement",
)


def main() -> None:
    """Run the benchmarks named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=NAMES)
    arguments = parser.parse_args()
    rows = []
    # A process each: Django knows one database in its life.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as process:
        for name in arguments.names:
            for row in process.submit(rows_of, name).result():
                rows.append(row)
                _keep(name, row)
    width = max(len(row["what"]) for row in rows)
    for row in rows:
        sys.stdout.write(f"{row['what']:{width}}  {row['told']}\n")


def _keep(name: str, row: dict[str, Any]) -> None:
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "benchmark": name,
        "machine": f"{platform.machine()}, {_cores()} cores",
        "python": platform.python_version(),
        "django": version("django"),
        **row,
    }
    with (FOLDER / "results.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _cores() -> int:
    return os.cpu_count() or 1


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    main()
