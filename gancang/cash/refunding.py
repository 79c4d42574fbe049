"""Paying patients back what they paid for an order that never came to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.cash.models import Payment, Refund
from gancang.cash.queries import due_at
from gancang.cash.rules import Why
from gancang.ledger import fares
from gancang.orders import lifecycle
from gancang.regions.models import Organisation
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User


@transaction.atomic
def owe_back(
    payment: Payment, because: str, amount: Money | None = None, *, by: User, now: datetime
) -> None:
    """What was paid, or `amount` of it, is owed back, although the order came; two release it."""
    row = _held(payment)
    if row.owed_back or Refund.objects.filter(payment=row).exists():
        raise Refused(Why.NOT_OWED_BACK, order=row.order.code)
    Payment.objects.filter(pk=row.pk).update(
        owed_back=because[:200], owed_back_rp=amount.rupiah if amount else None
    )
    region, code = row.order.region.code, row.order.code
    rupiah = amount.rupiah if amount else row.amount_rp
    facts: dict[str, object] = {"amount_rp": rupiah, "because": because[:200]}
    record("cash.owed_back", code, region=region, by=by.username, now=now, facts=facts)


@transaction.atomic
def approve(payment: Payment, *, by: User, now: datetime) -> Refund:
    """Release what is owed back; a second person pays it out. Again, it changes nothing."""
    row = _held(payment)
    if row.order.state != lifecycle.RETURNED and not row.owed_back:
        raise Refused(Why.NOT_OWED_BACK, order=row.order.code)
    due = row.amount_rp if row.owed_back_rp is None else row.owed_back_rp
    told = {"amount_rp": due, "approved_by": by, "approved_at": now}
    refund, is_new = Refund.objects.get_or_create(payment=row, defaults=told)
    if is_new:
        _record("cash.refund_released", refund, by, now)
    return refund


@transaction.atomic
def pay_back(
    payment: Payment, received_by: str, *, till: Organisation, by: User, now: datetime
) -> Refund:
    """Pay out what was released, in cash from a till, against a receipt. Once."""
    row = _held(payment)
    refund = Refund.objects.filter(payment=row).first()
    if refund is None:
        raise Refused(Why.NOT_RELEASED_YET)
    if refund.paid_at is not None:
        raise Refused(Why.NOT_OWED_BACK, order=row.order.code)
    if refund.approved_by_id == by.pk:
        raise Refused(Why.RELEASED_IT_HIMSELF)
    if len(received_by.strip()) < 2:
        raise Refused(Why.SAY_WHO_RECEIVES)
    amount = Money(refund.amount_rp)
    _refuse_other_till(till, row.fleet, amount)
    refund.till, refund.paid_by, refund.paid_at = till, by, now
    refund.received_by = received_by.strip()[:120]
    refund.save()
    fare = fares.Fare(order=row.order.code, fleet=row.fleet, amount=amount, rider=None)
    fares.pay_back(fare, till=till, region=row.order.region, by=by.username, now=now)
    _record("cash.paid_back", refund, by, now)
    return refund


def _held(payment: Payment) -> Payment:
    rows = Payment.objects.select_for_update(of=("self",))
    return rows.select_related("order__region", "fleet").get(pk=payment.pk)


def _refuse_other_till(till: Organisation, fleet: Organisation, amount: Money) -> None:
    """Another house's till pays only of what it holds for the fleet."""
    if till.pk == fleet.pk:
        return
    # Passing on waits for this, or this for it.
    Organisation.objects.select_for_update(no_key=True).get(pk=fleet.pk)
    has = due_at(till, fleet)
    if has < amount:
        raise Refused(Why.NOT_IN_THIS_TILL, till=till.name, fleet=fleet.name, left=has)


def _record(kind: str, refund: Refund, by: User, now: datetime) -> None:
    order = refund.payment.order
    facts: dict[str, object] = {"receipt": refund.receipt, "amount_rp": refund.amount_rp}
    record(kind, order.code, region=order.region.code, by=by.username, now=now, facts=facts)
