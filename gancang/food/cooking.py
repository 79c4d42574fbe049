"""The kitchen begins: a delivery is opened, and its rider is asked in time."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from gancang.food import letters, moving, queries, rules
from gancang.food.models import FoodOrder
from gancang.food.rules import Why
from gancang.orders import actions as orders
from gancang.parcels import actions as parcels
from gancang.residents.actions import Particulars
from gancang.shops.queries import promise_of
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.menus.rules import Line
    from gancang.orders.models import Order


def start(held: FoodOrder, *, by: str, now: datetime) -> Order:
    """It is cooked from now on, in the minutes that the kitchen said. The delivery."""
    assert held.minutes is not None, held.code
    left = [line for _place, line, is_there in queries.lines_of(held) if is_there]
    ready_by = now + timedelta(minutes=held.minutes)
    delivery = _open_delivery(held, left, ready_by, by=by, now=now)
    may_think = bool(held.left_out) and not held.paid_at  # who has paid knew what is missing
    changes = {
        "left_out": held.left_out,
        "minutes": held.minutes,
        "goods_rp": held.goods_rp,
        "fare_rp": held.fare_rp,
        "answered_at": held.answered_at or now,
        "ready_by": ready_by,
        "promise_at": delivery.promise_at,
        "free_until": now + rules.THINKS_FOR if may_think else None,
        "delivery": delivery,
    }
    moving.move(held, rules.COOKING, "food.accepted", by=by, now=now, **changes)
    if may_think:
        letters.tell_missing(held, "food.left_out", letters.LEFT_OUT, now=now)
    else:
        letters.post_note(held, "food.accepted", letters.ACCEPTED, now=now)
    return delivery


def _open_delivery(
    row: FoodOrder, lines: Sequence[Line], ready_by: datetime, *, by: str, now: datetime
) -> Order:
    """A delivery at the fare that the buyer agreed to, which no rider is offered too early."""
    before = FoodOrder.objects.filter(
        phone_index=row.phone_index,
        region=row.region,
        name=row.name,
        village=row.village,
        delivery__resident__address=row.address,
    ).first()
    known = before.delivery.resident_id if before and before.delivery else None
    draft = parcels.Draft(
        programme=queries.programme_for(row.seller),
        contents=", ".join(f"{line.count} x {line.name}" for line in lines)[:300],
        person=known,
        newcomer=None if known else _newcomer(row),
        confirmed=True,
        accepts_rp=parcels.ANY_FARE_RP,  # what the buyer agreed to is looked at below
        goods_rp=0 if row.paid_at else row.goods_rp,
        goods_paid_rp=row.goods_rp if row.paid_at else 0,
    )
    delivery = parcels.place(draft, row.seller, by=by, now=now)
    if delivery.patient_pays_rp > row.fare_rp:
        raise Refused(Why.FARE_ROSE, now=Money(delivery.patient_pays_rp), was=Money(row.fare_rp))
    row.fare_rp = delivery.patient_pays_rp
    usual = promise_of(row.seller, now)
    late = ready_by - now - timedelta(minutes=queries.minutes_for(usual, lines))
    paying = now - row.answered_at if row.answered_at else timedelta(0)  # nobody cooked meanwhile
    promise = row.promise_at + max(late, timedelta(0)) + paying
    orders.wait_until(delivery, ready_by, promise_at=promise, by=by, now=now)
    label = f"{secrets.randbelow(1_000_000):06d}"  # the kitchen tells it the rider, who types it
    parcels.send_out(delivery, pieces=1, code=label, by=by, seen_version=None, now=now)
    return delivery


def _newcomer(row: FoodOrder) -> Particulars:
    return Particulars(
        full_name=row.name,
        village=row.village,
        address=row.address,
        phone=row.phone,
        landmark=row.landmark,
    )
