"""First plans: what each vehicle must do, and insertion of the rest by regret."""

from __future__ import annotations

from dataclasses import dataclass
from operator import add
from typing import TYPE_CHECKING

from gancang_planner.cost import Policy, Score, Share, Term, off_share
from gancang_planner.feasible import NEVER_S, World
from gancang_planner.lines import Line, Rows, Seat, jobs_of, line_of
from gancang_planner.reasons import eligible
from gancang_planner.seats import best_seat, cheapest_seat

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_OFF_SHARE = list(Term).index(Term.OFF_SHARE)
_CHANGES = list(Term).index(Term.CHANGES)


@dataclass(frozen=True, slots=True)
class Aim:
    """A policy laid out for the loops: the weights of all levels but the first, and the shares.

    `off_share` and `changes`: what one of each adds to a score.
    """

    rows: Rows
    shares: tuple[Share, ...]
    off_share: Score
    changes: Score

    def score(self, world: World, lines: Sequence[Line], left_out: Collection[int]) -> Score:
        """What the policy makes of a plan: the jobs left out, then lines and shares."""
        lost = sum(world.jobs[job].priority for job in left_out)
        changed = sum(job in world.running for job in left_out)
        levels = [sum(line.score[level] for line in lines) for level in range(len(self.rows))]
        if changed:
            levels = [a + changed * b for a, b in zip(levels, self.changes, strict=True)]
        if any(self.off_share):
            off = off_share(self.shares, served_by_fleet(world, lines))
            levels = [a + off * b for a, b in zip(levels, self.off_share, strict=True)]
        return (lost, *levels)


def aim_of(policy: Policy) -> Aim:
    """The policy laid out."""
    rows = policy.rows()[1:]
    off = tuple(row[_OFF_SHARE] if policy.shares else 0 for row in rows)
    return Aim(rows, policy.shares, off, tuple(row[_CHANGES] for row in rows))


def served_by_fleet(world: World, lines: Sequence[Line]) -> dict[str, int]:
    """How many jobs the vehicles of each fleet have."""
    served: dict[str, int] = {}
    for line in lines:
        fleet = world.vehicles[line.v].fleet
        served[fleet] = served.get(fleet, 0) + len(jobs_of(world, line.calls))
    return served


def committed_line(world: World, rows: Rows, v: int) -> Line:
    """What the vehicle must do: deliver what is on board, then what it was promised, in order."""
    number = {job.id: position for position, job in enumerate(world.jobs)} if world.holder else {}
    vehicle = world.vehicles[v]
    held = (number[each.job_id] for each in vehicle.on_board)
    line = line_of(world, rows, v, tuple(call for job in held for call in world.calls_of(job)))
    after = 0
    for job in (number[each] for each in vehicle.promised):
        seat = cheapest_seat(world, rows, line, job, after=after)
        mine = world.calls_of(job)
        line = line_of(world, rows, v, seat.calls if seat else (*line.calls, *mine))
        pickups = [line.calls.index(call) for call in mine if not world.is_delivery(call)]
        after = max(pickups, default=after - 1) + 1
    return line


def insert_by_regret(world: World, aim: Aim, lines: list[Line], jobs: Collection[int]) -> list[int]:
    """Give each job its cheapest seat in `lines`; the jobs that found none come back.

    First by priority, then whoever would lose most by waiting for the second-best vehicle.
    """
    waiting = {job: eligible(world, job) for job in sorted(jobs)}
    left_out = []
    while waiting:
        urgent: tuple[int, Score, int] | None = None
        chosen: Seat | None = None
        for job in list(waiting):
            found = _two_best(world, aim, lines, job, waiting[job])
            if found is None:
                left_out.append(job)
                del waiting[job]
                continue
            regret, seat, v = found
            key = (world.jobs[job].priority, regret, -job)
            if urgent is None or key > urgent:
                urgent, chosen, its_v = key, seat, v
        if urgent is not None and chosen is not None:
            lines[its_v] = line_of(world, aim.rows, its_v, chosen.calls)
            del waiting[-urgent[2]]
    return left_out


def _two_best(
    world: World, aim: Aim, lines: list[Line], job: int, vehicles: tuple[int, ...]
) -> tuple[Score, Seat, int] | None:
    """What the second-best vehicle costs more than the best, and the best seat and vehicle."""
    found = cheapest_vehicles(world, aim, lines, job, vehicles)
    if not found:
        return None
    added, v, seat = found[0]
    if len(found) == 1:
        return (NEVER_S,) * len(added), seat, v
    return tuple(b - a for a, b in zip(added, found[1][0], strict=True)), seat, v


def cheapest_vehicles(
    world: World, aim: Aim, lines: list[Line], job: int, vehicles: tuple[int, ...]
) -> list[tuple[Score, int, Seat]]:
    """The job's best seats in the two vehicles where it adds least, the cheapest first."""
    best: list[tuple[Score, int, Seat]] = []
    shifted = _shifted_shares(world, aim, lines) if any(aim.off_share) else {}
    for v in vehicles:
        seat = best_seat(world, aim.rows, lines[v], job)
        if seat is None:
            continue
        added = seat.added
        if shifted:
            added = tuple(map(add, added, shifted[world.vehicles[v].fleet]))
        if len(best) < 2 or added < best[1][0]:
            best = sorted([*best, (added, v, seat)], key=lambda each: each[:2])[:2]
    return best


def _shifted_shares(world: World, aim: Aim, lines: list[Line]) -> dict[str, Score]:
    """What one job more for each fleet adds to the score by way of the shares."""
    served = served_by_fleet(world, lines)
    now = off_share(aim.shares, served)
    shifted = {}
    for fleet, jobs in served.items():
        more = off_share(aim.shares, {**served, fleet: jobs + 1}) - now
        shifted[fleet] = tuple(more * weight for weight in aim.off_share)
    return shifted
