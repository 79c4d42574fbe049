"""Travel from distance alone: t = a + d · f / v, with a detour factor that depends on the areas.

The form is the usual affine model of road trips over straight-line distance; the detour
("circuity") of road networks of the world lies between 1.2 and 1.6 (Ballou, Rahardja and Sakai,
"Selected country circuity factors for road travel distance estimation", Transportation Research
Part A 36(9), 2002).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import asin, cos, inf, radians, sin, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Place:
    """A point in degrees (WGS 84) and the code of the area it lies in, if known."""

    lat: float
    lon: float
    area: str | None = None

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise ValueError(f"no such place on earth: {self.lat}, {self.lon}")


@dataclass(frozen=True, slots=True)
class Leg:
    """Whole seconds and metres of one trip. `is_estimate` is True: no road was looked at."""

    seconds: int
    metres: int
    is_estimate: bool = True


@dataclass(frozen=True, slots=True)
class Matrix:
    """Whole seconds and metres from every source to every target, shape (sources, targets).

    `is_estimate` is True: no road was looked at.
    """

    seconds: tuple[tuple[int, ...], ...]
    metres: tuple[tuple[int, ...], ...]
    is_estimate: bool = True
    source: str = "estimate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How people of a region get along.

    speed_kmh: mean speed on the road; start_s: seconds to set off and to arrive, once a trip;
    detour, mountain_detour: road metres per straight metre; mountain_areas: where the latter
    holds. A trip between both kinds of area has the mean of both factors.
    pair_detours: what is known better of the way between two areas, written once for both
    directions; it overrules the rest. pair_speeds: likewise, of the speed between two areas, in
    km/h. late: up to so many seconds, nine of ten trips take at most so many times as long as
    told; the last holds for all longer ones. profile: the vehicle that all figures are for.
    source: what the figures come from, as it may stand beside them.
    """

    speed_kmh: float
    start_s: int = 0
    detour: float = 1.35
    mountain_detour: float = 1.6
    mountain_areas: frozenset[str] = field(default_factory=frozenset)
    pair_detours: Mapping[tuple[str, str], float] = field(default_factory=dict, hash=False)
    profile: str = "motorcycle"
    pair_speeds: Mapping[tuple[str, str], float] = field(default_factory=dict, hash=False)
    late: tuple[tuple[float, float], ...] = ((inf, 1.5),)
    source: str = "estimate"

    def __post_init__(self) -> None:
        # Written so that "not a number" is refused too.
        if not 0 < self.speed_kmh < inf:
            raise ValueError(f"speed must be above 0 km/h, not {self.speed_kmh}")
        if not 0 <= self.start_s < inf:
            raise ValueError(f"start must be 0 s or more, not {self.start_s}")
        if not self.late or not all(1 <= ratio < inf for _, ratio in self.late):
            raise ValueError("nine of ten trips take at least as long as every second one")
        self._check_pairs()

    def _check_pairs(self) -> None:
        if not all(1 <= factor < inf for factor in self._all_detours()):
            raise ValueError("no road is shorter than the straight line: detours are 1 or more")
        if not all(0 < speed < inf for speed in self.pair_speeds.values()):
            raise ValueError("speeds between areas must be above 0 km/h")
        for what, pairs in (("detours", self.pair_detours), ("speeds", self.pair_speeds)):
            for (one, other), figure in pairs.items():
                if pairs.get((other, one), figure) != figure:
                    raise ValueError(f"two {what} between {one} and {other}: one for both ways")

    def metres(self, source: Place, target: Place) -> int:
        """Road metres, at least the straight line."""
        return round(great_circle_m(source, target) * self._detour(source, target))

    def seconds(self, source: Place, target: Place) -> int:
        """Seconds from door to door; 0 where both are the same point, to the metre."""
        return self._seconds(self.metres(source, target), self._speed(source, target))

    def late_seconds(self, source: Place, target: Place) -> int:
        """Seconds within which nine of ten such trips end: what may be promised."""
        return self.late_of(self.seconds(source, target))

    def late_of(self, seconds: int) -> int:
        """Seconds within which nine of ten trips end that were told to take so many."""
        last = self.late[-1][1]
        return round(seconds * next((r for upto, r in self.late if seconds <= upto), last))

    def leg(self, source: Place, target: Place) -> Leg:
        """Both figures of one trip."""
        metres = self.metres(source, target)
        return Leg(self._seconds(metres, self._speed(source, target)), metres)

    def matrix(self, sources: Sequence[Place], targets: Sequence[Place]) -> Matrix:
        """Seconds and metres from every source to every target, shape (sources, targets).

        Everywhere can be reached: an estimate knows of no sea and no volcano.
        """
        legs = [[self.leg(a, b) for b in targets] for a in sources]
        seconds = tuple(tuple(leg.seconds for leg in row) for row in legs)
        metres = tuple(tuple(leg.metres for leg in row) for row in legs)
        return Matrix(seconds, metres, source=self.source)

    def _seconds(self, metres: int, speed_kmh: float) -> int:
        return self.start_s + round(metres * 3.6 / speed_kmh) if metres else 0

    def _speed(self, one: Place, other: Place) -> float:
        known = _of_pair(self.pair_speeds, one, other)
        return self.speed_kmh if known is None else known

    def _detour(self, one: Place, other: Place) -> float:
        known = _of_pair(self.pair_detours, one, other)
        return (self._factor(one) + self._factor(other)) / 2 if known is None else known

    def _factor(self, place: Place) -> float:
        return self.mountain_detour if place.area in self.mountain_areas else self.detour

    def _all_detours(self) -> tuple[float, ...]:
        return (self.detour, self.mountain_detour, *self.pair_detours.values())


def _of_pair(known: Mapping[tuple[str, str], float], one: Place, other: Place) -> float | None:
    """What is known of two areas, written in either direction."""
    if not known or one.area is None or other.area is None:
        return None
    return known.get((one.area, other.area), known.get((other.area, one.area)))


def great_circle_m(a: Place, b: Place) -> float:
    """Metres along the sphere (haversine formula)."""
    half_lat = sin(radians(b.lat - a.lat) / 2)
    half_lon = sin(radians(b.lon - a.lon) / 2)
    chord = half_lat**2 + cos(radians(a.lat)) * cos(radians(b.lat)) * half_lon**2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))
