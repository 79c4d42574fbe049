"""Where a job of several pickups or deliveries fits into a line.

First all its calls together, at each position; then a bounded depth-first search: call after call
is put where it adds least first, until so many sequences were timed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from operator import sub
from typing import TYPE_CHECKING

from gancang_planner.cost import Score, score_of
from gancang_planner.feasible import Calls, World
from gancang_planner.limits import is_never_too_full
from gancang_planner.lines import Line, Rows, Seat
from gancang_planner.outcome import Limit
from gancang_planner.reasons import ORDERS_MAX, orders_of
from gancang_planner.timing import timed

if TYPE_CHECKING:
    from collections.abc import Iterator

TRIED_MAX = 400
TOGETHER_MAX = 6


@dataclass(slots=True)
class _Weave:
    """The search for one job in one line, and the best found so far."""

    world: World
    rows: Rows
    line: Line
    job: int
    after: int
    is_in_order: bool
    tried: int = 0
    best: Seat | None = None

    def go_together(self) -> None:
        """Put all calls of the job in one after the other, at each position."""
        orders_max = ORDERS_MAX if not self.line.calls else TOGETHER_MAX
        for own in islice(orders_of(self.world, self.job), orders_max):
            pickups = [call for call in own if not self.world.is_delivery(call)]
            if self.is_in_order and pickups != sorted(pickups):
                continue
            for at in range(self.after if pickups else 0, len(self.line.calls) + 1):
                self._keep((*self.line.calls[:at], *own, *self.line.calls[at:]))

    def go(self, calls: Calls, placed: int) -> None:
        """Put the call number `placed` of the job, and those behind it, into the calls."""
        mine = self.world.calls_of(self.job)
        if placed == len(mine):
            self._keep(calls)
            return
        for score, longer in sorted(self._longer(calls, mine[placed], placed)):
            if self.tried >= TRIED_MAX:
                return
            added = tuple(map(sub, score, self.line.score))
            if self.best is None or added < self.best.added:
                self.go(longer, placed + 1)

    def _keep(self, calls: Calls) -> None:
        """Remember the complete calls if they are the best so far."""
        if not is_never_too_full(self.world, self.line.v, calls):
            return
        score = self._score(calls)
        if score is None:
            return
        added = tuple(map(sub, score, self.line.score))
        if self.best is None or added < self.best.added:
            self.best = Seat(added, calls)

    def _longer(self, calls: Calls, call: int, placed: int) -> Iterator[tuple[Score, Calls]]:
        """The calls with one more, wherever it may stand, if the time suffices."""
        for at in range(self._earliest(calls, placed), len(calls) + 1):
            longer = (*calls[:at], call, *calls[at:])
            score = self._score(longer)
            if score is not None:
                yield score, longer

    def _earliest(self, calls: Calls, placed: int) -> int:
        """The first position at which the call number `placed` of the job may stand."""
        mine = self.world.calls_of(self.job)
        before = [call for call in mine[:placed] if not self.world.is_delivery(call)]
        if self.world.is_delivery(mine[placed]):
            return max((calls.index(call) + 1 for call in before), default=0)
        return calls.index(before[-1]) + 1 if self.is_in_order and before else self.after

    def _score(self, calls: Calls) -> Score | None:
        self.tried += 1
        timing = timed(self.world, self.line.v, calls)
        return None if isinstance(timing, Limit) else score_of(self.rows, timing.cost.parts())


def woven_seat(world: World, rows: Rows, line: Line, job: int, *, after: int) -> Seat | None:
    """The place in the line that adds least, of those tried; None where none was found.

    Pickups come no earlier than before call `after`, and in the order of the job if that is later
    than the start: then the job is a promise, kept in its order.
    """
    weave = _Weave(world, rows, line, job, after, is_in_order=job in world.holder)
    weave.go_together()
    weave.tried = 0
    weave.go(line.calls, 0)
    return weave.best
