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


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How people of a region get along.

    speed_kmh: mean speed on the road; start_s: seconds to set off and to arrive, once a trip;
    detour, mountain_detour: road metres per straight metre; mountain_areas: where the latter
    holds. A trip between both kinds of area has the mean of both factors.
    pair_detours: what is known better of the way between two areas, written once for both
    directions; it overrules the rest. profile: the vehicle that all figures are for.
    """

    speed_kmh: float
    start_s: int = 0
    detour: float = 1.35
    mountain_detour: float = 1.6
    mountain_areas: frozenset[str] = field(default_factory=frozenset)
    pair_detours: Mapping[tuple[str, str], float] = field(default_factory=dict, hash=False)
    profile: str = "motorcycle"

    def __post_init__(self) -> None:
        # Written so that "not a number" is refused too.
        if not 0 < self.speed_kmh < inf:
            raise ValueError(f"speed must be above 0 km/h, not {self.speed_kmh}")
        if not 0 <= self.start_s < inf:
            raise ValueError(f"start must be 0 s or more, not {self.start_s}")
        if not all(1 <= factor < inf for factor in self._all_detours()):
            raise ValueError("no road is shorter than the straight line: detours are 1 or more")
        for (one, other), factor in self.pair_detours.items():
            if self.pair_detours.get((other, one), factor) != factor:
                raise ValueError(f"two detours between {one} and {other}: write one for both ways")

    def metres(self, source: Place, target: Place) -> int:
        """Road metres, at least the straight line."""
        return round(great_circle_m(source, target) * self._detour(source, target))

    def seconds(self, source: Place, target: Place) -> int:
        """Seconds from door to door; 0 where both are the same point, to the metre."""
        return self._seconds(self.metres(source, target))

    def leg(self, source: Place, target: Place) -> Leg:
        """Both figures of one trip."""
        metres = self.metres(source, target)
        return Leg(self._seconds(metres), metres)

    def matrix(self, sources: Sequence[Place], targets: Sequence[Place]) -> Matrix:
        """Seconds and metres from every source to every target, shape (sources, targets).

        Everywhere can be reached: an estimate knows of no sea and no volcano.
        """
        metres = tuple(tuple(self.metres(a, b) for b in targets) for a in sources)
        return Matrix(tuple(tuple(map(self._seconds, row)) for row in metres), metres)

    def _seconds(self, metres: int) -> int:
        return self.start_s + round(metres * 3.6 / self.speed_kmh) if metres else 0

    def _detour(self, one: Place, other: Place) -> float:
        if self.pair_detours and one.area is not None and other.area is not None:
            there, back = (one.area, other.area), (other.area, one.area)
            known = self.pair_detours.get(there, self.pair_detours.get(back))
            if known is not None:
                return known
        return (self._factor(one) + self._factor(other)) / 2

    def _factor(self, place: Place) -> float:
        return self.mountain_detour if place.area in self.mountain_areas else self.detour

    def _all_detours(self) -> tuple[float, ...]:
        return (self.detour, self.mountain_detour, *self.pair_detours.values())


def great_circle_m(a: Place, b: Place) -> float:
    """Metres along the sphere (haversine formula)."""
    half_lat = sin(radians(b.lat - a.lat) / 2)
    half_lon = sin(radians(b.lon - a.lon) / 2)
    chord = half_lat**2 + cos(radians(a.lat)) * cos(radians(b.lat)) * half_lon**2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))
