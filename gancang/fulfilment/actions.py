"""Planning cases, carrying them out, proving and paying them. The only code that writes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from gancang.audit.actions import Happening, record, record_all
from gancang.callbacks import actions as callbacks
from gancang.cards.queries import is_card_of
from gancang.enrolment.entry import entry_of
from gancang.fulfilment import queries, rules
from gancang.fulfilment.letters import planned_notes
from gancang.fulfilment.models import CarePlan, Case, CaseProof
from gancang.fulfilment.rules import Why
from gancang.ledger import actions as ledger
from gancang.ledger.waterfall import Reservation
from gancang.orders.actions import prefix_of
from gancang.orders.evidence import clean_signature
from gancang.orders.lifecycle import MEDICINE
from gancang.outbox.actions import post_all
from gancang.programmes.queries import known_by_rules, terms_of
from gancang.regions.queries import today_in
from gancang.residents.actions import get_surviving
from gancang.residents.facts import known_of
from gancang.values import Money, Refused
from gancang.values.codes import new_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime, time

    from gancang.accounts.models import User
    from gancang.enrolment.entry import Entry
    from gancang.programmes.models import Programme
    from gancang.programmes.rules import Known, Terms
    from gancang.regions.models import Organisation, Region
    from gancang.residents.models import Resident


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be done, by whom, for whom, on which days."""

    programme: Programme
    performer: Organisation
    rhythm: rules.Rhythm
    person: int | None = None
    worker: User | None = None
    at: time | None = None
    at_back: time | None = None  # there and back: when it goes home
    pickup: str = ""
    dropoff: str = ""
    seats: int = 1
    account: str = ""


@transaction.atomic
def plan(draft: Draft, *, by: str, now: datetime) -> list[Case]:
    """Plan the cases and set their money aside, all or none. Refused with the reason."""
    region, terms = draft.performer.region, terms_of(draft.programme)
    _refuse_draft(draft, terms, today=today_in(region, now))
    resident = _person(draft, terms, region)
    known = _known(region, resident, on=draft.rhythm.first)
    first = draft.rhythm.first
    origin = draft.performer.code
    entry = entry_of(draft.programme, resident, known, origin=origin, on=first)
    _refuse_after(entry, draft)
    price = rules.price_of(terms, known)
    if price is None:
        raise Refused(Why.NO_AMOUNT, programme=terms.name)
    cases = Case.objects.bulk_create(_rows(draft, terms, resident, (entry, price), by=by, now=now))
    _reserve(cases, terms, region=region, by=by, now=now)
    record_all(_planned(case, by=by, now=now) for case in cases)
    notes = planned_notes(cases[0], resident, more=len(cases) - 1) if resident else []
    post_all(notes, region=region.code, now=now)
    return cases


def _refuse_draft(draft: Draft, terms: Terms, *, today: date) -> None:
    if terms.kind not in rules.KINDS or terms.item_class == MEDICINE:
        raise Refused(Why.NO_CASE, programme=terms.name)
    performers = rules.performers_of(terms)
    if performers and draft.performer.code not in performers:
        raise Refused(Why.NOT_A_PERFORMER, performer=draft.performer.name, programme=terms.name)
    if terms.kind == rules.TRANSFER and not draft.account.strip():
        raise Refused(Why.NO_ACCOUNT)
    rules.refuse_days(draft.rhythm, legs=2 if draft.at_back else 1, today=today)


def _refuse_after(entry: Entry, draft: Draft) -> None:
    """Nothing is planned beyond the last day of an override."""
    row, days = entry.enrolment, rules.days_of(draft.rhythm)
    if row and row.ends_on and days[-1] > row.ends_on:
        raise Refused(Why.AFTER_ITS_END, code=row.code, day=f"{row.ends_on:%d-%m-%Y}")


def _person(draft: Draft, terms: Terms, region: Region) -> Resident | None:
    """For whom it is, locked, so that what is given once is not given twice at the same time."""
    if terms.counts_people:
        if draft.person is not None:
            raise Refused(Why.NOBODY_NAMED, programme=terms.name)
        return None
    if draft.person is None:
        raise Refused(Why.NOBODY_CHOSEN)
    found = get_surviving(draft.person)
    if found.region_id != region.pk:
        raise Refused(Why.NOBODY_CHOSEN)
    if found.deceased_on:
        raise Refused(Why.DECEASED)
    if terms.once:
        year = draft.rhythm.first.year if terms.once == "year" else None
        if before := queries.had_before(found.pk, terms.code, year=year):
            told = {"code": before.code, "day": before.day.isoformat(), "programme": terms.name}
            raise Refused(Why.HAD_IT_BEFORE, **told)
    return found


def _known(region: Region, resident: Resident | None, *, on: date) -> Mapping[str, Known]:
    if resident is None:
        return {}
    return known_by_rules(region, known_of(region, [resident.pk], on=on)[resident.pk])


def _rows(
    draft: Draft,
    terms: Terms,
    resident: Resident | None,
    decided: tuple[Entry, Money],
    *,
    by: str,
    now: datetime,
) -> list[Case]:
    """A case for each day, and for each way of a day."""
    entry, price = decided
    region, days = draft.performer.region, rules.days_of(draft.rhythm)
    common = {
        "region": region,
        "programme": draft.programme,
        "plan": _keep_plan(draft, resident, by=by, now=now) if len(days) > 1 else None,
        "resident": resident,
        "kind": terms.kind,
        "item": terms.called[:60],
        "quantity": draft.seats,
        "performer": draft.performer,
        "worker": draft.worker,
        "account": draft.account.strip(),
        "enrolment": entry.enrolment,
        "clause": entry.clause,
        "price_rp": price.rupiah,
        "planned_by": by,
        "planned_at": now,
        "changed_at": now,
    }
    return [
        Case(code=new_code(prefix_of(region)), day=day, **way, **common)
        for day in days
        for way in _ways(draft)
    ]


def _ways(draft: Draft) -> list[dict[str, Any]]:
    """There; and back, where it goes home too."""
    pickup, dropoff = draft.pickup.strip(), draft.dropoff.strip()
    there = {"leg": "", "at": draft.at, "pickup": pickup, "dropoff": dropoff}
    if draft.at_back is None:
        return [there]
    back = {"leg": "back", "at": draft.at_back, "pickup": dropoff, "dropoff": pickup}
    return [{**there, "leg": "there"}, back]


def _keep_plan(draft: Draft, resident: Resident | None, *, by: str, now: datetime) -> CarePlan:
    return CarePlan.objects.create(
        region=draft.performer.region,
        programme=draft.programme,
        resident=resident,
        performer=draft.performer,
        first=draft.rhythm.first,
        last=draft.rhythm.last,
        weekdays=sorted(draft.rhythm.weekdays),
        every_days=draft.rhythm.every_days,
        made_by=by,
        made_at=now,
    )


def _reserve(
    cases: Sequence[Case], terms: Terms, *, region: Region, by: str, now: datetime
) -> None:
    """Each case's money, out of the budgets of the year in which it takes place."""
    wanted = [
        Reservation(
            order=case.code,
            programme=terms.code,
            year=case.day.year,
            amount=Money(case.price_rp),
            payers=terms.funders,
            area=case.resident.village.code if case.resident else "",
        )
        for case in cases
        if case.price_rp
    ]
    ledger.reserve_all(wanted, region=region, by=by, now=now)


def _planned(case: Case, *, by: str, now: datetime) -> Happening:
    return Happening(
        region=case.region.code,
        kind="case.planned",
        subject=case.code,
        by=by,
        now=now,
        facts={
            "programme": f"{case.programme.code} v{case.programme.version}",
            "clause": case.clause,
            "enrolment": case.enrolment.code if case.enrolment else "",
            "day": case.day.isoformat(),
            "performer": case.performer.code,
            "price_rp": case.price_rp,
        },
    )


@transaction.atomic
def begin(case: Case, *, by: User, now: datetime) -> None:
    """Somebody is on the way to it, or has begun."""
    if case.kind == rules.TRANSFER:
        raise Refused(Why.BY_THE_BANK_ONLY)
    move(case, rules.UNDER_WAY, {"worker": by}, by=by.username, now=now)


@transaction.atomic
def prove(
    case: Case, told: rules.Told, *, by: User, seen_version: int | None, now: datetime
) -> None:
    """It took place, and this proves it: from here on its money is owed to who did it."""
    terms = terms_of(case.programme)
    if case.kind == rules.TRANSFER:
        raise Refused(Why.BY_THE_BANK_ONLY)
    if case.day > today_in(case.region, now):
        raise Refused(Why.NOT_TODAY, code=case.code, day=case.day.isoformat())
    signature = clean_signature(told.signature)
    told = replace(told, card_fits=_fits(case, told.card))
    if why := rules.why_not_proved(told, rules.levels_of(terms)):
        raise Refused(why, programme=terms.name, most=rules.PEOPLE_MAX)
    if seen_version is not None and seen_version != case.version:
        raise _changed(case)
    move(case, rules.DONE, {"worker": by}, by=by.username, now=now)
    CaseProof.objects.create(
        case=case,
        level=told.level,
        note=told.note.strip(),
        people=told.people,
        began_at=told.began_at,
        ended_at=told.ended_at,
        signature=signature,
        witness=told.witness.strip(),
        by=by,
        at=now,
    )
    facts: dict[str, object] = {"level": told.level, "people": told.people}
    note(case, "case.proved", facts, by=by.username, now=now)
    if told.level == "callback":
        _ask_for_a_call(case, by=by, now=now)
    settle(case, by=by.username, now=now)


def _ask_for_a_call(case: Case, *, by: User, now: datetime) -> None:
    """Somebody of another office rings the person; until then its line is held."""
    if case.resident is None:
        raise Refused(Why.NOBODY_NAMED, programme=case.programme.name)
    done = callbacks.Done(
        about=case.code,
        programme=case.programme,
        resident=case.resident,
        office=case.performer,
    )
    callbacks.ask_for(done, by=by, now=now)


def _fits(case: Case, card: str) -> bool:
    """Whether a code is that of the card which the person of a case holds now."""
    return case.resident_id is not None and is_card_of(case.resident_id, card)


@transaction.atomic
def miss(case: Case, reason: str, *, by: User, now: datetime) -> None:
    """It did not take place; its money is free again."""
    _end(case, rules.MISSED, reason, by=by, now=now)


@transaction.atomic
def cancel(case: Case, reason: str, *, by: User, now: datetime) -> None:
    """It is called off beforehand; its money is free again."""
    _end(case, rules.CANCELLED, reason, by=by, now=now)


def _end(case: Case, to: str, reason: str, *, by: User, now: datetime) -> None:
    if not reason.strip():
        raise Refused(Why.NO_REASON)
    if case.bank_list_id:
        raise Refused(Why.BY_THE_BANK_ONLY)
    move(case, to, {"reason": reason.strip()[:200]}, by=by.username, now=now)
    ledger.release(case.code, region=case.region, by=by.username, now=now)


@transaction.atomic
def verify(case: Case, found: str, *, by: User, now: datetime) -> None:
    """Somebody saw in the field that it is so; only then it may be paid."""
    if case.kind != rules.TRANSFER:
        raise Refused(Why.NOT_A_TRANSFER, code=case.code)
    if len(found.strip()) < rules.NOTE_LEAST:
        raise Refused(Why.NO_NOTE)
    if case.planned_by == by.username:
        raise Refused(Why.SAME_PERSON)
    if case.state != rules.PLANNED or queries.is_verified(case):
        raise _wrong_state(case)
    CaseProof.objects.create(case=case, level="field", note=found.strip(), by=by, at=now)
    note(case, "case.verified", {}, by=by.username, now=now)


@transaction.atomic
def report(case: Case, told: str, *, by: User, now: datetime) -> None:
    """What the money was spent on, as its programme wants to know afterwards."""
    asked = terms_of(case.programme).report_days is not None and case.state == rules.DONE
    if not asked or any(proof.level == "report" for proof in queries.proofs_of(case)):
        raise Refused(Why.NO_REPORT_DUE, code=case.code)
    if len(told.strip()) < rules.NOTE_LEAST:
        raise Refused(Why.NO_NOTE)
    CaseProof.objects.create(case=case, level="report", note=told.strip(), by=by, at=now)
    note(case, "case.reported", {}, by=by.username, now=now)


def move(case: Case, to: str, changes: Mapping[str, object], *, by: str, now: datetime) -> None:
    """Move a case on. Refused if its state does not allow it or somebody was faster."""
    if rules.why_not_move(case.state, to):
        raise _wrong_state(case)
    rows = Case.objects.filter(pk=case.pk, state=case.state, version=case.version)
    moved = rows.update(state=to, version=F("version") + 1, changed_at=now, **changes)
    case.refresh_from_db()
    if not moved:
        raise _changed(case)
    note(case, f"case.{to}", {"reason": case.reason} if case.reason else {}, by=by, now=now)


def settle(case: Case, *, by: str, now: datetime) -> None:
    """Its price is owed to who did it."""
    if case.price_rp:
        cost = Money(case.price_rp)
        ledger.settle(
            case.code, payee=case.performer, cost=cost, region=case.region, by=by, now=now
        )


def note(case: Case, kind: str, facts: dict[str, object], *, by: str, now: datetime) -> None:
    """One event about a case. `facts` hold no personal data."""
    record(kind, case.code, region=case.region.code, by=by, now=now, facts=facts)


def _wrong_state(case: Case) -> Refused:
    return Refused(Why.WRONG_STATE, code=case.code, state=rules.STATES[case.state])


def _changed(case: Case) -> Refused:
    return Refused(Why.CHANGED_MEANWHILE, code=case.code, state=rules.STATES[case.state])
