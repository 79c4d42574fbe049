"""Requests and riders as columns, in the order of their ids, whatever order they came in."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from math import inf
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from gancang_planner.checks import once
from gancang_planner.match_model import COST_MAX, Geometry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gancang_planner.match_model import Request, Rider, Travel

    Floats = NDArray[np.float64]
    Int64s = NDArray[np.int64]
    Int32s = NDArray[np.int32]
    Bytes = NDArray[np.uint8]

EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Of each request, whom it may not have: see MatchRules of the kernel. All empty: no rules."""

    first: Int64s
    rider: Int32s
    only: Bytes


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """Who is there. Places in metres on a plane, shape (n, 2); `leave` is inf for what must be."""

    request_ids: list[str]
    rider_ids: list[str]
    request_places: Floats
    rider_places: Floats
    leave: Floats
    seats: Int32s
    price: Floats
    rules: Rules
    speed_mps: float
    seconds: Any
    """Travel.seconds, but for an array in the order of the ids."""
    request_at: Int64s
    rider_at: Int64s
    """Where each stood in what the caller gave; empty where nobody asks."""


def crowd_of(requests: Sequence[Request], riders: Sequence[Rider], travel: Travel) -> Crowd:
    """Everything in columns. Raises ValueError for ids given twice, or unknown in a rule."""
    mine = sorted(requests, key=attrgetter("id"))
    theirs = sorted(riders, key=attrgetter("id"))
    request_ids = [each.id for each in mine]
    rider_ids = [each.id for each in theirs]
    for name, ids in (("request", request_ids), ("rider", rider_ids)):
        if len(set(ids)) < len(ids):
            once(name, ids)
    request_at = rider_at = np.zeros(0, np.int64)
    seconds = travel.seconds
    if seconds is not None:
        request_at, rider_at = _positions(requests), _positions(riders)
    rules = _rules(mine, rider_ids)
    if seconds is not None and not callable(seconds):
        seconds = _table(seconds, request_ids, rider_ids, (request_at, rider_at))
        _forbid(seconds, rules)
    request_places, rider_places = _on_a_plane(mine, theirs, travel.geometry)
    leave = [inf if (cost := each.leave_cost) is None else cost for each in mine]
    return Crowd(
        request_ids=request_ids,
        rider_ids=rider_ids,
        request_places=request_places,
        rider_places=rider_places,
        leave=np.array(leave, np.float64),
        seats=np.array([each.seats for each in theirs], np.int32),
        price=np.array([each.price for each in theirs], np.float64),
        rules=rules,
        speed_mps=travel.speed_mps,
        seconds=seconds,
        request_at=request_at,
        rider_at=rider_at,
    )


def _positions(all_of_them: Sequence[Request] | Sequence[Rider]) -> Int64s:
    ids = [each.id for each in all_of_them]
    return np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)


def check_seconds(seconds: Floats, request_ids: list[str], rider_ids: list[str]) -> None:
    """Raise ValueError that names the first pair whose time is no time. Ids one a value."""
    wrong = ~((seconds >= 0) & ((seconds <= COST_MAX) | np.isposinf(seconds)))
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ValueError(
            f"rider {rider_ids[at]} to request {request_ids[at]} takes {seconds[at]} s:"
            f" must be 0 to {COST_MAX:g}, or inf where there is no way"
        )


def _table(
    seconds: Any, request_ids: list[str], rider_ids: list[str], at: tuple[Int64s, Int64s]
) -> Floats:
    wanted = (len(request_ids), len(rider_ids))
    if np.shape(seconds) != wanted:
        raise ValueError(f"the seconds have shape {np.shape(seconds)}, not {wanted}")
    table = np.asarray(seconds, np.float64)[np.ix_(*at)]
    for row, request_id in enumerate(request_ids):
        check_seconds(table[row], [request_id] * wanted[1], rider_ids)
    return table


def _forbid(table: Floats, rules: Rules) -> None:
    """There is no way between those who may not."""
    for row, only in enumerate(rules.only):
        listed = rules.rider[rules.first[row] : rules.first[row + 1]]
        if only:
            kept = table[row, listed]
            table[row] = inf
            table[row, listed] = kept
        else:
            table[row, listed] = inf


def _on_a_plane(
    requests: Sequence[Request], riders: Sequence[Rider], geometry: Geometry
) -> tuple[Floats, Floats]:
    both: list[Request | Rider] = [*requests, *riders]
    flat = chain.from_iterable([each.place for each in both])
    places = np.fromiter(flat, np.float64, 2 * len(both)).reshape(len(both), 2)
    if geometry is Geometry.DEGREES and both:
        wrong = np.flatnonzero((abs(places[:, 0]) > 90) | (abs(places[:, 1]) > 180)).tolist()
        if wrong:
            what, owner = "request" if wrong[0] < len(requests) else "rider", both[wrong[0]]
            raise ValueError(f"{what} {owner.id} is at {owner.place}: no latitude and longitude")
        latitude, longitude = np.radians(places).T
        middle = (latitude.min() + latitude.max()) / 2
        # Whoever is near the date line is near on both sides of it.
        east = (longitude - longitude[0] + np.pi) % (2 * np.pi) - np.pi
        places = EARTH_RADIUS_M * np.stack([east * np.cos(middle), latitude], axis=1)
    return places[: len(requests)], places[len(requests) :]


def _rules(requests: Sequence[Request], rider_ids: list[str]) -> Rules:
    lists: list[list[int]] = []
    number = dict(zip(rider_ids, range(len(rider_ids)), strict=True))
    if not any(each.allowed_riders is not None or each.forbidden_riders for each in requests):
        return Rules(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint8))
    for each in requests:
        named = each.forbidden_riders | (each.allowed_riders or frozenset())
        if unknown := sorted(name for name in named if name not in number):
            raise ValueError(f"request {each.id} names rider {unknown[0]!r}, who is not there")
        if each.allowed_riders is not None:
            named = each.allowed_riders - each.forbidden_riders
        lists.append(sorted(number[name] for name in named))
    return Rules(
        np.cumsum([0, *map(len, lists)], dtype=np.int64),
        np.fromiter(chain.from_iterable(lists), np.int32),
        np.array([each.allowed_riders is not None for each in requests], np.uint8),
    )
