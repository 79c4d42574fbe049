"""How long rides really took: the estimate refitted from trips that ended. Prices never follow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gancang_roads import Place, RoadsError, Trip, fit, fit_errors, great_circle_m
from gancang_roads.fitting import SHORTEST_M

from gancang.audit.models import Event
from gancang.dispatch.planning import HAND_OVER_S
from gancang.orders import lifecycle
from gancang.orders.models import Proof
from gancang.regions.actions import keep_fit
from gancang.regions.fitted import Fit
from gancang.regions.queries import place_of, today_in, travel_estimate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from gancang.orders.models import Order
    from gancang.regions.models import Region

DAYS = 180
TRIPS_MAX = 20_000
LONGEST = timedelta(hours=4)
"""Whoever needed longer was not only riding."""
STOPS = [
    f"order.{state}"
    for state in (
        lifecycle.COLLECTED,
        lifecycle.DELIVERED,
        lifecycle.FAILED,
        lifecycle.HELD,
        lifecycle.RETURNED,
    )
]
FETCHED, BROUGHT = STOPS[:2]

Stop = tuple[str, str, str, "datetime"]
"""Who, what, which order, when."""


def fit_estimate(region: Region, *, by: str, now: datetime) -> Fit | None:
    """Refit how long rides take where no road is known; None where no trip teaches anything."""
    trips, prior = list_trips(region, now=now), travel_estimate(region)
    try:
        found, (half, most) = fit(trips, prior), fit_errors(trips, prior)
    except RoadsError:
        return None
    told = Fit(found, len(trips), today_in(region, now), half, most)
    keep_fit(region, told, by=by, now=now)
    return told


def list_trips(region: Region, *, now: datetime) -> list[Trip]:
    """The trips of the last days, counter to door with no stop between. Two queries."""
    since = now - timedelta(days=DAYS)
    rows = Proof.objects.filter(
        order__region=region, order__hold_at=None, recorded_at__gt=since, recorded_at__lte=now
    ).select_related("order__origin__village", "order__village")
    orders = {row.order.code: row.order for row in rows.order_by("-id")[:TRIPS_MAX]}
    events = Event.objects.filter(region_code=region.code, kind__in=STOPS, at__gt=since)
    stops = events.order_by("actor", "at", "id").values_list("actor", "kind", "subject", "at")
    trips = (
        Trip(_counter(orders[code]), _door(orders[code]), seconds)
        for code, seconds in direct(stops)
        if code in orders
    )
    return [trip for trip in trips if great_circle_m(trip.source, trip.target) >= SHORTEST_M]


def direct(stops: Iterable[Stop]) -> list[tuple[str, int]]:
    """Orders that were brought with no stop since they were fetched, and the seconds of the ride.

    The stops of each rider come in their order. The time of the hand-over itself is taken off.
    """
    found = []
    before: Stop | None = None
    for who, what, code, when in stops:
        if before is not None and what == BROUGHT and before[:3] == (who, FETCHED, code):
            rode = when - before[3]
            seconds = round(rode.total_seconds()) - HAND_OVER_S
            if seconds > 0 and rode <= LONGEST:
                found.append((code, seconds))
        before = (who, what, code, when)
    return found


def _counter(order: Order) -> Place:
    origin = order.origin
    return place_of(origin.village or order.village, origin.lat, origin.lon)


def _door(order: Order) -> Place:
    return place_of(order.village, order.lat, order.lon)
