"""What is done with one application: papers, a new look, pause, end, appeal, override."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.enrolment import rules
from gancang.enrolment.actions import Deed, fill, finish, judge_all, locked
from gancang.enrolment.following import follow_registry
from gancang.enrolment.models import Enrolment, Step
from gancang.enrolment.rules import State, Why
from gancang.enrolment.telling import tell
from gancang.regions.queries import today_in
from gancang.residents.consents import PROGRAMMES, STOPS_WITHIN, withdrawn_since
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.regions.models import Region

LOOKED_AT = (
    State.INCOMPLETE,
    State.TO_VERIFY,
    State.FLAGGED,
    State.WAITING,
    State.ENROLLED,
    State.PAUSED,
    State.REFUSED,
)
BATCH = 500
APPLICANT = "applicant"  # who appeals by his own link
APPEALS_MAX, APPEALS_COUNTED = 3, timedelta(days=90)


@transaction.atomic
def look_again(row: Enrolment, deed: Deed, *, papers: Sequence[str] = ()) -> Enrolment:
    """Judge by what is known today, and by the papers that were seen now."""
    found = locked(row, *LOOKED_AT)
    asked = rules.enrolling_of(found.programme.terms).documents
    found.documents = [name for name in asked if name in {*found.documents, *papers}]
    judge_all([found], deed)
    return found


@transaction.atomic
def pause(row: Enrolment, deed: Deed) -> None:
    """Not served for a while; the place is kept."""
    _needs_words(deed)
    found = locked(row, State.ENROLLED)
    found.state = State.PAUSED
    finish(found, "pause", deed)


@transaction.atomic
def resume(row: Enrolment, deed: Deed) -> None:
    """Served again, if the rules still say so."""
    found = locked(row, State.PAUSED)
    found.state = State.ENROLLED
    finish(found, "resume", deed)
    judge_all([found], deed)


@transaction.atomic
def end(row: Enrolment, deed: Deed) -> None:
    """Out of the programme; the place goes to who waits longest by its order."""
    _needs_words(deed)
    found = locked(row, State.ENROLLED, State.PAUSED, State.WAITING, *rules.UNDECIDED)
    found.state, found.why = State.ENDED, ""
    finish(found, "end", deed)


@transaction.atomic
def appeal(row: Enrolment, deed: Deed) -> None:
    """The person does not accept a refusal and says why; an officer decides."""
    _needs_words(deed)
    found = locked(row, State.REFUSED)
    until = found.appeal_until
    if until is None or today_in(found.region, deed.now) > until:
        raise Refused(Why.APPEAL_OVER, on=f"{until:%d-%m-%Y}" if until else "-")
    found.state = State.APPEALED
    finish(found, "appeal", deed)


@transaction.atomic
def appeal_by_link(row: Enrolment, deed: Deed) -> None:
    """The same by the link of a letter: one is open at a time, and few in a season."""
    since = deed.now - APPEALS_COUNTED
    done = Step.objects.filter(enrolment=row, deed="appeal", by=APPLICANT, at__gt=since)
    if done.count() >= APPEALS_MAX:
        raise Refused(Why.TOO_MANY_APPEALS, phone=row.region.phone)
    appeal(row, deed)


@transaction.atomic
def uphold(row: Enrolment, deed: Deed) -> None:
    """The refusal stands, and why, with no second appeal; or other aid keeps somebody out."""
    _needs_words(deed)
    found = locked(row, State.APPEALED, State.FLAGGED)
    found.appeal_until = None
    if found.state == State.FLAGGED:
        days = rules.enrolling_of(found.programme.terms).appeal_days
        found.appeal_until = today_in(found.region, deed.now) + timedelta(days=days)
        found.why = Why.OTHER_AID
    found.state = State.REFUSED
    finish(found, "uphold", deed)


@transaction.atomic
def override(row: Enrolment, until: date | None, deed: Deed) -> Enrolment:
    """A named officer lets somebody in against the rules, with reason and last day, at once.

    Places are not made by it: where all are taken the person waits by the published order.
    """
    _needs_words(deed)
    found = locked(row, State.REFUSED, State.APPEALED, *rules.UNDECIDED)
    if why := rules.why_not_expiry(until, on=today_in(found.region, deed.now)):
        raise Refused(why)
    found.state, found.overridden_by, found.ends_on = State.WAITING, deed.by, until
    found.check_by = found.appeal_until = None
    found.lacks, found.decided_at, found.why = [], deed.now, ""
    finish(found, "override", deed)
    found.refresh_from_db()
    if found.state == State.WAITING:
        tell([found], now=deed.now)
    return found


def lapse(region: Region, *, now: datetime) -> int:
    """Do what days have decided: papers never brought, overrides that ran out, consent taken back.

    How many applications it closed or changed.
    """
    on = today_in(region, now)
    deed = Deed(by="system", now=now)
    late = Enrolment.objects.filter(region=region, state=State.INCOMPLETE, due_on__lt=on)
    over = Enrolment.objects.filter(
        region=region, state__in=[State.ENROLLED, State.PAUSED, State.WAITING], ends_on__lt=on
    )
    late_rows, over_rows = list(late.order_by("pk")[:BATCH]), list(over.order_by("pk")[:BATCH])
    for row in late_rows:
        _give_up(row, deed, on=on)
    for row in over_rows:
        _end_override(row, deed)
    return (
        len(late_rows)
        + len(over_rows)
        + _stop_withdrawn(region, deed)
        + follow_registry(region, deed)
    )


def _stop_withdrawn(region: Region, deed: Deed) -> int:
    since = deed.now - 2 * STOPS_WITHIN  # a job that stood still for days finds them too
    silent = withdrawn_since(region, PROGRAMMES, since=since)
    rows = Enrolment.objects.filter(resident__in=silent, state__in=rules.OPEN)
    found = list(rows.order_by("pk")[:BATCH])
    for row in found:
        _end_for_consent(row, deed)
    return len(found)


@transaction.atomic
def _end_for_consent(row: Enrolment, deed: Deed) -> None:
    found = locked(row, *rules.OPEN)
    found.state, found.why, found.lacks = State.ENDED, Why.NO_CONSENT, []
    finish(found, "end", deed)


@transaction.atomic
def _give_up(row: Enrolment, deed: Deed, *, on: date) -> None:
    found = locked(row, State.INCOMPLETE)
    days = rules.enrolling_of(found.programme.terms).appeal_days
    found.state, found.why = State.REFUSED, Why.TOO_LATE
    found.appeal_until = on + timedelta(days=days)
    finish(found, "lapse", deed)


@transaction.atomic
def _end_override(row: Enrolment, deed: Deed) -> None:
    found = locked(row, State.ENROLLED, State.PAUSED, State.WAITING)
    if not rules.enrolling_of(found.programme.terms).enrols:
        # Each case is decided by itself again.
        found.state, found.why = State.ENDED, Why.OVERRIDE_OVER
        finish(found, "end", deed)
        return
    found.overridden_by, found.ends_on = "", None
    judge_all([found], deed)
    fill(found.programme, deed)


def _needs_words(deed: Deed) -> None:
    if not deed.note.strip():
        raise Refused(Why.NO_WORDS)
