"""From rows to the planner's frozen world, and back to who is offered what. No database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from gancang_planner import (
    Break,
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
from gancang_roads import Place

from gancang.dispatch import in_hand, together
from gancang.dispatch.falling import fleets_now
from gancang.dispatch.rounds import way_of
from gancang.dispatch.rules import IDLE, ON_BREAK, PAPERS_ENDED, SHIFT_OVER
from gancang.orders import lifecycle

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from gancang_planner import Policy, Route

    from gancang.dispatch.work import Work
    from gancang.fleet.queries import OnShift
    from gancang.maps.ways import Among, Table
    from gancang.orders.models import Order
    from gancang.programmes.rules import Terms

# At the counter: once for getting there, then for each bag.
COUNTER_S = 90
PICKUP_S = 30
HAND_OVER_S = 240
# Food is at most so much of its direct ride on the way: no bundle makes anybody's meal cold.
FOOD_DETOUR_PERCENT = 150
LONGEST_SHIFT = timedelta(hours=12)
JOBS_IN_HAND_MAX = 5
# What a rider must have along, told to the planner like a training.
COLD_BAG = "cold-bag"
# The planner counts seconds from a day ago, since bags may have been on board for hours.
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class World:
    """A snapshot before its ways are measured: small enough to keep, and enough to plan again.

    `running`: who has, is offered, or is to be offered, which order just now. `idle`: who gets
    nothing new, and why.
    """

    places: tuple[Place, ...]
    jobs: tuple[Job, ...]
    vehicles: tuple[Vehicle, ...]
    running: tuple[tuple[str, str], ...] = ()
    idle: tuple[tuple[str, str], ...] = ()

    def snapshot(self, ways: Table) -> Snapshot:
        """The planner's snapshot, with the ways between its places filled in."""
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

    def number(self, place: Place) -> int:
        return self._numbers.setdefault(place, len(self._numbers))

    def all(self) -> tuple[Place, ...]:
        return tuple(self._numbers)


@dataclass(frozen=True, slots=True)
class _Making:
    """What jobs and vehicles of a world are made from."""

    work: Work
    terms: Mapping[int, Terms]
    now: datetime
    rule: in_hand.Rule
    on_round: bool = False
    idle: Mapping[str, str] = field(default_factory=dict)
    places: _Places = field(default_factory=_Places)

    def seconds(self, moment: datetime) -> int:
        return max(0, DAY_S + round((moment - self.now).total_seconds()))


def world_of(  # noqa: PLR0913 - a world is all of these
    work: Work,
    terms: Mapping[int, Terms],
    travel: Among,
    policy: Policy,
    *,
    now: datetime,
    leaving_out: Collection[str] = (),
    on_round: bool = False,
) -> World:
    """The world as the rows tell it, less some orders that wait. `terms` by programme's number.

    The policy says in which order riders bring what they have. `on_round`: they go on a round, so
    that only their bags limit how many they take. What is held back is in no world.
    """
    rule = in_hand.Rule(travel, policy, HAND_OVER_S)
    making = _Making(work, terms, now, rule, on_round, _idle(work, now=now))
    at_work = {found.rider.user.username for found in work.riders}
    planned = [
        order
        for order in work.orders
        # Bags of somebody who is not at work any more cannot be planned; the board shows them.
        if order.code not in leaving_out
        and order.code not in work.held_back
        and (order.carrier is None or order.carrier.username in at_work)
    ]
    jobs = _jobs(planned, making)
    vehicles = [_vehicle(found, making) for found in work.riders]
    running = {code: vehicle.id for vehicle in vehicles for code in vehicle.committed()}
    running = {**work.planned_for, **running}
    return World(
        making.places.all(),
        tuple(jobs),
        tuple(vehicles),
        tuple(sorted(running.items())),
        tuple(sorted(making.idle.items())),
    )


def _jobs(planned: Sequence[Order], making: _Making) -> list[Job]:
    """A job an order; what goes together and waits for a rider is one."""
    parties = together.parties_of(
        order
        for order in planned
        if order.state == lifecycle.RELEASED and order.code not in making.work.offered_to
    )
    led = {each.code for party in parties.values() for each in party[1:]}
    return [
        together.one_job([_job(each, making) for each in parties.get(order.code, [order])])
        for order in planned
        if order.code not in led
    ]


def _counter(order: Order) -> Place:
    origin = order.origin
    village = origin.village or order.village
    return Place(origin.lat or 0.0, origin.lon or 0.0, village.code.rpartition(".")[0])


def _door(order: Order) -> Place:
    if order.hold_at is not None:
        counter = order.hold_at
        village = counter.village or order.village
        lat = village.lat if counter.lat is None else counter.lat
        lon = village.lon if counter.lon is None else counter.lon
        return Place(lat, lon, village.code.rpartition(".")[0])
    return Place(order.lat, order.lon, order.village.code.rpartition(".")[0])


def _job(order: Order, making: _Making) -> Job:
    terms, work = making.terms[order.programme_id], making.work
    needs = {terms.training_class, *order.needs}
    if order.cold_minutes is not None:
        needs.add(COLD_BAG)
    is_loose = order.carrier_id is None and order.code not in work.offered_to
    return Job(
        id=order.code,
        pickups=Stop(making.places.number(_counter(order)), (), PICKUP_S, COUNTER_S),
        deliveries=Stop(making.places.number(_door(order)), (), HAND_OVER_S),
        load=(order.bags,),
        skills=frozenset(needs),
        priority=terms.priority,
        release_s=making.seconds(order.ready_at or order.released_at or making.now),
        promise_s=_due_s(order, making),
        max_onboard_s=_on_board_s_max(order, terms),
        max_detour_percent=FOOD_DETOUR_PERCENT if order.ready_at else None,
        allowed_vehicles=_who_may(order, making),
        forbidden_vehicles=frozenset(making.idle) if is_loose else frozenset(),
        refused_by=work.refused_by[order.code],
    )


def _due_s(order: Order, making: _Making) -> int:
    """By when it should be at its door: as promised; food as soon as it is ready, it gets cold."""
    return making.seconds(order.ready_at or order.promise_at)


def _on_board_s_max(order: Order, terms: Terms) -> int | None:
    most = [each for each in (terms.on_board_min_max, order.cold_minutes) if each is not None]
    return 60 * min(most) if most else None


def _who_may(order: Order, making: _Making) -> frozenset[str] | None:
    """The riders of the fleets that the programme and the way name and that serve; None for any."""
    work, village = making.work, order.village.code
    off = {each.fleet for each in work.closed if each.holds(village, making.now)} - {""}
    way = way_of(order, work.ways)
    fleets, _falls = fleets_now(order, work.closed, now=making.now)
    named = [fleets, way.carriers if way else frozenset()]
    limits = [codes for codes in named if codes]
    if not limits and not off:
        return None
    return frozenset(
        found.rider.user.username
        for found in work.riders
        if (code := found.rider.organisation.code) not in off
        and all(code in codes for codes in limits)
    )


def _idle(work: Work, *, now: datetime) -> dict[str, str]:
    """Who finishes what he has and gets nothing new, and why."""
    told = {found.rider.user.username: _why_idle(found, now=now) for found in work.riders}
    return {rider: why for rider, why in told.items() if why}


def _why_idle(found: OnShift, *, now: datetime) -> str:
    if found.bar:
        return PAPERS_ENDED
    if found.resting_until:
        return ON_BREAK
    ends = found.shift.ends_by
    return SHIFT_OVER if ends is not None and ends <= now else ""


def _breaks(found: OnShift, making: _Making, *, ends_s: int) -> tuple[Break, ...]:
    """The breaks that lie ahead, each to begin when it was meant to: nobody works into one."""
    ahead = [
        (making.seconds(begins), making.seconds(ends))
        for begins, ends in found.rests
        if begins > making.now
    ]
    return tuple(
        Break((Window(begins_s, begins_s),), until_s - begins_s)
        for begins_s, until_s in ahead
        if begins_s < ends_s
    )


def _vehicle(found: OnShift, making: _Making) -> Vehicle:
    rider, shift, start = found.rider, found.shift, _start(found)
    ends = max(making.seconds(shift.ends_by or shift.started_at + LONGEST_SHIFT), DAY_S)
    on_board, promised = _in_hand(found, making, start)
    jobs_max = max(JOBS_IN_HAND_MAX, rider.bags_max if making.on_round else 0)
    return Vehicle(
        id=rider.user.username,
        start_place=making.places.number(start),
        shift=Window(making.seconds(shift.started_at), ends),
        capacity=(rider.bags_max,),
        skills=found.trained | ({COLD_BAG} if rider.has_cold_bag else set()),
        on_board=on_board,
        promised=promised,
        max_jobs=max(jobs_max, len(on_board) + len(promised)),
        fleet=rider.organisation.code,
        available_from_s=making.seconds(found.resting_until or making.now),
        breaks=_breaks(found, making, ends_s=ends),
    )


def _start(found: OnShift) -> Place:
    village = found.rider.organisation.village
    area = village.code.rpartition(".")[0] if village else ""
    return Place(found.shift.lat or 0.0, found.shift.lon or 0.0, area)


def places_in(work: Work) -> tuple[Place, ...]:
    """Wherever somebody may have to go, and where the riders are; each once."""
    found = [place(order) for order in work.orders for place in (_counter, _door)]
    return tuple(dict.fromkeys([*found, *map(_start, work.riders)]))


def _in_hand(
    found: OnShift, making: _Making, start: Place
) -> tuple[tuple[OnBoard, ...], tuple[str, ...]]:
    """What a rider has on board and what he was promised, each in its order."""
    offered_to, username = making.work.offered_to, found.rider.user.username
    has, fetches, since_s = [], [], {}
    for order in making.work.orders:
        is_his = order.carrier_id == found.rider.user_id
        promise_s = _due_s(order, making)
        if is_his and order.state == lifecycle.COLLECTED:
            since_s[order.code] = making.seconds(order.changed_at)
            # Cold bags are due when they get warm: they are brought first.
            if order.cold_minutes is not None:
                promise_s = min(promise_s, since_s[order.code] + 60 * order.cold_minutes)
            has.append(in_hand.Bag(order.code, _door(order), promise_s))
        # What is offered and not answered yet counts as his: nothing is offered twice over.
        elif is_his or offered_to.get(order.code) == username:
            fetches.append(in_hand.Bag(order.code, _counter(order), promise_s))
    brings = in_hand.to_bring(start, has, making.rule, now_s=DAY_S)
    return (
        tuple(OnBoard(bag.code, since_s[bag.code]) for bag in brings),
        tuple(bag.code for bag in in_hand.to_fetch(start, fetches, making.rule)),
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom the plan wants to offer an order, and what it adds to his route."""

    order: str
    rider: str
    score: dict[str, int]
    leaves_s: int  # seconds from now until he sets out for the counter
    # The next best riders and what it would add to theirs; None where nobody reckoned them.
    alternatives: list[dict[str, Any]] | None = None
    # What he is paid, where that is not the price of the order; and with what it goes together.
    pay_rp: int | None = None
    group: str = ""


def proposals_of(world: World, found: Plan) -> list[Proposal]:
    """The jobs that the plan gives to somebody new, in the order of their routes."""
    committed = world.committed()
    return [
        Proposal(
            added.job_id, route.vehicle_id, score_of(added.cost), _leaves_s(route, added.job_id)
        )
        for route in found.routes
        for added in route.added
        if added.job_id not in committed
    ]


def _leaves_s(route: Route, order: str) -> int:
    leaves_s = route.departs_s
    for visit in route.visits:
        if visit.job_id == order:
            break
        leaves_s = visit.departure_s
    return leaves_s - DAY_S


def score_of(cost: Cost) -> dict[str, int]:
    """The parts of a cost by the names of their terms."""
    return dict(zip((str(term) for term in Term), cost.parts(), strict=True))


def stops_of(found: Plan, rider: str) -> list[tuple[str, str, int]]:
    """A rider's stops in order: the order's code, pickup or delivery, seconds from now."""
    for route in found.routes:
        if route.vehicle_id == rider:
            return [(v.job_id, str(v.kind), v.arrival_s - DAY_S) for v in route.visits if v.job_id]
    return []


# What the planner says where only riders who get nothing new could have come.
_NOBODY = frozenset({"no_vehicle_on_shift", "not_allowed", "skill_missing", "all_refused"})


def reasons_of(found: Plan, world: World) -> Sequence[tuple[str, str]]:
    """Each order that is left out, with its one reason: the planner's, or why riders are idle."""
    jobs = {job.id: job for job in world.jobs}
    return [
        (left.job_id, _reason(left.reason.name.lower(), jobs[left.job_id], world))
        for left in found.unserved
    ]


def _reason(told: str, job: Job, world: World) -> str:
    idle = dict(world.idle)
    if told not in _NOBODY:
        return told
    could = [
        idle[vehicle.id]
        for vehicle in world.vehicles
        if vehicle.id in job.forbidden_vehicles & idle.keys() and _could_take(vehicle, job)
    ]
    return min(could, key=IDLE.index, default=told)


def _could_take(vehicle: Vehicle, job: Job) -> bool:
    is_allowed = job.allowed_vehicles is None or vehicle.id in job.allowed_vehicles
    return is_allowed and job.skills <= vehicle.skills and vehicle.id not in job.refused_by
