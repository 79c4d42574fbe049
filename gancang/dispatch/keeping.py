"""A planned world as JSON, and back: what a tick keeps so that it can be planned again."""

from __future__ import annotations

import zlib
from array import array
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from gancang_planner import Break, Job, OnBoard, Stop, Vehicle, Window
from gancang_roads import Place

from gancang.dispatch.planner import Planner
from gancang.dispatch.planning import HAND_OVER_S, JOBS_IN_HAND_MAX, World
from gancang.maps.ways import Table, Travel
from gancang.regions.neighbours import estimate_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gancang_planner import Plan

    from gancang.dispatch.models import Tick

_PICKUP_S = 120  # at the counter, in worlds that were kept before setup was told apart


def replay(tick: Tick) -> tuple[World, Plan]:
    """The world that a tick planned, and its plan, made again."""
    world = world_again(tick.world)
    ways = _ways_of(tick, world)
    planner = Planner.of(tick.thinking)
    return world, planner.again(world.snapshot(ways), seed=tick.seed, iterations=tick.iterations)


def _ways_of(tick: Tick, world: World) -> Table:
    if tick.ways:
        return ways_again(tick.ways, len(world.places))
    # The first release kept no travel figures.
    estimate = estimate_of(tick.travel or tick.region.config["travel"])
    return Travel(estimate).matrix(world.places, world.places)


def ways_to_stay(tick: Tick) -> dict[str, Any]:
    """The ways of a kept round, such that it replays without its places."""
    return tick.ways or _all_ways(_ways_of(tick, world_again(tick.world)))


def without_riders(world: Mapping[str, Any]) -> dict[str, Any]:
    """A kept world without the places where only riders were; counters and houses stay."""
    stops = {place for job in world["jobs"] for place in (job["from"], job["to"])}
    stops |= {place for job in world["jobs"] for place, _ in job.get("counters", [])}
    riders = {vehicle["at"] for vehicle in world["vehicles"]} - stops
    places = [
        [0.0, 0.0, ""] if number in riders else place
        for number, place in enumerate(world["places"])
    ]
    return {**world, "places": places}


def kept(world: World) -> dict[str, Any]:
    """A world as JSON, to be kept with the tick that planned it."""
    return {
        "places": [[place.lat, place.lon, place.area] for place in world.places],
        "jobs": [_job_kept(job) for job in world.jobs],
        "vehicles": [_vehicle_kept(vehicle) for vehicle in world.vehicles],
        "running": [list(pair) for pair in world.running],
        "idle": [list(pair) for pair in world.idle],
    }


def ways_kept(ways: Table) -> dict[str, Any]:
    """A plan's ways as JSON; nothing where the pack's estimate, kept with it, told all."""
    if all(source == "estimate" for row in ways.sources for source in row):
        return {}
    return _all_ways(ways)


def _all_ways(ways: Table) -> dict[str, Any]:
    return {
        "sources": sorted({source for row in ways.sources for source in row}),
        "seconds": _packed(ways.seconds),
        "metres": _packed(ways.metres),
    }


def _packed(rows: Sequence[Sequence[int]]) -> str:
    flat = array("i", [figure for row in rows for figure in row])
    return b64encode(zlib.compress(flat.tobytes())).decode()


def ways_again(told: Mapping[str, Any], many: int) -> Table:
    """The ways that `ways_kept` kept, between so many places."""
    seconds, metres = (_unpacked(told[key], many) for key in ("seconds", "metres"))
    source = ", ".join(told["sources"])
    return Table(seconds, metres, ((source,) * many,) * many)


def _unpacked(text: str, many: int) -> tuple[tuple[int, ...], ...]:
    flat = array("i", zlib.decompress(b64decode(text)))
    return tuple(tuple(flat[row * many : (row + 1) * many]) for row in range(many))


def _job_kept(job: Job) -> dict[str, Any]:
    allowed = job.allowed_vehicles
    pickup = job.pickups[0]
    return {
        "id": job.id,
        "from": pickup.place,
        # Only where several counters are fetched from: place and bags of each.
        **(
            {"counters": [[each.place, list(each.load or ())] for each in job.pickups]}
            if len(job.pickups) > 1
            else {}
        ),
        "to": job.deliveries[0].place,
        "pickup_s": [pickup.service_s, pickup.setup_s],
        "hand_over_s": job.deliveries[0].service_s,
        "load": list(job.load),
        "skills": sorted(job.skills),
        "priority": job.priority,
        "release_s": job.release_s,
        "promise_s": job.promise_s,
        "max_onboard_s": job.max_onboard_s,
        "allowed": None if allowed is None else sorted(allowed),
        "refused_by": sorted(job.refused_by),
        "forbidden": sorted(job.forbidden_vehicles),
    }


def _vehicle_kept(vehicle: Vehicle) -> dict[str, Any]:
    return {
        "id": vehicle.id,
        "fleet": vehicle.fleet,
        "at": vehicle.start_place,
        "shift": [vehicle.shift.opens_s, vehicle.shift.closes_s],
        "capacity": list(vehicle.capacity),
        "skills": sorted(vehicle.skills),
        "on_board": [[each.job_id, each.since_s] for each in vehicle.on_board],
        "promised": list(vehicle.promised),
        "max_jobs": vehicle.max_jobs,
        "available_from_s": vehicle.available_from_s,
        "breaks": [[each.windows[0].opens_s, each.duration_s] for each in vehicle.breaks],
    }


def world_again(told: Mapping[str, Any]) -> World:
    """The world that `kept` kept."""
    return World(
        tuple(Place(lat, lon, area) for lat, lon, area in told["places"]),
        tuple(_job_again(job) for job in told["jobs"]),
        tuple(_vehicle_again(vehicle) for vehicle in told["vehicles"]),
        tuple((code, rider) for code, rider in told.get("running", [])),
        tuple((rider, why) for rider, why in told.get("idle", [])),
    )


def _job_again(told: Mapping[str, Any]) -> Job:
    service_s, setup_s = told.get("pickup_s", (_PICKUP_S, 0))
    counters = told.get("counters") or [[told["from"], None]]
    return Job(
        id=told["id"],
        pickups=tuple(
            Stop(place, (), service_s, setup_s, None if load is None else tuple(load))
            for place, load in counters
        ),
        deliveries=Stop(told["to"], (), told.get("hand_over_s", HAND_OVER_S)),
        load=tuple(told["load"]),
        skills=frozenset(told["skills"]),
        priority=told.get("priority", 1),
        release_s=told["release_s"],
        promise_s=told["promise_s"],
        max_onboard_s=told.get("max_onboard_s"),
        allowed_vehicles=None if told["allowed"] is None else frozenset(told["allowed"]),
        refused_by=frozenset(told["refused_by"]),
        forbidden_vehicles=frozenset(told.get("forbidden", [])),
    )


def _vehicle_again(told: Mapping[str, Any]) -> Vehicle:
    opens_s, closes_s = told["shift"]
    return Vehicle(
        id=told["id"],
        start_place=told["at"],
        shift=Window(opens_s, closes_s),
        capacity=tuple(told["capacity"]),
        skills=frozenset(told["skills"]),
        on_board=tuple(OnBoard(code, since_s) for code, since_s in told["on_board"]),
        promised=tuple(told["promised"]),
        max_jobs=told.get("max_jobs", JOBS_IN_HAND_MAX),
        fleet=told.get("fleet", ""),
        available_from_s=told.get("available_from_s", 0),
        breaks=tuple(Break((Window(at_s, at_s),), for_s) for at_s, for_s in told.get("breaks", [])),
    )
