"""Asking for a call, writing down what was said, deciding without. The only code that writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.accounts.models import Membership
from gancang.audit.actions import record
from gancang.audit.once import mark_told
from gancang.callbacks import rules
from gancang.callbacks.models import Callback, Ring
from gancang.callbacks.rules import Why
from gancang.programmes.queries import terms_of
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.programmes.models import Programme
    from gancang.regions.models import Organisation, Region
    from gancang.residents.models import Resident


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What somebody says he did: of which code, for whom, on behalf of which office."""

    about: str
    programme: Programme
    resident: Resident
    office: Organisation


@transaction.atomic
def ask_for(told: Done, *, by: User, now: datetime) -> Callback:
    """From now on nobody is paid for it before its receiver was rung. Refused without a phone."""
    person = told.resident.merged_into or told.resident
    if not person.phone:
        raise Refused(Why.NO_PHONE)
    terms = terms_of(told.programme)
    row = Callback.objects.create(
        region=told.programme.region,
        about=told.about,
        programme=told.programme,
        resident=person,
        carried_by=by,
        office=told.office,
        opened_at=now,
        due_at=now + timedelta(hours=terms.callback_hours),
        tries_max=terms.callback_tries,
    )
    facts: dict[str, object] = {"due_at": row.due_at.isoformat(), "tries": row.tries_max}
    _note(row, "callback.opened", facts, by=by.username, now=now)
    return row


@transaction.atomic
def ring(row: Callback, answer: str, note: str, *, by: User, now: datetime) -> Callback:
    """Write down what a call brought. Who carried it, and his office, may not ask about it."""
    held = _locked(row)
    refuse_own_work(held, by=by)
    if held.state != rules.OPEN:
        raise Refused(Why.NOT_OPEN, code=held.about)
    assert answer in rules.ANSWERS, answer
    if answer == rules.NEVER and len(note.strip()) < rules.REASON_LEAST:
        raise Refused(Why.SAY_WHAT)
    Ring.objects.create(callback=held, by=by, at=now, answer=answer, note=note.strip()[:300])
    if answer == rules.NOT_REACHED:
        held.tries += 1
        held.again_at = now + rules.AGAIN_AFTER
    else:
        held.state = answer
    held.save(update_fields=["tries", "again_at", "state"])
    facts: dict[str, object] = {"answer": answer, "tries": held.tries}
    _note(held, "callback.rung", facts, by=by.username, now=now)
    return held


@transaction.atomic
def decide(row: Callback, outcome: str, reason: str, *, by: User, now: datetime) -> Callback:
    """A second person decides where nobody was reached in time: paid after all, or never came."""
    assert outcome in (rules.ALLOWED, rules.NEVER), outcome
    held = _locked(row)
    refuse_own_work(held, by=by)
    standing = rules.Standing(
        state=held.state,
        tries=held.tries,
        tries_max=held.tries_max,
        due_at=held.due_at,
        rang=frozenset(held.rings.values_list("by", flat=True)),
    )
    if why := rules.why_not_decide(standing, by=by.pk, reason=reason, now=now):
        raise Refused(why, code=held.about)
    _end(held, outcome, reason, by=by, now=now)
    return held


@transaction.atomic
def allow(region: Region, about: str, reason: str, *, by: User, now: datetime) -> None:
    """What a receiver said never came may be paid: its complaint was decided so."""
    rows = Callback.objects.select_for_update().filter(region=region, about=about)
    for row in rows.filter(state=rules.NEVER).select_related("region"):
        _end(row, rules.ALLOWED, reason, by=by, now=now)


def _end(row: Callback, outcome: str, reason: str, *, by: User, now: datetime) -> None:
    row.state, row.reason = outcome, reason.strip()[:300]
    row.decided_by, row.decided_at = by, now
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    _note(row, "callback.decided", {"outcome": outcome}, by=by.username, now=now)


@transaction.atomic
def tell_of_overdue(region: Region, *, now: datetime) -> int:
    """Tell the programme's officers of calls that are late, each once; how many."""
    late = Callback.objects.filter(region=region, state=rules.OPEN, told_at=None, due_at__lt=now)
    rows = mark_told(late.select_related("region"), "told_at", now=now)
    for row in rows:
        _note(row, "callback.overdue", {"tries": row.tries}, by="system", now=now)
    return len(rows)


def refuse_own_work(row: Callback, *, by: User) -> None:
    """Refuse whoever carried it, and everybody of the office that did."""
    offices = Membership.objects.filter(user=by).exclude(organisation=None)
    own = rules.is_own_work(
        by.pk,
        set(offices.values_list("organisation", flat=True)),
        carried_by=row.carried_by_id,
        office=row.office_id,
    )
    if own:
        raise Refused(Why.OWN_WORK)


def _locked(row: Callback) -> Callback:
    rows = Callback.objects.select_for_update(of=("self",)).select_related("region")
    return rows.get(pk=row.pk)


def _note(row: Callback, kind: str, facts: dict[str, object], *, by: str, now: datetime) -> None:
    record(kind, row.about, region=row.region.code, by=by, now=now, facts=facts)
