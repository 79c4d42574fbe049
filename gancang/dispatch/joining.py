"""Orders of one house are joined while they wait, also where a rider is being asked already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.dispatch.actions import withdraw_offers
from gancang.orders import actions as orders
from gancang.trips import actions as trips
from gancang.trips.queries import mates_of

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.orders.models import Order
    from gancang.trips.models import Trip


@transaction.atomic
def join(order: Order, other: Order, *, by: str, now: datetime) -> Trip:
    """Let two orders go in one trip; who is asked about one of them is asked anew about both."""
    for each in sorted((order, other), key=lambda each: each.pk):
        orders.hold(each)
        withdraw_offers(each, now=now)
    return trips.join(order, other, by=by, now=now)


@transaction.atomic
def part(order: Order, *, by: str, now: datetime) -> bool:
    """Let an order go by itself again; who is asked about the whole trip is asked anew."""
    for each in (order, *mates_of(order)):
        withdraw_offers(each, now=now)
    return trips.part(order, why="by hand", by=by, now=now)
