"""The rounds of one meal: from each stall, in time, by the planner. No database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang_planner import Job, Kind, Matrix, Snapshot, Stop, Stopping, Vehicle, Window, plan
from gancang_roads import Place

from gancang.maps.ways import travel_of
from gancang.servings.rules import Why
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gancang_planner import Route

    from gancang.fleet.models import Rider
    from gancang.regions.models import Region
    from gancang.servings.rules import Calendar, Meal

DOOR_S = 150  # to knock, to be let in, to see that somebody is well
ITERATIONS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """One courier's round: from which stall, when, and whom he meets when."""

    stall: int
    courier: Rider
    leaves_s: int
    ends_s: int
    stops: tuple[tuple[int, int], ...]  # diner, seconds after midnight


def plan_rides(
    region: Region,
    calendar: Calendar,
    left: Mapping[int, Sequence[int]],
    couriers: Sequence[Rider],
    meal: Meal,
) -> list[Ride]:
    """A round for each courier that is needed. Refused where the couriers are too few."""
    most = calendar.table.stops_max
    needed = {stall: -(-len(who) // most) for stall, who in left.items()}
    if sum(needed.values()) > len(couriers):
        raise Refused(Why.TOO_FEW_COURIERS, needed=sum(needed.values()), chosen=len(couriers))
    shared = _shared(needed, couriers)
    rides: list[Ride] = []
    for stall, who in sorted(left.items()):
        rides += _of_stall(region, calendar, stall, who, shared[stall], meal)
    return rides


def _shared(needed: Mapping[int, int], couriers: Sequence[Rider]) -> dict[int, list[Rider]]:
    """Each stall has as many couriers as it needs; who is left over helps where most is needed."""
    rest = list(couriers)
    shared: dict[int, list[Rider]] = {}
    for stall, count in sorted(needed.items()):
        shared[stall], rest = rest[:count], rest[count:]
    for rider, stall in zip(rest, sorted(needed, key=lambda s: (-needed[s], s)), strict=False):
        shared[stall].append(rider)
    return shared


def _of_stall(
    region: Region,
    calendar: Calendar,
    stall: int,
    who: Sequence[int],
    couriers: Sequence[Rider],
    meal: Meal,
) -> list[Ride]:
    at = {kitchen.number: kitchen.at for kitchen in calendar.kitchens}[stall]
    homes = {eater.number: eater.at for eater in calendar.eaters}
    points = [at, *(homes[number] for number in who)]
    places = [Place(point.lat, point.lon) for point in points]
    ways = travel_of(region).matrix(places, places)
    table = calendar.table
    opens, closes = _seconds(meal.opens), _seconds(meal.closes)
    ends = min(closes, opens + table.round_minutes * 60)
    window = Window(opens, ends)
    jobs = tuple(
        Job(
            id=str(number),
            pickups=(Stop(place=0),),
            deliveries=(Stop(place=n, windows=(window,), service_s=DOOR_S),),
            load=(1,),
        )
        for n, number in enumerate(who, 1)
    )
    vehicles = tuple(_vehicle(rider, window, table.stops_max) for rider in couriers)
    snapshot = Snapshot(jobs, vehicles, Matrix.of(ways.seconds, ways.metres), opens)
    found = plan(snapshot, stop=Stopping(iterations=ITERATIONS, seconds=20.0), seed=1)
    if found.unserved:
        raise Refused(Why.TOO_FAR, n=len(found.unserved))
    by_id = {str(rider.pk): rider for rider in couriers}
    return [_ride(stall, by_id[route.vehicle_id], route) for route in found.routes if route.visits]


def _vehicle(rider: Rider, window: Window, most: int) -> Vehicle:
    return Vehicle(id=str(rider.pk), start_place=0, shift=window, capacity=(most,), max_jobs=most)


def _ride(stall: int, courier: Rider, route: Route) -> Ride:
    stops = [visit for visit in route.visits if visit.kind is Kind.DELIVERY]
    return Ride(
        stall=stall,
        courier=courier,
        leaves_s=route.departs_s,
        ends_s=route.ends_s,
        stops=tuple((int(visit.job_id), visit.start_s) for visit in stops),
    )


def _seconds(clock: object) -> int:
    hour, minute = str(clock).split(":")[:2]
    return int(hour) * 3600 + int(minute) * 60
