"""Measure the planner beside its peers: run, then show the tables; --report shows them alone."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.planner.instances import GENERATED, ROUNDS, SETS, best_known
from benchmarks.planner.peers import SOLVERS
from benchmarks.planner.report import told
from benchmarks.planner.running import ROOT, Plan, Runner, lines_of

if TYPE_CHECKING:
    from collections.abc import Callable

INSTANCES = Path(
    os.environ.get("GANCANG_BENCHMARKS", ROOT.parent / "shared" / "data" / "benchmarks")
)
OUT = Path(__file__).parent / "results.jsonl"
ALL_SETS = (*SETS, GENERATED, ROUNDS)


def main() -> None:
    """Run what the command line asks for."""
    asked = _parser().parse_args()
    if not asked.report:
        for name, known in (("sets", ALL_SETS), ("solvers", SOLVERS)):
            if strange := set(getattr(asked, name)) - set(known):
                sys.exit(f"--{name}: {strange.pop()} is not one of {', '.join(known)}")
        plan = Plan(
            asked.sets, asked.limits, asked.seeds, asked.solvers, asked.instances, asked.every
        )
        try:
            Runner(asked.out, asked.processes, asked.peers_python).run(plan)
        except KeyboardInterrupt:
            sys.exit("stopped; the same command goes on from here")
    if not (lines := lines_of(asked.out)):
        sys.exit(f"no results: are there instances in {asked.instances}?")
    has_best = (asked.instances / "best_known.csv").exists()
    sys.stdout.write(told(lines, best_known(asked.instances) if has_best else {}))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks.planner", description=__doc__)
    for name, kind, default in (
        ("sets", str, ["lilim100", "lilim200", "lilim400", "solomon"]),
        ("limits", float, [0.1, 1.0, 10.0]),
        ("seeds", int, [1, 2, 3]),
        ("solvers", str, list(SOLVERS)),
    ):
        parser.add_argument(f"--{name}", type=_list(kind), default=default, metavar="A,B,…")
    parser.add_argument("--instances", type=Path, default=INSTANCES, metavar="DIR")
    parser.add_argument("--every", type=int, default=1, metavar="K", help="each K-th instance")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="a core each")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FILE.jsonl")
    parser.add_argument(
        "--peers-python",
        default=sys.executable,
        metavar="PYTHON",
        help="the interpreter that has the peers (default: this one)",
    )
    parser.add_argument("--report", action="store_true", help="run nothing, show the tables")
    return parser


def _list(kind: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    return lambda text: [kind(each) for each in text.split(",")]


if __name__ == "__main__":
    main()
