"""A town's evening of food, planned by our engine beside two simple ways.

`python -m benchmarks evening`. The same world for all in one run: 300 orders of 80 kitchens, 60
riders, the villages and roads of the pack, at three loads. Every way sees an order from ten minutes
before the kitchen says that it is ready; when it really is ready differs from that.

- nearest rider first: the oldest order gets the nearest free rider, one order a rider;
- each minute: once a minute all waiting orders and free riders, least riding to the kitchens;
- ours: `gancang_planner.plan` by the pack's policy, jobs as `dispatch.planning` makes them: food
  is due when ready, and at most half longer on the way than straight; and as if it were any bag.

Riders say yes at once, finish the stop they ride to, and wait at the kitchen if they must.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import mean
from typing import TYPE_CHECKING, Any

import numpy as np
from gancang_planner import Job, Kind, Matrix, OnBoard, Snapshot, Stop, Stopping, Vehicle, Window
from gancang_planner import plan as planned
from gancang_planner import reference as plain
from gancang_planner.match import Request, Travel, match
from gancang_planner.match import Rider as Courier

import benchmarks.without_database  # noqa: F401 - before what it makes ready
from benchmarks.evening_world import LOADS, OPENS_S, ORDERS, Load, Meal, Town, town_of
from gancang.dispatch import in_hand
from gancang.dispatch.planning import (
    COUNTER_S,
    FOOD_DETOUR_PERCENT,
    HAND_OVER_S,
    JOBS_IN_HAND_MAX,
    PICKUP_S,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gancang_planner import Plan, Policy
    from gancang_roads import Place

TICK_S, ITERATIONS = 15, 200
ENDS_S = OPENS_S + 9 * 3600
PROMISE_S = 3600
UNLOADED_MOST, BETTER_BY = 1.5, 0.15
BASE_RP, INCLUDED_M, PER_KM_RP = 8_000, 4_000, 2_500  # motorcycle-zone-1 of the pack


@dataclass(slots=True)
class Rider:
    """Where somebody is free again and when, what he has and what he was given."""

    name: str
    place: Place
    free_s: int = OPENS_S
    on_board: dict[str, int] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    busy_s: int = 0
    earned_rp: int = 0

    def is_free(self, now_s: int) -> bool:
        """He stands somewhere and has nothing to do."""
        return self.free_s <= now_s and not self.on_board and not self.given


@dataclass(slots=True)
class Evening:
    """What there is at a moment, and what came of each meal so far."""

    town: Town
    riders: list[Rider]
    meals: dict[str, Meal]
    waiting: list[str] = field(default_factory=list)
    fetched_s: dict[str, int] = field(default_factory=dict)
    brought_s: dict[str, int] = field(default_factory=dict)
    weighing: Policy | None = None

    def ride_s(self, a: Place, b: Place) -> int:
        """Seconds from one place to another."""
        return self.town.region.travel.seconds(a, b)


def nearest_first(evening: Evening, now_s: int) -> None:
    """The oldest order gets whoever is nearest of those who are free."""
    for code in list(evening.waiting):
        free = [rider for rider in evening.riders if rider.is_free(now_s)]
        if not free:
            return
        kitchen = evening.meals[code].kitchen
        _give(evening, min(free, key=lambda each: evening.ride_s(each.place, kitchen)), code)


def each_minute(evening: Evening, now_s: int) -> None:
    """Once a minute the assignment of waiting orders to free riders with the least riding."""
    free = [rider for rider in evening.riders if rider.is_free(now_s)]
    if (now_s - OPENS_S) % 60 or not free or not evening.waiting:
        return
    codes = evening.waiting[: len(free)]  # the oldest, where there are too few riders
    ways = [[evening.ride_s(r.place, evening.meals[c].kitchen) for r in free] for c in codes]
    requests = [Request(code, (0.0, 0.0)) for code in codes]
    couriers = [Courier(rider.name, (0.0, 0.0)) for rider in free]
    found = match(requests, couriers, Travel(seconds=np.array(ways, dtype=float)))
    by_name = {rider.name: rider for rider in free}
    for pair in found.pairs:
        _give(evening, by_name[pair.rider_id], pair.request_id)


def _give(evening: Evening, rider: Rider, code: str) -> None:
    rider.given.append(code)
    evening.waiting.remove(code)


@dataclass(frozen=True, slots=True)
class Ours:
    """Our engine. Without `knows_food` a meal is like a bag that is ready, promised in an hour."""

    knows_food: bool = True

    def __call__(self, evening: Evening, now_s: int) -> None:
        """A tick of the planner, and its offers."""
        if not evening.waiting:
            return
        snapshot = self.snapshot(evening, evening.riders, evening.waiting, now_s)
        assert evening.weighing is not None
        found: Plan = planned(snapshot, evening.weighing, Stopping(ITERATIONS), now_s)
        riders = {rider.name: rider for rider in evening.riders}
        for route in found.routes:
            for visit in route.visits:
                if visit.kind is Kind.PICKUP and visit.job_id in evening.waiting:
                    _give(evening, riders[route.vehicle_id], visit.job_id)

    def snapshot(
        self, evening: Evening, riders: Sequence[Rider], waiting: Sequence[str], now_s: int
    ) -> Snapshot:
        """The world as `dispatch.planning` tells it."""
        places: dict[Place, int] = {}
        held = [code for rider in riders for code in (*rider.on_board, *rider.given)]
        jobs = tuple(self._job(evening.meals[code], places, now_s) for code in (*waiting, *held))
        vehicles = tuple(self._vehicle(evening, each, places, now_s) for each in riders)
        ways = evening.town.region.travel.matrix(tuple(places), tuple(places))
        return Snapshot(jobs, vehicles, Matrix.of(ways.seconds, ways.metres), now_s)

    def _job(self, meal: Meal, places: dict[Place, int], now_s: int) -> Job:
        known_s = meal.said_s if self.knows_food else meal.placed_s
        return Job(
            meal.code,
            Stop(places.setdefault(meal.kitchen, len(places)), (), PICKUP_S, COUNTER_S),
            Stop(places.setdefault(meal.door, len(places)), (), HAND_OVER_S),
            load=(1,),
            release_s=known_s,
            promise_s=self._promise_s(meal),
            max_detour_percent=FOOD_DETOUR_PERCENT if self.knows_food else None,
        )

    def _promise_s(self, meal: Meal) -> int:
        return meal.said_s if self.knows_food else meal.placed_s + PROMISE_S

    def _vehicle(
        self, evening: Evening, rider: Rider, places: dict[Place, int], now_s: int
    ) -> Vehicle:
        travel, weighing = evening.town.region.travel, evening.weighing
        assert weighing is not None
        rule = in_hand.Rule(travel, weighing, HAND_OVER_S)
        meals = evening.meals
        has = [in_hand.Bag(c, meals[c].door, self._promise_s(meals[c])) for c in rider.on_board]
        bags = in_hand.to_bring(rider.place, has, rule, now_s=max(now_s, rider.free_s))
        gets = [in_hand.Bag(c, meals[c].kitchen, self._promise_s(meals[c])) for c in rider.given]
        given = in_hand.to_fetch(rider.place, gets, rule)
        return Vehicle(
            rider.name,
            places.setdefault(rider.place, len(places)),
            Window(OPENS_S, ENDS_S),
            capacity=(6,),
            on_board=tuple(OnBoard(bag.code, rider.on_board[bag.code]) for bag in bags),
            promised=tuple(bag.code for bag in given),
            max_jobs=JOBS_IN_HAND_MAX,
            available_from_s=rider.free_s,
        )


def played(town: Town, assign: Callable[[Evening, int], None]) -> Evening:
    """The whole evening by one way of giving orders to riders."""
    riders = [Rider(f"r{n:02}", home) for n, home in enumerate(town.homes)]
    weighing = town.region.policy.weighing({})
    evening = Evening(town, riders, {meal.code: meal for meal in town.meals}, weighing=weighing)
    to_come = sorted(town.meals, key=lambda meal: (meal.asks_s, meal.code))
    for now_s in range(OPENS_S, ENDS_S, TICK_S):
        while to_come and to_come[0].asks_s <= now_s:
            evening.waiting.append(to_come.pop(0).code)
        for rider in riders:
            while rider.free_s <= now_s and (rider.on_board or rider.given):
                _next_stop(evening, rider, assign, max(rider.free_s, now_s - TICK_S))
        assign(evening, now_s)
    return evening


def _next_stop(evening: Evening, rider: Rider, assign: object, now_s: int) -> None:
    code, fetches = _what_next(evening, rider, assign, now_s)
    meal = evening.meals[code]
    there = meal.kitchen if fetches else meal.door
    begins_s = max(rider.free_s, now_s)
    arrives_s = begins_s + evening.ride_s(rider.place, there)
    is_there_already = fetches and rider.place == there
    rider.place = there
    if fetches:
        rider.given.remove(code)
        start_s = max(arrives_s, meal.ready_s)
        evening.fetched_s[code] = start_s
        rider.free_s = start_s + PICKUP_S + (0 if is_there_already else COUNTER_S)
        rider.on_board[code] = rider.free_s
    else:
        del rider.on_board[code]
        evening.brought_s[code] = arrives_s
        rider.free_s = arrives_s + HAND_OVER_S
        rider.earned_rp += _fare_rp(evening, meal)
    rider.busy_s += rider.free_s - begins_s


def _what_next(evening: Evening, rider: Rider, assign: object, now_s: int) -> tuple[str, bool]:
    """His next stop and whether he fetches there: in the planner's order where he has several."""
    if len(rider.on_board) + len(rider.given) == 1:
        code = next(iter((*rider.on_board, *rider.given)))
        return code, code in rider.given
    assert isinstance(assign, Ours)
    assert evening.weighing is not None
    snapshot = assign.snapshot(evening, [rider], [], max(now_s, rider.free_s))
    visit = plain.plan(snapshot, evening.weighing, Stopping(0)).routes[0].visits[0]
    return visit.job_id, visit.kind is Kind.PICKUP


def _fare_rp(evening: Evening, meal: Meal) -> int:
    metres = evening.town.region.travel.leg(meal.kitchen, meal.door).metres
    return BASE_RP + max(0, metres - INCLUDED_M) * PER_KM_RP // 1000


def unloaded_s(town: Town) -> float:
    """Mean click-to-door if every order had all riders for itself, where they begin."""
    travel = town.region.travel
    told = []
    for meal in town.meals:
        nearest_s = min(travel.seconds(home, meal.kitchen) for home in town.homes)
        leaves_s = max(meal.ready_s, meal.asks_s + nearest_s) + PICKUP_S + COUNTER_S
        told.append(leaves_s + travel.seconds(meal.kitchen, meal.door) - meal.placed_s)
    return mean(told)


def figures_of(evening: Evening) -> dict[str, Any]:
    """Minutes, orders and rupiah of one evening."""
    meals, riders = evening.town.meals, evening.riders
    assert len(evening.brought_s) == len(meals), "an order was never brought"
    door = sorted(evening.brought_s[meal.code] - meal.placed_s for meal in meals)
    ready = [evening.fetched_s[meal.code] - meal.ready_s for meal in meals]
    bag = [evening.brought_s[meal.code] - evening.fetched_s[meal.code] for meal in meals]
    hours = sum(rider.busy_s for rider in riders) / 3600
    earned = sorted(rider.earned_rp for rider in riders)
    poorest = earned[: len(earned) // 4]
    return {
        "click_to_door_min": round(mean(door) / 60, 1),
        "click_to_door_p90_min": round(door[len(door) * 9 // 10] / 60, 1),
        "ready_to_pickup_min": round(mean(ready) / 60, 1),
        "in_the_bag_max_min": round(max(bag) / 60, 1),
        "orders_per_rider_hour": round(len(meals) / hours, 2),
        "earned_per_rider_hour_rp": round(sum(earned) / hours),
        "poorest_quarter_percent": round(100 * sum(poorest) / sum(earned), 1),
    }


WAYS: dict[str, Callable[[Evening, int], None]] = {
    "nearest rider first": nearest_first,
    "each minute": each_minute,
    "ours, food like any bag": Ours(knows_food=False),
    "ours": Ours(),
}


def run() -> Iterator[dict[str, Any]]:
    """Each load by each way, a row each, with its click-to-door beside the first way's."""
    for load in LOADS:
        town = town_of(load)
        alone = unloaded_s(town) / 60
        first = 0.0
        for name, assign in WAYS.items():
            figures = figures_of(played(town, assign))
            first = first or figures["click_to_door_min"]
            yield _told(load, name, figures, alone=alone, first=first)


def _told(
    load: Load, name: str, figures: dict[str, Any], *, alone: float, first: float
) -> dict[str, Any]:
    ratio = round(figures["click_to_door_min"] / first, 3)
    told = (
        f"click to door {figures['click_to_door_min']} min (x{ratio}; alone {alone:.1f}),"
        f" 90 % within {figures['click_to_door_p90_min']},"
        f" ready to pickup {figures['ready_to_pickup_min']} min,"
        f" in the bag at most {figures['in_the_bag_max_min']} min,"
        f" {figures['orders_per_rider_hour']} orders and"
        f" Rp {figures['earned_per_rider_hour_rp']} a busy rider hour,"
        f" the poorest quarter {figures['poorest_quarter_percent']} %"
    )
    asked = first > UNLOADED_MOST * alone
    is_kept = ratio <= 1 - BETTER_BY if asked else ratio <= 1
    return {
        "what": f"{load.name} ({ORDERS} orders in {load.minutes} min), {name}",
        "told": told,
        "unloaded_min": round(alone, 1),
        "to_nearest_first": ratio,
        "goal": {"asked": asked, "kept": is_kept},
        **figures,
    }
