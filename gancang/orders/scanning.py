"""The codes on the bags, compared with the order at both ends of the way: counter and door."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.orders.lifecycle import Why
from gancang.orders.queries import find_by_bag
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.orders.models import Order

PICK_UP, DOOR, COUNTER = "pick-up", "door", "counter"


def codes_in(typed: str) -> list[str]:
    """The codes that were scanned or typed, each once, in order: parted by space or comma."""
    codes = re.split(r"[\s,;]+", typed.replace("\0", "").upper())
    return list(dict.fromkeys(code for code in codes if code))


def check_bags(
    order: Order,
    typed: str,
    *,
    along: Sequence[Order] = (),
    where: str,
    by: str,
    now: datetime,
) -> None:
    """Refuse bags that are not all the bags of this order, and of what goes along, and only them.

    A foreign bag is written down at once, although the deed is refused: call it before the
    deed's own transaction.
    """
    scanned = codes_in(typed)
    ours = [code for each in (order, *along) for code in each.codes_on_bags]
    foreign = [code for code in scanned if code not in ours]
    if foreign:
        raise _wrong(order, foreign[0][:40], where=where, by=by, now=now)
    if len(scanned) < len(ours):
        raise Refused(Why.BAGS_MISSING, scanned=len(scanned), bags=len(ours))


def _wrong(order: Order, bag: str, *, where: str, by: str, now: datetime) -> Refused:
    other = find_by_bag(order.region, bag)
    facts = {
        "where": where,
        # What is no code of ours may be anything that a finger typed.
        "bag": bag if other else "unknown",
        "belongs_to": other.code if other else None,
    }
    with transaction.atomic():
        record("order.wrong_bag", order.code, region=order.region.code, by=by, now=now, facts=facts)
    if where != DOOR:
        return Refused(Why.WRONG_BAG, bag=bag)
    if other and other.carrier_id == order.carrier_id:
        return Refused(Why.OWN_OTHER_BAG, bag=bag, order=other.code)
    return Refused(Why.WRONG_BAG_AT_DOOR, bag=bag)
