"""What there is to plan in a region: the orders to carry, and the riders to carry them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import (
    Prefetch,
    prefetch_related_objects,
)

from gancang.dispatch.models import Offer
from gancang.dispatch.queries import closed_of
from gancang.dispatch.rules import DOUBTED, why_held_back
from gancang.dispatch.together import trip_of, waits_for_others
from gancang.fleet.queries import OnShift, list_on_shift
from gancang.orders import lifecycle
from gancang.orders.models import Order
from gancang.reach.queries import closed_in, ways_of
from gancang.residents.likeness import in_doubt
from gancang.trips.queries import members_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gancang.reach.closing import Closed
    from gancang.reach.rules import Way
    from gancang.regions.models import Region

# A no is forgotten after this, so that an order nobody wanted is asked about again.
REFUSAL_HOLDS = timedelta(minutes=15)
RELATED = (
    "programme",
    "origin__village",
    "village",
    "hold_at__village",
    "carrier",
    "waiting",
    "joined",
)


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to plan in a region at one moment."""

    orders: Sequence[Order]
    riders: Sequence[OnShift]
    offered_to: dict[str, str]  # order code -> username of an open offer
    refused_by: dict[str, frozenset[str]]  # order code -> usernames
    # Order code -> username whom the last plan meant, where nothing was offered yet.
    planned_for: dict[str, str] = field(default_factory=dict)
    # Order code -> why it is kept from the planner, of those that nobody is offered.
    held_back: dict[str, str] = field(default_factory=dict)
    ways: tuple[Way, ...] = ()
    # Orders whose trip goes without them.
    left_behind: Sequence[Order] = ()
    closed: tuple[Closed, ...] = ()

    def with_offers(self, made: Mapping[str, str]) -> Work:
        """The same after more offers were made: order code -> username."""
        return replace(self, offered_to={**self.offered_to, **made})


def work_of(region: Region, *, now: datetime) -> Work:
    """The orders to carry and the riders to carry them. A fixed number of queries."""
    at_work = list_on_shift(region, now=now)
    prefetch_related_objects([found.rider for found in at_work], "organisation__village")
    states = [lifecycle.RELEASED, lifecycle.ASSIGNED, lifecycle.COLLECTED]
    orders = Order.objects.filter(region=region, state__in=states)
    orders = orders.select_related(*RELATED)
    recent = Offer.objects.filter(made_at__gt=now - REFUSAL_HOLDS).select_related("rider")
    rows = list(
        orders.prefetch_related(Prefetch("offers", recent, to_attr="recent")).order_by("code")
    )
    offered: dict[str, str] = {}
    refused: dict[str, frozenset[str]] = {}
    for order in rows:
        offers: list[Offer] = order.recent
        since = order.released_at or order.placed_at
        refused[order.code] = frozenset(
            o.rider.username for o in offers if o.made_at >= since and _was_no(o, order)
        )
        for offer in offers:
            if offer.answer == Offer.Answer.OPEN:
                offered[order.code] = offer.rider.username
    ways, closed = ways_of(region), closed_in(region, now=now)
    doubted = in_doubt(region)
    held_back = {
        order.code: why
        for order in rows
        if order.code not in offered and (why := _why_held_back(order, ways, closed, now=now))
    }
    waits, behind = _waits_for_others(rows, held_back, now=now)
    held_back |= {code: why for code, why in waits.items() if code not in offered}
    held_back |= {
        order.code: DOUBTED
        for order in rows
        if order.resident_id in doubted and order.state == lifecycle.RELEASED
    }
    planned = _planned_for(rows)
    return Work(rows, at_work, offered, refused, planned, held_back, ways, behind, closed)


def _planned_for(rows: Sequence[Order]) -> dict[str, str]:
    """Whom the last plan meant for each order that nobody is offered yet."""
    return {
        order.code: order.waiting.rider
        for order in rows
        if hasattr(order, "waiting") and order.waiting.rider
    }


def _waits_for_others(
    rows: Sequence[Order], held_back: Mapping[str, str], *, now: datetime
) -> tuple[dict[str, str], list[Order]]:
    """Which orders wait for the rest of their trip, and which it leaves behind."""
    trips = [trip for order in rows if (trip := trip_of(order))]
    members = members_of(trips) if trips else []
    return waits_for_others(rows, members, held_back, now=now)


def _why_held_back(
    order: Order, ways: Sequence[Way], closed: Sequence[Closed], *, now: datetime
) -> str:
    if order.state != lifecycle.RELEASED:
        return ""
    return why_held_back(
        confirmed=order.confirmed_at is not None,
        frozen=order.frozen_at is not None,
        off=closed_of(order, ways, closed, now=now) is not None,
        missed=order.missed_at is not None,
        way=order.way,
        is_later=order.asks_from is not None and order.asks_from > now,
    )


def _was_no(offer: Offer, order: Order) -> bool:
    # Whoever said yes and gave the order up again cannot come either.
    gave_up = offer.answer == Offer.Answer.YES and offer.rider_id != order.carrier_id
    return gave_up or offer.answer in (Offer.Answer.NO, Offer.Answer.SILENT)
