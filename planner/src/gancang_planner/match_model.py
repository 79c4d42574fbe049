"""The nouns of matching: who is wanted, who is there, how long it takes, and who takes what.

Costs are seconds. Whatever is not valid raises ValueError and names the request or the rider.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Seconds = NDArray[np.float64]

REQUESTS_MAX = RIDERS_MAX = 100_000
NEAREST_MAX = 1_000
SEATS_MAX = 1_000
COST_MAX = 1e9
"""No cost, price or travel time in seconds may be larger."""
METRES_MAX = 1e8
"""No coordinate on the plane may be larger."""


class Geometry(StrEnum):
    """What the coordinates of a place are."""

    DEGREES = "degrees"
    """Latitude and longitude (WGS 84). Distances as on a plane that touches the earth at the middle
    latitude: within 0.3 % at 100 km from it."""
    METRES = "metres"
    """x and y on a plane."""


@dataclass(frozen=True, slots=True)
class Request:
    """A job that one rider is wanted for now, at `place`.

    `leave_cost`: what it costs to leave it for now, in seconds as all costs; it is left where
    serving it costs more (as much: either). None: served if at all possible, whatever it costs.
    `allowed_riders`: None for any. What asks for a skill allows those who have it.
    """

    id: str
    place: tuple[float, float]
    leave_cost: float | None = None
    allowed_riders: frozenset[str] | None = None
    forbidden_riders: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a request needs an id")
        _check_place("request", self.id, self.place)
        if self.leave_cost is not None:
            _check_cost(f"the cost of leaving request {self.id}", self.leave_cost)


@dataclass(frozen=True, slots=True)
class Rider:
    """Somebody who can take up to `seats` requests now, from `place`.

    `price`: seconds added to each of the rider's pairs; `fairness.prices` makes them.
    """

    id: str
    place: tuple[float, float]
    seats: int = 1
    price: float = 0.0

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a rider needs an id")
        _check_place("rider", self.id, self.place)
        if type(self.seats) is not int or not 1 <= self.seats <= SEATS_MAX:
            raise ValueError(f"rider {self.id} has {self.seats!r} seats, not 1 to {SEATS_MAX}")
        _check_cost(f"the price of rider {self.id}", self.price)


@dataclass(frozen=True, slots=True)
class Travel:
    """How long a rider is on the way to a request.

    `seconds`: None: straight at `speed_mps`. A callable is given two equally long int64 arrays,
    positions in the sequences of requests and of riders, and answers as many seconds, `inf` where
    there is no way; nobody may get about faster than straight at `speed_mps`, on which the proof of
    `Matching.is_proven` relies. An array has a row a request and a column a rider; then places are
    not looked at.
    """

    speed_mps: float = 10.0
    geometry: Geometry = Geometry.DEGREES
    seconds: Callable[[Numbers, Numbers], Seconds] | Seconds | None = None

    def __post_init__(self) -> None:
        if not (isfinite(self.speed_mps) and 0.01 <= self.speed_mps <= 1000):
            raise ValueError(f"a speed must be 0.01 to 1000 m/s, not {self.speed_mps!r}")


class Pair(NamedTuple):
    """A request and who takes it: seconds on the way, and these with the rider's price."""

    request_id: str
    rider_id: str
    seconds: float
    cost: float


class Why(StrEnum):
    """Why a request is left."""

    NO_CANDIDATE = "no candidate"
    """No rider may take it and can get there (of those whom a callable of Travel was asked for)."""
    OPTED_OUT = "opted out"
    """Leaving it costs less than any way to serve it beside the others."""
    NO_RIDER_LEFT = "no rider left"
    """All who could take it serve others that must be served too."""


class Left(NamedTuple):
    """A request that nobody takes now."""

    request_id: str
    why: Why


@dataclass(frozen=True, slots=True)
class Matching:
    """Who takes what. Pairs and what is left in the order of the requests' ids.

    `cost`: of all pairs, and of leaving what has a price. `rider_prices` and `request_prices`, by
    id, are dual prices: a rider's lies between what one more like him would save and what doing
    without him would cost; no pair costs less than the request's price less the rider's. `inf`:
    whether a request that must be served is served hangs on it. `candidates`: pairs looked at.
    `is_proven`: no pair that was not looked at could lower the cost.
    """

    pairs: tuple[Pair, ...]
    left: tuple[Left, ...]
    cost: float
    request_prices: Mapping[str, float]
    rider_prices: Mapping[str, float]
    candidates: int
    is_proven: bool


DEFAULT_TRAVEL = Travel()


def _check_place(what: str, owner: str, place: tuple[float, float]) -> None:
    if not (isinstance(place, tuple) and len(place) == 2):
        raise ValueError(f"the place of {what} {owner} must be two numbers, not {place!r}")
    for each in place:
        if not (_is_number(each) and abs(each) <= METRES_MAX):
            raise ValueError(f"the place of {what} {owner} is no place: {place!r}")


def _check_cost(what: str, cost: float) -> None:
    if not (_is_number(cost) and 0 <= cost <= COST_MAX):
        raise ValueError(f"{what} must be 0 to {COST_MAX:g} seconds, not {cost!r}")


def _is_number(value: object) -> bool:
    # NaN compares false with everything, which the callers' ranges refuse.
    return isinstance(value, int | float) and not isinstance(value, bool)
