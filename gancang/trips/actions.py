"""Joining orders of one house to one trip, and letting one of them go by itself again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.maps.ways import travel_of
from gancang.orders import actions as orders
from gancang.programmes.queries import terms_of
from gancang.reach.sharing import shares_of_route
from gancang.regions.queries import get_tariff, place_of, today_in
from gancang.residents.queries import is_one_house
from gancang.trips.models import Joined, Trip
from gancang.trips.rules import (
    TRIP_MAX,
    Candidate,
    Why,
    metres_by,
    price_of_trip,
    why_not_join,
)
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.orders.models import Order


@transaction.atomic
def join(order: Order, other: Order, *, by: str, now: datetime) -> Trip:
    """Let two orders of one house go in one trip, at one trip's price. Twice is once."""
    for each in sorted((order, other), key=lambda each: each.pk):
        orders.hold(each)
        each.refresh_from_db()
    mine, its = _joined(order), _joined(other)
    one_house = order.village_id == other.village_id and is_one_house(
        order.resident_id, other.resident_id
    )
    refusal = why_not_join(_candidate(order, mine), _candidate(other, its), one_house=one_house)
    if refusal:
        raise refusal
    known = mine or its
    trip = (
        known.trip if known else Trip.objects.create(region=order.region, made_by=by, made_at=now)
    )
    for each, row in ((order, mine), (other, its)):
        if row is None:
            _add(each, trip, by=by, now=now)
    _share(trip, by=by, now=now)
    return trip


def _joined(order: Order) -> Joined | None:
    return Joined.objects.filter(order=order).select_related("trip").first()


def _candidate(order: Order, row: Joined | None) -> Candidate:
    return Candidate(
        order.code,
        order.state,
        order.way,
        order.frozen_at is not None,
        row.trip_id if row else None,
    )


def _add(order: Order, trip: Trip, *, by: str, now: datetime) -> None:
    if Joined.objects.filter(trip=trip).count() >= TRIP_MAX:
        raise Refused(Why.TOO_MANY, most=TRIP_MAX)
    Joined.objects.create(
        order=order,
        trip=trip,
        alone_rp=order.price_rp,
        alone_patient_rp=order.patient_pays_rp,
        share_rp=order.price_rp,
    )
    _tell("trip.joined", order, {"trip": trip.pk}, by=by, now=now)


def _tell(kind: str, order: Order, facts: dict[str, object], *, by: str, now: datetime) -> None:
    record(kind, order.code, region=order.region.code, by=by, now=now, facts=facts)
    orders.tell_board(order.region.code)


@transaction.atomic
def part(order: Order, *, why: str, by: str, now: datetime) -> bool:
    """Let an order go by itself again, at its own price; whether it was in a trip."""
    row = _joined(order)
    if row is None:
        return False
    trip = row.trip
    _let_go(row, why=why, by=by, now=now)
    rest = list(trip.members.select_related("order__region"))
    if len(rest) > 1:
        _share(trip, by=by, now=now)
    else:
        for last in rest:
            _let_go(last, why="alone", by=by, now=now)
        trip.delete()
    order.refresh_from_db()
    return True


def _let_go(row: Joined, *, why: str, by: str, now: datetime) -> None:
    order = row.order
    row.delete()
    orders.change_fare(order, Money(row.alone_patient_rp), by=by, now=now)
    _tell("trip.parted", order, {"trip": row.trip_id, "why": why}, by=by, now=now)


def _share(trip: Trip, *, by: str, now: datetime) -> None:
    """Spread one trip's price over its orders; a patient never pays more than his share of it."""
    related = ("order__region", "order__programme", "order__origin__village", "order__village")
    rows = list(trip.members.select_related(*related).order_by("order_id"))
    alone = [Money(row.alone_rp) for row in rows]
    route = _price_of([row.order for row in rows], alone, now=now)
    for row, share in zip(rows, shares_of_route(route, alone), strict=True):
        Joined.objects.filter(pk=row.pk).update(share_rp=share.rupiah)
        pays = min(row.alone_patient_rp, share.rupiah)
        orders.change_fare(row.order, Money(pays), by=by, now=now)


def _price_of(members: Sequence[Order], alone: Sequence[Money], *, now: datetime) -> Money:
    first, region = members[0], members[0].region
    counters = {
        each.origin.code: place_of(
            each.origin.village or each.village, each.origin.lat, each.origin.lon
        )
        for each in members
    }
    door = place_of(first.village, first.lat, first.lon)
    metres = metres_by(list(counters.values()), door, travel_of(region).metres)
    code = terms_of(first.programme).tariff
    tariff = get_tariff(region, code, on=today_in(region, now)) if code and metres else None
    return price_of_trip(alone, metres, tariff)
