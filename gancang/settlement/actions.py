"""Holding lines, drafting and approving batches, and what the bank's answer changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gancang.audit.actions import record
from gancang.ledger import actions as ledger
from gancang.ledger.models import Account, Transfer
from gancang.regions.queries import today_in, zone_of
from gancang.settlement import bank, bouncing
from gancang.settlement.models import (
    Approval,
    BankAnswer,
    Batch,
    Bounce,
    Hold,
    Payment,
    PaymentLine,
)
from gancang.settlement.queries import (
    accounts_on,
    accounts_to_mend,
    all_lines,
    last_of,
    money_of,
    to_pay_again,
)
from gancang.settlement.rules import APPROVALS, Answered, Fate, Sent, Why, judge
from gancang.settlement.setting_off import carry_out, forget_set_off, plan_set_off
from gancang.values import Money, Refused
from gancang.web.months import month_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Organisation, Region

State = Batch.State


@transaction.atomic
def hold(line: Transfer, reason: str, *, by: User | None, now: datetime) -> None:
    """Keep a line from being paid. A draft lets it go; an approved batch does not."""
    if not reason.strip():
        raise Refused(Why.SAY_WHY)
    lock_lines(line.region)
    if Hold.objects.filter(line=line, released_at=None).exists():
        raise Refused(Why.ALREADY_HELD)
    live = PaymentLine.objects.filter(line=line, is_live=True)
    if (found := live.select_related("payment__batch").first()) is not None:
        take_out(found)
    Hold.objects.create(line=line, reason=reason.strip()[:200], by=by, at=now)
    _record("settlement.held", line.about, line.region, by=by, now=now, line=line.pk)


@transaction.atomic
def take_out(found: PaymentLine) -> None:
    """A line leaves a draft, or what came back from the bank; refused where it is on its way."""
    if found.payment.state != Payment.State.RETURNED:
        _lower(found.payment, found.line.amount_rp)
        found.delete()
        return
    back, again = last_of(found.payment)
    if found.line.amount_rp > back.left_rp:
        left = Money(back.left_rp)
        raise Refused(Why.SET_OFF_ALREADY, payment=back.reference, left=left)
    if again is not None:
        _lower(again, found.line.amount_rp)
    taken = F("taken_out_rp") + found.line.amount_rp
    Payment.objects.filter(pk=back.pk).update(taken_out_rp=taken)
    PaymentLine.objects.filter(pk=found.pk).update(is_live=False)


def _lower(payment: Payment, rupiah: int) -> None:
    """A payment of a draft pays less, or is none any more; refused where it is approved."""
    batch = Batch.objects.select_for_update().get(pk=payment.batch_id)
    if batch.state != State.DRAFT:
        raise Refused(Why.IN_A_BATCH, batch=batch.code)
    # What somebody approved must not change: all who did are asked again.
    Approval.objects.filter(batch=batch).delete()
    if left := payment.amount_rp + payment.set_off_rp - rupiah:
        plan_set_off(payment, Money(left))
    else:
        payment.delete()


@transaction.atomic
def release(number: int, answer: str, *, region: Region, by: User, now: datetime) -> None:
    """Let a held line be paid again, with what was found out."""
    if not answer.strip():
        raise Refused(Why.SAY_WHY)
    rows = Hold.objects.filter(pk=number, line__region=region, released_at=None)
    done = rows.update(released_at=now, released_by=by, answer=answer.strip()[:200])
    if not done:
        raise Refused(Why.NOT_HELD)
    held = Hold.objects.select_related("line").get(pk=number)
    _record("settlement.let_go", held.line.about, region, by=by, now=now, line=held.line_id)


@transaction.atomic
def draft(region: Region, month: str, *, by: User, now: datetime) -> Batch:
    """Gather all that is open up to the end of a month into a batch, a payment for each payee."""
    ends = month_of(month, zone_of(region)).ends
    if ends > now:
        raise Refused(Why.MONTH_NOT_OVER, month=month)
    lock_lines(region)
    rows = all_lines(region).filter(at__lt=ends, state="open").select_related("target__payee")
    lines: dict[Organisation, list[Transfer]] = defaultdict(list)
    for line in rows.order_by("target__payee__code", "pk").iterator(chunk_size=5_000):
        assert line.target.payee is not None, line.pk
        lines[line.target.payee].append(line)
    again: dict[Organisation, list[Payment]] = defaultdict(list)
    for back in to_pay_again(region):
        again[back.payee].append(back)
    accounts = _accounts_for({**lines, **again}, region, month, on=today_in(region, now))
    number = Batch.objects.filter(region=region, month=month).count() + 1
    code = f"G{region.code.replace('.', '')}-{month.replace('-', '')}-{number}"
    batch = Batch.objects.create(region=region, code=code, month=month, made_by=by, made_at=now)
    places = count(1)
    for payee, account in accounts.items():
        if mine := lines.get(payee, []):
            total = Money(sum(each.amount_rp for each in mine))
            payment = _payment(batch, payee, account, place=next(places), total=total)
            PaymentLine.objects.bulk_create(PaymentLine(payment=payment, line=one) for one in mine)
        for back in again.get(payee, []):
            total = Money(back.left_rp)
            _payment(batch, payee, account, place=next(places), total=total, repeats=back)
    _record("settlement.drafted", code, region, by=by, now=now, payees=len(accounts))
    return batch


def _accounts_for(
    wanted: Iterable[Organisation], region: Region, month: str, *, on: date
) -> dict[Organisation, dict[str, str]]:
    """To which account each payee is paid; one whose account his money came back from waits."""
    payees = sorted(wanted, key=lambda each: each.code)
    if not payees:
        raise Refused(Why.NOTHING_OPEN, month=month)
    told, to_mend = accounts_on(region, on), accounts_to_mend(region, on=on)
    if without := [each.name for each in payees if each.code not in told]:
        raise Refused(Why.NO_BANK_ACCOUNT, payee=", ".join(without))
    if all(each.pk in to_mend for each in payees):
        raise Refused(Why.ACCOUNTS_TO_MEND, payees=", ".join(each.name for each in payees))
    return {each: told[each.code] for each in payees if each.pk not in to_mend}


def _payment(
    batch: Batch,
    payee: Organisation,
    account: dict[str, str],
    *,
    place: int,
    total: Money,
    repeats: Payment | None = None,
) -> Payment:
    made = Payment.objects.create(
        batch=batch,
        payee=payee,
        reference=f"{batch.code}-{place:02d}",
        amount_rp=total.rupiah,
        repeats=repeats,
        bank=account["bank"],
        account=account["number"],
        holder=account["holder"],
        qris=account.get("qris", ""),
    )
    plan_set_off(made, total)
    return made


@transaction.atomic
def approve(batch: Batch, *, by: User, now: datetime) -> None:
    """Stand for a batch. The second of two different people lets it go to the bank."""
    held = _held_in(batch, State.DRAFT)
    if Approval.objects.filter(batch=held, by=by).exists():
        raise Refused(Why.APPROVED_BY_YOU)
    Approval.objects.create(batch=held, by=by, at=now)
    if Approval.objects.filter(batch=held).count() >= APPROVALS:
        Batch.objects.filter(pk=held.pk).update(state=State.APPROVED)
    _record("settlement.approved", held.code, held.region, by=by, now=now)


@transaction.atomic
def discard(batch: Batch, *, by: User, now: datetime) -> None:
    """Throw a draft away: its lines are open again."""
    held = _held_in(batch, State.DRAFT)
    code, region = held.code, held.region
    Approval.objects.filter(batch=held).delete()
    Payment.objects.filter(batch=held).delete()
    Batch.objects.filter(pk=held.pk).update(state=State.DISCARDED)
    _record("settlement.discarded", code, region, by=by, now=now)


@transaction.atomic
def mark_sent(batch: Batch, *, by: User, now: datetime) -> None:
    """The file is with the bank: from now on its answers count."""
    lock_lines(batch.region)  # before the batch, as who takes a line out of it does
    held = _held_in(batch, State.APPROVED)
    Batch.objects.filter(pk=held.pk).update(state=State.SENT, sent_at=now)
    for payment in held.payments.filter(amount_rp=0).select_related("payee", "batch__region"):
        # All of it is set off: the bank has nothing to pay and will not answer.
        Payment.objects.filter(pk=payment.pk).update(state=Payment.State.PAID, answered_at=now)
        carry_out(payment, by=by, now=now)
        bouncing.mark_repeated(payment, Payment.State.REPAID)
    _close_batches({held.pk})
    _record("settlement.sent", held.code, held.region, by=by, now=now)


def _held_in(batch: Batch, state: State) -> Batch:
    row = Batch.objects.select_for_update().select_related("region").get(pk=batch.pk)
    if row.state != state:
        raise Refused(Why.WRONG_STATE, batch=row.code, state=row.get_state_display())
    return row


def lock_lines(region: Region) -> None:
    """Whoever gathers or holds lines of a region waits here for whoever does it now."""
    rows = Account.objects.select_for_update(no_key=True).order_by("pk")
    list(rows.filter(region=region, kind=Account.Kind.PAYABLE))


@transaction.atomic
def take_answer(
    data: bytes, name: str, *, region: Region, by: User, now: datetime
) -> list[tuple[Answered, Fate]]:
    """Read the bank's answer; each row with what became of it. The same file again is harmless."""
    told = money_of(region).get("bank_file")
    if not told:
        raise Refused(Why.NO_FILE_FORMAT)
    rows = bank.read_answer(data, told)
    references = {row.reference for row in rows}
    locked = Payment.objects.select_for_update(of=("self",)).order_by("pk")
    locked = locked.filter(batch__region=region, reference__in=references)
    payments = {each.reference: each for each in locked.select_related("batch", "payee")}
    fates = [(row, _take_row(row, payments, region, by=by, now=now)) for row in rows]
    _close_batches({each.batch_id for each in payments.values()})
    found = dict(Counter(fate.value for _, fate in fates))
    digest = sha256(data).hexdigest()
    BankAnswer.objects.create(
        region=region, name=name[:120], digest=digest, by=by, at=now, found=found
    )
    _record("settlement.bank_answered", digest[:40], region, by=by, now=now, **found)
    return fates


def _take_row(
    row: Answered, payments: dict[str, Payment], region: Region, *, by: User, now: datetime
) -> Fate:
    payment = payments.get(row.reference)
    sent = None
    if payment is not None:
        is_sent = payment.batch.state in (State.SENT, State.PAID)
        is_bouncing = payment.bounces.filter(state=Bounce.State.ASKED).exists()
        sent = Sent(Money(payment.amount_rp), is_sent, payment.state, is_bouncing)
    fate = judge(row, sent)
    if payment is not None and fate is Fate.RETURNED:
        document = row.bank_reference or row.reference
        bouncing.ask(payment, _("The bank's file says so"), document, by=by, now=now)
        payment.refresh_from_db(fields=["state"])
    if payment is None or fate not in (Fate.PAID, Fate.REFUSED):
        return fate
    payment.state = fate.value
    payment.bank_reference, payment.answered_at = row.bank_reference, now
    payment.save(update_fields=["state", "bank_reference", "answered_at"])
    if fate is Fate.PAID:
        carry_out(payment, by=by, now=now)
        ledger.pay(
            payment.reference,
            payee=payment.payee,
            amount=Money(payment.amount_rp),
            region=region,
            by=by.username,
            now=now,
        )
        bouncing.mark_repeated(payment, Payment.State.REPAID)
    else:  # its lines are open again, for a later batch
        PaymentLine.objects.filter(payment=payment).update(is_live=False)
        forget_set_off(payment)
    return fate


def _close_batches(numbers: set[int]) -> None:
    sent = Batch.objects.filter(pk__in=numbers, state=State.SENT)
    open_ones = Payment.objects.filter(batch__in=sent, state=Payment.State.OPEN)
    sent.exclude(pk__in=open_ones.values("batch")).update(state=State.PAID)


def _record(
    kind: str, subject: str, region: Region, *, by: User | None, now: datetime, **facts: object
) -> None:
    who = by.username if by else "receiver"
    record(kind, subject, region=region.code, by=who, now=now, facts=facts)
