"""A shop's mistake: what was taken of a balance, or paid for goods, is its owner's again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.cash.queries import find_payment
from gancang.cash.refunding import owe_back
from gancang.ledger import goods, reversing
from gancang.ledger.models import Transfer
from gancang.settlement.actions import lock_lines, take_out
from gancang.settlement.models import Batch, Hold, Payment, PaymentLine
from gancang.settlement.rules import Why
from gancang.values import Money, Refused
from gancang.vouchers import actions as vouchers
from gancang.vouchers.rules import Why as Voucher

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.orders.models import Order
    from gancang.vouchers.models import Redemption


@transaction.atomic
def give_back(redemption: Redemption, why: str, *, by: User, now: datetime) -> None:
    """Take the redemption back by a reversal and restore the balance, in one: once, while it runs.

    Refused where the bank has it, somebody holds it, or what was left of the balance has lapsed.
    """
    if not why.strip():
        raise Refused(Voucher.SAY_WHY)
    region = redemption.region
    lock_lines(region)
    row = vouchers.lock_to_give_back(redemption, now=now)
    rows = Transfer.objects.filter(region=region, about=row.code, kind=Transfer.Kind.SETTLE)
    lines = list(rows.select_related("region", "source__budget", "target__payee").order_by("pk"))
    for line in lines:
        _let_go(line)
        reversing.reverse(line, is_paid=False, region=region, by=by.username, now=now)
    about = row.voucher.code
    reversing.set_aside_again(lines, about=about, region=region, by=by.username, now=now)
    vouchers.note_given_back(row, why, by=by, now=now)


@transaction.atomic
def give_goods_back(order: Order, amount: Money, why: str, *, by: User, now: datetime) -> None:
    """Of what a buyer paid for goods, `amount` is his again, and the seller is owed less. Once.

    Refused where it was not paid, where it was less, and where the seller has his money.
    """
    region = order.region
    lock_lines(region)
    payment = find_payment(order.code)  # who gives back at the same moment waited for this lock
    if payment is not None and payment.owed_back:
        raise Refused(Why.GIVEN_BACK_ALREADY, order=order.code)
    rows = Transfer.objects.filter(
        region=region,
        about=order.code,
        kind=Transfer.Kind.SETTLE,
        source__budget__fund__is_trust=True,
        reversed_by=None,
    )
    lines = list(rows.select_related("region", "source__budget", "target__payee").order_by("pk"))
    owed = sum(line.amount_rp for line in lines)  # less than was paid, where a line was corrected
    if payment is None or not 0 < amount.rupiah <= owed:
        raise Refused(Why.NOT_PAID_FOR_GOODS, order=order.code, amount=amount)
    for line in lines:
        _let_go(line)
    left = Money(owed) - amount
    sale = goods.Sale(order=order.code, seller=order.origin, amount=left, area=order.village.code)
    goods.sell_less(lines, sale, region=region, by=by.username, now=now)
    owe_back(payment, why, amount, by=by, now=now)


def _let_go(line: Transfer) -> None:
    """Out of a draft or what came back; refused where it is held, or with the bank."""
    if Hold.objects.filter(line=line, released_at=None).exists():
        raise Refused(Why.ALREADY_HELD)
    live = PaymentLine.objects.filter(line=line, is_live=True).select_related("payment__batch")
    found = live.first()
    if found is None:
        return
    is_draft = found.payment.batch.state == Batch.State.DRAFT
    if not is_draft and found.payment.state != Payment.State.RETURNED:
        raise Refused(Voucher.PAID_ALREADY)
    take_out(found)
