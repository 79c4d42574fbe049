"""What a payee owes back is kept from what he is paid next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.ledger import reversing
from gancang.ledger.models import Transfer
from gancang.settlement.models import Payment, Recovery
from gancang.settlement.queries import first_of, owed_back
from gancang.values import Money

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User


@transaction.atomic
def plan_set_off(payment: Payment, total: Money) -> None:
    """Keep of a draft's payment what its payee owes back, the oldest first; he gets the rest."""
    forget_set_off(payment)
    region, kept = payment.batch.region, 0
    for each in owed_back(region, payee=payment.payee):
        amount = min(each.left.rupiah, total.rupiah - kept)
        if amount:
            Recovery.objects.create(reversal=each.reversal, payment=payment, amount_rp=amount)
        kept += amount
    Payment.objects.filter(pk=payment.pk).update(amount_rp=total.rupiah - kept, set_off_rp=kept)


def forget_set_off(payment: Payment) -> None:
    """It was not paid: what was to be kept of it is owed back as before."""
    Recovery.objects.filter(payment=payment, done_at=None).delete()


@transaction.atomic
def carry_out(payment: Payment, *, by: User, now: datetime) -> None:
    """He got the rest: what was kept is with the budgets again."""
    for each in Recovery.objects.filter(payment=payment, done_at=None).order_by("pk"):
        each.done_at = now
        each.save(update_fields=["done_at"])
        reversing.recover(
            _as_booked(each),
            is_set_off=True,
            region=payment.batch.region,
            by=by.username,
            now=now,
        )


def keep_of_what_came_back(payment: Payment, *, now: datetime) -> list[reversing.Recovered]:
    """A payment came back: what its payee owed back of its lines he owes no more, nor gets again.

    For the caller to book. What was set off or paid back before stays so.
    """
    first, left, kept = first_of(payment), payment.amount_rp, []
    lines = set(first.lines.values_list("line", flat=True))
    for each in owed_back(payment.batch.region, payee=payment.payee):
        amount = min(each.left.rupiah, left)
        if each.reversal.reverses_id in lines and amount:
            told = {"payment": payment, "amount_rp": amount, "done_at": now}
            kept.append(Recovery.objects.create(reversal=each.reversal, **told))
            left -= amount
            if amount == each.reversal.amount_rp:  # nothing of the line is paid any more
                first.lines.filter(line=each.reversal.reverses_id).update(is_live=False)
    payment.taken_out_rp = payment.amount_rp - left
    Payment.objects.filter(pk=payment.pk).update(taken_out_rp=payment.taken_out_rp)
    return [_as_booked(each) for each in kept]


def _as_booked(row: Recovery) -> reversing.Recovered:
    rows = Transfer.objects.select_related("reverses__source__budget", "target__payee")
    return reversing.Recovered(rows.get(pk=row.reversal_id), Money(row.amount_rp), str(row.pk))
