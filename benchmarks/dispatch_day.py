"""A demonstration day, planned as the first release did it and as the platform does it now.

`python -m benchmarks dispatch_day`. Same orders, same riders, same clock: riders say yes at once,
finish the stop they are on their way to, and drive as the region's estimate says. What differs:

- insertion: insertion by regret alone, bags brought by their promises, no counter shared;
- insertion, bags in order: the same, but bags in hand are brought in the best order;
- engine: the policy's iterations of `gancang_planner.plan`, bags in order, counters shared;
- engine, offers late: the same, and an order is offered when its rider is about to leave for it.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import gancang_planner
from gancang_planner import (
    Job,
    Kind,
    Matrix,
    OnBoard,
    Snapshot,
    Stop,
    Stopping,
    Vehicle,
    Window,
)
from gancang_planner import reference as plain
from gancang_roads import Estimate, Place

import benchmarks.without_database  # noqa: F401 - before what it makes ready
from benchmarks.world import PACK
from gancang.dispatch import in_hand
from gancang.dispatch.planning import COUNTER_S, HAND_OVER_S, JOBS_IN_HAND_MAX, PICKUP_S
from gancang.regions.pack import read_pack
from gancang.regions.policies import BUILT_IN, PlanningPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gancang_planner import Plan, Route

OPENS_S, SHIFT_S, TICK_S = 8 * 3600, 12 * 3600, 15
ENDS_S = OPENS_S + SHIFT_S
COMMIT_S = 300
REGENCY = PACK.parent / "banyuwangi"


@dataclass(frozen=True, slots=True)
class Day:
    """What a day asks for: so many orders, so many of them at the opening, so many riders."""

    name: str
    orders: int
    at_once: int
    riders: int
    promise_min: int
    seed: int = 20261124


# The first is the size of `gancang demo`; then a regency that has taken to it.
DAYS = (
    Day("demonstration day", orders=60, at_once=22, riders=8, promise_min=240),
    Day("busy day", orders=240, at_once=60, riders=24, promise_min=180),
)


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the day."""

    code: str
    counter: Place
    door: Place
    released_s: int
    promise_s: int


@dataclass(frozen=True, slots=True)
class Region:
    """What the pack says: places, people, the estimate, the first policy."""

    counters: tuple[Place, ...]
    villages: tuple[tuple[Place, int], ...]
    travel: Estimate
    policy: PlanningPolicy


@dataclass(frozen=True, slots=True)
class Way:
    """A way of planning: who plans, and whether it knows of counters and of bags' best order."""

    name: str
    plan: Callable[[Snapshot, int], Plan]
    knows_counters: bool
    best_order: bool
    commit_s: int | None = None  # so long before he leaves an order is offered; None: at once


@dataclass(slots=True)
class Rider:
    """Where somebody is free again and when, what he has, and what he was promised."""

    name: str
    place: Place
    free_s: int = OPENS_S
    on_board: dict[str, int] = field(default_factory=dict)  # order -> since
    promised: list[str] = field(default_factory=list)
    metres: int = 0


@dataclass(slots=True)
class Done:
    """What came of a day."""

    fetched_s: dict[str, int] = field(default_factory=dict)
    brought_s: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    metres: int = 0
    thinking_s: list[float] = field(default_factory=list)


def region_of() -> Region:
    """The real pack's region."""
    pack = read_pack(REGENCY)
    told = pack.region.config["travel"]
    villages = tuple(
        (_place(row.values, "code"), int(row.values.get("population", 1))) for row in pack.villages
    )
    counters = tuple(
        _place(row.values, "village")
        for row in pack.organisations
        if row.values["kind"] == "hospital"
    )
    policies = pack.region.config["dispatch"]["policies"]
    return Region(
        counters,
        villages,
        Estimate(
            speed_kmh=told["speed_kmh"],
            start_s=told["start_s"],
            detour=told["detour"],
            mountain_detour=told["mountain_detour"],
            mountain_areas=frozenset(told["mountain_districts"]),
        ),
        PlanningPolicy.again(policies[0]) if policies else BUILT_IN,
    )


def _place(values: dict[str, Any], village: str) -> Place:
    area = values[village].rpartition(".")[0]
    return Place(float(values["lat"]), float(values["lon"]), area)


def orders_of(day: Day, region: Region) -> list[Order]:
    """Some at the opening, the others over seven hours, more where more people live."""
    chance = random.Random(day.seed)
    homes = chance.choices(*zip(*region.villages, strict=True), k=day.orders)
    orders = []
    for number, home in enumerate(homes):
        late_s = 0 if number < day.at_once else chance.randrange(60, 7 * 3600)
        door = Place(
            home.lat + chance.uniform(-0.004, 0.004),
            home.lon + chance.uniform(-0.004, 0.004),
            home.area,
        )
        nearest = min(region.counters, key=lambda each: region.travel.seconds(each, door))
        released_s = OPENS_S + late_s
        promise_s = released_s + 60 * day.promise_min
        orders.append(Order(f"O{number:03}", nearest, door, released_s, promise_s))
    return sorted(orders, key=lambda order: (order.released_s, order.code))


class Simulation:
    """One day under one way of planning."""

    def __init__(self, day: Day, region: Region, way: Way) -> None:
        self.region, self.way, self.done = region, way, Done()
        self.orders = {order.code: order for order in orders_of(day, region)}
        self.waiting = list(self.orders)
        counters = region.counters
        self.riders = [
            Rider(f"r{n:02}", counters[0 if n % 4 else n // 4 % len(counters)])
            for n in range(day.riders)
        ]

    def run(self) -> Done:
        """The whole day, a tick at a time; whoever is free goes on to his next stop."""
        for now_s in range(OPENS_S, ENDS_S, TICK_S):
            for rider in self.riders:
                while rider.free_s <= now_s and (rider.on_board or rider.promised):
                    self._next_stop(rider, max(rider.free_s, now_s - TICK_S))
            self._tick(now_s)
        return self.done

    def _tick(self, now_s: int) -> None:
        released = [code for code in self.waiting if self.orders[code].released_s <= now_s]
        if not released:
            return
        began = time.perf_counter()
        snapshot = self._snapshot(self.riders, released, now_s)
        plan = self.way.plan(snapshot, now_s)
        self.done.thinking_s.append(time.perf_counter() - began)
        riders = {rider.name: rider for rider in self.riders}
        for route in plan.routes:
            self._offer(riders[route.vehicle_id], route, set(released), now_s)

    def _offer(self, rider: Rider, route: Route, released: set[str], now_s: int) -> None:
        leaves_s = route.departs_s
        for visit in route.visits:
            is_due = self.way.commit_s is None or leaves_s <= now_s + self.way.commit_s
            if is_due and visit.kind is Kind.PICKUP and visit.job_id in released:
                rider.promised.append(visit.job_id)
                self.waiting.remove(visit.job_id)
            leaves_s = visit.departure_s

    def _next_stop(self, rider: Rider, now_s: int) -> None:
        """Drive to what comes next in his own round, and do what is to be done there."""
        plan = plain.plan(
            self._snapshot([rider], [], now_s), self.region.policy.weighing({}), Stopping(0)
        )
        visit = plan.routes[0].visits[0]
        order = self.orders[visit.job_id]
        fetches = order.code in rider.promised
        there = order.counter if fetches else order.door
        leg = self.region.travel.leg(rider.place, there)
        arrives_s = max(rider.free_s, now_s) + leg.seconds
        at_counter_already = fetches and rider.place == there
        rider.place, rider.metres = there, rider.metres + leg.metres
        self.done.metres += leg.metres
        self.done.used.add(rider.name)
        if fetches:
            rider.promised.remove(order.code)
            start_s = max(arrives_s, order.released_s)
            self.done.fetched_s[order.code] = start_s
            rider.free_s = start_s + PICKUP_S + (0 if at_counter_already else COUNTER_S)
            rider.on_board[order.code] = rider.free_s
        else:
            del rider.on_board[order.code]
            self.done.brought_s[order.code] = arrives_s
            rider.free_s = arrives_s + HAND_OVER_S

    def _snapshot(self, riders: Sequence[Rider], released: Sequence[str], now_s: int) -> Snapshot:
        places: dict[Place, int] = {}
        held = [code for rider in riders for code in (*rider.on_board, *rider.promised)]
        jobs = tuple(self._job(self.orders[code], places) for code in (*released, *held))
        vehicles = tuple(self._vehicle(rider, places, now_s) for rider in riders)
        ways = self.region.travel.matrix(tuple(places), tuple(places))
        return Snapshot(jobs, vehicles, Matrix.of(ways.seconds, ways.metres), now_s)

    def _job(self, order: Order, places: dict[Place, int]) -> Job:
        knows = self.way.knows_counters
        pickup_s = (PICKUP_S, COUNTER_S) if knows else (PICKUP_S + COUNTER_S, 0)
        return Job(
            order.code,
            Stop(places.setdefault(order.counter, len(places)), (), *pickup_s),
            Stop(places.setdefault(order.door, len(places)), (), HAND_OVER_S),
            load=(1,),
            release_s=order.released_s,
            promise_s=order.promise_s,
        )

    def _vehicle(self, rider: Rider, places: dict[Place, int], now_s: int) -> Vehicle:
        bags = [
            in_hand.Bag(code, self.orders[code].door, self.orders[code].promise_s)
            for code in rider.on_board
        ]
        rule = in_hand.Rule(self.region.travel, self.region.policy.weighing({}), HAND_OVER_S)
        if self.way.best_order:
            bags = in_hand.to_bring(rider.place, bags, rule, now_s=max(now_s, rider.free_s))
        else:
            bags = sorted(bags, key=lambda bag: (bag.promise_s, bag.code))
        return Vehicle(
            rider.name,
            places.setdefault(rider.place, len(places)),
            Window(OPENS_S, ENDS_S),
            capacity=(6,),
            on_board=tuple(OnBoard(bag.code, rider.on_board[bag.code]) for bag in bags),
            promised=tuple(rider.promised),
            max_jobs=JOBS_IN_HAND_MAX,
            available_from_s=rider.free_s,
        )


def ways_of(policy: PlanningPolicy) -> list[Way]:
    """As it was, and as it is, step by step."""
    weighing = policy.weighing({})
    stop = Stopping(policy.iterations, no_gain=policy.no_gain, seconds=policy.think_s_max)

    def insertion(snapshot: Snapshot, seed: int) -> Plan:
        return plain.plan(snapshot, weighing, Stopping(0), seed)

    def engine(snapshot: Snapshot, seed: int) -> Plan:
        return gancang_planner.plan(snapshot, weighing, stop, seed)

    before = Way("insertion", insertion, knows_counters=False, best_order=False)
    now = Way("engine", engine, knows_counters=True, best_order=True)
    return [
        before,
        replace(before, name="insertion, bags in order", best_order=True),
        now,
        replace(now, name="engine, offers late", commit_s=COMMIT_S),
    ]


def told(day: Day, way: Way, orders: Sequence[Order], done: Done) -> dict[str, Any]:
    """The figures of one day under one way."""
    brought = [(done.brought_s[o.code], o) for o in orders if o.code in done.brought_s]
    late_s = [max(0, at_s - order.promise_s) for at_s, order in brought]
    door_s = [at_s - order.released_s for at_s, order in brought]
    ready_s = [done.fetched_s[o.code] - o.released_s for o in orders if o.code in done.fetched_s]
    figures = {
        "orders": len(orders),
        "served": len(done.brought_s),
        "minutes_late": round(sum(late_s) / 60),
        "late_orders": sum(late > 0 for late in late_s),
        "metres": done.metres,
        "minutes_ready_to_pickup_mean": round(sum(ready_s) / 60 / max(1, len(ready_s)), 1),
        "minutes_ready_to_door_mean": round(sum(door_s) / 60 / max(1, len(door_s)), 1),
        "riders_used": len(done.used),
        "ticks": len(done.thinking_s),
        "tick_s_max": round(max(done.thinking_s), 3),
    }
    said = (
        f"{figures['served']} of {len(orders)} brought, {figures['minutes_late']} min late"
        f" ({figures['late_orders']} orders), {done.metres / 1000:.0f} km,"
        f" {figures['minutes_ready_to_pickup_mean']} min ready to pickup,"
        f" {figures['minutes_ready_to_door_mean']} min ready to door,"
        f" {figures['riders_used']} riders, slowest tick {figures['tick_s_max']} s"
    )
    return {"what": f"{day.name}, {way.name}", "told": said, **figures}


def run() -> Iterator[dict[str, Any]]:
    """Each day by each way, a row each."""
    region = region_of()
    for day in DAYS:
        for way in ways_of(region.policy):
            simulation = Simulation(day, region, way)
            done = simulation.run()
            yield told(day, way, list(simulation.orders.values()), done)
