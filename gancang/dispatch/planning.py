"""From rows to the planner's frozen world, and back to who is offered what. No database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from gancang_planner import (
    Job,
    Matrix,
    OnBoard,
    Plan,
    Policy,
    Snapshot,
    Stop,
    Stopping,
    Term,
    Vehicle,
    Window,
    plan,
)
from gancang_roads import Estimate, Place

from gancang.orders import lifecycle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gancang.dispatch.queries import Work
    from gancang.fleet.queries import OnShift
    from gancang.orders.models import Order
    from gancang.programmes.rules import Terms

PICKUP_S = 120
HAND_OVER_S = 240
LONGEST_SHIFT = timedelta(hours=12)
JOBS_IN_HAND_MAX = 5
# The planner counts seconds from a day ago, since bags may have been on board for hours.
DAY_S = 86_400
# Whoever can be served is served; then nobody late; then short ways, shared evenly.
POLICY = Policy.weighted({Term.LATENESS: 10, Term.WAIT: 1, Term.DURATION: 1, Term.IMBALANCE: 1})


@dataclass(frozen=True, slots=True)
class World:
    """A snapshot before its ways are measured: small enough to keep, and enough to plan again."""

    places: tuple[Place, ...]
    jobs: tuple[Job, ...]
    vehicles: tuple[Vehicle, ...]

    def snapshot(self, travel: Estimate) -> Snapshot:
        """The planner's snapshot, with travel times filled in."""
        ways = travel.matrix(self.places, self.places)
        return Snapshot(self.jobs, self.vehicles, Matrix.of(ways.seconds, ways.metres), DAY_S)


def think(world: World, travel: Estimate, stop: Stopping, *, seed: int) -> Plan:
    """The plan for a world: the same world, seed and iterations give the same plan again."""
    return plan(world.snapshot(travel), POLICY, stop, seed)


class _Places:
    """Numbers places as the matrix does; the same place twice is one."""

    def __init__(self) -> None:
        self._numbers: dict[Place, int] = {}

    def number(self, lat: float, lon: float, area: str) -> int:
        return self._numbers.setdefault(Place(lat, lon, area), len(self._numbers))

    def all(self) -> tuple[Place, ...]:
        return tuple(self._numbers)


def world_of(work: Work, terms: Mapping[int, Terms], *, now: datetime) -> World:
    """The world as the rows tell it. `terms` by the programme's number."""
    places = _Places()
    jobs = [_job(order, work, terms[order.programme_id], places, now=now) for order in work.orders]
    at_work = {found.rider.user.username for found in work.riders}
    # Bags of somebody who is not at work any more cannot be planned; the board shows them.
    kept = [
        job
        for job, order in zip(jobs, work.orders, strict=True)
        if order.carrier is None or order.carrier.username in at_work
    ]
    vehicles = [_vehicle(found, work, places, now=now) for found in work.riders]
    return World(places.all(), tuple(kept), tuple(vehicles))


def _seconds(moment: datetime, now: datetime) -> int:
    return max(0, DAY_S + round((moment - now).total_seconds()))


def _job(order: Order, work: Work, terms: Terms, places: _Places, *, now: datetime) -> Job:
    origin, area = order.origin, order.village.code.rpartition(".")[0]
    home = origin.village.code.rpartition(".")[0] if origin.village else area
    allowed = None
    if terms.carriers:
        allowed = frozenset(
            found.rider.user.username
            for found in work.riders
            if found.rider.organisation.code in terms.carriers
        )
    return Job(
        id=order.code,
        pickups=Stop(places.number(origin.lat or 0.0, origin.lon or 0.0, home), (), PICKUP_S),
        deliveries=Stop(places.number(order.lat, order.lon, area), (), HAND_OVER_S),
        load=(order.bags,),
        skills=frozenset({terms.training_class}),
        release_s=_seconds(order.released_at or now, now),
        promise_s=_seconds(order.promise_at, now),
        allowed_vehicles=allowed,
        refused_by=work.refused_by[order.code],
    )


def _vehicle(found: OnShift, work: Work, places: _Places, *, now: datetime) -> Vehicle:
    rider, shift = found.rider, found.shift
    username = rider.user.username
    held = [order for order in work.orders if order.carrier_id == rider.user_id]
    on_board = [order for order in held if order.state == lifecycle.COLLECTED]
    promised = [order.code for order in held if order.state == lifecycle.ASSIGNED]
    # What is offered and not answered yet counts as his, so that nothing is offered twice over.
    promised += [code for code, name in sorted(work.offered_to.items()) if name == username]
    ends = _seconds(shift.started_at + LONGEST_SHIFT, now)
    area = rider.organisation.village.code.rpartition(".")[0] if rider.organisation.village else ""
    return Vehicle(
        id=username,
        start_place=places.number(shift.lat or 0.0, shift.lon or 0.0, area),
        shift=Window(_seconds(shift.started_at, now), max(ends, DAY_S)),
        capacity=(rider.bags_max,),
        skills=found.trained,
        on_board=tuple(
            OnBoard(order.code, _seconds(order.changed_at, now))
            for order in sorted(on_board, key=lambda order: (order.promise_at, order.code))
        ),
        promised=tuple(promised),
        max_jobs=JOBS_IN_HAND_MAX,
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom the plan wants to offer an order, and what it adds to his route."""

    order: str
    rider: str
    score: dict[str, int]


def proposals_of(world: World, found: Plan) -> list[Proposal]:
    """The jobs that the plan gives to somebody new, in the order of their routes."""
    committed = {each for vehicle in world.vehicles for each in vehicle.committed()}
    return [
        Proposal(added.job_id, route.vehicle_id, _score(added.cost))
        for route in found.routes
        for added in route.added
        if added.job_id not in committed
    ]


def _score(cost: Any) -> dict[str, int]:
    return dict(zip((str(term) for term in Term), cost.parts(), strict=True))


def stops_of(found: Plan, rider: str) -> list[tuple[str, str, int]]:
    """A rider's stops in order: the order's code, pickup or delivery, seconds from now."""
    for route in found.routes:
        if route.vehicle_id == rider:
            return [(v.job_id, str(v.kind), v.arrival_s - DAY_S) for v in route.visits]
    return []


def kept(world: World) -> dict[str, Any]:
    """A world as JSON, to be kept with the tick that planned it."""
    return {
        "places": [[place.lat, place.lon, place.area] for place in world.places],
        "jobs": [_job_kept(job) for job in world.jobs],
        "vehicles": [_vehicle_kept(vehicle) for vehicle in world.vehicles],
    }


def _job_kept(job: Job) -> dict[str, Any]:
    allowed = job.allowed_vehicles
    return {
        "id": job.id,
        "from": job.pickups[0].place,
        "to": job.deliveries[0].place,
        "load": list(job.load),
        "skills": sorted(job.skills),
        "release_s": job.release_s,
        "promise_s": job.promise_s,
        "allowed": None if allowed is None else sorted(allowed),
        "refused_by": sorted(job.refused_by),
    }


def _vehicle_kept(vehicle: Vehicle) -> dict[str, Any]:
    return {
        "id": vehicle.id,
        "at": vehicle.start_place,
        "shift": [vehicle.shift.opens_s, vehicle.shift.closes_s],
        "capacity": list(vehicle.capacity),
        "skills": sorted(vehicle.skills),
        "on_board": [[each.job_id, each.since_s] for each in vehicle.on_board],
        "promised": list(vehicle.promised),
    }


def world_again(told: Mapping[str, Any]) -> World:
    """The world that `kept` kept."""
    return World(
        tuple(Place(lat, lon, area) for lat, lon, area in told["places"]),
        tuple(_job_again(job) for job in told["jobs"]),
        tuple(_vehicle_again(vehicle) for vehicle in told["vehicles"]),
    )


def _job_again(told: Mapping[str, Any]) -> Job:
    return Job(
        id=told["id"],
        pickups=Stop(told["from"], (), PICKUP_S),
        deliveries=Stop(told["to"], (), HAND_OVER_S),
        load=tuple(told["load"]),
        skills=frozenset(told["skills"]),
        release_s=told["release_s"],
        promise_s=told["promise_s"],
        allowed_vehicles=None if told["allowed"] is None else frozenset(told["allowed"]),
        refused_by=frozenset(told["refused_by"]),
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
        max_jobs=JOBS_IN_HAND_MAX,
    )


def reasons_of(found: Plan) -> Sequence[tuple[str, str]]:
    """Each order that is left out, with the planner's one reason."""
    return [(left.job_id, left.reason.name.lower()) for left in found.unserved]
