"""Orders that nobody of their first fleet takes: who may carry now, and that it is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import Happening, record_all
from gancang.audit.queries import events_of, told
from gancang.orders import lifecycle
from gancang.programmes.falling import open_fleets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.dispatch.work import Work
    from gancang.orders.models import Order
    from gancang.programmes.falling import Fall
    from gancang.reach.closing import Closed
    from gancang.regions.models import Region

FELL = "order.fell_back"


def fleets_now(
    order: Order, closed: Sequence[Closed], *, now: datetime
) -> tuple[frozenset[str], tuple[Fall, ...]]:
    """The fleets of its programme that may carry an order by now; none named: any may."""
    terms = order.programme.terms
    since = max(filter(None, (order.released_at or order.placed_at, order.not_before)))
    off = {each.fleet for each in closed if each.holds(order.village.code, now)}
    return open_fleets(
        terms["carriers"],
        terms.get("fallback", []),
        waited_min=(now - since).total_seconds() / 60,
        off=off,
    )


def note_falls(region: Region, work: Work, *, now: datetime) -> None:
    """Write down for each waiting order which fleet stands in by now, and why; each once."""
    waiting = [order for order in work.orders if order.state == lifecycle.RELEASED]
    found = [
        (order.code, fall)
        for order in waiting
        if order.programme.terms.get("fallback")
        for fall in fleets_now(order, work.closed, now=now)[1]
    ]
    if not found:
        return
    codes = {code for code, _fall in found}
    known = events_of(region.code).filter(kind=FELL, subject__in=codes)
    said = {(row.subject, told(row).facts["to"]) for row in known}
    with transaction.atomic():
        record_all(
            Happening(
                region=region.code,
                kind=FELL,
                subject=code,
                by="dispatch",
                now=now,
                facts={"from": fall.carrier, "to": fall.then, "why": fall.why},
            )
            for code, fall in found
            if (code, fall.then) not in said
        )
