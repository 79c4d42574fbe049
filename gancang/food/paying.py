"""Paid by QRIS before it is cooked: the bill, what became of it, and the buyer's money back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.food import cooking, letters, moving, queries, rules
from gancang.food.models import FoodOrder
from gancang.food.rules import Why
from gancang.qris import actions as qris
from gancang.qris.queries import get_living_bill, outcomes_for
from gancang.qris.rules import CANCELLED, EXPIRED, PAID
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.qris.models import Outcome

CLOCK = "clock"


def ask_to_pay(held: FoodOrder, *, by: str, now: datetime) -> None:
    """The kitchen has said yes: the buyer gets a bill for what it has, and it waits for that."""
    told = qris.NewBill(
        opener=queries.OPENER,
        about=held.code,
        shop=held.seller,
        amount=Money(held.goods_rp),
        expires_at=now + rules.PAYS_WITHIN,
    )
    bill = qris.open_bill(told, by=by, now=now)
    changes = {
        "left_out": held.left_out,
        "goods_rp": held.goods_rp,
        "minutes": held.minutes,
        "answered_at": now,
        "pay_by": bill.expires_at,
    }
    moving.move(held, rules.UNPAID, "food.to_pay", by=by, now=now, **changes)
    words = letters.PAY_LESS if held.left_out else letters.PAY
    letters.tell_missing(held, "food.to_pay", words, now=now)


def call_bill_off(held: FoodOrder, *, now: datetime) -> None:
    """Nobody is to pay it any more. Refused once it is paid: then it is cooked."""
    bill = get_living_bill(queries.OPENER, held.code)
    try:
        if bill is not None:
            qris.cancel(bill, by=queries.OPENER, now=now)
    except Refused as refusal:
        phone = held.seller.phone or held.region.phone
        raise Refused(Why.PAID_BY_NOW, seller=held.seller.name, phone=phone) from refusal


def take_outcomes(*, now: datetime) -> int:
    """Cook what was paid, end what was not, give back what was paid for nothing; how many."""
    return sum(_take(outcome, now=now) for outcome in outcomes_for(queries.OPENER))


@transaction.atomic
def _take(outcome: Outcome, *, now: datetime) -> bool:
    number = queries.find_number(outcome.bill.about)
    held = moving.lock(number) if number else None  # the order before its bill, everywhere
    if not qris.take(outcome, now=now):
        return False  # somebody was faster
    if held is None:
        return True
    if outcome.became == PAID:
        _paid(held, now=now)
    elif outcome.became in {EXPIRED, CANCELLED} and held.state == rules.UNPAID:
        moving.end(held, rules.LAPSED, "food.unpaid", by=CLOCK, now=now)
        letters.post_note(held, "food.unpaid", letters.UNPAID, now=now)
    return True


def _paid(held: FoodOrder, *, now: datetime) -> None:
    FoodOrder.objects.filter(pk=held.pk).update(paid_at=now)
    held.paid_at = now
    moving.tell(held, "food.paid", {"goods_rp": held.goods_rp}, by=queries.OPENER, now=now)
    if held.state != rules.UNPAID:
        give_back(held.pk, now=now)
        return
    try:
        with transaction.atomic():
            cooking.start(held, by=queries.OPENER, now=now)
    except Refused as refusal:  # nobody brings it any more, or dearer than was agreed
        why = str(refusal.reason)
        moving.end(held, rules.REFUSED, "food.refused", by=CLOCK, now=now)
        moving.tell(held, "food.not_begun", {"why": why}, by=CLOCK, now=now)
        give_back(held.pk, now=now)


@transaction.atomic
def give_back(number: int, *, now: datetime) -> None:
    """It was paid for nothing: the operators' list has it, and the buyer is told. Once."""
    held = moving.lock(number)
    if held.asked_back_at is not None:
        return
    FoodOrder.objects.filter(pk=held.pk).update(asked_back_at=now)
    bill = get_living_bill(queries.OPENER, held.code)
    if bill is None or bill.state != PAID:
        return  # it is his again already
    qris.ask_back(bill, f"{held.code}: {held.state}", by=CLOCK, now=now)
    moving.tell(held, "food.asked_back", {"goods_rp": held.goods_rp}, by=CLOCK, now=now)
    letters.post_note(held, "food.asked_back", letters.BACK, now=now)
