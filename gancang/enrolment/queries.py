"""Reading applications. Each question knows who asks; who reads a person is written down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Membership, Role
from gancang.enrolment import rules
from gancang.enrolment.models import Enrolment, ListImport, Step
from gancang.enrolment.rules import State
from gancang.programmes import rules as programme_rules
from gancang.programmes.queries import known_by_rules, list_programmes, terms_of
from gancang.programmes.rules import BY_OFFICER, clause_named
from gancang.regions.queries import fact_kinds
from gancang.residents.actions import KnownFact
from gancang.residents.facts import known_of, shown
from gancang.residents.models import Resident
from gancang.residents.queries import find_people, read_people, reader_for
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from gancang.programmes.models import Programme
    from gancang.programmes.rules import Known
    from gancang.regions.models import Region
    from gancang.residents.facts import Shown
    from gancang.residents.queries import Person

SEES_ALL = (Role.PROGRAMME_OFFICER, Role.ADMIN, Role.AUDITOR)
APPLIES = (Role.COUNTER_CLERK, Role.VILLAGE_CLERK, Role.PROGRAMME_OFFICER, Role.ADMIN)
SEES = (*APPLIES, Role.AUDITOR)
DECIDES = (Role.PROGRAMME_OFFICER, Role.ADMIN)
VERIFIES = (Role.VILLAGE_CLERK, *DECIDES)


def visible_to(asker: Membership) -> QuerySet[Enrolment]:
    """All of the region for its officers; for a desk what began there, for a village its people."""
    rows = Enrolment.objects.filter(region=asker.region)
    rows = rows.select_related("programme", "village__district", "unit")
    if asker.role in SEES_ALL:
        return rows
    own = Q(unit=asker.organisation_id) if asker.organisation_id else Q(pk=None)
    if asker.role == Role.VILLAGE_CLERK and asker.organisation:
        own |= Q(village=asker.organisation.village_id)
    return rows.filter(own)


def get_enrolment(asker: Membership, code: str) -> Enrolment:
    """One that the asker may see, or 404."""
    rows = visible_to(asker).select_related("programme__region", "region", "resident")
    return get_object_or_404(rows, code=code)


def find_by_code(code: str) -> Enrolment | None:
    """An application by its code, of a link that we made."""
    rows = Enrolment.objects.select_related("programme__region", "region", "resident")
    return rows.filter(code=code).first()


def may_appeal(row: Enrolment, *, on: date) -> bool:
    """Whether a refusal may still be appealed."""
    until = row.appeal_until
    return row.state == State.REFUSED and until is not None and on <= until


def list_enrolling(region: Region) -> list[Programme]:
    """The newest version of each programme in which people enrol."""
    return [p for p in list_programmes(region) if rules.enrolling_of(p.terms).enrols]


def list_applied_for(region: Region) -> list[Programme]:
    """Those in which people enrol; and those that decide each case, where somebody was shut out."""
    told = Enrolment.objects.filter(region=region).order_by().values_list("programme_code")
    known = {code for (code,) in told.distinct()}
    rows = list_programmes(region)
    return [p for p in rows if p.code in known or rules.enrolling_of(p.terms).enrols]


def list_deciding(region: Region) -> list[Programme]:
    """The newest version of each programme that decides each case by itself, of named people."""
    return [
        p
        for p in list_programmes(region)
        if not rules.enrolling_of(p.terms).enrols and not p.terms.get("counts_people")
    ]


def counts_by_state(asker: Membership) -> dict[str, dict[str, int]]:
    """How many of each programme stand in each state. One query."""
    told: dict[str, dict[str, int]] = {}
    rows = visible_to(asker).order_by().values("programme_code", "state")
    for row in rows.annotate(people=Count("pk")):
        told.setdefault(row["programme_code"], {})[row["state"]] = row["people"]
    return told


def to_recheck(asker: Membership, *, on: date) -> QuerySet[Enrolment]:
    """Who is in or waits on proofs that are too old by now."""
    rows = visible_to(asker).filter(check_by__lt=on)
    return rows.filter(state__in=[State.ENROLLED, State.WAITING])


def to_do(asker: Membership) -> QuerySet[Enrolment]:
    """What waits: for an officer what is to be decided, for a village's clerk who is to be seen."""
    is_officer = asker.role in DECIDES
    states = [State.FLAGGED, State.APPEALED] if is_officer else [State.TO_VERIFY]
    return visible_to(asker).filter(state__in=states)


def served_on(region: Region, programme_code: str, day: date) -> QuerySet[Enrolment]:
    """Who is served by a programme on a day: enrolled, on proofs that hold, alive."""
    rows = Enrolment.objects.filter(
        region=region, programme_code=programme_code, state=State.ENROLLED
    )
    holds = Q(check_by=None) | Q(check_by__gte=day)
    runs = Q(ends_on=None) | Q(ends_on__gte=day)
    begun = Q(starts_on=None) | Q(starts_on__lte=day)
    return rows.filter(holds, runs, begun, resident__deceased_on="")


def lists_taken(asker: Membership) -> QuerySet[ListImport]:
    """The lists that were taken in, the newest first."""
    return ListImport.objects.filter(region=asker.region).order_by("-id")


def facts_for(region: Region, numbers: Iterable[int], *, on: date) -> dict[int, dict[str, Known]]:
    """What is known of people as rules read it; of who was merged, what the kept entry tells.

    Four queries; nobody is shown.
    """
    asked = set(numbers)
    merged = Resident.objects.filter(pk__in=asked, merged_into__isnull=False)
    kept = dict(merged.values_list("pk", "merged_into"))
    told = known_of(region, {kept.get(number) or number for number in asked}, on=on)
    return {number: known_by_rules(region, told[kept.get(number) or number]) for number in asked}


def waiting_in_order(
    programme: Programme, rows: Iterable[Enrolment], *, on: date
) -> list[Enrolment]:
    """A waiting list in the programme's published order."""
    waiting = list(rows)
    order = rules.enrolling_of(programme.terms).waiting_order
    facts = facts_for(programme.region, [row.resident_id for row in waiting], on=on)

    def place(row: Enrolment) -> tuple[object, int]:
        applied = row.applied_at.timestamp()
        return rules.waiting_key(order, facts[row.resident_id], applied), row.pk

    return sorted(waiting, key=place)


def people_of(
    asker: Membership, rows: Sequence[Enrolment], *, now: datetime
) -> list[tuple[Enrolment, Person | None]]:
    """Each application with its person; the readings are logged."""
    reader = reader_for(asker, purpose="enrolment", now=now)
    people = read_people(reader, [row.resident_id for row in rows]) if rows else {}
    return [(row, people.get(row.resident_id)) for row in rows]


def find_applicant(asker: Membership, typed: str, *, now: datetime) -> Person | None:
    """The one person whom a NIK, a local id or a name means; None for nobody or several."""
    found = find_people(reader_for(asker, purpose="application", now=now), typed, most=2)
    return found[0] if len(found) == 1 else None


def refuse_other_village(asker: Membership, person: Person) -> None:
    """A village's clerk applies for people of that village alone."""
    office = asker.organisation
    village = office.village if office and asker.role == Role.VILLAGE_CLERK else None
    if village and village.code != person.village_code:
        raise Refused(rules.Why.OTHER_VILLAGE)


def reason_of(row: Enrolment) -> str:
    """Why it was refused, in words; "" where it was not."""
    if row.why not in set(rules.Why):
        return ""
    told = terms_of(row.programme)
    facts = {"programme": told.name, "rules": programme_rules.rules_of([told])}
    day = row.ends_on if row.why == rules.Why.OVERRIDE_OVER else row.due_on
    on = f"{day:%d-%m-%Y}" if day else "-"
    return sentence_of(Refused(rules.Why(row.why), on=on, **facts))


def flags_shown(row: Enrolment, *, language: str) -> list[tuple[str, str]]:
    """The other aid there is, in words, and whose it is: "self" or "family"."""
    kinds = fact_kinds(row.region)
    names = {each.code: each.name for each in list_programmes(row.region)} if row.flags else {}
    return [
        (kinds[code].words(language) if code in kinds else names.get(code, code), whose)
        for code, whose in row.flags
    ]


def enrolments_of(numbers: Iterable[int]) -> list[Enrolment]:
    """All applications of somebody who was read, under all his numbers, oldest first."""
    rows = Enrolment.objects.filter(resident__in=list(numbers)).select_related("programme")
    return list(rows.order_by("pk"))


def programmes_of(numbers: Iterable[int]) -> dict[int, list[str]]:
    """In which programmes people are, by resident. One query."""
    rows = Enrolment.objects.filter(resident__in=list(numbers), state__in=rules.IN)
    found: dict[int, list[str]] = {}
    for number, name in rows.order_by("pk").values_list("resident", "programme__name"):
        found.setdefault(number, []).append(name)
    return found


def steps_of(row: Enrolment) -> list[Step]:
    """The history of one application, the newest first."""
    return list(row.steps.order_by("-pk"))


def proofs_shown(row: Enrolment, *, language: str, on: date) -> list[Shown]:
    """The facts on which it was decided, with source and day."""
    told = json.loads(row.proofs or "{}")
    facts = {
        name: KnownFact(value, source, date.fromisoformat(as_of))
        for name, (value, source, as_of) in told.items()
    }
    return shown(facts, fact_kinds(row.region), language=language, on=on)


@dataclass(frozen=True, slots=True)
class Line:
    """Something that is lacking, in words."""

    kind: str
    words: str
    as_of: date | None


def checklist_of(row: Enrolment, *, language: str) -> list[Line]:
    """What an application still lacks."""
    kinds = fact_kinds(row.region)
    return [
        Line(
            lack["kind"],
            kinds[lack["name"]].words(language) if lack["name"] in kinds else lack["name"],
            date.fromisoformat(lack["as_of"]) if lack.get("as_of") else None,
        )
        for lack in row.lacks
    ]


def sentence_for(row: Enrolment, *, language: str) -> str:
    """The rule that decided, as the programme words it; "" where none did."""
    code = BY_OFFICER.code if row.overridden_by else row.clause
    clause = clause_named(terms_of(row.programme), code)
    if clause is None:
        return ""
    return clause.sentence_id if language.startswith("id") else clause.sentence_en


def rules_shown(row: Enrolment, *, language: str) -> list[str]:
    """All ways into the programme, as its version words them."""
    return [
        clause.sentence_id if language.startswith("id") else clause.sentence_en
        for clause in terms_of(row.programme).clauses
    ]
