"""From a draft to a version: submitted without a hole, approved by two who did not write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.programmes import actions
from gancang.programmes.files import written
from gancang.programmes.models import Draft, Halt, Judgement, Save, Trial
from gancang.programmes.rules import Why
from gancang.programmes.surroundings import holes_of
from gancang.programmes.tasks import try_draft
from gancang.regions.pack import programme_of
from gancang.regions.pack_files import read_programme
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from gancang.accounts.models import User
    from gancang.programmes.models import Programme
    from gancang.programmes.rules import Pause

APPROVALS_NEEDED = 2
State = Draft.State
TRIABLE = (State.DRAFT, State.TRIED, State.SUBMITTED)


@transaction.atomic
def submit(draft: Draft, *, seen: int, by: User, on: date, now: datetime) -> None:
    """The draft is closed and waits for two. Refused with a hole, or where it was never tried."""
    _locked(draft, seen=seen, states=(State.DRAFT, State.TRIED))
    if found := holes_of(draft, on=on):
        raise Refused(Why.HAS_HOLES, count=len(found))
    if draft.state != State.TRIED:
        raise Refused(Why.NOT_TRIED)
    _go(draft, State.SUBMITTED)
    _record("programme.submitted", draft, by=by, now=now, facts={"save": draft.saves})


@transaction.atomic
def approve(draft: Draft, *, seen: int, by: User, on: date, now: datetime) -> Programme | None:
    """One of two says yes. With the second it is a version, by the same way as a pack's."""
    _locked(draft, seen=seen, states=(State.SUBMITTED,))
    if Save.objects.filter(draft=draft, by=by).exists():
        raise Refused(Why.OWN_DRAFT)
    if found := holes_of(draft, on=on):
        raise Refused(Why.HAS_HOLES, count=len(found))
    told = {"draft": draft, "save_number": draft.saves, "by": by}
    _row, is_new = Judgement.objects.get_or_create(**told, defaults={"approves": True, "at": now})
    if not is_new:
        raise Refused(Why.JUDGED_ALREADY)
    _record("programme.approved", draft, by=by, now=now, facts={"save": draft.saves})
    if approvals_of(draft) < APPROVALS_NEEDED:
        return None
    row, problems = read_programme(written(draft.told))
    assert row is not None, problems
    assert not problems, problems
    version = actions.add_version(programme_of(row), region=draft.region, by=by.username, now=now)
    _go(draft, State.APPROVED, became=version)
    return version


@transaction.atomic
def send_back(draft: Draft, *, note: str, seen: int, by: User, now: datetime) -> None:
    """Somebody asks for a change: the draft can be written again, and needs two anew."""
    if not note.strip():
        raise Refused(Why.NO_REASON)
    _locked(draft, seen=seen, states=(State.SUBMITTED,))
    told = {"draft": draft, "save_number": draft.saves, "by": by}
    if Judgement.objects.filter(**told).exists():
        raise Refused(Why.JUDGED_ALREADY)
    Judgement.objects.create(**told, approves=False, note=note.strip(), at=now)
    _go(draft, State.DRAFT)
    _record("programme.sent_back", draft, by=by, now=now, facts={"save": draft.saves})


@transaction.atomic
def take_back(draft: Draft, *, seen: int, by: User, now: datetime) -> None:
    """Who writes it takes it back before it is approved."""
    _locked(draft, seen=seen, states=(State.SUBMITTED,))
    _go(draft, State.DRAFT)
    _record("programme.taken_back", draft, by=by, now=now)


@transaction.atomic
def ask_trial(draft: Draft, *, times: int, by: User, on: date, now: datetime) -> Trial:
    """The worker tries the draft as it is now. Asked while one waits or runs, it is that one."""
    fresh = Draft.objects.select_for_update().select_related("region").get(pk=draft.pk)
    if fresh.state not in TRIABLE:
        raise Refused(Why.OTHER_STATE)
    if (going := fresh.trials.filter(state__in=("waits", "runs")).first()) is not None:
        return going
    trial = Trial.objects.create(
        draft=fresh, save_number=fresh.saves, times=times, on=on, asked_by=by, asked_at=now
    )
    # In the same transaction: no trial without a job that does it.
    try_draft.configure(queueing_lock=f"trial-{trial.pk}").defer(number=trial.pk)
    facts: dict[str, object] = {"save": fresh.saves, "times": times}
    _record("programme.trial_asked", fresh, by=by, now=now, facts=facts)
    return trial


@transaction.atomic
def halt(programme: Programme, pause: Pause, *, by: User, now: datetime) -> None:
    """From a day on the programme takes no new cases: for a cycle, or for good."""
    since, until, reason = pause.since, pause.until, pause.reason.strip()
    if not reason:
        raise Refused(Why.NO_REASON)
    if until is not None and until < since:
        raise Refused(Why.HALT_BACKWARDS)
    region, code = programme.region, programme.code
    told = {"since": since, "until": until, "reason": reason}
    Halt.objects.create(region=region, code=code, by=by, at=now, **told)
    facts = {"since": since.isoformat(), "until": until.isoformat() if until else None}
    record("programme.halted", code, region=region.code, by=by.username, now=now, facts=facts)


def approvals_of(draft: Draft) -> int:
    """How many said yes to the draft as it is."""
    yes = Judgement.objects.filter(draft=draft, save_number=draft.saves, approves=True)
    return yes.count()


def _locked(draft: Draft, *, seen: int, states: tuple[str, ...]) -> None:
    fresh = Draft.objects.select_for_update().get(pk=draft.pk)
    if fresh.saves != seen:
        raise Refused(Why.SAVED_MEANWHILE)
    if fresh.state not in states:
        raise Refused(Why.OTHER_STATE)
    draft.told, draft.saves, draft.state = fresh.told, fresh.saves, fresh.state


def _go(draft: Draft, state: str, *, became: Programme | None = None) -> None:
    Draft.objects.filter(pk=draft.pk).update(state=state, became=became)
    draft.state, draft.became = state, became


def _record(
    kind: str, draft: Draft, *, by: User, now: datetime, facts: Mapping[str, object] | None = None
) -> None:
    subject, region = f"draft-{draft.pk}", draft.region.code
    record(kind, subject, region=region, by=by.username, now=now, facts=facts)
