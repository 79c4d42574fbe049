"""Ruin and recreate: take a few jobs that lie together out, put them back better, keep the gain.

Schrimpf et al., 2000. Jobs committed to a vehicle are never taken out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang_planner.construct import (
    Line,
    Rows,
    cheapest_vehicles,
    insert_by_regret,
    line_of,
    seated,
    without_job,
)
from gancang_planner.reasons import eligible

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random

    from gancang_planner.cost import Score
    from gancang_planner.feasible import World
    from gancang_planner.model import Stopping

_RUIN_MAX = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan in the making: a line a vehicle, and the jobs left out."""

    lines: tuple[Line, ...]
    left_out: tuple[int, ...]

    def score(self, world: World, rows: Rows) -> Score:
        """What the policy makes of it: the jobs left out, then the lines."""
        lost = sum(world.jobs[job].priority for job in self.left_out)
        levels = (sum(line.score[level] for line in self.lines) for level in range(len(rows)))
        return (lost, *levels)


def improve(
    world: World, rows: Rows, draft: Draft, stop: Stopping, rng: Random
) -> tuple[Draft, int]:
    """The best draft found until `stop`, never worse than the first, and the iterations done."""
    movable = [job for job in range(len(world.jobs)) if job not in world.holder]
    if not movable or not world.vehicles:
        return draft, 0
    score = draft.score(world, rows)
    for done in range(stop.iterations):
        if stop.is_time_up is not None and stop.is_time_up():
            return draft, done
        other = _recreated(world, rows, _ruined(world, rows, draft, movable, rng), rng)
        if (other_score := other.score(world, rows)) < score:
            draft, score = other, other_score
    return draft, stop.iterations


def _ruined(world: World, rows: Rows, draft: Draft, movable: list[int], rng: Random) -> Draft:
    """The draft less a random job and those nearest to it; the jobs left out before stay so."""
    first = movable[rng.randrange(len(movable))]
    count = rng.randint(2, _RUIN_MAX)
    near = sorted(movable, key=lambda job: (_apart_s(world, first, job), job))[:count]
    lines = list(draft.lines)
    left_out = set(draft.left_out)
    for v, line in enumerate(lines):
        for job in near:
            if 2 * job in lines[v].calls:
                less = line_of(world, rows, v, without_job(lines[v].calls, job))
                if not less.breaks:  # where the shortest way is not direct, it may take longer
                    lines[v] = less
                    left_out.add(job)
        assert not lines[v].breaks or lines[v] is line, line
    return Draft(tuple(lines), tuple(sorted(left_out)))


def _apart_s(world: World, a: int, b: int) -> int:
    """How far two jobs lie apart: seconds between their pickups and between their deliveries."""
    if a == b:
        return -1
    place, seconds = world.place, world.seconds
    return seconds[place[2 * a]][place[2 * b]] + seconds[place[2 * a + 1]][place[2 * b + 1]]


def _recreated(world: World, rows: Rows, draft: Draft, rng: Random) -> Draft:
    """The draft with whoever can be seated again: by regret, or in a random order."""
    lines = list(draft.lines)
    if rng.random() < 0.5:
        left_out = insert_by_regret(world, rows, lines, draft.left_out)
    else:
        left_out = _insert_in_random_order(world, rows, lines, draft.left_out, rng)
    return Draft(tuple(lines), tuple(sorted(left_out)))


def _insert_in_random_order(
    world: World, rows: Rows, lines: list[Line], jobs: Collection[int], rng: Random
) -> list[int]:
    """Give each job its cheapest seat, by priority, by lot among equals."""
    order = sorted(jobs)
    rng.shuffle(order)
    order.sort(key=lambda job: -world.jobs[job].priority)
    left_out = []
    for job in order:
        found = cheapest_vehicles(world, rows, lines, job, eligible(world, job))
        if found:
            _, v, seat = found[0]
            lines[v] = seated(world, rows, lines[v], job, seat)
        else:
            left_out.append(job)
    return left_out
