"""Ruin and recreate: take a few jobs that lie together out, put them back better, keep the gain.

Schrimpf et al., 2000. Jobs committed to a vehicle are never taken out.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang_planner.construct import Aim, cheapest_vehicles, insert_by_regret
from gancang_planner.lines import Line, Rows, jobs_of, line_of, without_job
from gancang_planner.reasons import eligible

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from random import Random

    from gancang_planner.cost import Score
    from gancang_planner.feasible import World
    from gancang_planner.stopping import Stopping

_RUIN_MAX = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan in the making: a line a vehicle, and the jobs left out."""

    lines: tuple[Line, ...]
    left_out: tuple[int, ...]


class Watch:
    """Says when it is time to stop."""

    def __init__(self, stop: Stopping) -> None:
        self._stop = stop
        self.iterations = stop.iterations_max()
        self._deadline = None if stop.seconds is None else time.monotonic() + stop.seconds

    def seconds_left(self) -> float | None:
        """Seconds of thinking that are left; None: as many as it takes."""
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    def is_over(self, done: int, gained: int) -> bool:
        """Whether to stop after so many iterations, the last gain in that number."""
        stop = self._stop
        if self.iterations is not None and done >= self.iterations:
            return True
        if stop.no_gain is not None and done - gained >= stop.no_gain:
            return True
        if self._deadline is not None and time.monotonic() >= self._deadline:
            return True
        return stop.is_time_up is not None and stop.is_time_up()


@dataclass(frozen=True, slots=True)
class Search:
    """What the improvement of a plan needs to know."""

    world: World
    aim: Aim
    watch: Watch
    rng: Random
    on_progress: Callable[[int, Score], None] | None = None


def improve(search: Search, draft: Draft) -> tuple[Draft, int]:
    """The best draft found until time is up, never worse than the first; the iterations done."""
    world, aim = search.world, search.aim
    movable = [job for job in range(len(world.jobs)) if job not in world.holder]
    if not movable or not world.vehicles:
        return draft, 0
    score = aim.score(world, draft.lines, draft.left_out)
    done = gained = 0
    while not search.watch.is_over(done, gained):
        other = _recreated(search, _ruined(search, draft, movable))
        done += 1
        other_score = aim.score(world, other.lines, other.left_out)
        if other_score < score:
            draft, score, gained = other, other_score, done
            if search.on_progress is not None:
                search.on_progress(done, score)
    return draft, done


def _ruined(search: Search, draft: Draft, movable: list[int]) -> Draft:
    """The draft less a random job and those nearest to it; the jobs left out before stay so."""
    world, rng = search.world, search.rng
    first = movable[rng.randrange(len(movable))]
    count = rng.randint(2, _RUIN_MAX)
    near = sorted(movable, key=lambda job: (_apart_s(world, first, job), job))[:count]
    lines = list(draft.lines)
    left_out = set(draft.left_out)
    for v in range(len(lines)):
        for job in set(near) & set(jobs_of(world, lines[v].calls)):
            less = _less(world, search.aim.rows, lines[v], job)
            if not less.breaks:  # where the shortest way is not direct, it may take longer
                lines[v] = less
                left_out.add(job)
        assert not lines[v].breaks or lines[v] is draft.lines[v], lines[v]
    return Draft(tuple(lines), tuple(sorted(left_out)))


def _less(world: World, rows: Rows, line: Line, job: int) -> Line:
    return line_of(world, rows, line.v, without_job(world, line.calls, job))


def _apart_s(world: World, a: int, b: int) -> int:
    """How far two jobs lie apart: seconds between their first stops and between their last."""
    if a == b:
        return -1
    place, seconds, first = world.place, world.seconds[0], world.first_call
    there = seconds[place[first[a]]][place[first[b]]]
    return there + seconds[place[first[a + 1] - 1]][place[first[b + 1] - 1]]


def _recreated(search: Search, draft: Draft) -> Draft:
    """The draft with whoever can be seated again: by regret, or in a random order."""
    lines = list(draft.lines)
    if search.rng.random() < 0.5:
        left_out = insert_by_regret(search.world, search.aim, lines, draft.left_out)
    else:
        left_out = _insert_in_random_order(search, lines, draft.left_out)
    return Draft(tuple(lines), tuple(sorted(left_out)))


def _insert_in_random_order(search: Search, lines: list[Line], jobs: Collection[int]) -> list[int]:
    """Give each job its cheapest seat, by priority, by lot among equals."""
    world = search.world
    order = sorted(jobs)
    search.rng.shuffle(order)
    order.sort(key=lambda job: -world.jobs[job].priority)
    left_out = []
    for job in order:
        found = cheapest_vehicles(world, search.aim, lines, job, eligible(world, job))
        if found:
            _, v, seat = found[0]
            lines[v] = line_of(world, search.aim.rows, v, seat.calls)
        else:
            left_out.append(job)
    return left_out
