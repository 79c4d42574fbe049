"""By what somebody is in a programme on a day: meals, visits, rides and transfers ask it first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.functions import Coalesce

from gancang.enrolment import rules
from gancang.enrolment.models import Enrolment
from gancang.enrolment.rules import STATES, State, Why
from gancang.programmes.queries import terms_of
from gancang.programmes.rules import BY_OFFICER, judge, why_closed
from gancang.residents.duplicates import is_similar_name
from gancang.residents.queries import numbers_of
from gancang.values import Refused
from gancang.vault import blind_indexes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from django.db.models import QuerySet

    from gancang.programmes.models import Programme
    from gancang.programmes.rules import Known
    from gancang.regions.models import Region
    from gancang.residents.models import Resident


Named = tuple[str, str, str]  # name, birth date as 1951-03-09, code of the village


@dataclass(frozen=True, slots=True)
class Entry:
    """The rule that lets somebody in, and the enrolment that holds it; None: decided just now."""

    clause: str
    enrolment: Enrolment | None = None


def entry_of(
    programme: Programme,
    person: Resident | None,
    known: Mapping[str, Known],
    *,
    origin: str,
    on: date,
) -> Entry:
    """By what somebody is served on a day. Refused with the reason, or where to apply.

    In a programme that enrols, by his enrolment alone; in any other, by its rules as they are.
    """
    terms, area = terms_of(programme), person.village.code if person else ""
    if person is None or not rules.enrolling_of(programme.terms).enrols:
        verdict = judge(terms, known, origin=origin, on=on, area=area)
        if verdict.clause is None:
            assert verdict.why is not None
            raise Refused(verdict.why, **(verdict.facts or {}))
        return Entry(verdict.clause.code)
    if closed := why_closed(terms, origin=origin, on=on, area=area):
        assert closed.why is not None
        raise Refused(closed.why, **(closed.facts or {}))
    row = _served_by(programme, person, on=on)
    return Entry(clause_of(row), row)


def clause_of(row: Enrolment) -> str:
    """The rule by which somebody is in."""
    return BY_OFFICER.code if row.overridden_by else row.clause


def _served_by(programme: Programme, person: Resident, *, on: date) -> Enrolment:
    """The enrolment of somebody, under any of his numbers, that serves him on that day."""
    rows = Enrolment.objects.filter(
        programme_code=programme.code,
        resident__in=numbers_of(person.pk),
        state__in=[*rules.OPEN, State.REFUSED],
    )
    found = list(rows.select_related("programme").order_by("-pk"))
    reasons = [
        rules.why_not_served(
            row.state, check_by=row.check_by, ends_on=row.ends_on, on=on, starts_on=row.starts_on
        )
        for row in found
    ]
    for row, why in zip(found, reasons, strict=True):
        if why is None:
            return row
    if not found:
        raise Refused(Why.NOT_ENROLLED, programme=programme.name)
    row, why = found[0], reasons[0]
    if why is Why.FACTS_TOO_OLD:
        raise Refused(Why.ASK_AGAIN, programme=programme.name, code=row.code)
    if why is Why.NEXT_CYCLE and row.starts_on:
        raise Refused(Why.NEXT_CYCLE, day=f"{row.starts_on:%d-%m-%Y}")
    state = STATES[State(row.state)]
    raise Refused(Why.NOT_IN, programme=programme.name, code=row.code, state=state)


def granted_by_nik(region: Region, niks: Iterable[str], *, on: date) -> dict[str, dict[str, str]]:
    """Into which programmes officers let these people against the rules, by NIK. One query.

    The code of each decision by its programme. Whoever has no NIK is told apart from nobody.
    """
    by_index = {i: nik for nik in niks for i in blind_indexes(nik, column="residents.nik")}
    index = Coalesce("resident__merged_into__nik_index", "resident__nik_index")
    rows = _granted(region, on).annotate(index=index).filter(index__in=list(by_index))
    found: dict[str, dict[str, str]] = {}
    for key, programme, code in rows.values_list("index", "programme_code", "code"):
        found.setdefault(by_index[key], {})[programme] = code
    return found


def granted_by_name(
    region: Region, people: Iterable[Named], *, on: date
) -> dict[Named, dict[str, str]]:
    """The same for whoever shows no NIK: by name, birth date and village, all three. One query.

    Where two people of a village fit, neither is meant.
    """
    asked = {each for each in people if all(each)}
    if not asked:
        return {}
    rows = _granted(region, on).select_related(
        "resident__village", "resident__merged_into__village"
    )
    fitting: dict[Named, dict[int, dict[str, str]]] = {}
    for row in rows:
        person = row.resident.merged_into or row.resident
        for name, born, village in asked:
            same_house = (born, village) == (person.birth_date, person.village.code)
            if same_house and is_similar_name(name, person.full_name):
                whose = fitting.setdefault((name, born, village), {})
                whose.setdefault(person.pk, {})[row.programme_code] = row.code
    return {key: whose.popitem()[1] for key, whose in fitting.items() if len(whose) == 1}


def _granted(region: Region, on: date) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(region=region, state=State.ENROLLED, ends_on__gte=on)
    return rows.exclude(overridden_by="")


def who_left(at: str = "") -> Q:
    """Rows whose person is out for good: by his enrolment, or dead. `at` leads to the row's owner.

    Without an enrolment nobody is out but the dead: so were all before programmes enrolled.
    """
    is_out = Q(**{f"{at}enrolment__state__in": [State.REFUSED, State.ENDED, State.APPEALED]})
    return is_out | who_died(at)


def who_died(at: str = "") -> Q:
    """Rows whose person is dead, under his own number or the one that he is merged into."""
    person = f"{at}resident"
    alive = Q(**{f"{person}__deceased_on": ""}) | Q(**{f"{person}__isnull": True})
    under_other_number = Q(**{f"{person}__merged_into__isnull": True}) | Q(
        **{f"{person}__merged_into__deceased_on": ""}
    )
    return ~alive | ~under_other_number
