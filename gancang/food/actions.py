"""Ordering from a kitchen, its answer, and what becomes of it until a rider has it."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from gancang.dispatch import actions as dispatch
from gancang.food import cooking, letters, moving, paying, queries, rules
from gancang.food.models import FoodOrder
from gancang.food.rules import Why
from gancang.ledger.goods import rule_on
from gancang.menus import actions as menus
from gancang.menus.rules import Line, total
from gancang.orders import actions as orders
from gancang.parcels import actions as parcels
from gancang.qris import actions as qris
from gancang.regions.queries import today_in
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
    pays_by: str = rules.CASH


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
    if basket.pays_by == rules.QRIS:
        qris.refuse_unpayable(seller, offer.goods)
    row = FoodOrder.objects.create(**_columns(basket, seller, offer), placed_at=now)
    facts: dict[str, object] = {"goods_rp": row.goods_rp, "fare_rp": row.fare_rp}
    moving.tell(row, "food.placed", facts | {"seller": seller.code}, by=BUYER, now=now)
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
        "pays_by": basket.pays_by,
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
        held = moving.hold(row, rules.UNCONFIRMED)
        moving.move(held, rules.ASKED, "food.asked", by=BUYER, now=now, asked_at=now)


@transaction.atomic
def accept(
    row: FoodOrder, minutes: int, without: Sequence[int] = (), *, by: str, now: datetime
) -> Order | None:
    """The kitchen says yes, to all or without some lines. The delivery, if it begins at once.

    What is paid by QRIS begins when it is paid.
    """
    if not 1 <= minutes <= rules.MINUTES_MOST:
        raise Refused(Why.HOW_LONG, most=str(rules.MINUTES_MOST))
    held = moving.hold(row, rules.ASKED)
    lines = [Line.of(told) for told in held.lines]
    out = sorted({place for place in without if 0 <= place < len(lines)})
    left = [line for place, line in enumerate(lines) if place not in out]
    if not left:
        raise Refused(Why.NOTHING_LEFT)
    held.left_out, held.goods_rp, held.minutes = out, total(left).rupiah, minutes
    if held.pays_by != rules.QRIS:
        return cooking.start(held, by=by, now=now)
    paying.ask_to_pay(held, by=by, now=now)
    return None


@transaction.atomic
def refuse(row: FoodOrder, reason: str, *, by: str, now: datetime) -> None:
    """The kitchen says no, and why; the buyer hears it, and the stock is there again."""
    if reason not in rules.REASONS:
        raise Refused(Why.SAY_WHY)
    held = moving.hold(row, rules.ASKED)
    held.reason = reason
    moving.end(held, rules.REFUSED, "food.refused", by=by, now=now, reason=reason, answered_at=now)
    letters.post_note(held, "food.refused", letters.NO, now=now)


@transaction.atomic
def finish(row: FoodOrder, *, by: str, now: datetime) -> None:
    """It is ready and packed. Twice is once."""
    held = moving.hold(row, rules.COOKING, rules.READY)
    if held.state == rules.COOKING:
        moving.move(held, rules.READY, "food.ready", by=by, now=now, ready_at=now)


@transaction.atomic
def call_off(row: FoodOrder, *, now: datetime) -> None:
    """The buyer does not want it any more, as long as that is free."""
    held = moving.hold(row, *rules.OPEN)
    if not rules.may_call_off(held.state, held.free_until, now=now):
        phone = held.seller.phone or held.region.phone
        raise Refused(Why.COOKED_ALREADY, seller=held.seller.name, phone=phone)
    if held.state == rules.UNPAID:
        paying.call_bill_off(held, now=now)
    if held.delivery is not None:
        dispatch.cancel(held.delivery, reason="by the buyer", by=BUYER, seen_version=None, now=now)
    moving.end(held, rules.CANCELLED, "food.called_off", by=BUYER, now=now)


@transaction.atomic
def take_back(row: FoodOrder, *, by: str, now: datetime) -> None:
    """The rider could not hand it over and brought it back; nobody pays for the goods."""
    assert row.delivery is not None, row.code
    parcels.take_back(row.delivery, by=by, seen_version=None, now=now)


def watch_over(region: Region, *, now: datetime) -> int:
    """Ring again where nobody answers, and end what nobody confirms or answers; how many ended.

    What was paid for nothing is put on the operators' list.
    """
    for number in queries.paid_for_nothing(region):
        paying.give_back(number, now=now)
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
    held = moving.lock(number)
    if held.state != state:
        return False  # somebody was faster
    moving.end(held, rules.LAPSED, "food.lapsed", by="clock", now=now)
    if state == rules.ASKED:
        letters.post_note(held, "food.lapsed", letters.UNANSWERED, now=now)
    return True
