"""VROOM's vehicles as vehicles of the planner, with a matrix for each way to travel and to pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gancang_planner.checks import LARGEST
from gancang_planner.formats.vroom_ways import (
    A_METRE,
    A_SECOND,
    COST_PARTS,
    PER_HOUR_USUAL,
    Purse,
    Tariff,
    Ways,
    matrix,
    parts,
    purse_of,
)
from gancang_planner.model import Break, Vehicle, Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang_planner.formats.vroom_fields import Fields
    from gancang_planner.formats.vroom_places import Places
    from gancang_planner.snapshot import Matrix

SPEED_FACTOR_MAX = 5.0
FIXED_MAX = 10**9
PRICE_MAX = 10**7


@dataclass(frozen=True, slots=True)
class Van:
    """What the answer says of a vehicle in VROOM's terms. Ends that it has not are None."""

    about: dict[str, Any]
    start: dict[str, Any] | None
    end: dict[str, Any] | None
    breaks: tuple[dict[str, Any], ...]
    tariff: Tariff
    ways: Ways
    fixed: int
    per_task_hour: int


@dataclass(frozen=True, slots=True)
class Fleet:
    """The vehicles, the matrices of their profiles, and what the answer says of each by its id."""

    vehicles: tuple[Vehicle, ...]
    matrices: dict[str, Matrix]
    vans: dict[str, Van]


def read_fleet(vehicles: Sequence[Fields], places: Places) -> Fleet:
    """All vehicles; ValueError says what is not understood, and of which."""
    starts = [places.find(each, "start_index", "start") for each in vehicles]
    ends = [places.find(each, "end_index", "end") for each in vehicles]
    for of, start, end in zip(vehicles, starts, ends, strict=True):
        if start is None and end is None:
            raise ValueError(f"{of.name} has neither a start nor an end")
    all_ways = places.ways()
    vans = [_van(of, all_ways) for of in vehicles]
    tariffs = {van.tariff: van.ways for van in vans}
    if len({van.per_task_hour for van in vans}) > 1:
        raise ValueError("costs.per_task_hour must be the same for all vehicles")
    tables = [parts(ways, tariff) for tariff, ways in tariffs.items()]
    purse = purse_of(tables, [van.fixed for van in vans])
    nowhere = places.size()
    names = {tariff: str(number) for number, tariff in enumerate(tariffs)}
    return Fleet(
        tuple(
            _vehicle(of, van, purse, names[van.tariff], (nowhere if start is None else start, end))
            for of, van, start, end in zip(vehicles, vans, starts, ends, strict=True)
        ),
        {
            names[tariff]: matrix(ways, tariff, purse, has_nowhere=None in starts)
            for tariff, ways in tariffs.items()
        },
        {str(van.about["vehicle"]): van for van in vans},
    )


def _van(of: Fields, all_ways: dict[str, Ways]) -> Van:
    profile = of.text("profile", "car")
    if "" in all_ways:  # estimated: every profile goes the same way
        profile = ""
    if profile not in all_ways:
        raise ValueError(f"{of.name} needs a matrix of profile {profile!r}")
    ways, costs = all_ways[profile], of.object("costs")
    tariff = Tariff(
        profile,
        of.number("speed_factor", 1.0, SPEED_FACTOR_MAX),
        costs.whole("per_hour", PER_HOUR_USUAL, PRICE_MAX),
        costs.whole("per_km", 0, PRICE_MAX),
    )
    if tariff.per_km and ways.metres is None:
        raise ValueError(f"{of.name}: costs.per_km needs the distances of profile {profile!r}")
    if ways.prices is not None and (tariff.per_hour, tariff.per_km) != (PER_HOUR_USUAL, 0):
        raise ValueError(f"{of.name}: costs.per_hour and per_km do not go with a matrix of costs")
    about = {"vehicle": of.whole("id")}
    if of.has("description"):
        about["description"] = of.get("description")
    return Van(
        about,
        _end(of, "start"),
        _end(of, "end"),
        tuple({"type": "break", "id": each.whole("id")} for each in _breaks(of)),
        tariff,
        ways,
        costs.whole("fixed", 0, FIXED_MAX),
        costs.whole("per_task_hour", 0, PRICE_MAX),
    )


def _end(of: Fields, key: str) -> dict[str, Any] | None:
    told = {"location": of.get(key), "location_index": of.get(f"{key}_index")}
    told = {key: value for key, value in told.items() if value is not None}
    return {"type": key, **told} if told else None


def _breaks(of: Fields) -> list[Fields]:
    """In the order in which VROOM takes them: by their first window."""
    breaks = of.objects("breaks")
    return sorted(breaks, key=lambda each: each.windows("time_windows")[:1])


def _break(of: Fields) -> Break:
    of.refuse("max_load", "a break does not ask what is on board")
    of.get("description")
    windows = of.windows("time_windows") or (Window(0, LARGEST),)
    try:
        return Break(windows, of.whole("service", 0))
    except ValueError as wrong:
        raise ValueError(f"{of.name}: {wrong}") from None


def _vehicle(
    of: Fields, van: Van, purse: Purse, profile: str, ends: tuple[int, int | None]
) -> Vehicle:
    window = of.get("time_window")
    return Vehicle(
        id=str(of.whole("id")),
        start_place=ends[0],
        end_place=ends[1],
        shift=Window(0, LARGEST) if window is None else of.window("time_window", window),
        capacity=of.wholes("capacity"),
        skills=frozenset(map(str, of.wholes("skills"))),
        max_stops=_max_tasks(of),
        max_distance_m=_most(of, van, purse),
        profile=profile,
        fixed_cost=purse.units(van.fixed * COST_PARTS),
        breaks=tuple(_break(each) for each in _breaks(of)),
    )


def _max_tasks(of: Fields) -> int | None:
    if not of.has("max_tasks"):
        return None
    if (most := of.whole("max_tasks")) == 0:
        raise ValueError(f"{of.name}: with max_tasks 0 it does nothing; leave it out")
    return most


def _most(of: Fields, van: Van, purse: Purse) -> int | None:
    """What the ways of a vehicle may cost it, which is how its most travel is told to the planner.

    So a most time holds only where time alone has a price, a most distance where distance alone.
    """
    tariff, most = van.tariff, None
    prices = {
        "max_travel_time": (A_SECOND * tariff.per_hour, tariff.per_km),
        "max_distance": (A_METRE * tariff.per_km, tariff.per_hour),
    }
    for key, (price, other_price) in prices.items():
        if not of.has(key):
            continue
        if not price or other_price or van.ways.prices is not None or not purse.is_exact:
            alone = "costs.per_hour" if key == "max_travel_time" else "costs.per_km"
            raise ValueError(f"{of.name}: {key} is understood only beside {alone} alone")
        most = of.whole(key) * price // purse.unit
    return most
