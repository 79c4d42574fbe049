"""Breaks within a trip: each where the vehicle stands, so that the trip is over earliest.

A break is taken before the drive to a call, or after arriving there and before the service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gancang_planner.feasible import Calls, World, next_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang_planner.model import Break


class Rest(NamedTuple):
    """A break in a sequence: taken before the drive to call `k`, or having arrived there."""

    k: int
    has_arrived: bool
    begins_s: int
    duration_s: int


class Trip(NamedTuple):
    """What the timing of a sequence starts from."""

    world: World
    v: int
    calls: Calls
    legs_s: list[int]
    services_s: list[int]


class Run(NamedTuple):
    """The times of a trip: the start of each call, the end, and the breaks on the way."""

    starts_s: list[int]
    ends_s: int
    rests: tuple[Rest, ...]


class Stand(NamedTuple):
    """The earliest times at one point of a trip, by the number of breaks done; None: never.

    `begins_s`: when the last of those breaks begins if it is taken here.
    """

    times_s: list[int | None]
    begins_s: list[int | None]


def pushed_with_breaks(trip: Trip, floors: dict[int, int]) -> Run | None:
    """Each call as early as can be between breaks, not before its floor; None: never.

    The earliest time at each point for each number of breaks done.
    """
    world, v, calls, legs_s, services_s = trip
    breaks = world.vehicles[v].breaks
    leaving = [_rested(breaks, [world.ready_s[v], *(None for _ in breaks)])]
    arrived: list[Stand] = []
    starts: list[list[int | None]] = []
    for call, leg_s, service_s in zip(calls, legs_s, services_s, strict=False):
        arrived.append(_rested(breaks, _later(leaving[-1].times_s, leg_s)))
        floor_s, windows = floors.get(call, 0), world.windows[call]
        starts.append(
            [
                None if time is None else next_start(windows, max(time, floor_s))
                for time in arrived[-1].times_s
            ]
        )
        leaving.append(_rested(breaks, _later(starts[-1], service_s)))
    done = _breaks_needed(breaks, leaving[-1].times_s, legs_s[-1])
    return None if done is None else _path_back(trip, leaving, arrived, starts, done)


def _later(times: list[int | None], by_s: int) -> list[int | None]:
    return [None if time is None else time + by_s for time in times]


def _rested(breaks: Sequence[Break], times: list[int | None]) -> Stand:
    """The times at a point once breaks may be taken there, too; ties: taken before."""
    begins: list[int | None] = [None] * len(times)
    for done, rest in enumerate(breaks, 1):
        before = times[done - 1]
        begin = None if before is None else next_start(rest.windows, before)
        if begin is None:
            continue
        now = times[done]
        if now is None or begin + rest.duration_s < now:
            times[done], begins[done] = begin + rest.duration_s, begin
    return Stand(times, begins)


def _breaks_needed(
    breaks: Sequence[Break], times: list[int | None], home_s: int
) -> tuple[int, int] | None:
    """The least number of breaks to take on the way, so that the rest fit behind it; and its end.

    Whoever has arrived at his end is free: he rests there, and it costs nobody anything.
    """
    for done, time in enumerate(times):
        if time is not None and _can_begin(breaks[done:], time + home_s):
            return done, time + home_s
    return None


def _can_begin(breaks: Sequence[Break], free_s: int) -> bool:
    """Whether these breaks can be taken one after the other from `free_s` on."""
    for rest in breaks:
        begin = next_start(rest.windows, free_s)
        if begin is None:
            return False
        free_s = begin + rest.duration_s
    return True


def _path_back(
    trip: Trip,
    leaving: list[Stand],
    arrived: list[Stand],
    starts: list[list[int | None]],
    end: tuple[int, int],
) -> Run:
    """The starts and breaks that lead to this number of breaks done at the end."""
    breaks = trip.world.vehicles[trip.v].breaks
    done, ends_s = end
    rests: list[Rest] = []
    chosen: list[int] = []

    def rest_at(k: int, stand: Stand, *, has_arrived: bool) -> None:
        nonlocal done
        while (begin := stand.begins_s[done]) is not None:
            done -= 1
            rests.append(Rest(k, has_arrived, begin, breaks[done].duration_s))

    for k in range(len(trip.calls), 0, -1):
        rest_at(k, leaving[k], has_arrived=False)
        start = starts[k - 1][done]
        assert start is not None, trip
        chosen.append(start)
        rest_at(k - 1, arrived[k - 1], has_arrived=True)
    rest_at(0, leaving[0], has_arrived=False)
    assert done == 0, trip
    return Run(chosen[::-1], ends_s, tuple(rests[::-1]))
