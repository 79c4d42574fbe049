"""How many vehicles it takes at least: bounds that cost next to nothing, and hold for any plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from gancang_planner.feasible import World


def vehicles_at_least(world: World, jobs: Collection[int]) -> int:
    """No plan that serves all these jobs uses fewer vehicles.

    The most of four: by jobs and stops a vehicle may have, by the time that service alone takes,
    by what is on board at the start or the end of a route, and by how many services cannot but go
    on at one moment. Weak where ways decide, but true whatever the ways are.
    """
    if not jobs:
        return 0
    calls = [call for job in jobs for call in world.calls_of(job)]
    bounds = (
        1,
        _by_number(len(jobs), [vehicle.max_jobs for vehicle in world.vehicles]),
        _by_number(len(calls), [vehicle.max_stops for vehicle in world.vehicles]),
        _by_service(world, calls),
        *_by_load(world, jobs),
        _at_once(world, calls),
    )
    return max(bounds)


def _ceiling(amount: int, most: int) -> int:
    return -(-amount // most) if most > 0 else 0


def _by_number(number: int, limits: Iterable[int | None]) -> int:
    known = list(limits)
    most = [limit for limit in known if limit is not None]
    return _ceiling(number, max(most)) if most and len(most) == len(known) else 0


def _by_service(world: World, calls: Iterable[int]) -> int:
    spans_s = (closes - ready for ready, closes in zip(world.ready_s, world.closes_s, strict=True))
    return _ceiling(sum(world.service_s[call] for call in calls), max(spans_s, default=0))


def _by_load(world: World, jobs: Collection[int]) -> Iterable[int]:
    """Goods that lie on board together: those brought from the start, those taken to the end."""
    brought = [j for j in jobs if not world.pickups_of[j]]
    taken = [j for j in jobs if all(not world.is_delivery(call) for call in world.calls_of(j))]
    for together in (brought, taken):
        for dimension in range(len(world.held_load[0])):
            capacity = max((_at(v.capacity, dimension) for v in world.vehicles), default=0)
            yield _ceiling(sum(_at(world.total_load[j], dimension) for j in together), capacity)


def _at(load: tuple[int, ...], dimension: int) -> int:
    return load[dimension] if dimension < len(load) else 0


def _at_once(world: World, calls: Iterable[int]) -> int:
    """The most services that go on at one moment even if each starts as it likes.

    A service that must start by c and cannot end before e goes on from c to e in any case.
    """
    changes = []
    for call in calls:
        windows, service_s = world.windows[call], world.service_s[call]
        if windows and windows[-1].closes_s < windows[0].opens_s + service_s:
            changes += [(windows[0].opens_s + service_s, -1), (windows[-1].closes_s, 1)]
    most = now = 0
    for _, change in sorted(changes):
        now += change
        most = max(most, now)
    return most
