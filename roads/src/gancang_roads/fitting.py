"""Refits an estimate from trips that were really made; where there are few, it stays the prior.

t = start + metres · 3.6 / (speed · f), metres = straight line · detour. Start and speed are found
by weighted least squares with Huber's weights ("Robust estimation of a location parameter", Ann.
Math. Stat. 35(1), 1964) on relative errors, f by area and by pair of areas as shrunk medians, as
in empirical Bayes. The late ratio is measured on trips that the fit had not seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from gancang_roads.arrays import Floats, Ints
from gancang_roads.errors import RoadsError
from gancang_roads.estimate import Estimate, Place, great_circle_m

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

PRIOR_TRIPS = 20.0
"""The prior weighs as much as so many trips in start and speed …"""
PRIOR_OF_AREA = 8.0
PRIOR_OF_PAIR = 4.0
"""… in what an area and a pair of areas add."""
PRIOR_OF_LATE = 20.0
HUBER = 0.3
SHORTEST_M = 300.0
BANDS = 5
TRIPS_A_BAND = 60
ROUND_AT_LEAST = 1.3
ROUND_AT_MOST = 8.0
SEED = 11


@dataclass(frozen=True, slots=True)
class Trip:
    """One trip that ended: whole seconds from door to door."""

    source: Place
    target: Place
    seconds: int


def fit(trips: Iterable[Trip], prior: Estimate) -> Estimate:
    """The prior, corrected by what the trips show. Trips under 300 m or of no time say nothing.

    Areas without a name count as one. Raises RoadsError where no trip is left.
    """
    table = _Table.of(trips, prior)
    if not len(table.seconds):
        raise RoadsError("no trip of 300 m or more to learn from")
    fitted = _fitted(table, prior)
    ratios, told = _unseen(table, prior)
    late = _late(ratios, told, prior)
    source = f"estimate from {len(table.seconds):,} trips"
    return _estimate(fitted, table, replace(prior, late=late, source=source))


def fit_errors(trips: Iterable[Trip], prior: Estimate) -> tuple[float, float]:
    """How far off half, and nine of ten, of the trips are told, as a share of what they took.

    Each is told by a fit on the other half of the trips. Raises RoadsError where no trip is left.
    """
    table = _Table.of(trips, prior)
    if not len(table.seconds):
        raise RoadsError("no trip of 300 m or more to learn from")
    ratios, _told = _unseen(table, prior)
    half, most = np.quantile(np.abs(1 / ratios - 1), [0.5, 0.9]).tolist()
    return half, most


@dataclass(frozen=True, slots=True)
class _Table:
    """Trips as columns. metres: as the prior has them; one, other: numbers of areas, ordered."""

    metres: Floats
    seconds: Floats
    one: Ints
    other: Ints
    areas: list[str | None]

    @classmethod
    def of(cls, trips: Iterable[Trip], prior: Estimate) -> _Table:
        numbers: dict[str | None, int] = {}
        rows = []
        for trip in trips:
            ends = (trip.source.area, trip.target.area)
            pair = sorted(numbers.setdefault(area, len(numbers)) for area in ends)
            if great_circle_m(trip.source, trip.target) >= SHORTEST_M and trip.seconds > 0:
                rows.append((prior.metres(trip.source, trip.target), trip.seconds, *pair))
        columns = np.array(rows, float).reshape(-1, 4)
        pairs = columns[:, 2:].astype(np.int64)
        return cls(columns[:, 0], columns[:, 1], pairs[:, 0], pairs[:, 1], list(numbers))

    def only(self, rows: Ints) -> _Table:
        metres, seconds = self.metres[rows], self.seconds[rows]
        return _Table(metres, seconds, self.one[rows], self.other[rows], self.areas)


@dataclass(frozen=True, slots=True)
class _Fitted:
    """start_s, s_a_metre, and how many times slower each pair of areas is, shape (areas, areas)."""

    start_s: float
    s_a_metre: float
    slower: Floats

    def seconds(self, table: _Table) -> Floats:
        return self.start_s + self.s_a_metre * table.metres * self.slower[table.one, table.other]


def _fitted(table: _Table, prior: Estimate) -> _Fitted:
    start, pace = _line(table, prior)
    ratio = np.log(np.maximum(table.seconds - start, table.seconds / 4) / (pace * table.metres))
    areas = _by_area(table, ratio)
    rest = ratio - areas[table.one] - areas[table.other]
    slower = areas[:, None] + areas[None, :] + _by_pair(table, rest)
    return _Fitted(start, pace, np.exp(slower))


def _line(table: _Table, prior: Estimate) -> tuple[float, float]:
    """Start in seconds and seconds a metre; the prior counts as some trips of 1 to 10 km."""
    start, pace = float(prior.start_s), 3.6 / prior.speed_kmh
    own = np.array([1000.0, 3000.0, 10_000.0])
    metres = np.append(table.metres, own)
    seconds = np.append(table.seconds, start + pace * own)
    trust = np.append(np.ones(len(table.metres)), np.full(3, PRIOR_TRIPS / 3))
    for _ in range(12):
        error = np.abs(seconds / np.maximum(start + pace * metres, 1) - 1)
        weight = np.sqrt(trust * np.minimum(1, HUBER / np.maximum(error, 1e-9))) / seconds
        columns = np.stack([weight, weight * metres], axis=1)
        (start, pace), *_ = np.linalg.lstsq(columns, weight * seconds, rcond=None)
        start = max(0.0, float(start))
        pace = float(max(pace, 1e-3))
    return start, pace


def _by_area(table: _Table, ratio: Floats) -> Floats:
    """What each area adds to the logarithm, by turns, shrunk to nothing where trips are few."""
    count = len(table.areas)
    found = np.zeros(count)
    clipped = np.clip(ratio, -1, 1)
    trips = np.bincount(table.one, minlength=count) + np.bincount(table.other, minlength=count)
    for _ in range(15):
        rest = clipped - found[table.one] - found[table.other]
        total = np.bincount(table.one, rest, count) + np.bincount(table.other, rest, count)
        found = found + 0.5 * (total - PRIOR_OF_AREA * found) / (trips + PRIOR_OF_AREA)
    return found


def _by_pair(table: _Table, rest: Floats) -> Floats:
    """The median of what is left in each pair of areas, shrunk to nothing where trips are few."""
    count = len(table.areas)
    found = np.zeros((count, count))
    keys = table.one * count + table.other
    order = np.argsort(keys, kind="stable")
    cuts = np.flatnonzero(np.diff(keys[order])) + 1
    for rows in np.split(order, cuts):
        one, other = table.one[rows[0]], table.other[rows[0]]
        shrunk = float(np.median(rest[rows])) * len(rows) / (len(rows) + PRIOR_OF_PAIR)
        found[one, other] = found[other, one] = shrunk
    return found


def _unseen(table: _Table, prior: Estimate) -> tuple[Floats, Floats]:
    """Real over told seconds, and the told ones, each told by a fit on the other half."""
    count = len(table.seconds)
    order = np.random.default_rng(SEED).permutation(count)
    halves = order[: count // 2], order[count // 2 :]
    told = np.empty(count)
    for mine, others in (halves, halves[::-1]):
        told[mine] = _fitted(table.only(others), prior).seconds(table.only(mine))
    return table.seconds / told, told


def _late(ratios: Floats, told: Floats, prior: Estimate) -> tuple[tuple[float, float], ...]:
    """The ratio that nine of ten trips keep, in bands of told seconds, shrunk to the prior's."""
    bands = int(np.clip(len(told) // TRIPS_A_BAND, 1, BANDS))
    order = np.argsort(told)
    found = []
    for rows in np.array_split(order, bands):
        before = next((r for upto, r in prior.late if told[rows[-1]] <= upto), prior.late[-1][1])
        ninth = float(np.quantile(ratios[rows], 0.9))
        shrunk = (ninth * len(rows) + before * PRIOR_OF_LATE) / (len(rows) + PRIOR_OF_LATE)
        found.append((float(told[rows[-1]]), max(1.0, shrunk)))
    found[-1] = (inf, found[-1][1])
    return tuple(found)


def _estimate(fitted: _Fitted, table: _Table, prior: Estimate) -> Estimate:
    speed = 3.6 / fitted.s_a_metre
    named = [(number, area) for number, area in enumerate(table.areas) if area is not None]
    speeds = {
        (area, other): speed / float(fitted.slower[number, second])
        for place, (number, area) in enumerate(named)
        for second, other in named[place:]
    }
    nameless = table.areas.index(None) if None in table.areas else None
    if nameless is not None and not named:
        speed /= float(fitted.slower[nameless, nameless])
    return replace(
        prior,
        speed_kmh=speed,
        start_s=round(fitted.start_s),
        pair_speeds=speeds,
    )


def round_ways(
    travel: Estimate, touching: Mapping[str, Collection[str]], centres: Mapping[str, Place]
) -> Estimate:
    """The estimate, with detours for areas that one reaches only through others.

    touching: the areas that a road leads into from each. Where the way from centre to centre
    through neighbours is 1.3 times the straight line or more, a volcano or a bay lies between, and
    the pair's detour grows with it. Detours that are already known stay.
    """
    for area, others in touching.items():
        if strange := {area, *others} - centres.keys():
            raise RoadsError(f"the area {min(strange)} has neighbours, but no centre")
    found: dict[tuple[str, str], float] = {}
    areas = sorted(centres)
    for place, area in enumerate(areas):
        along = _through_neighbours(area, touching, centres)
        for other in areas[place + 1 :]:
            straight = great_circle_m(centres[area], centres[other])
            ratio = along.get(other, inf) / max(straight, 1)
            if ROUND_AT_LEAST <= ratio < inf:
                base = travel.metres(
                    replace(centres[area], area=area), replace(centres[other], area=other)
                )
                detour = max(base / max(straight, 1), 1) * min(ratio, ROUND_AT_MOST)
                found[area, other] = detour
    known = travel.pair_detours
    new = {p: d for p, d in found.items() if p not in known and p[::-1] not in known}
    return replace(travel, pair_detours={**known, **new})


def _through_neighbours(
    start: str, touching: Mapping[str, Collection[str]], centres: Mapping[str, Place]
) -> dict[str, float]:
    """Metres from centre to centre, from one area to all."""
    done: dict[str, float] = {}
    queue = [(0.0, start)]
    while queue:
        metres, area = heappop(queue)
        if area in done:
            continue
        done[area] = metres
        for other in touching.get(area, ()):
            heappush(queue, (metres + great_circle_m(centres[area], centres[other]), other))
    return done
