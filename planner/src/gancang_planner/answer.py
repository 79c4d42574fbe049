"""A plan told in full from nothing but who makes which calls in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang_planner.bounds import vehicles_at_least
from gancang_planner.cost import Cost, Policy, off_share
from gancang_planner.limits import broken, loads_after
from gancang_planner.lines import jobs_of, without_job
from gancang_planner.outcome import Added, Kind, LeftOut, Limit, Plan, Route, Visit
from gancang_planner.reasons import why_unserved
from gancang_planner.rests import Rest
from gancang_planner.timing import Timing, forced, timed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gancang_planner.feasible import World
    from gancang_planner.model import Load


def answer(
    world: World,
    policy: Policy,
    calls_by_vehicle: Sequence[Sequence[int]],
    left_out: Sequence[int],
    iterations: int,
) -> Plan:
    """The plan in which each vehicle, in their order, makes these calls, and these jobs are left.

    Times, loads, costs, breaks and reasons are found here; an empty sequence has no route.
    """
    routes = tuple(
        _route(world, v, tuple(calls)) for v, calls in enumerate(calls_by_vehicle) if calls
    )
    sound = {route.vehicle_id for route in routes if not route.breaks}
    served = {
        job
        for vehicle, calls in zip(world.vehicles, calls_by_vehicle, strict=True)
        if vehicle.id in sound
        for job in jobs_of(world, tuple(calls))
    }
    lost = Cost(
        unserved=sum(world.jobs[job].priority for job in left_out),
        off_share=_off_share(world, policy, calls_by_vehicle),
        changes=sum(job in world.running for job in left_out),
    )
    return Plan(
        routes=routes,
        unserved=tuple(
            LeftOut(world.jobs[job].id, why_unserved(world, job)) for job in sorted(left_out)
        ),
        cost=sum((route.cost for route in routes), start=lost),
        iterations=iterations,
        vehicles_at_least=vehicles_at_least(world, served),
    )


def _off_share(world: World, policy: Policy, calls_by_vehicle: Sequence[Sequence[int]]) -> int:
    served: dict[str, int] = {}
    for v, calls in enumerate(calls_by_vehicle):
        fleet = world.vehicles[v].fleet
        served[fleet] = served.get(fleet, 0) + len(jobs_of(world, tuple(calls)))
    return off_share(policy.shares, served)


def _timing(world: World, v: int, calls: tuple[int, ...]) -> Timing:
    outcome = timed(world, v, calls)
    return forced(world, v, calls) if isinstance(outcome, Limit) else outcome


def _route(world: World, v: int, calls: tuple[int, ...]) -> Route:
    timing = _timing(world, v, calls)
    return Route(
        vehicle_id=world.vehicles[v].id,
        visits=tuple(_visits(world, v, calls, timing)),
        departs_s=timing.departs_s,
        ends_s=timing.ends_s,
        cost=timing.cost,
        added=tuple(
            Added(
                world.jobs[job].id,
                timing.cost - _timing(world, v, without_job(world, calls, job)).cost,
            )
            for job in jobs_of(world, calls)
        ),
        breaks=broken(world, v, calls),
    )


def _visits(world: World, v: int, calls: tuple[int, ...], timing: Timing) -> Iterator[Visit]:
    """The visits in order, the breaks among them."""
    loads = loads_after(world, v, calls)
    rests: dict[tuple[int, bool], list[Rest]] = {}
    for rest in timing.rests:
        rests.setdefault((rest.k, rest.has_arrived), []).append(rest)
    at, free_s = world.start_place[v], world.ready_s[v]
    for k, call in enumerate(calls):
        for rest in rests.get((k, False), ()):
            yield _rest(rest, at, free_s, loads[k])
            free_s = rest.begins_s + rest.duration_s
        free_s = (free_s if k else timing.departs_s) + timing.legs_s[k]
        at = world.place[call]
        for rest in rests.get((k, True), ()):
            yield _rest(rest, at, free_s, loads[k])
            free_s = rest.begins_s + rest.duration_s
        yield _visit(world, call, (free_s, timing.starts_s[k], timing.services_s[k]), loads[k + 1])
        free_s = timing.starts_s[k] + timing.services_s[k]
    for rest in rests.get((len(calls), False), ()):
        yield _rest(rest, at, free_s, loads[-1])
        free_s = rest.begins_s + rest.duration_s


def _visit(world: World, call: int, times_s: tuple[int, int, int], load: Load) -> Visit:
    arrival_s, start_s, spent_s = times_s
    windows, job = world.windows[call], world.job_of[call]
    number = call - world.first_call[job]
    is_delivery = world.is_delivery(call)
    return Visit(
        job_id=world.jobs[job].id,
        kind=Kind.DELIVERY if is_delivery else Kind.PICKUP,
        place=world.place[call],
        arrival_s=arrival_s,
        start_s=start_s,
        departure_s=start_s + spent_s,
        waiting_s=start_s - arrival_s,
        late_s=max(0, start_s - windows[-1].closes_s) if windows else 0,
        load=load,
        stop=number - world.pickups_of[job] if is_delivery else number,
    )


def _rest(rest: Rest, place: int, arrival_s: int, load: Load) -> Visit:
    return Visit(
        job_id="",
        kind=Kind.BREAK,
        place=place,
        arrival_s=arrival_s,
        start_s=rest.begins_s,
        departure_s=rest.begins_s + rest.duration_s,
        waiting_s=rest.begins_s - arrival_s,
        late_s=0,
        load=load,
    )
