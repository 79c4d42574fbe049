"""Telling, deciding and appealing, and the money that follows. The only code that writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext

from gancang.audit.actions import record
from gancang.callbacks import actions as callbacks
from gancang.cash.queries import find_payment
from gancang.cash.refunding import owe_back
from gancang.complaints import rules
from gancang.complaints.models import Complaint, Stake
from gancang.complaints.queries import answer_hours
from gancang.complaints.rules import Why
from gancang.complaints.subjects import lines_of, subject_of
from gancang.ledger.reversing import why_not_reversible
from gancang.parcels import actions as parcels
from gancang.parcels.queries import find_parcel
from gancang.settlement import actions as settlement
from gancang.settlement import correcting
from gancang.settlement.models import Correction, Hold
from gancang.settlement.rules import Why as Held
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.complaints.subjects import Subject
    from gancang.ledger.models import Transfer
    from gancang.regions.models import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody says was wrong, and how it reached us."""

    code: str
    cause: str
    words: str
    channel: str


@transaction.atomic
def tell(told: Told, *, region: Region, by: User | None, now: datetime) -> Complaint:
    """Open a complaint: from now on nobody is paid for it before it is decided.

    `by` is None where the receiver tells it on his own page.
    """
    if len(told.words.strip()) < rules.WORDS_LEAST:
        raise Refused(Why.TELL_MORE)
    subject = subject_of(region, told.code)
    waits = Complaint.objects.filter(region=region, about=subject.code)
    if waits.filter(state__in=[rules.OPEN, rules.APPEALED]).exists():
        raise Refused(Why.OPEN_ALREADY, code=subject.code)
    row = Complaint.objects.create(
        region=region,
        about=subject.code,
        programme_code=subject.programme,
        cause=told.cause,
        words=told.words.strip()[:2000],
        channel=told.channel,
        told_by=by.username if by else "receiver",
        opened_at=now,
        due_at=now + timedelta(hours=answer_hours(region, subject.programme)),
    )
    for line in lines_of(region, subject):
        Stake.objects.create(complaint=row, line=line, hold=_held(row, line, by=by, now=now))
    _note(row, "complaint.told", {"cause": row.cause}, by=row.told_by, now=now)
    return row


def _held(row: Complaint, line: Transfer, *, by: User | None, now: datetime) -> int | None:
    """Hold a line until it is decided; None where the bank has it, or another holds it."""
    try:
        with transaction.atomic():
            settlement.hold(line, _because(row), by=by, now=now)
    except Refused as refusal:
        if refusal.reason not in (Held.IN_A_BATCH, Held.ALREADY_HELD):
            raise
        return None
    return Hold.objects.get(line=line, released_at=None).pk


@transaction.atomic
def decide(row: Complaint, outcome: str, words: str, *, by: User, now: datetime) -> Complaint:
    """Say how it is put right, and why; the money follows at once."""
    held = _locked(row)
    rules.refuse_deciding(held.state, words=words, told_by=held.told_by, by=by.username)
    subject = subject_of(held.region, held.about)
    _put_right(held, subject, outcome, by=by, now=now)
    held.state, held.outcome, held.reason = rules.DECIDED, outcome, words.strip()[:2000]
    held.decided_by, held.decided_at = by.username, now
    held.save()
    _note(held, "complaint.decided", {"outcome": outcome}, by=by.username, now=now)
    return held


def _put_right(row: Complaint, subject: Subject, outcome: str, *, by: User, now: datetime) -> None:
    assert outcome in rules.OUTCOMES, outcome
    if outcome == rules.REDELIVER:
        row.brought_by = _brought_again(subject, by=by.username, now=now)
    if outcome == rules.REFUND:
        payment = find_payment(subject.code)
        if payment is None:
            raise Refused(Why.NOTHING_PAID, code=subject.code)
        owe_back(payment, _because(row), by=by, now=now)
    if outcome == rules.TAKE_BACK and not row.stakes.exists():
        raise Refused(Why.NOTHING_EARNED, code=subject.code)
    loses = outcome == rules.TAKE_BACK or (
        outcome == rules.REDELIVER and row.cause in rules.PAYS_HIMSELF
    )
    if loses:
        _ask_back(row, by=by, now=now)
    else:
        _let_go(row, by=by, now=now)


def _brought_again(subject: Subject, *, by: str, now: datetime) -> str:
    """A new order of the same things to the same person, who accepts to pay nothing."""
    parcel = find_parcel(subject.order) if subject.order else None
    if subject.order is None or parcel is None:
        raise Refused(Why.ONLY_GOODS, code=subject.code)
    draft = parcels.Draft(
        programme=subject.order.programme,
        contents=parcel.contents,
        note=parcel.note,
        person=subject.order.resident_id,
        confirmed=True,
    )
    return parcels.place(draft, subject.order.origin, by=by, now=now).code


def _ask_back(row: Complaint, *, by: User, now: datetime) -> None:
    """Ask the treasurer to take back what was earned: until then it is held, paid or not."""
    for stake in row.stakes.select_related("line__region"):
        if why_not_reversible(stake.line) is None:
            correcting.ask(stake.line, _because(row), by=by, now=now)


def _undo(row: Complaint, *, by: User, now: datetime) -> None:
    """Who lost his pay keeps it after all: nobody takes it back, or it is owed to him anew."""
    lines = row.stakes.values("line")
    for asked in Correction.objects.filter(line__in=lines).select_related("reversal__region"):
        if asked.state == Correction.State.ASKED:
            correcting.reject(asked, _because(row), by=by, now=now)
        elif asked.reversal is not None:
            correcting.ask(asked.reversal, _because(row), by=by, now=now)


def _let_go(row: Complaint, *, by: User, now: datetime) -> None:
    """What was held for it may be paid."""
    for stake in row.stakes.exclude(hold=None):
        assert stake.hold is not None
        if Hold.objects.filter(pk=stake.hold, released_at=None).exists():
            answer = _because(row)
            settlement.release(stake.hold, answer, region=row.region, by=by, now=now)
    callbacks.allow(row.region, row.about, f"complaint {row.pk}", by=by, now=now)


@transaction.atomic
def appeal(row: Complaint, words: str, *, by: User, now: datetime) -> None:
    """Whoever lost says why that was wrong; another person hears it."""
    held = _locked(row)
    if held.state != rules.DECIDED:
        raise Refused(Why.NOT_OPEN, state=rules.STATES[held.state])
    assert held.decided_at is not None, held.pk
    until = held.decided_at + rules.APPEAL_WITHIN
    if now > until:
        raise Refused(Why.TOO_LATE, until=f"{until:%d-%m-%Y}")
    if len(words.strip()) < rules.WORDS_LEAST:
        raise Refused(Why.TELL_MORE)
    held.state, held.appeal = rules.APPEALED, words.strip()[:2000]
    held.appealed_by, held.appealed_at = by.username, now
    held.save()
    _note(held, "complaint.appealed", {}, by=by.username, now=now)


@transaction.atomic
def hear(row: Complaint, words: str, *, upheld: bool, by: User, now: datetime) -> None:
    """Another person hears the appeal. Upheld, who lost his pay keeps it after all."""
    held = _locked(row)
    rules.refuse_deciding(
        held.state,
        words=words,
        told_by=held.appealed_by,
        by=by.username,
        before={held.decided_by},
    )
    if upheld:
        _undo(held, by=by, now=now)
        _let_go(held, by=by, now=now)
    held.state, held.heard = rules.CLOSED, words.strip()[:2000]
    held.heard_by, held.heard_at = by.username, now
    held.save()
    _note(held, "complaint.heard", {"upheld": upheld}, by=by.username, now=now)


def _because(row: Complaint) -> str:
    """What stands as the reason where money is held or moves, in the words of who does it."""
    return gettext("Complaint %(number)s") % {"number": row.pk}


def _locked(row: Complaint) -> Complaint:
    rows = Complaint.objects.select_for_update(of=("self",)).select_related("region")
    return rows.get(pk=row.pk)


def _note(row: Complaint, kind: str, facts: dict[str, object], *, by: str, now: datetime) -> None:
    told = {"complaint": row.pk, **facts}
    record(kind, row.about, region=row.region.code, by=by, now=now, facts=told)
