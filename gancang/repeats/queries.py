"""Whose supply ends soon. Each question knows who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import (
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import TruncDate

from gancang.medicine.models import Item
from gancang.orders import lifecycle
from gancang.orders.models import Order
from gancang.orders.queries import visible_to
from gancang.outbox.queries import not_written_to
from gancang.regions.queries import today_in, zone_of
from gancang.repeats.rules import AHEAD_DAYS, urgency

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from gancang.accounts.models import Membership

# What is on its way, or has come, after the supply in question.
GOES_ON = frozenset({*lifecycle.OPEN, lifecycle.DELIVERED})


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose supply ends."""

    order: Order
    ends: date
    days_left: int
    urgency: str


def with_ends(asker: Membership) -> QuerySet[Order]:
    """Delivered orders with the day on which the first of their medicines is used up."""
    handed_over = TruncDate("proof__handed_over_at", tzinfo=zone_of(asker.region))
    ends = ExpressionWrapper(F("taken_from") + F("days"), output_field=DateField())
    rows = visible_to(asker).filter(state=lifecycle.DELIVERED).select_related("prescription")
    # Asked a line at a time: grouping all that hangs on an order by each of its columns made a
    # year's list take seconds.
    lines = Item.objects.filter(prescription__order=OuterRef("pk"), supply_days__isnull=False)
    soonest = lines.order_by("supply_days").values("supply_days")[:1]
    return rows.annotate(taken_from=handed_over, days=Subquery(soonest), ends=ends)


def ending(asker: Membership, *, now: datetime) -> QuerySet[Order]:
    """Deliveries whose supply ends within a week and after which nothing is on its way.

    Nobody is asked after medicine of the dead, or of who may have died.
    """
    until = today_in(asker.region, now) + timedelta(days=AHEAD_DAYS)
    later = Order.objects.filter(
        region=OuterRef("region"), resident=OuterRef("resident"), pk__gt=OuterRef("pk")
    )
    same_clinic = later.filter(
        prescription__clinic=OuterRef("prescription__clinic"), state__in=GOES_ON
    )
    return (
        with_ends(asker)
        .filter(Q(ends__lte=until), Q(no_repeat=None), ~Exists(same_clinic), Q(days__gt=0))
        .exclude(resident__in=not_written_to().values("person"))
    )


def told(asker: Membership, orders: Sequence[Order], *, now: datetime) -> list[Due]:
    """Each with how much is left."""
    today = today_in(asker.region, now)
    found = []
    for order in orders:
        ends: date = order.ends  # type: ignore[attr-defined]  # of `with_ends`
        found.append(Due(order, ends, (ends - today).days, urgency(ends, today=today)))
    return found
