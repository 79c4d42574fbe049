"""Ordering from a kitchen, its answer, and what becomes of it until a rider has it."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from gancang.audit.actions import record
from gancang.dispatch import actions as dispatch
from gancang.food import letters, queries, rules
from gancang.food.models import FoodOrder
from gancang.food.rules import Why
from gancang.ledger.goods import rule_on
from gancang.menus import actions as menus
from gancang.menus.rules import Line, total
from gancang.orders import actions as orders
from gancang.parcels import actions as parcels
from gancang.regions.queries import today_in
from gancang.residents.actions import Particulars
from gancang.shops.queries import promise_of
from gancang.values import Money, Refused
from gancang.values.codes import new_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.food.queries import Offer
    from gancang.menus.rules import Wanted
    from gancang.orders.models import Order
    from gancang.regions.models import Organisation, Region, Village

BUYER = "buyer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What somebody orders, and what he was shown that it costs."""

    key: str
    wanted: Sequence[Wanted]
    shown: Money
    name: str
    phone: str
    village: Village
    address: str
    landmark: str = ""
    note: str = ""


def place(basket: Basket, seller: Organisation, *, now: datetime) -> FoodOrder:
    """Order it: the stock is taken, and a code goes to the buyer's phone. Once a key.

    Refused with its reason where it is closed, gone, dearer or not brought there; nothing is taken.
    """
    try:
        return _place(basket, seller, now=now)
    except IntegrityError:  # the same form twice at once: the other one made it
        return FoodOrder.objects.get(seller=seller, key=basket.key)


@transaction.atomic
def _place(basket: Basket, seller: Organisation, *, now: datetime) -> FoodOrder:
    known = FoodOrder.objects.filter(seller=seller, key=basket.key).first()
    if known is not None:
        return known
    rule_on(seller.region, today_in(seller.region, now))
    offer = queries.offer_for(seller, basket.wanted, basket.village, now=now)
    if offer.total != basket.shown:
        raise Refused(Why.PRICE_CHANGED, now=offer.total, was=basket.shown)
    row = FoodOrder.objects.create(**_columns(basket, seller, offer), placed_at=now)
    facts: dict[str, object] = {"goods_rp": row.goods_rp, "fare_rp": row.fare_rp}
    _tell(row, "food.placed", facts | {"seller": seller.code}, by=BUYER, now=now)
    code = {"code": row.confirm_code}
    letters.post_note(row, "food.confirm", letters.CONFIRM, now=now, more=code)
    return row


def _columns(basket: Basket, seller: Organisation, offer: Offer) -> dict[str, object]:
    kept = menus.take_stock(offer.lines, now=offer.at)
    return {
        "region": seller.region,
        "seller": seller,
        "code": new_code(orders.prefix_of(seller.region)),
        "key": basket.key,
        "name": basket.name,
        "phone": basket.phone,
        "village": basket.village,
        "address": basket.address,
        "landmark": basket.landmark,
        "note": basket.note,
        "lines": [line.told() for line in kept],
        "goods_rp": offer.goods.rupiah,
        "fare_rp": offer.fare.rupiah,
        "confirm_code": f"{secrets.randbelow(10_000):04d}",
        "promise_at": offer.promise_at,
    }


def confirm(row: FoodOrder, typed: str, *, now: datetime) -> None:
    """The buyer types the code of the message: from now on it rings. Wrong ones are counted."""
    if row.state != rules.UNCONFIRMED:
        raise Refused(Why.WRONG_STATE, state=rules.STATES[row.state])
    if row.wrong_codes >= rules.WRONG_CODES_MAX:
        raise Refused(Why.TOO_MANY_CODES)
    if not hmac.compare_digest(typed.strip().encode(), row.confirm_code.encode()):
        FoodOrder.objects.filter(pk=row.pk).update(wrong_codes=F("wrong_codes") + 1)
        raise Refused(Why.WRONG_CODE)
    with transaction.atomic():
        held = _held(row, rules.UNCONFIRMED)
        _move(held, rules.ASKED, "food.asked", by=BUYER, now=now, asked_at=now)


@transaction.atomic
def accept(
    row: FoodOrder, minutes: int, without: Sequence[int] = (), *, by: str, now: datetime
) -> Order:
    """The kitchen cooks it, all or without some lines; a rider is asked in time. The delivery."""
    if not 1 <= minutes <= rules.MINUTES_MOST:
        raise Refused(Why.HOW_LONG, most=str(rules.MINUTES_MOST))
    held = _held(row, rules.ASKED)
    lines = [Line.of(told) for told in held.lines]
    out = sorted({place for place in without if 0 <= place < len(lines)})
    left = [line for place, line in enumerate(lines) if place not in out]
    if not left:
        raise Refused(Why.NOTHING_LEFT)
    held.left_out, held.goods_rp = out, total(left).rupiah
    ready_by = now + timedelta(minutes=minutes)
    delivery = _open_delivery(held, left, ready_by, by=by, now=now)
    changes = {
        "left_out": out,
        "goods_rp": held.goods_rp,
        "fare_rp": held.fare_rp,
        "answered_at": now,
        "ready_by": ready_by,
        "promise_at": delivery.promise_at,
        "free_until": now + rules.THINKS_FOR if out else None,
        "delivery": delivery,
    }
    _move(held, rules.COOKING, "food.accepted", by=by, now=now, **changes)
    if out:
        missing = {"missing": ", ".join(lines[place].name for place in out)}
        letters.post_note(held, "food.left_out", letters.LEFT_OUT, now=now, more=missing)
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
    newcomer = Particulars(
        full_name=row.name,
        village=row.village,
        address=row.address,
        phone=row.phone,
        landmark=row.landmark,
    )
    known = before.delivery.resident_id if before and before.delivery else None
    draft = parcels.Draft(
        programme=queries.programme_for(row.seller),
        contents=", ".join(f"{line.count} x {line.name}" for line in lines)[:300],
        person=known,
        newcomer=None if known else newcomer,
        confirmed=True,
        accepts_rp=parcels.ANY_FARE_RP,  # what the buyer agreed to is looked at below
        goods_rp=row.goods_rp,
    )
    delivery = parcels.place(draft, row.seller, by=by, now=now)
    if delivery.patient_pays_rp > row.fare_rp:
        raise Refused(Why.FARE_ROSE, now=Money(delivery.patient_pays_rp), was=Money(row.fare_rp))
    row.fare_rp = delivery.patient_pays_rp
    usual = promise_of(row.seller, now)
    late = ready_by - now - timedelta(minutes=queries.minutes_for(usual, lines))
    promise = row.promise_at + max(late, timedelta(0))
    orders.wait_until(delivery, ready_by, promise_at=promise, by=by, now=now)
    label = f"{secrets.randbelow(1_000_000):06d}"  # the kitchen tells it the rider, who types it
    parcels.send_out(delivery, pieces=1, code=label, by=by, seen_version=None, now=now)
    return delivery


@transaction.atomic
def refuse(row: FoodOrder, reason: str, *, by: str, now: datetime) -> None:
    """The kitchen says no, and why; the buyer hears it, and the stock is there again."""
    if reason not in rules.REASONS:
        raise Refused(Why.SAY_WHY)
    held = _held(row, rules.ASKED)
    held.reason = reason
    _end(held, rules.REFUSED, "food.refused", by=by, now=now, reason=reason, answered_at=now)
    letters.post_note(held, "food.refused", letters.NO, now=now)


@transaction.atomic
def finish(row: FoodOrder, *, by: str, now: datetime) -> None:
    """It is ready and packed. Twice is once."""
    held = _held(row, rules.COOKING, rules.READY)
    if held.state == rules.COOKING:
        _move(held, rules.READY, "food.ready", by=by, now=now, ready_at=now)


@transaction.atomic
def call_off(row: FoodOrder, *, now: datetime) -> None:
    """The buyer does not want it any more, as long as that is free."""
    held = _held(row, *rules.OPEN)
    if not rules.may_call_off(held.state, held.free_until, now=now):
        phone = held.seller.phone or held.region.phone
        raise Refused(Why.COOKED_ALREADY, seller=held.seller.name, phone=phone)
    if held.delivery is not None:
        dispatch.cancel(held.delivery, reason="by the buyer", by=BUYER, seen_version=None, now=now)
    _end(held, rules.CANCELLED, "food.called_off", by=BUYER, now=now)


@transaction.atomic
def take_back(row: FoodOrder, *, by: str, now: datetime) -> None:
    """The rider could not hand it over and brought it back; nobody pays for the goods."""
    assert row.delivery is not None, row.code
    parcels.take_back(row.delivery, by=by, seen_version=None, now=now)


def watch_over(region: Region, *, now: datetime) -> int:
    """Ring again where nobody answers, and end what nobody confirms or answers; how many ended."""
    for number in queries.waiting_too_long(region, rules.ASKED, now - rules.RINGS_AGAIN_AFTER):
        _ring_again(number, now=now)
    ended = 0
    for state, after in (
        (rules.ASKED, rules.LAPSES_AFTER),
        (rules.UNCONFIRMED, rules.CONFIRMS_WITHIN),
    ):
        for number in queries.waiting_too_long(region, state, now - after):
            ended += _lapse(number, state, now=now)
    return ended


@transaction.atomic
def _ring_again(number: int, *, now: datetime) -> None:
    rows = FoodOrder.objects.filter(pk=number, state=rules.ASKED, rung_again_at=None)
    if rows.update(rung_again_at=now):
        letters.ring(FoodOrder.objects.select_related("seller", "region").get(pk=number), now=now)


@transaction.atomic
def _lapse(number: int, state: str, *, now: datetime) -> bool:
    held = _lock(number)
    if held.state != state:
        return False  # somebody was faster
    _end(held, rules.LAPSED, "food.lapsed", by="clock", now=now)
    if state == rules.ASKED:
        letters.post_note(held, "food.lapsed", letters.UNANSWERED, now=now)
    return True


def _lock(number: int) -> FoodOrder:
    rows = FoodOrder.objects.select_for_update(of=("self",))
    return rows.select_related("region", "seller", "village", "delivery__region").get(pk=number)


def _held(row: FoodOrder, *states: str) -> FoodOrder:
    """The order, locked: two deeds at once come one after the other. Refused in another state."""
    held = _lock(row.pk)
    if held.state not in states:
        raise Refused(Why.WRONG_STATE, state=rules.STATES[held.state])
    return held


def _end(
    held: FoodOrder, state: str, kind: str, *, by: str, now: datetime, **changes: object
) -> None:
    """It comes to nothing: what it took of the stock is there again."""
    menus.give_back([line for _place, line, is_there in queries.lines_of(held) if is_there])
    _move(held, state, kind, by=by, now=now, **changes)


def _move(
    held: FoodOrder, state: str, kind: str, *, by: str, now: datetime, **changes: object
) -> None:
    FoodOrder.objects.filter(pk=held.pk).update(state=state, **changes)
    held.refresh_from_db()
    _tell(held, kind, {"goods_rp": held.goods_rp}, by=by, now=now)


def _tell(row: FoodOrder, kind: str, facts: dict[str, object], *, by: str, now: datetime) -> None:
    record(kind, row.code, region=row.region.code, by=by, now=now, facts=facts)
