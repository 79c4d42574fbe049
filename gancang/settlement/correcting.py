"""Taking a movement back: asked with a reason, and above the pack's amount decided by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.ledger import reversing
from gancang.ledger.models import Transfer
from gancang.ledger.rules import Why as Book
from gancang.settlement.actions import lock_lines, take_out
from gancang.settlement.models import Correction, PaymentLine, Recovery
from gancang.settlement.queries import PAID_TO, come_back_of, needs_second
from gancang.settlement.rules import Why
from gancang.values import Money, Refused
from gancang.vouchers.queries import is_given_back

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User

State = Correction.State


@transaction.atomic
def ask(line: Transfer, reason: str, *, by: User, now: datetime) -> Correction:
    """Ask that a movement be taken back; done at once where the pack needs nobody else for it."""
    if not reason.strip():
        raise Refused(Why.SAY_WHY)
    lock_lines(line.region)
    if why := reversing.why_not_reversible(line):
        raise Refused(why)
    if line.kind == Transfer.Kind.REVERSE and is_given_back(line.region, line.about):
        raise Refused(Why.ON_THE_CARD, code=line.about)
    if Correction.objects.filter(line=line, state=State.ASKED).exists():
        raise Refused(Why.ASKED_ALREADY)
    asked = Correction.objects.create(
        line=line, reason=reason.strip()[:200], asked_by=by, asked_at=now
    )
    _tell("settlement.reversal_asked", asked, by=by, now=now)
    if not needs_second(line):
        _carry_out(asked, by=by, now=now)
    return asked


@transaction.atomic
def approve(correction: Correction, *, by: User, now: datetime) -> None:
    """Another person stands for it, and it is taken back: once, whoever presses at once."""
    held = _still_asked(correction)
    if held.asked_by_id == by.pk:
        raise Refused(Why.NOT_BY_YOU)
    _carry_out(held, by=by, now=now)


@transaction.atomic
def reject(correction: Correction, answer: str, *, by: User, now: datetime) -> None:
    """Another person says no, and why; nothing moves."""
    if not answer.strip():
        raise Refused(Why.SAY_WHY)
    held = _still_asked(correction)
    if held.asked_by_id == by.pk:
        raise Refused(Why.NOT_BY_YOU)
    _decide(held, State.REJECTED, by=by, now=now, answer=answer.strip()[:200])
    _tell("settlement.reversal_rejected", held, by=by, now=now)


@transaction.atomic
def withdraw(correction: Correction, *, by: User, now: datetime) -> None:
    """Who asked thinks better of it, before anybody decided; nothing moves."""
    held = _still_asked(correction)
    if held.asked_by_id != by.pk:
        raise Refused(Why.NOT_YOURS)
    _decide(held, State.WITHDRAWN, by=by, now=now)
    _tell("settlement.reversal_withdrawn", held, by=by, now=now)


def _still_asked(correction: Correction) -> Correction:
    rows = Correction.objects.select_for_update(of=("self",)).select_related("line__region")
    held = rows.get(pk=correction.pk)
    if held.state != State.ASKED:
        raise Refused(Why.DECIDED_ALREADY)
    return held


def _carry_out(held: Correction, *, by: User, now: datetime) -> None:
    line = Transfer.objects.select_related(
        "region", "source__budget", "source__payee", "target__budget", "target__payee"
    ).get(pk=held.line_id)
    lock_lines(line.region)
    if back := come_back_of(line):
        raise Refused(Book.COME_BACK, amount=back)
    held.reversal = reversing.reverse(
        line, is_paid=_is_paid(line), region=line.region, by=by.username, now=now
    )
    held.save(update_fields=["reversal"])
    _decide(held, State.DONE, by=by, now=now)
    _tell("settlement.reversed", held, by=by, now=now, by_line=held.reversal.pk)


def _is_paid(line: Transfer) -> bool:
    """Whether its payee has it. A draft and what came back let it go; on its way it is refused."""
    live = PaymentLine.objects.filter(line=line, is_live=True).select_related("payment__batch")
    found = live.first()
    if found is None:
        return False
    if found.payment.state in PAID_TO:
        return True
    try:
        take_out(found)
    except Refused as refusal:
        if refusal.reason is Why.IN_A_BATCH:
            raise Refused(Why.BEING_PAID, **refusal.facts) from refusal
        raise
    return False


@transaction.atomic
def take_repayment(
    reversal: Transfer, amount: Money, reference: str, *, by: User, now: datetime
) -> None:
    """A payee paid back by his bank what he owed; the same slip twice is refused."""
    lock_lines(reversal.region)
    if reversal.kind != Transfer.Kind.OWE_BACK:
        raise Refused(Why.NOTHING_OWED_BACK)
    left = Money(reversal.amount_rp) - come_back_of(reversal)
    if Transfer.objects.filter(reverses=reversal).exists():
        left = Money(0)
    if not 0 < amount.rupiah <= left.rupiah:
        raise Refused(Book.NOT_SO_MUCH_BACK, left=left, amount=amount)
    if Recovery.objects.filter(reversal=reversal, payment=None, reference=reference).exists():
        raise Refused(Why.REPAID_ALREADY, reference=reference)
    made = Recovery.objects.create(
        reversal=reversal, amount_rp=amount.rupiah, reference=reference, done_at=now
    )
    reversing.recover(
        reversing.Recovered(reversal, amount, str(made.pk)),
        is_set_off=False,
        region=reversal.region,
        by=by.username,
        now=now,
    )
    told = {"line": reversal.pk, "amount_rp": amount.rupiah}
    code = reversal.region.code
    record("settlement.repaid", reversal.about, region=code, by=by.username, now=now, facts=told)


def _decide(held: Correction, state: State, *, by: User, now: datetime, answer: str = "") -> None:
    held.state, held.decided_by, held.decided_at, held.answer = state, by, now, answer
    held.save(update_fields=["state", "decided_by", "decided_at", "answer"])


def _tell(kind: str, held: Correction, *, by: User, now: datetime, **facts: object) -> None:
    line = held.line
    told = {"correction": held.pk, "line": line.pk, "amount_rp": line.amount_rp, **facts}
    record(kind, line.about, region=line.region.code, by=by.username, now=now, facts=told)
