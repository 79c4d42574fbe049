"""A shop's mistake: what was taken of a balance is the holder's again, the shop is not owed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.ledger import reversing
from gancang.ledger.models import Transfer
from gancang.settlement.actions import lock_lines, take_out
from gancang.settlement.models import Batch, Hold, Payment, PaymentLine
from gancang.settlement.rules import Why
from gancang.values import Refused
from gancang.vouchers import actions as vouchers
from gancang.vouchers.rules import Why as Voucher

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
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


def _let_go(line: Transfer) -> None:
    """Out of a draft; refused where it is held, or with the bank."""
    if Hold.objects.filter(line=line, released_at=None).exists():
        raise Refused(Why.ALREADY_HELD)
    live = PaymentLine.objects.filter(line=line, is_live=True).select_related("payment__batch")
    found = live.first()
    if found is None:
        return
    is_draft = found.payment.batch.state == Batch.State.DRAFT
    if not is_draft or found.payment.state == Payment.State.PAID:
        raise Refused(Voucher.PAID_ALREADY)
    take_out(found)
