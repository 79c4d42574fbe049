"""How far off an estimate is that learnt from half the trips on a real network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from gancang_roads import Estimate, Place, Trip, fit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gancang_roads import Roads
    from gancang_roads.arrays import Flags, Floats, Ints

PLACES, AREAS, TRIPS = 800, 40, 60_000
SHORTEST_M = 500
PRIOR = Estimate(speed_kmh=35, start_s=60)


def estimates(roads: Roads, seed: int) -> Iterator[tuple[str, float]]:
    """Mean absolute error over 500 m and trips within nine of ten: unseen pairs, unseen places."""
    rng = np.random.default_rng(seed)
    network = roads.network
    usable = np.flatnonzero(roads.is_usable)
    at = network.first[usable[rng.integers(0, len(usable), PLACES)]]
    points = np.stack([network.y[at], network.x[at]], axis=1) / 1e7
    seconds = roads.matrix(points, points).seconds
    metres = points * 111_195 * np.array([1, np.cos(np.radians(points[:, 0].mean()))])
    areas = _areas(metres, rng)
    line = np.hypot(*(metres[:, None] - metres[None]).transpose(2, 0, 1))
    pairs = np.stack(np.nonzero((line > SHORTEST_M) & (seconds > 0)), axis=1)
    pairs = pairs[rng.permutation(len(pairs))]
    places = [
        Place(lat, lon, f"area {area}")
        for (lat, lon), area in zip(points.tolist(), areas.tolist(), strict=True)
    ]
    is_known = rng.random(PLACES) < 0.5
    both = is_known[pairs]
    halves: list[tuple[str, Any, Any]] = [
        ("unseen pairs", pairs[::2], pairs[1::2]),
        ("unseen places", pairs[both.all(axis=1)], pairs[~both.any(axis=1)]),
    ]
    for what, learn, unseen in halves:
        learnt = fit(_trips(places, seconds, learn[:TRIPS]), PRIOR)
        trips = _trips(places, seconds, unseen[:TRIPS])
        told = np.array([learnt.seconds(t.source, t.target) for t in trips])
        late = np.array([learnt.late_seconds(t.source, t.target) for t in trips])
        real = np.array([t.seconds for t in trips])
        yield f"error, {what}", float(np.mean(np.abs(told / real - 1)))
        yield f"within the promise, {what}", float(np.mean(real <= late))


def _trips(places: list[Place], seconds: Ints, pairs: Ints) -> list[Trip]:
    return [Trip(places[a], places[b], int(seconds[a, b])) for a, b in pairs.tolist()]


def _areas(metres: Floats, rng: np.random.Generator) -> Ints:
    """The area of each place: the nearest of some centres (Lloyd's algorithm)."""
    centres = metres[rng.choice(len(metres), AREAS, replace=False)]
    for _ in range(20):
        area: Ints = np.argmin(((metres[:, None] - centres[None]) ** 2).sum(axis=2), axis=1)
        for number in range(AREAS):
            is_in: Flags = area == number
            centres[number] = metres[is_in].mean(axis=0) if is_in.any() else centres[number]
    return area
