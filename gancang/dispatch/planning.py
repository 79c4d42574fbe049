"""From rows to the planner's frozen world, and back to who is offered what. No database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from gancang_planner import (
    Cost,
    Job,
    Matrix,
    OnBoard,
    Plan,
    Snapshot,
    Stop,
    Term,
    Vehicle,
    Window,
)
from gancang_roads import Estimate, Place

from gancang.orders import lifecycle

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from gancang.dispatch.queries import Work
    from gancang.fleet.queries import OnShift
    from gancang.orders.models import Order
    from gancang.programmes.rules import Terms

# At the counter: once for getting there, then for each bag.
COUNTER_S = 90
PICKUP_S = 30
HAND_OVER_S = 240
LONGEST_SHIFT = timedelta(hours=12)
JOBS_IN_HAND_MAX = 5
# The planner counts seconds from a day ago, since bags may have been on board for hours.
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class World:
    """A snapshot before its ways are measured: small enough to keep, and enough to plan again.

    `running`: who has, or is offered, which order just now.
    """

    places: tuple[Place, ...]
    jobs: tuple[Job, ...]
    vehicles: tuple[Vehicle, ...]
    running: tuple[tuple[str, str], ...] = ()

    def snapshot(self, travel: Estimate) -> Snapshot:
        """The planner's snapshot, with travel times filled in."""
        ways = travel.matrix(self.places, self.places)
        matrix = Matrix.of(ways.seconds, ways.metres)
        return Snapshot(self.jobs, self.vehicles, matrix, DAY_S, running=self.running)

    def loose(self) -> frozenset[str]:
        """The orders that nobody has or is offered: those that a plan is to give to somebody."""
        return frozenset(job.id for job in self.jobs) - self.committed()

    def committed(self) -> frozenset[str]:
        """The orders that stay with the rider who has them."""
        return frozenset(code for vehicle in self.vehicles for code in vehicle.committed())


class _Places:
    """Numbers places as the matrix does; the same place twice is one."""

    def __init__(self) -> None:
        self._numbers: dict[Place, int] = {}

    def number(self, lat: float, lon: float, area: str) -> int:
        return self._numbers.setdefault(Place(lat, lon, area), len(self._numbers))

    def all(self) -> tuple[Place, ...]:
        return tuple(self._numbers)


@dataclass(frozen=True, slots=True)
class _Making:
    """What jobs and vehicles of a world are made from."""

    work: Work
    terms: Mapping[int, Terms]
    now: datetime
    places: _Places = field(default_factory=_Places)

    def seconds(self, moment: datetime) -> int:
        return max(0, DAY_S + round((moment - self.now).total_seconds()))


def world_of(
    work: Work,
    terms: Mapping[int, Terms],
    *,
    now: datetime,
    leaving_out: Collection[str] = (),
) -> World:
    """The world as the rows tell it, less some orders that wait. `terms` by programme's number."""
    making = _Making(work, terms, now)
    at_work = {found.rider.user.username for found in work.riders}
    jobs = [
        _job(order, making)
        for order in work.orders
        # Bags of somebody who is not at work any more cannot be planned; the board shows them.
        if order.code not in leaving_out
        and (order.carrier is None or order.carrier.username in at_work)
    ]
    vehicles = [_vehicle(found, making) for found in work.riders]
    running = [(code, vehicle.id) for vehicle in vehicles for code in vehicle.committed()]
    return World(making.places.all(), tuple(jobs), tuple(vehicles), tuple(sorted(running)))


def _job(order: Order, making: _Making) -> Job:
    terms, work = making.terms[order.programme_id], making.work
    origin, area = order.origin, order.village.code.rpartition(".")[0]
    home = origin.village.code.rpartition(".")[0] if origin.village else area
    counter = making.places.number(origin.lat or 0.0, origin.lon or 0.0, home)
    allowed = None
    if terms.carriers:
        allowed = frozenset(
            found.rider.user.username
            for found in work.riders
            if found.rider.organisation.code in terms.carriers
        )
    return Job(
        id=order.code,
        pickups=Stop(counter, (), PICKUP_S, COUNTER_S),
        deliveries=Stop(making.places.number(order.lat, order.lon, area), (), HAND_OVER_S),
        load=(order.bags,),
        skills=frozenset({terms.training_class}),
        priority=terms.priority,
        release_s=making.seconds(order.released_at or making.now),
        promise_s=making.seconds(order.promise_at),
        max_onboard_s=None if terms.on_board_min_max is None else 60 * terms.on_board_min_max,
        allowed_vehicles=allowed,
        refused_by=work.refused_by[order.code],
    )


def _vehicle(found: OnShift, making: _Making) -> Vehicle:
    rider, shift, work = found.rider, found.shift, making.work
    username = rider.user.username
    held = [order for order in work.orders if order.carrier_id == rider.user_id]
    on_board = [order for order in held if order.state == lifecycle.COLLECTED]
    promised = [order.code for order in held if order.state == lifecycle.ASSIGNED]
    # What is offered and not answered yet counts as his, so that nothing is offered twice over.
    promised += [code for code, name in sorted(work.offered_to.items()) if name == username]
    village = rider.organisation.village
    area = village.code.rpartition(".")[0] if village else ""
    ends = making.seconds(shift.started_at + LONGEST_SHIFT)
    return Vehicle(
        id=username,
        start_place=making.places.number(shift.lat or 0.0, shift.lon or 0.0, area),
        shift=Window(making.seconds(shift.started_at), max(ends, DAY_S)),
        capacity=(rider.bags_max,),
        skills=found.trained,
        on_board=tuple(
            OnBoard(order.code, making.seconds(order.changed_at))
            for order in sorted(on_board, key=lambda order: (order.promise_at, order.code))
        ),
        promised=tuple(promised),
        max_jobs=JOBS_IN_HAND_MAX,
        fleet=rider.organisation.code,
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom the plan wants to offer an order, and what it adds to his route."""

    order: str
    rider: str
    score: dict[str, int]
    # The next best riders and what it would add to theirs; None where nobody reckoned them.
    alternatives: list[dict[str, Any]] | None = None


def proposals_of(world: World, found: Plan) -> list[Proposal]:
    """The jobs that the plan gives to somebody new, in the order of their routes."""
    committed = world.committed()
    return [
        Proposal(added.job_id, route.vehicle_id, score_of(added.cost))
        for route in found.routes
        for added in route.added
        if added.job_id not in committed
    ]


def score_of(cost: Cost) -> dict[str, int]:
    """The parts of a cost by the names of their terms."""
    return dict(zip((str(term) for term in Term), cost.parts(), strict=True))


def stops_of(found: Plan, rider: str) -> list[tuple[str, str, int]]:
    """A rider's stops in order: the order's code, pickup or delivery, seconds from now."""
    for route in found.routes:
        if route.vehicle_id == rider:
            return [(v.job_id, str(v.kind), v.arrival_s - DAY_S) for v in route.visits if v.job_id]
    return []


def reasons_of(found: Plan) -> Sequence[tuple[str, str]]:
    """Each order that is left out, with the planner's one reason."""
    return [(left.job_id, left.reason.name.lower()) for left in found.unserved]
