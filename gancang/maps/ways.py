"""The one door for the way between two places: by the region's roads, else by an estimate.

Roads that a decree closes are avoided while it holds; where nothing else leads, nobody gets there.
Every figure names where it comes from. What lies too far from any road, or on roads that are not
joined, is estimated pair by pair, and says so.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from gancang_roads import UNREACHABLE, BadNetwork, Network, NoWay, OffTheMap

from gancang.maps import stored
from gancang.maps.queries import shut_at
from gancang.regions.queries import ridden_estimate, travel_estimate, zone_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from gancang_roads import Estimate, Place, Roads
    from gancang_roads.arrays import Flags, Ints
    from gancang_roads.directions import Step

    from gancang.maps.closed import Shut
    from gancang.regions.models import Region

MOTORCYCLE = "motorcycle"
BUILT_FOR = (MOTORCYCLE, "car")
"""The travellers that a region's network is built for."""

NEVER_S = 2**31 - 1
"""The seconds of a way that closed roads leave to nobody, in the planner's own words."""
CLOSED = "closed by decree"
"""Where the figures come from of a way that no open road leads."""

AROUND = ", around closed roads"
"""Stands behind the source of figures for which roads are closed."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Leg:
    """Whole seconds and metres of one trip, and where they come from."""

    seconds: int
    metres: int
    source: str

    @property
    def is_closed(self) -> bool:
        """Whether no open road leads there: it takes NEVER_S."""
        return self.source == CLOSED


@dataclass(frozen=True, slots=True)
class Table:
    """Seconds, metres and sources from each place to each, shape (sources, targets).

    Where closed roads leave no way, seconds are NEVER_S and metres those of the closed way.
    """

    seconds: tuple[tuple[int, ...], ...]
    metres: tuple[tuple[int, ...], ...]
    sources: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Way:
    """The way from door to door: its line as (lat, lon), and what to do along it, in words."""

    seconds: int
    metres: int
    line: list[tuple[float, float]]
    steps: list[Step]
    source: str


@dataclass(frozen=True, slots=True)
class Closing:
    """The closures that hold at a moment with the segments that each closes; the roads without."""

    free: Roads
    shut: tuple[tuple[Shut, Ints], ...]

    def segments(self) -> Ints:
        """All stretches of road that are closed."""
        return np.concatenate([closed for _, closed in self.shut])

    def last_on(self, segments: Sequence[int]) -> Shut:
        """Of the closures that hold some of these segments, the one that ends last."""
        on = [one for one, closed in self.shut if np.isin(segments, closed).any()]
        return max(on, key=lambda one: (one.until is None, one.until or one.since))


@dataclass(frozen=True, slots=True)
class Travel:
    """How one traveller gets along in a region."""

    estimate: Estimate
    roads: Roads | None = None
    closing: Closing | None = None
    off_roads: Estimate | None = None  # where no road leads; None: as `estimate` tells

    @property
    def source(self) -> str:
        """Where most of its figures come from: "roads of 2026-11-20", or "estimate"."""
        return self.estimate.source if self.roads is None else self.roads.source

    def leg(self, start: Place, end: Place) -> Leg:
        """Both figures of one trip, with their source."""
        table = self.matrix([start], [end])
        return Leg(table.seconds[0][0], table.metres[0][0], table.sources[0][0])

    def metres(self, start: Place, end: Place) -> int:
        """How far one trip is."""
        return self.leg(start, end).metres

    def seconds(self, start: Place, end: Place) -> int:
        """How long one trip takes from door to door."""
        return self.leg(start, end).seconds

    def matrix(self, starts: Sequence[Place], ends: Sequence[Place]) -> Table:
        """From each start to each end; to the place where one is: nothing."""
        if self.roads is None:
            told = self.estimate.matrix(starts, ends)
            sources = ((told.source,) * len(ends),) * len(starts)
            return Table(told.seconds, told.metres, sources)
        return self._by_roads(self.roads, starts, ends)

    def _by_roads(self, roads: Roads, starts: Sequence[Place], ends: Sequence[Place]) -> Table:
        rows, columns = (
            np.flatnonzero(self._is_on(roads, each)).tolist() for each in (starts, ends)
        )
        found = roads.matrix([starts[row] for row in rows], [ends[column] for column in columns])
        seconds, metres = (np.full((len(starts), len(ends)), UNREACHABLE) for _ in range(2))
        seconds[np.ix_(rows, columns)] = found.seconds
        metres[np.ix_(rows, columns)] = found.metres
        # Setting off and arriving take their time on roads as in an estimate.
        seconds[seconds != UNREACHABLE] += self.estimate.start_s
        sources = [[found.source] * len(ends) for _ in starts]
        at: defaultdict[tuple[float, float], list[int]] = defaultdict(list)
        for column, end in enumerate(ends):
            at[end.lat, end.lon].append(column)
        for row, start in enumerate(starts):
            here = at[start.lat, start.lon]
            seconds[row, here] = metres[row, here] = 0
        missing = np.argwhere(seconds == UNREACHABLE).tolist()
        without = self._free().matrix(starts, ends) if missing and self.closing else None
        for row, column in missing:
            if without and not without.sources[row][column].startswith("estimate"):
                seconds[row, column], metres[row, column] = NEVER_S, without.metres[row][column]
                sources[row][column] = CLOSED
                continue
            rough = self.off_roads or self.estimate
            leg = rough.leg(starts[row], ends[column])
            seconds[row, column], metres[row, column] = leg.seconds, leg.metres
            sources[row][column] = rough.source
        return Table(_rows(seconds.tolist()), _rows(metres.tolist()), _rows(sources))

    def _is_on(self, roads: Roads, places: Sequence[Place]) -> Flags:
        """Which places have a road; not those whose own road is closed, whatever else is near."""
        if self.closing is None:
            return roads.nearest(places).is_on
        own = self.closing.free.nearest(places)
        return roads.nearest(places).is_on & ~np.isin(own.segment, self.closing.segments())

    def _free(self) -> Travel:
        """The same with no road closed."""
        return self if self.closing is None else Travel(self.estimate, self.closing.free)

    def closed_by(self, start: Place, end: Place) -> Shut | None:
        """The last to end of the closures that leave no way there; None where a way is open."""
        if self.closing is None or not self.leg(start, end).is_closed:
            return None
        free = self.closing.free
        # There is a way: one leads there without the closures. Its ends may be no stretch at all.
        way = [stretch.segment for stretch in free.route(start, end).stretches]
        return self.closing.last_on([*way, *free.nearest([start, end]).segment.tolist()])

    def measured(self, *between: tuple[Sequence[Place], Sequence[Place]]) -> Measured:
        """The same, with the ways from each of some to each of others measured at once."""
        legs: dict[tuple[Place, Place], Leg] = {}
        for starts, ends in between:
            told = self.matrix(starts, ends)
            for row, start in enumerate(starts):
                columns = zip(told.seconds[row], told.metres[row], told.sources[row], strict=True)
                legs |= {(start, end): Leg(*leg) for end, leg in zip(ends, columns, strict=True)}
        return Measured(self, legs)

    def among(self, places: Sequence[Place]) -> Among:
        """The ways between some places, measured all at once when the first is asked for."""
        return Among(self, tuple(places))

    def route(self, start: Place, end: Place, *, language: str = "id") -> Way | None:
        """The way along the roads; None where no roads are loaded or none lead there."""
        return next(iter(self.routes(start, end, at_most=1, language=language)), None)

    def routes(
        self, start: Place, end: Place, *, at_most: int = 3, language: str = "id"
    ) -> list[Way]:
        """The quickest way and others that are not much slower; none where `route` has none."""
        if self.roads is None or (self.closing and self.leg(start, end).is_closed):
            return []
        try:
            found = self.roads.alternatives(start, end, at_most=at_most)
        except (OffTheMap, NoWay):
            return []
        return [
            Way(
                each.seconds + self.estimate.start_s,
                each.metres,
                each.line,
                each.steps(language),
                each.source,
            )
            for each in found
        ]


def known_by(ways: Sequence[Way]) -> list[str]:
    """By which road each way is known: the longest that no other takes, else its longest."""
    roads = [_metres_by_road(way) for way in ways]
    names = []
    for number, own in enumerate(roads):
        others = {road for n, each in enumerate(roads) if n != number for road in each}
        names.append(max(own, key=lambda road: (road not in others, own[road]), default=""))
    return names


def _metres_by_road(way: Way) -> dict[str, int]:
    metres: defaultdict[str, int] = defaultdict(int)
    for step in way.steps:
        if step.road:
            metres[step.road] += step.metres
    return metres


@dataclass(frozen=True, slots=True)
class Measured:
    """How one gets along, with many ways measured beforehand; others are measured one by one."""

    travel: Travel
    legs: Mapping[tuple[Place, Place], Leg]

    @property
    def estimate(self) -> Estimate:
        """What holds where no road leads, and how late rides may be."""
        return self.travel.estimate

    @property
    def source(self) -> str:
        """Where most of its figures come from."""
        return self.travel.source

    def closed_by(self, start: Place, end: Place) -> Shut | None:
        """What leaves no way there, see Travel."""
        return self.travel.closed_by(start, end) if self.leg(start, end).is_closed else None

    def leg(self, start: Place, end: Place) -> Leg:
        """Both figures of one trip, with their source."""
        return self.legs.get((start, end)) or self.travel.leg(start, end)

    def metres(self, start: Place, end: Place) -> int:
        """How far one trip is."""
        return self.leg(start, end).metres


@dataclass(frozen=True)
class Among:
    """The ways between some places, measured once: what one round of the planner looks at."""

    travel: Travel
    places: tuple[Place, ...]

    @cached_property
    def _numbers(self) -> dict[Place, int]:
        return {place: number for number, place in enumerate(self.places)}

    @cached_property
    def _all(self) -> Table:
        return self.travel.matrix(self.places, self.places)

    def leg(self, start: Place, end: Place) -> Leg:
        """Both figures of one trip, with their source."""
        row, column, told = self._numbers[start], self._numbers[end], self._all
        return Leg(told.seconds[row][column], told.metres[row][column], told.sources[row][column])

    def metres(self, start: Place, end: Place) -> int:
        """How far one trip is."""
        return self.leg(start, end).metres

    def seconds(self, start: Place, end: Place) -> int:
        """How long one trip takes from door to door."""
        return self.leg(start, end).seconds

    def between(self, places: Sequence[Place]) -> Table:
        """From each of these to each."""
        at = [self._numbers[place] for place in places]
        told = self._all
        return Table(_picked(told.seconds, at), _picked(told.metres, at), _picked(told.sources, at))


def _picked(rows: tuple[tuple[Any, ...], ...], at: Sequence[int]) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(rows[row][column] for column in at) for row in at)


def _rows(lists: list[list[Any]]) -> tuple[tuple[Any, ...], ...]:
    return tuple(map(tuple, lists))


def travel_of(region: Region, *, at: datetime | None = None, profile: str = MOTORCYCLE) -> Travel:
    """How ways are reckoned in a region: by the roads in force, else by the estimate.

    Plans and promises hand in the moment `at` which somebody rides, and get that hour's traffic
    without the roads that are closed then, or what finished trips taught where no road is known.
    Prices hand in none: a price is the same at every hour, and by the pack's own figures.
    One query with a moment and roads, else none.
    """
    estimate, found = travel_estimate(region), stored.in_force(region.code)
    ridden = estimate if at is None else ridden_estimate(region)
    if found is None or not found.roads:
        return Travel(ridden)
    file = stored.folder_of(region.code) / found.roads
    roads = _opened(file, profile)
    if roads is None:
        return Travel(ridden)
    if at is None:
        return Travel(estimate, roads)
    hour = at.astimezone(zone_of(region)).hour
    busy = hour if hour in _busy_hours(roads) else None
    shut, closing = shut_at(region, at=at, profile=profile), None
    if shut:
        roads, closing = _without(file, profile, busy, shut)
    elif busy is not None:
        roads = _at_hour(file, profile, busy)
    return Travel(estimate, roads, closing, ridden)


def known_roads(region: Region) -> list[Roads]:
    """The roads in force, once for each traveller that they were built for; none without."""
    found = stored.in_force(region.code)
    if found is None or not found.roads:
        return []
    file = stored.folder_of(region.code) / found.roads
    return [roads for each in BUILT_FOR if (roads := _opened(file, each)) is not None]


def _busy_hours(roads: Roads) -> frozenset[int]:
    """The hours in which any road is slower than it was built; the others share one network."""
    told = roads.profile.hours.values()
    return frozenset(hour for each in told for hour, factor in enumerate(each) if factor != 1)


@lru_cache(maxsize=4)
def _at_hour(file: Path, profile: str, hour: int) -> Roads | None:
    """A network in the traffic of an hour; made in milliseconds, once an hour."""
    roads = _opened(file, profile)
    return None if roads is None else roads.at_hour(hour)


@lru_cache(maxsize=8)
def _without(
    file: Path, profile: str, busy: int | None, shut: tuple[Shut, ...]
) -> tuple[Roads | None, Closing | None]:
    """A network without closed roads, made in milliseconds, once for each set of closures."""
    plain = _opened(file, profile)
    free = plain if busy is None else _at_hour(file, profile, busy)
    if plain is None or free is None:
        return None, None
    closing = Closing(free, tuple((one, one.shape.segments(plain)) for one in shut))
    factors = np.ones(len(plain.network.first))
    factors[closing.segments()] = np.inf
    return free.with_factors(factors, note=AROUND), closing


@lru_cache(maxsize=8)
def _opened(file: Path, profile: str) -> Roads | None:
    """A network as a traveller uses it; read once, as its name changes with what it holds."""
    try:
        return Network.open(file).roads(profile)
    except BadNetwork:
        # Deliveries go on with estimates, which say that they are.
        log.exception("the road network cannot be read; load the map again")
        return None
