"""`gancang-planner`: plans for files of other programs and of the literature."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from gancang_planner.door import plan
from gancang_planner.formats import READERS
from gancang_planner.formats.vroom_fields import document
from gancang_planner.match import demonstration
from gancang_planner.picture import svg
from gancang_planner.stopping import Stopping

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gancang_planner.formats.case import Case
    from gancang_planner.outcome import Plan

SECONDS_IF_NOT_TOLD = 1.0
ANSWER_S_A_JOB = 60e-6
"""What telling a plan takes after the thinking: kept free of the time that was asked for."""
ANSWER_S = 0.004

DONE, REFUSED, STOPPED = 0, 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; 0 done, 1 refused with a line on stderr, 2 wrong usage."""
    began = perf_counter()
    asked = _parser().parse_args(arguments)
    try:
        asked.does(asked, began)
    except KeyboardInterrupt:
        sys.stderr.write("gancang-planner: stopped\n")
        return STOPPED
    except (ValueError, OSError, MemoryError) as wrong:
        reason = str(wrong) or type(wrong).__name__
        sys.stderr.write(f"gancang-planner: {' '.join(reason.split())}\n")
        return REFUSED
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("gancang-planner", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    solve = commands.add_parser("solve", help="plan the jobs of a file", description=_SOLVE)
    solve.set_defaults(does=_solve)
    solve.add_argument("file", type=Path, metavar="FILE")
    solve.add_argument("--format", required=True, choices=READERS, help="what kind of file it is")
    solve.add_argument(
        "--seconds", type=_seconds, metavar="S", help="until the answer is there (default: 1)"
    )
    solve.add_argument("--iterations", type=_whole, metavar="N", help="stop after so many")
    solve.add_argument("--svg", type=Path, metavar="OUT.svg", help="draw the plan into this file")
    solve.add_argument("--warm", type=Path, metavar="FILE", help="an earlier answer to start from")
    match = commands.add_parser("match", help="match generated jobs and riders", description=_MATCH)
    match.set_defaults(does=_match)
    for name, usual, metavar in (("jobs", 5000, "N"), ("riders", 2000, "M"), ("k", 20, "K")):
        told = f"(default: {usual})"
        match.add_argument(f"--{name}", type=_count, default=usual, metavar=metavar, help=told)
    for command in (solve, match):
        command.add_argument("--seed", type=_whole, default=0, metavar="N", help="(default: 0)")
        command.add_argument("--json", action="store_true", help="one JSON document on stdout")
    return parser


_SOLVE = """Plans the jobs of a file: who does what in which order. Thinks for --seconds, or until
--iterations are done if they are given alone. The same file, seed and iterations give the same
plan. Ctrl-C ends the thinking; the best plan so far is the answer."""

_MATCH = """Makes N jobs and M riders at random places and gives each rider at most one job, as many
as can be at the least time on the way in total. K: candidates a job to begin with."""


def _seconds(text: str) -> float:
    if not 0 <= (seconds := float(text)) < 10**6:
        raise ValueError
    return seconds


def _whole(text: str) -> int:
    if not 0 <= (number := int(text)) < 2**63:
        raise ValueError
    return number


def _count(text: str) -> int:
    if not 1 <= (number := int(text)) <= 10**6:
        raise ValueError
    return number


def _solve(asked: argparse.Namespace, began: float) -> None:
    case = READERS[asked.format](_text(asked.file))
    warm = case.warm
    if asked.warm:
        warm = case.earlier(document(_text(asked.warm)))
    planned = _planned(asked, case, warm, began)
    if asked.svg:
        if not case.coordinates:
            raise ValueError(f"{asked.file} does not say where its places are; nothing to draw")
        picture = svg(case.coordinates, planned, case.snapshot, title=asked.file.name)
        asked.svg.write_text(picture, "utf-8")
    answer = case.told(planned, perf_counter() - began)
    for note in case.notes:
        sys.stderr.write(f"gancang-planner: note: {note}\n")
    if asked.json:
        sys.stdout.write(json.dumps(answer) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _table(planned, answer))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not a text in UTF-8") from None


def _planned(asked: argparse.Namespace, case: Case, warm: Plan | None, began: float) -> Plan:
    seconds = asked.seconds
    if seconds is None and asked.iterations is None:
        seconds = SECONDS_IF_NOT_TOLD
    if seconds is not None:
        reserve = ANSWER_S + ANSWER_S_A_JOB * len(case.snapshot.jobs)
        seconds = max(0.0, seconds - (perf_counter() - began) - reserve)
    with _Interrupt() as interrupt:
        stopping = Stopping(asked.iterations, seconds, is_time_up=interrupt.came)
        return plan(case.snapshot, case.policy, stopping, asked.seed, warm=warm)


class _Interrupt:
    """While it is open, Ctrl-C is remembered and breaks nothing."""

    def __init__(self) -> None:
        self._is_here = False

    def __enter__(self) -> _Interrupt:
        self._before = signal.signal(signal.SIGINT, self._remember)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _remember(self, *_: object) -> None:
        self._is_here = True

    def came(self) -> bool:
        """Whether somebody pressed Ctrl-C."""
        return self._is_here


def _table(planned: Plan, answer: dict[str, Any]) -> Iterator[str]:
    """The answer for reading."""
    yield f"{'vehicle':<12} {'stops':>5}  visits"
    for route in planned.routes:
        visits = " ".join(_name(visit.job_id, visit.kind) for visit in route.visits)
        yield f"{route.vehicle_id:<12} {len(route.visits):>5}  {visits}"
    for left_out in planned.unserved:
        yield f"not served: {left_out.job_id} ({left_out.reason.name})"
    summary = answer.get("summary", answer)
    told = "cost" if "cost" in summary else "distance"
    yield (
        f"{len(planned.routes)} vehicles, {told} {summary[told]:.10g},"
        f" {len(planned.unserved)} jobs not served;"
        f" {planned.iterations} iterations in {answer['seconds']:.2f} s"
    )


def _name(job_id: str, kind: str) -> str:
    return f"{job_id}{'+' if kind == 'pickup' else ''}" if job_id else "(break)"


def _match(asked: argparse.Namespace, _: float) -> None:
    found = demonstration(asked.jobs, asked.riders, asked.k, asked.seed)
    if asked.json:
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        sys.stdout.writelines(f"{name.replace('_', ' '):<20} {found[name]}\n" for name in found)
