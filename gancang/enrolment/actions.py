"""Applying, deciding, pausing, ending; each leaves a step that nobody can take back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import Happening, record_all
from gancang.enrolment import rules
from gancang.enrolment.doubles import find_others
from gancang.enrolment.models import Enrolment, Step
from gancang.enrolment.queries import facts_for, waiting_in_order
from gancang.enrolment.rules import State, Why
from gancang.enrolment.telling import tell
from gancang.programmes.models import Programme
from gancang.programmes.queries import get_programme, terms_of
from gancang.regions.queries import today_in
from gancang.residents.consents import PROGRAMMES, withdrawn_among
from gancang.residents.models import Resident
from gancang.values import Refused
from gancang.values.codes import new_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gancang.programmes.rules import Known, Terms
    from gancang.regions.models import Organisation, Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """By whom, at which desk, when and in which words."""

    by: str
    now: datetime
    unit: Organisation | None = None
    note: str = ""


@transaction.atomic
def apply_all(
    numbers: Sequence[int], programme_code: str, region: Region, deed: Deed
) -> list[Enrolment | Refused]:
    """An application for each of these residents, decided as far as it can be; or why not.

    Where each case is decided by itself, only for whom the rules shut out: he may appeal, and an
    officer may let him in until a last day. The number of queries hangs on the programme, not on
    the applicants.
    """
    programme = get_programme(region, programme_code)
    terms, enrolling = terms_of(programme), rules.enrolling_of(programme.terms)
    _refuse_if_closed(terms, on=today_in(region, deed.now))
    found = Resident.objects.filter(region=region, pk__in=numbers).select_related("village")
    people = {row.pk: row for row in found}
    open_ = Enrolment.objects.filter(programme_code=programme_code, resident__in=list(people))
    already = dict(open_.filter(state__in=rules.OPEN).values_list("resident", "code"))
    silent = withdrawn_among(region, people, PROGRAMMES)
    answers: dict[int, Enrolment | Refused] = {}
    for number in dict.fromkeys(numbers):
        row = people[number]
        if row.deceased_on:
            answers[number] = Refused(Why.DECEASED)
        elif number in silent:
            answers[number] = Refused(Why.NO_CONSENT)
        elif number in already:
            answers[number] = Refused(Why.ALREADY, code=already[number])
        else:
            answers[number] = _application(row, programme, enrolling, deed)
    fresh = [row for row in answers.values() if isinstance(row, Enrolment)]
    Enrolment.objects.bulk_create(fresh)
    _write(fresh, "apply", deed)
    judge_all(fresh, deed)
    return [answers[number] for number in numbers]


def _refuse_if_closed(terms: Terms, *, on: date) -> None:
    nobody = rules.decide(terms, rules.Enrolling(), {}, shown=(), verified=False, on=on)
    if nobody.why not in (None, Why.NOT_ELIGIBLE):
        raise Refused(nobody.why, **(nobody.facts or {}))


def _application(
    row: Resident, programme: Programme, enrolling: rules.Enrolling, deed: Deed
) -> Enrolment:
    today = today_in(programme.region, deed.now)
    return Enrolment(
        region=programme.region,
        code=new_code("P"),
        programme=programme,
        programme_code=programme.code,
        resident=row,
        village=row.village,
        unit=deed.unit,
        state=State.INCOMPLETE,
        applied_by=deed.by,
        applied_at=deed.now,
        due_on=today + timedelta(days=enrolling.complete_within_days),
    )


def judge_all(rows: Sequence[Enrolment], deed: Deed) -> None:
    """Look at applications anew, all of one programme: in, waiting, refused, or what they lack.

    Whoever is in by an override stays so until its last day.
    """
    if not rows:
        return
    region = rows[0].region
    on = today_in(region, deed.now)
    programme = get_programme(region, rows[0].programme_code)
    terms, enrolling = terms_of(programme), rules.enrolling_of(programme.terms)
    facts = facts_for(region, [row.resident_id for row in rows], on=on)
    others = find_others(region, rows, enrolling)
    changed = []
    for row in rows:
        decision = rules.decide(
            terms,
            enrolling,
            facts[row.resident_id],
            shown=row.documents,
            verified=row.verified_at is not None,
            on=on,
        )
        if decision.why in (None, Why.NOT_ELIGIBLE) and not row.overridden_by:
            row.flags = others.get(row.resident_id, [])
            _take(row, decision, programme, enrolling, deed, on=on)
            changed.append(row)
    _save(changed)
    _write(changed, "judge", deed)
    came_in = {row.pk: row for row in fill(programme, deed)}
    for row in rows:
        if row.pk in came_in:
            row.state, row.version = State.ENROLLED, came_in[row.pk].version
    tell([row for row in changed if row.state != State.ENROLLED], now=deed.now)
    if not enrolling.enrols and any(row.pk in came_in for row in changed):
        raise Refused(Why.NO_ENROLMENT, programme=programme.name)


def _take(
    row: Enrolment,
    decision: rules.Decision,
    programme: Programme,
    enrolling: rules.Enrolling,
    deed: Deed,
    *,
    on: date,
) -> None:
    row.programme = programme
    row.clause = decision.clause.code if decision.clause else ""
    row.proofs = told_of(decision.proofs)
    row.check_by = decision.check_by if decision.check_by != date.max else None
    row.lacks = [
        {"kind": lack.kind, "name": lack.name, "as_of": lack.as_of and lack.as_of.isoformat()}
        for lack in decision.lacks
    ]
    row.why = str(decision.why or "")
    row.decided_at = deed.now
    # Who is in stays in while proofs are asked for again; he leaves only where no rule fits him.
    stays = row.state in rules.IN and decision.state != State.REFUSED
    if stays and decision.lacks:
        row.check_by = min(row.check_by or on, on - timedelta(days=1))
    elif not stays:
        comes_in = decision.state == State.WAITING
        row.state = State.FLAGGED if comes_in and row.flags else decision.state
    if row.state == State.REFUSED:
        row.appeal_until = on + timedelta(days=enrolling.appeal_days)


def told_of(proofs: Mapping[str, Known]) -> str:
    """The facts that decided, as they are kept beside the decision."""
    told = {
        name: [fact.value, fact.source, fact.as_of.isoformat()] for name, fact in proofs.items()
    }
    return json.dumps(told, ensure_ascii=False)


def fill(programme: Programme, deed: Deed) -> list[Enrolment]:
    """Let in from the waiting list as many as there are places, by its published order.

    Whose proofs have grown too old meanwhile keeps his place and is asked again first.
    """
    # One at a time: two clerks never give the same place away.
    same = Programme.objects.filter(region=programme.region_id, code=programme.code)
    list(same.select_for_update().order_by("pk"))
    rows = Enrolment.objects.filter(region=programme.region_id, programme_code=programme.code)
    enrolling = rules.enrolling_of(programme.terms)
    on = today_in(programme.region, deed.now)
    queue = rows.filter(state=State.WAITING).select_related("programme", "region")
    waiting = waiting_in_order(programme, queue, on=on)
    fit = [row for row in waiting if row.check_by is None or row.check_by >= on]
    if enrolling.capacity is not None:
        fit = fit[: max(0, enrolling.capacity - rows.filter(state__in=rules.IN).count())]
    for row in fit:
        row.state, row.decided_at = State.ENROLLED, deed.now
        # An officer's decision serves the same day.
        frozen = enrolling.freeze_day is not None and not row.overridden_by
        row.starts_on = rules.served_from(enrolling.freeze_day, on) if frozen else None
    _save(fit)
    _write(fit, "enrol", deed)
    tell(fit, now=deed.now)
    return fit


KEPT = (
    "state",
    "programme",
    "documents",
    "lacks",
    "flags",
    "referral",
    "due_on",
    "verified_at",
    "clause",
    "proofs",
    "check_by",
    "why",
    "appeal_until",
    "overridden_by",
    "starts_on",
    "ends_on",
    "decided_at",
    "version",
)


def _save(rows: Sequence[Enrolment]) -> None:
    for row in rows:
        row.version += 1
    Enrolment.objects.bulk_update(rows, KEPT, batch_size=500)


def _write(rows: Sequence[Enrolment], deed_code: str, deed: Deed) -> None:
    """A step and an event each; the event holds no word about the person."""
    Step.objects.bulk_create(
        Step(
            enrolment=row,
            deed=deed_code,
            state=row.state,
            at=deed.now,
            by=deed.by,
            note=deed.note,
            why=row.why,
            clause=row.clause,
            proofs=row.proofs,
            programme_version=row.programme.version,
        )
        for row in rows
    )
    record_all(
        Happening(
            region=row.region.code,
            kind=f"enrolment.{deed_code}",
            subject=row.code,
            by=deed.by,
            now=deed.now,
            facts={"state": str(row.state), "programme": row.programme_code},
        )
        for row in rows
    )


def locked(row: Enrolment, *states: State) -> Enrolment:
    """The row as it stands now, held until the deed is done. Refused in any other state."""
    rows = Enrolment.objects.select_related("region", "programme__region", "resident")
    found = rows.select_for_update(of=("self",)).get(pk=row.pk)
    if found.state not in states:
        raise Refused(Why.WRONG_STATE)
    if found.state == State.REFUSED:
        _refuse_if_another(found)
    return found


def _refuse_if_another(row: Enrolment) -> None:
    same = Enrolment.objects.filter(resident=row.resident_id, programme_code=row.programme_code)
    if other := same.filter(state__in=rules.OPEN).first():
        raise Refused(Why.ALREADY, code=other.code)


def finish(row: Enrolment, deed_code: str, deed: Deed) -> None:
    """Save a row whose state was set, with its step; a place that became free is given on."""
    _save([row])
    _write([row], deed_code, deed)
    if row.state not in rules.IN:
        fill(row.programme, deed)
    if row.state in (State.REFUSED, State.ENDED):
        tell([row], now=deed.now)


def finish_all(rows: Sequence[Enrolment], deed_code: str, deed: Deed) -> None:
    """Save rows that leave without ever having had a place, each with its step."""
    _save(rows)
    _write(rows, deed_code, deed)
    tell(rows, now=deed.now)
