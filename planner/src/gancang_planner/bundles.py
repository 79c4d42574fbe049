"""Meals that one rider had better fetch together: bundles, each then matched as one request.

Reyes, Erera, Savelsbergh, Sahasrabudhe and O'Neil, "The meal delivery routing problem", 2018: the
size to aim at follows how many orders wait for each free courier; orders of one restaurant join
bundles one after the other where they fit cheapest, in order of readiness, as long as nobody waits
too long; then each is tried once more in the other bundles. Plain values in, plain values out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, inf
from typing import TYPE_CHECKING

from gancang_planner.checks import once, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Between = Callable[[int, int], float]
    """Seconds from one place to another."""

MEALS_MAX, AT_ONE_RESTAURANT_MAX = 10_000, 500
SIZE_MAX = 10


@dataclass(frozen=True, slots=True)
class Meal:
    """An order of one restaurant. Places are numbers of the caller's, times whole seconds."""

    id: str
    restaurant: int
    drop: int
    placed_s: int
    ready_s: int

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a meal needs an id")
        whole(f"places and times of meal {self.id}", self.restaurant, self.drop)
        whole(f"places and times of meal {self.id}", self.placed_s, self.ready_s)
        if self.ready_s < self.placed_s:
            raise ValueError(f"meal {self.id} is ready before it is placed")


@dataclass(frozen=True, slots=True)
class Limits:
    """What makes a bundle better than another, and what none may do.

    A second on the road costs 1; a second that a meal stands ready costs `ready_weight`, a second
    from click to door `click_weight`. No meal reaches its door more than `click_to_door_s` after it
    was placed, unless it would alone. `service_s`: at each door; `handover_s`: at the restaurant.
    """

    size_max: int = 3
    click_to_door_s: int = 2_400
    ready_weight: float = 0.25
    click_weight: float = 0.1
    service_s: int = 120
    handover_s: int = 120

    def __post_init__(self) -> None:
        whole("the largest bundle", self.size_max, least=1, most=SIZE_MAX)
        whole("a limit of bundles", self.click_to_door_s, self.service_s, self.handover_s)
        for weight in (self.ready_weight, self.click_weight):
            if not 0 <= weight < inf:
                raise ValueError(f"a weight must be zero or more, not {weight!r}")


@dataclass(frozen=True, slots=True)
class Bundle:
    """Meals of one restaurant in the order of their doors.

    `pickup_s`: when the last of them is ready (not before now); `doors_s`: when each is at its door
    if a rider is there by then. `cost`: see Limits.
    """

    meals: tuple[Meal, ...]
    pickup_s: int
    doors_s: tuple[float, ...]
    cost: float

    @property
    def ids(self) -> tuple[str, ...]:
        """The meals' ids in the order of their doors."""
        return tuple(meal.id for meal in self.meals)


DEFAULT_LIMITS = Limits()


def target_size(ready: int, couriers: int, *, most: int) -> int:
    """Meals a bundle to aim at: as many as are ready for each free courier, 1 to `most`."""
    return most if couriers <= 0 else max(1, min(most, ceil(ready / couriers)))


def proposed(
    meals: Sequence[Meal],
    between_s: Between,
    *,
    couriers: int,
    now_s: int,
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[Bundle, ...]:
    """Bundles of all these meals, each meal in one, by restaurant and first id.

    `couriers`: how many are free. The same meals in any order give the same bundles. Raises
    ValueError, which names the meal, for ids given twice and for too many meals.
    """
    if len(meals) > MEALS_MAX:
        raise ValueError(f"{len(meals)} meals are too many: at most {MEALS_MAX}")
    once("meal", (meal.id for meal in meals))
    whole("now", now_s)
    whole("the number of couriers", couriers)
    size = target_size(len(meals), couriers, most=limits.size_max)
    planner = _Planner(between_s, now_s, limits, size)
    by_restaurant: dict[int, list[Meal]] = {}
    for meal in sorted(meals, key=lambda meal: (meal.restaurant, meal.ready_s, meal.id)):
        by_restaurant.setdefault(meal.restaurant, []).append(meal)
    for restaurant, waiting in by_restaurant.items():
        if len(waiting) > AT_ONE_RESTAURANT_MAX:
            raise ValueError(
                f"{len(waiting)} meals at restaurant {restaurant} are too many, {waiting[0].id} is"
                f" one of them: at most {AT_ONE_RESTAURANT_MAX}"
            )
    bundles = [b for waiting in by_restaurant.values() for b in planner.bundled(waiting)]
    return tuple(sorted(bundles, key=lambda b: (b.meals[0].restaurant, min(b.ids))))


@dataclass(frozen=True, slots=True)
class _Planner:
    between_s: Between
    now_s: int
    limits: Limits
    size: int

    def bundled(self, waiting: list[Meal]) -> list[Bundle]:
        """The meals of one restaurant, by readiness."""
        bundles: list[Bundle] = []
        for meal in waiting:
            _replace(bundles, self._joined(bundles, meal))
        # Who came early chose among few.
        for meal in waiting:
            home = next(bundle for bundle in bundles if meal in bundle.meals)
            rest = self._of(each for each in home.meals if each is not meal)
            others = [bundle for bundle in bundles if bundle is not home]
            moved = [*others, rest] if rest else others
            changed = self._joined(moved, meal)
            saved = home.cost - (rest.cost if rest else 0)
            old, new = changed
            if new.cost - (old.cost if old else 0) < saved - 1e-9:
                bundles = moved
                _replace(bundles, changed)
        return bundles

    def _joined(self, bundles: list[Bundle], meal: Meal) -> tuple[Bundle | None, Bundle]:
        """The bundle that the meal joins at least cost, if not a new one, and that with it."""
        alone = self._of([meal])
        assert alone is not None
        best: tuple[Bundle | None, Bundle] = (None, alone)
        least = alone.cost
        for bundle in bundles:
            if len(bundle.meals) >= self.size:
                continue
            for at in range(len(bundle.meals) + 1):
                new = self._of([*bundle.meals[:at], meal, *bundle.meals[at:]])
                if new and self._is_in_time(new) and new.cost - bundle.cost < least - 1e-9:
                    best, least = (bundle, new), new.cost - bundle.cost
        return best

    def _of(self, meals: Iterable[Meal]) -> Bundle | None:
        """None of no meals."""
        chosen = tuple(meals)
        if not chosen:
            return None
        pickup_s = max(self.now_s, *(meal.ready_s for meal in chosen))
        at_s = float(pickup_s + self.limits.handover_s)
        road_s, doors_s = 0.0, []
        for here, there in pairwise([chosen[0].restaurant, *(meal.drop for meal in chosen)]):
            leg_s = self.between_s(here, there)
            if not 0 <= leg_s < inf:
                raise ValueError(f"from place {here} to place {there} takes {leg_s!r} s")
            road_s, at_s = road_s + leg_s, at_s + leg_s
            doors_s.append(at_s)
            at_s += self.limits.service_s
        stood_s = sum(pickup_s - max(self.now_s, meal.ready_s) for meal in chosen)
        click_s = sum(door - meal.placed_s for door, meal in zip(doors_s, chosen, strict=True))
        limits = self.limits
        cost = road_s + limits.ready_weight * stood_s + limits.click_weight * click_s
        return Bundle(chosen, pickup_s, tuple(doors_s), cost)

    def _is_in_time(self, bundle: Bundle) -> bool:
        """Nobody waits longer than allowed, but for whom that is so anyway."""
        for meal, door_s in zip(bundle.meals, bundle.doors_s, strict=True):
            alone = self._of([meal])
            assert alone is not None
            latest_s = max(meal.placed_s + self.limits.click_to_door_s, alone.doors_s[0])
            if door_s > latest_s:
                return False
        return True


def _replace(bundles: list[Bundle], changed: tuple[Bundle | None, Bundle]) -> None:
    old, new = changed
    if old is not None:
        bundles.remove(old)
    bundles.append(new)
