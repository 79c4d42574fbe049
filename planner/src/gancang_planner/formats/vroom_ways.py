"""Where VROOM's places lie, and what the way between them takes and costs each kind of vehicle.

VROOM's objective is what the vehicles cost: a fixed part, a part an hour of travel, a part a
kilometre. The planner has no such sum of its own, but it has a distance to drive as little of as
can be; so the "metres" of a vehicle's matrix are what a way costs it, in units so small that they
are whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from gancang_planner.snapshot import UNREACHABLE, Matrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gancang_planner.formats.vroom_fields import Fields

    Table = NDArray[np.int64]

EARTH_RADIUS_M = 6_371_000
DETOUR = 1.3
"""Roads are so much longer than the great circle, if no matrix says better."""
METRES_A_SECOND = 10
COST_PARTS = 18_000
"""Parts of a unit of cost: a second at a price an hour, a metre at one a kilometre are whole."""
A_SECOND, A_METRE = COST_PARTS // 3600, COST_PARTS // 1000
PER_HOUR_USUAL = 3600


@dataclass(frozen=True, slots=True)
class Ways:
    """What a profile's matrices say: seconds, and metres or prices where the file has them."""

    seconds: Table
    metres: Table | None = None
    prices: Table | None = None


@dataclass(frozen=True, slots=True)
class Tariff:
    """How a vehicle travels and what it costs."""

    profile: str
    speed_factor: float
    per_hour: int
    per_km: int


def estimated(points: Sequence[tuple[float, float]]) -> Ways:
    """Ways over the great circle, some longer as roads are, at one speed."""
    lon, lat = np.radians(np.array(points, np.float64).reshape(-1, 2)).T
    half = (
        np.sin((lat[:, None] - lat) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    )
    metres = 2 * EARTH_RADIUS_M * DETOUR * np.arcsin(np.sqrt(np.minimum(half, 1)))
    return Ways(
        np.ceil(metres / METRES_A_SECOND).astype(np.int64), np.ceil(metres).astype(np.int64)
    )


def ways_of(profile: Fields) -> Ways:
    """The matrices of one profile of the file."""
    durations = profile.get("durations")
    if durations is None:
        raise ValueError(f"{profile.name} has no durations")
    seconds = _table(f"{profile.name}: durations", durations)
    others = [
        None
        if profile.get(key) is None
        else _table(f"{profile.name}: {key}", profile.get(key), len(seconds))
        for key in ("distances", "costs")
    ]
    return Ways(seconds, *others)


def _table(name: str, rows: object, size: int | None = None) -> Table:
    if not isinstance(rows, list):
        raise ValueError(f"{name} must be a list of rows")
    size = len(rows) if size is None else size
    if len(rows) != size:
        raise ValueError(f"{name} has {len(rows)} rows, not {size}")
    for at, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != size:
            raise ValueError(f"row {at} of {name} should list {size} whole numbers")
        if any(type(each) is not int or not 0 <= each < 2**32 for each in row):
            raise ValueError(f"row {at} of {name} holds more than whole numbers below 2^32")
    return np.array(rows, np.int64).reshape(size, size)


def travelled(ways: Ways, tariff: Tariff) -> Table:
    """Seconds from place to place of a vehicle, whole: rounded up where its speed splits them."""
    if tariff.speed_factor == 1:
        return ways.seconds
    return np.ceil(ways.seconds / tariff.speed_factor).astype(np.int64)


def parts(ways: Ways, tariff: Tariff) -> Table:
    """The cost from place to place in COST_PARTS of a unit."""
    seconds = travelled(ways, tariff)
    if ways.prices is not None:
        cost = ways.prices * COST_PARTS
    else:
        cost = seconds * (A_SECOND * tariff.per_hour)
    if tariff.per_km:
        assert ways.metres is not None
        cost = cost + ways.metres * (A_METRE * tariff.per_km)
    return np.where(seconds < UNREACHABLE, cost, 0)


@dataclass(frozen=True, slots=True)
class Purse:
    """The unit in which the planner counts costs: so many parts. `is_exact`: nothing is rounded."""

    unit: int
    is_exact: bool

    def units(self, cost_parts: int) -> int:
        """A cost in this unit, rounded up."""
        return -(-cost_parts // self.unit)


def purse_of(tables: Sequence[Table], fixed: Sequence[int]) -> Purse:
    """The largest unit in which all is whole; or the smallest in which the matrices can be told."""
    unit = 0
    for table in tables:
        unit = gcd(unit, int(np.gcd.reduce(table.ravel(), initial=0)))
    for each in fixed:
        unit = gcd(unit, each * COST_PARTS)
    unit = max(unit, 1)
    largest = max((int(table.max(initial=0)) for table in tables), default=0)
    least = -(-largest // (UNREACHABLE - 1))
    return Purse(unit, is_exact=True) if unit >= least else Purse(least, is_exact=False)


def matrix(ways: Ways, tariff: Tariff, purse: Purse, *, has_nowhere: bool) -> Matrix:
    """Travel as the planner reads it. `has_nowhere`: one more place, from which all is at hand."""
    seconds = np.minimum(travelled(ways, tariff), UNREACHABLE)
    cost = -(-parts(ways, tariff) // purse.unit)
    if has_nowhere:
        seconds, cost = (np.pad(table, ((0, 1), (0, 1))) for table in (seconds, cost))
    return Matrix.of(list(seconds), list(cost))
