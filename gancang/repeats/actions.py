"""Deciding that a supply is not repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.orders import lifecycle
from gancang.repeats.models import Dropped
from gancang.repeats.rules import Why
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.orders.models import Order


@transaction.atomic
def drop(order: Order, *, reason: str, by: User, now: datetime) -> None:
    """No further delivery is wanted after this one. Twice is once."""
    if not reason.strip():
        raise Refused(Why.NO_REASON)
    if order.state != lifecycle.DELIVERED:
        raise Refused(Why.NOT_DELIVERED, order=order.code)
    _, made = Dropped.objects.get_or_create(
        order=order, defaults={"by": by, "at": now, "reason": reason.strip()[:200]}
    )
    if made:
        record("repeat.dropped", order.code, region=order.region.code, by=by.username, now=now)
