"""What the worker does with a trial: everybody is asked, and what was counted is kept."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.programmes.drafts import to_compare
from gancang.programmes.models import Draft, Trial
from gancang.programmes.trying import RuleFailed, Trouble, try_on_registry
from gancang.residents.everybody import how_many
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from gancang.programmes.trying import Counts

LIMIT_S = 900  # a million people take about a minute; beyond this something is wrong
TELL_EVERY_S = 1
LOOK_EVERY = 500  # people between two looks at the clock
State = Trial.State


def run(number: int, *, go_on: Callable[[], None], clock: Callable[[], datetime]) -> str:
    """Do one trial that was asked for, and say how it ended. Done already, it is left alone.

    `go_on` is called now and then, and breaks it off by an exception; it can then be run anew.
    """
    trial = Trial.objects.select_related("draft__region").get(pk=number)
    if not trial.is_open:
        return trial.state
    try:
        counts = _count(trial, go_on)
    except Refused as refusal:
        _fail(trial, refusal, now=clock())
        return State.FAILED
    _keep(trial, counts, now=clock())
    return State.DONE


def _count(trial: Trial, go_on: Callable[[], None]) -> Counts:
    draft = trial.draft
    if draft.saves != trial.save_number:
        raise Refused(Trouble.CHANGED)
    people = how_many(draft.region)
    Trial.objects.filter(pk=trial.pk).update(state=State.RUNS, of=people, asked_people=0)
    told, before = to_compare(draft, on=trial.on)
    teller = _teller(trial, go_on)
    region, times = draft.region, trial.times
    try:
        return try_on_registry(told, before, region=region, times=times, on=trial.on, tell=teller)
    except RuleFailed as failed:
        raise Refused(Trouble.RULE_FAILED, clause=failed.clause) from failed


def _teller(trial: Trial, go_on: Callable[[], None]) -> Callable[[int], None]:
    """Writes down how far it is once a second at most; ends what takes too long."""
    began = last = monotonic()

    def tell(asked: int) -> None:
        nonlocal last
        if asked % LOOK_EVERY or (now := monotonic()) - last < TELL_EVERY_S:
            return
        if now - began > LIMIT_S:
            raise Refused(Trouble.TOO_LONG, minutes=LIMIT_S // 60, asked=asked)
        go_on()
        last = now
        Trial.objects.filter(pk=trial.pk).update(asked_people=asked)

    return tell


def give_up(number: int, *, now: datetime) -> None:
    """A trial over which something of ours broke is over; another may be asked for."""
    _fail(Trial.objects.get(pk=number), Refused(Trouble.BROKE), now=now)


def _fail(trial: Trial, refusal: Refused, *, now: datetime) -> None:
    trouble = {"reason": refusal.reason.value, "facts": refusal.facts}
    ended = {"state": State.FAILED, "trouble": trouble, "ended_at": now}
    Trial.objects.filter(pk=trial.pk, state__in=(State.WAITS, State.RUNS)).update(**ended)


@transaction.atomic
def _keep(trial: Trial, counts: Counts, *, now: datetime) -> None:
    """The counts stay with the trial; with the draft too where nobody changed it meanwhile."""
    draft = Draft.objects.select_for_update().get(pk=trial.draft_id)
    told = {"state": State.DONE, "ended_at": now, "asked_people": counts.people}
    Trial.objects.filter(pk=trial.pk).update(**told, counted=counts.told())
    short = {**counts.in_short(), "save": trial.save_number, "times": trial.times}
    open_states = (Draft.State.DRAFT, Draft.State.TRIED)
    if draft.saves == trial.save_number:
        state = Draft.State.TRIED if draft.state in open_states else draft.state
        Draft.objects.filter(pk=draft.pk).update(tried=short, state=state)
    subject, region = f"draft-{draft.pk}", trial.draft.region.code
    by = trial.asked_by.username
    record("programme.tried", subject, region=region, by=by, now=now, facts=short)
