"""A town's evening of food: who orders what from which kitchen, when it is ready, who rides."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from gancang_roads import Place

from benchmarks.dispatch_day import region_of
from gancang.orders.lifecycle import RIDER_LEAD

if TYPE_CHECKING:
    from benchmarks.dispatch_day import Region

ORDERS, RIDERS, KITCHENS = 300, 60, 80
OPENS_S = 17 * 3600
TOWN_S = 900  # the town: villages within so long a ride of its first hospital
SPREAD = 0.004
COOKS_S = (8 * 60, 25 * 60)
ERRS_S = (-120, 300)  # it is ready so much earlier or later than the kitchen said
LEAD_S = int(RIDER_LEAD.total_seconds())


@dataclass(frozen=True, slots=True)
class Load:
    """In how many minutes the same orders come in."""

    name: str
    minutes: int
    seed: int = 20261201


LOADS = (Load("quiet", 240), Load("busy", 120), Load("rush", 75))


@dataclass(frozen=True, slots=True)
class Meal:
    """An order: where from and to, when it was placed, said to be ready, and is ready."""

    code: str
    kitchen: Place
    door: Place
    placed_s: int
    said_s: int
    ready_s: int

    @property
    def asks_s(self) -> int:
        """From when on a rider may be asked: every way of planning sees it then."""
        return max(self.placed_s, self.said_s - LEAD_S)


@dataclass(frozen=True, slots=True)
class Town:
    """One evening."""

    region: Region
    meals: tuple[Meal, ...]
    homes: tuple[Place, ...]  # where riders begin


def town_of(load: Load) -> Town:
    """The pack's villages around its first hospital; more people order where more live."""
    region, chance = region_of(), random.Random(load.seed)
    middle = region.counters[0]
    inside = [each for each in region.villages if region.travel.seconds(middle, each[0]) <= TOWN_S]
    people = list(accumulate(weight for _place, weight in inside))
    places = [place for place, _weight in inside]

    def somewhere() -> Place:
        (home,) = chance.choices(places, cum_weights=people)
        return Place(
            home.lat + chance.uniform(-SPREAD, SPREAD),
            home.lon + chance.uniform(-SPREAD, SPREAD),
            home.area,
        )

    kitchens = [somewhere() for _ in range(KITCHENS)]
    times = sorted(chance.randrange(60 * load.minutes) for _ in range(ORDERS))
    meals = []
    for number, after_s in enumerate(times):
        placed_s = OPENS_S + after_s
        said_s = placed_s + chance.randint(*COOKS_S)
        ready_s = max(placed_s, said_s + chance.randint(*ERRS_S))
        kitchen, door = chance.choice(kitchens), somewhere()
        meals.append(Meal(f"F{number:03}", kitchen, door, placed_s, said_s, ready_s))
    return Town(region, tuple(meals), tuple(somewhere() for _ in range(RIDERS)))
