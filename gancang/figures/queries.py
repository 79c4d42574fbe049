"""Reading journeys. Each question knows who asks; nobody's name is among the answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gancang.audit.models import Event
from gancang.figures.models import CounterWait
from gancang.figures.rules import (
    DAYS_MAX,
    DELIVERED,
    STANDARD_MIN,
    Figures,
    Journey,
    Why,
    figures_of,
)
from gancang.figures.waits import Beside, Wait, beside
from gancang.orders import lifecycle
from gancang.orders.models import Attempt, Order
from gancang.orders.queries import visible_to
from gancang.regions.models import Village
from gancang.regions.queries import zone_of
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gancang.accounts.models import Membership


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both whole."""

    first: date
    last: date


def period_of(typed: Mapping[str, str], *, today: date) -> Period:
    """The period that was asked for; this month where nothing was. Refused where it is none."""
    first, last = typed.get("from", ""), typed.get("until", "")
    if not first and not last:
        return Period(today.replace(day=1), today)
    try:
        period = Period(date.fromisoformat(first), date.fromisoformat(last or today.isoformat()))
    except ValueError as error:
        raise Refused(Why.NOT_A_PERIOD) from error
    if period.last < period.first:
        raise Refused(Why.BACKWARDS)
    if (period.last - period.first).days >= DAYS_MAX:
        raise Refused(Why.TOO_LONG, days=DAYS_MAX)
    return period


def orders_of(asker: Membership, period: Period) -> QuerySet[Order]:
    """The orders whose prescriptions came in within a period."""
    zone = zone_of(asker.region)
    begins = datetime.combine(period.first, time(), zone)
    ends = datetime.combine(period.last + timedelta(days=1), time(), zone)
    return visible_to(asker).filter(
        prescription__received_at__gte=begins, prescription__received_at__lt=ends
    )


def orders_behind(asker: Membership, period: Period, asked: Mapping[str, str]) -> QuerySet[Order]:
    """The orders behind one figure: by clinic, tier, district, reason, and what became of them."""
    rows = with_times(orders_of(asker, period))
    for name, path in (
        ("clinic", "prescription__clinic"),
        ("tier", "programme__code"),
        ("district", "village__district__name"),
    ):
        if wanted := asked.get(name, "").replace("\0", ""):
            rows = rows.filter(**{path: wanted})
    if reason := asked.get("reason", "").replace("\0", ""):
        rows = rows.filter(Exists(Attempt.objects.filter(order=OuterRef("pk"), reason=reason)))
    return rows.filter(_WHAT.get(asked.get("what", ""), Q()))


def _over(*, compounded: bool) -> Q:
    """Ready later than the standard allows."""
    latest = F("prescription__received_at") + timedelta(minutes=STANDARD_MIN[compounded])
    return Q(prescription__compounded=compounded, ready__gt=latest)


_WHAT = {
    "delivered": Q(state=DELIVERED),
    "first_try": Q(state=DELIVERED, attempts=0),
    "open": Q(state__in=sorted(lifecycle.OPEN)),
    "failed": Q(attempts__gt=0),
    "over": _over(compounded=False) | _over(compounded=True),
}
_FIELDS = {
    "order": "code",
    "clinic": "prescription__clinic",
    "tier": "programme__code",
    "district": "village__district__name",
    "village": "village__code",
    "state": "state",
    "compounded": "prescription__compounded",
    "attempts": "attempts",
    "written_at": "prescription__prescribed_at",
    "received_at": "prescription__received_at",
    "ready_at": "ready",
    "collected_at": "collected",
    "door_at": "proof__handed_over_at",
    "cost_rp": "price_rp",
    "patient_rp": "patient_pays_rp",
}


def with_times(rows: QuerySet[Order]) -> QuerySet[Order]:
    """With when each order was ready and first collected.

    Where the pharmacy told no readiness, the release is taken for it.
    """
    collected = Event.objects.filter(
        region_code=OuterRef("region__code"), subject=OuterRef("code"), kind="order.collected"
    )
    return rows.annotate(
        ready=Coalesce("prescription__ready_at", "released_at"),
        collected=Subquery(collected.order_by("id").values("at")[:1]),
    )


def journeys_of(asker: Membership, period: Period) -> list[Journey]:
    """The journeys of a period's orders that the asker may see. One query."""
    rows = with_times(orders_of(asker, period))
    told = rows.order_by("id").values_list(*_FIELDS.values())
    return [Journey(**dict(zip(_FIELDS, each, strict=True))) for each in told]


def figures_for(asker: Membership, period: Period, journeys: Sequence[Journey]) -> Figures:
    """All figures of a period, of its `journeys_of`. Two queries more."""
    rows = orders_of(asker, period)
    failed = Attempt.objects.filter(order__in=rows.order_by().values("pk"))
    reasons = failed.order_by().values_list("reason").annotate(Count("pk"))
    villages = Village.objects.filter(region=asker.region).order_by()
    return figures_of(
        journeys,
        reasons=dict(reasons),
        villages=dict(villages.values_list("district__name").annotate(Count("pk"))),
        is_open=lifecycle.OPEN.__contains__,
    )


def waits_of(asker: Membership, period: Period, *, clinic: str = "") -> QuerySet[CounterWait]:
    """Who waited at a counter that the asker may see, in a period."""
    zone = zone_of(asker.region)
    rows = CounterWait.objects.filter(
        region=asker.region_id,
        came_at__gte=datetime.combine(period.first, time(), zone),
        came_at__lt=datetime.combine(period.last + timedelta(days=1), time(), zone),
    )
    if asker.organisation_id:
        rows = rows.filter(origin=asker.organisation_id)
    return (rows.filter(clinic=clinic) if clinic else rows).select_related("origin")


def as_waits(rows: QuerySet[CounterWait]) -> list[Wait]:
    """The same as the rules take it. One query."""
    fields = ("clinic", "compounded", "came_at", "served_at")
    told = rows.order_by("id").values_list(*fields)
    return [Wait(**dict(zip(fields, each, strict=True))) for each in told]


def beside_of(asker: Membership, period: Period, journeys: Sequence[Journey]) -> list[Beside]:
    """Those who stayed at the counter beside those served at home. One query."""
    return beside(as_waits(waits_of(asker, period)), journeys)


def clinics_of(asker: Membership) -> list[str]:
    """The clinics whose patients were counted lately, for the form to offer. One query."""
    rows = CounterWait.objects.filter(region=asker.region_id, origin=asker.organisation_id)
    return sorted(set(rows.order_by("-id").values_list("clinic", flat=True)[:500]))
