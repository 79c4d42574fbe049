"""A rider's way: his stops in order, the leg before him in words and as a line, other ways."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from gancang_roads import Place

from gancang.dispatch.round import round_of
from gancang.dispatch.rules import COUNTER, HOUSE, PHARMACY, VILLAGE, whereto
from gancang.maps.ways import known_by, travel_of
from gancang.orders import lifecycle
from gancang.regions.queries import place_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.dispatch.round import RoundStop
    from gancang.fleet.models import Rider, Shift
    from gancang.maps.closed import Shut
    from gancang.maps.ways import Leg, Travel, Way
    from gancang.orders.models import Order
    from gancang.regions.models import Organisation

WAYS_MAX = 3
FINENESS = 5
"""Decimals of a degree on the map: a metre."""
LOOKS = {PHARMACY: "counter", COUNTER: "held", VILLAGE: "waiting", HOUSE: "house"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceToBe:
    """One place of the way, and all that is to be done there."""

    number: int
    kind: str  # of `rules.whereto`
    place: Place
    stops: Sequence[RoundStop]
    leg: Leg | None = None  # from the place before; None for the first where nobody knows his own

    @property
    def first(self) -> RoundStop:
        """What is to be done there first."""
        return self.stops[0]

    @property
    def office(self) -> Organisation | None:
        """The pharmacy or the counter that it is, or None for a house or a village."""
        if self.kind == PHARMACY:
            return self.first.order.origin
        return self.first.order.hold_at if self.kind == COUNTER else None

    @property
    def outside(self) -> str:
        """The same place for another app on the phone."""
        at = f"{self.place.lat:.6f},{self.place.lon:.6f}"
        return f"geo:{at}?q={at}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the ways to the place before him, by which road, and how much longer it takes."""

    by: str
    way: Way
    more_s: int
    is_taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MyWay:
    """All of a rider's page of the way."""

    start: Place | None
    seen_at: datetime | None  # of the start; None: his fleet's place, until his phone has told
    places: Sequence[PlaceToBe]
    ahead: PlaceToBe | None = None  # the one to which the way is shown
    leg: Leg | None = None  # to it, from where he is
    choices: Sequence[Choice] = ()
    closed: Shut | None = None  # what leaves no way there

    @property
    def taken(self) -> Choice | None:
        """The way that is shown, or None where no road is known."""
        return next((each for each in self.choices if each.is_taken), None)


def my_way(
    rider: Rider, shift: Shift | None, *, to: str, by: str, language: str, now: datetime
) -> MyWay:
    """The way of a rider. `to`: the order whose place he asks for; `by`: the road he prefers."""
    places = _places(round_of(rider, shift, now=now))
    start = None
    if shift and shift.lat is not None and shift.lon is not None:
        start = Place(shift.lat, shift.lon)
    seen_at = shift.seen_at if shift else None
    travel = travel_of(rider.region, at=now)
    places = _with_legs(places, start, travel)
    asked = (each for each in places if to in {stop.order.code for stop in each.stops})
    ahead = next(asked, places[0] if places else None)
    if ahead is None or start is None:
        return MyWay(start=start, seen_at=seen_at, places=places, ahead=ahead)
    ways = travel.routes(start, ahead.place, at_most=WAYS_MAX, language=language)
    return MyWay(
        start=start,
        seen_at=seen_at,
        places=places,
        ahead=ahead,
        leg=travel.leg(start, ahead.place),
        choices=_choices(ways, by=by),
        closed=travel.closed_by(start, ahead.place),
    )


def _places(stops: Sequence[RoundStop]) -> list[PlaceToBe]:
    """What follows one after the other at one place is one place to be."""
    found: list[PlaceToBe] = []
    for stop in stops:
        kind = _kind(stop)
        place = _point(kind, stop.order)
        if found and (found[-1].kind, found[-1].place) == (kind, place):
            last = found.pop()
            together = (*last.stops, stop)
            found.append(PlaceToBe(number=last.number, kind=kind, place=place, stops=together))
        else:
            found.append(PlaceToBe(number=len(found) + 1, kind=kind, place=place, stops=(stop,)))
    return found


def _kind(stop: RoundStop) -> str:
    order = stop.order
    return whereto(
        stop.what,
        has_bag=order.state == lifecycle.COLLECTED,
        is_stopped=order.frozen_at is not None,
        has_counter=order.hold_at_id is not None,
        has_pin=not order.point_is_village,
    )


def _point(kind: str, order: Order) -> Place:
    if kind == HOUSE:
        return place_of(order.village, order.lat, order.lon)
    office = {PHARMACY: order.origin, COUNTER: order.hold_at}.get(kind)
    if office is None:
        return place_of(order.village)
    return place_of(office.village or order.village, office.lat, office.lon)


def _with_legs(places: Sequence[PlaceToBe], start: Place | None, travel: Travel) -> list[PlaceToBe]:
    points = [*([start] if start else []), *(each.place for each in places)]
    if not places:
        return []
    among = travel.among(points)
    legs: list[Leg | None] = [among.leg(before, after) for before, after in pairwise(points)]
    legs = legs if start else [None, *legs]
    return [replace(each, leg=leg) for each, leg in zip(places, legs, strict=True)]


def _choices(ways: Sequence[Way], *, by: str) -> list[Choice]:
    names = known_by(ways)
    taken = names.index(by) if by in names else 0
    return [
        Choice(by=name, way=way, more_s=way.seconds - ways[0].seconds, is_taken=number == taken)
        for number, (name, way) in enumerate(zip(names, ways, strict=True))
    ]


def on_map(found: MyWay) -> dict[str, list[dict[str, Any]]]:
    """His stops as numbered points, himself, and the line to the place before him."""
    points: list[dict[str, Any]] = [
        {
            "id": f"stop-{each.number}",
            **_at(each.place),
            "kind": LOOKS[each.kind],
            "mark": str(each.number),
            "title": str(each.office or each.first.order.village),
            "size": 12,
        }
        for each in found.places
    ]
    if found.start is None:
        return {"points": points, "lines": []}
    points.append(
        {
            "id": "rider-me",
            **_at(found.start),
            "kind": "rider",
            "mark": "•",
            "title": _("You"),
            "size": 10,
        }
    )
    if found.taken:
        line = [(round(lat, FINENESS), round(lon, FINENESS)) for lat, lon in found.taken.way.line]
        return {"points": points, "lines": [{"kind": "rider", "points": line}]}
    ends = [found.start, found.ahead.place] if found.ahead else []
    straight = [tuple(_at(end).values()) for end in ends]
    return {"points": points, "lines": [{"kind": "quiet", "points": straight}] if ends else []}


def _at(place: Place) -> dict[str, float]:
    return {"lat": round(place.lat, FINENESS), "lon": round(place.lon, FINENESS)}
