"""A payment that comes back after it was marked as paid: it is owed again, and paid anew."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.ledger import reversing
from gancang.ledger.models import Transfer
from gancang.settlement.models import Bounce, Payment
from gancang.settlement.queries import money_of
from gancang.settlement.rules import Why
from gancang.settlement.setting_off import keep_of_what_came_back
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User

State = Bounce.State


@transaction.atomic
def ask(payment: Payment, reason: str, document: str, *, by: User, now: datetime) -> Bounce:
    """The bank says that a payment came back; done at once where the pack wants no second."""
    reason, document = reason.strip()[:200], document.strip()[:60]
    if not reason or not document:
        raise Refused(Why.SAY_DOCUMENT)
    held = _locked(payment)
    asked = held.bounces.filter(state__in=(State.ASKED, State.DONE))
    if held.state != Payment.State.PAID or not held.amount_rp or asked.exists():
        raise Refused(Why.NOT_PAID, payment=held.reference)
    told = {"reason": reason, "document": document, "asked_by": by, "asked_at": now}
    made = Bounce.objects.create(payment=held, **told)
    _tell("settlement.bounce_asked", made, by=by, now=now, document=document)
    if held.amount_rp <= money_of(held.batch.region).get("second_approval_above_rp", 0):
        with suppress(Refused), transaction.atomic():  # else somebody else is to decide
            _carry_out(made, by=by, now=now)
            return made
        made.refresh_from_db()
    return made


@transaction.atomic
def approve(bounce: Bounce, *, by: User, now: datetime) -> None:
    """Another person stands for it: the money is owed to its payee again, once."""
    held = _still_asked(bounce, by=by)
    _carry_out(held, by=by, now=now)


@transaction.atomic
def reject(bounce: Bounce, *, by: User, now: datetime) -> None:
    """Another person says that it did not come back; nothing moves."""
    held = _still_asked(bounce, by=by)
    _decide(held, State.REJECTED, by=by, now=now)
    _tell("settlement.bounce_rejected", held, by=by, now=now)


@transaction.atomic
def keep_account(bounce: Bounce, *, by: User, now: datetime) -> None:
    """The account is right as it is: the next batch pays to it again."""
    rows = Bounce.objects.filter(pk=bounce.pk, state=State.DONE, account_seen_by=None)
    if not rows.update(account_seen_by=by):
        raise Refused(Why.DECIDED_ALREADY)
    _tell("settlement.account_kept", bounce, by=by, now=now)


def mark_repeated(payment: Payment, state: Payment.State) -> None:
    """What a payment pays again, and what that one paid again, is repaid by it, or is not."""
    repeated, row = [], payment
    while row.repeats is not None:  # it came back as many times
        row = row.repeats
        repeated.append(row.pk)
    Payment.objects.filter(pk__in=repeated).update(state=state)


def _locked(payment: Payment) -> Payment:
    rows = Payment.objects.select_for_update(of=("self",)).select_related("batch__region")
    return rows.get(pk=payment.pk)


def _still_asked(bounce: Bounce, *, by: User) -> Bounce:
    rows = Bounce.objects.select_for_update(of=("self",)).select_related("payment__batch__region")
    held = rows.get(pk=bounce.pk)
    if held.state != State.ASKED:
        raise Refused(Why.DECIDED_ALREADY)
    if held.asked_by_id == by.pk:
        raise Refused(Why.NOT_BY_YOU)
    return held


def _carry_out(held: Bounce, *, by: User, now: datetime) -> None:
    payment = _locked(held.payment)
    region = payment.batch.region
    paid = Transfer.objects.select_related("source", "target__payee").get(
        region=region, kind=Transfer.Kind.PAY, about=payment.reference
    )
    kept = keep_of_what_came_back(payment, now=now)
    held.reversal = reversing.bounce(paid, kept, region=region, by=by.username, now=now)
    held.save(update_fields=["reversal"])
    Payment.objects.filter(pk=payment.pk).update(state=Payment.State.RETURNED)
    mark_repeated(payment, Payment.State.RETURNED)  # what it paid again is unpaid as well
    _decide(held, State.DONE, by=by, now=now)
    _tell("settlement.bounced", held, by=by, now=now, by_line=held.reversal.pk)


def _decide(held: Bounce, state: State, *, by: User, now: datetime) -> None:
    held.state, held.decided_by, held.decided_at = state, by, now
    held.save(update_fields=["state", "decided_by", "decided_at"])


def _tell(kind: str, held: Bounce, *, by: User, now: datetime, **facts: object) -> None:
    payment = held.payment
    told = {"payment": payment.reference, "amount_rp": payment.amount_rp, **facts}
    region = payment.batch.region.code
    record(kind, payment.reference, region=region, by=by.username, now=now, facts=told)
