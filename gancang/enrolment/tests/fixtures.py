"""A programme in which people enrol, in whatever region the stories are told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from gancang.enrolment.actions import Deed, apply_all
from gancang.enrolment.deciding import look_again
from gancang.enrolment.models import Enrolment
from gancang.enrolment.rules import State, enrolling_of
from gancang.enrolment.verifying import Found, take_outcomes
from gancang.programmes.models import Programme
from gancang.programmes.queries import get_programme
from gancang.regions.models import Region
from gancang.regions.queries import today_in
from gancang.residents.actions import KnownFact, Particulars, register_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gancang.residents.models import Resident
    from tests.cast import Cast

MEALS = "rantang-uji"


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def today() -> date:
    """Today, by the region's calendar: a run of the suite may begin on another day."""
    return today_in(Region.objects.order_by("pk")[0], now())


def meals(cast: Cast, *, version: int = 1, **changed: Any) -> Programme:
    """Meals for the old and poor who live alone; a card is to be shown."""
    like = get_programme(cast.region, "gancang-aron-1").terms
    terms = {
        **like,
        "kind": "deliver",
        "item_class": "meal-uji",
        "facts_max_age_days": 90,
        "clauses": [
            {
                "code": "alone-and-poor",
                "when": "person.age >= 60 && person.lives_alone == true && person.desil <= 2",
                "sentence_id": "lansia miskin yang tinggal sendiri",
                "sentence_en": "old, poor and living alone",
            }
        ],
        "enrols": True,
        "documents": ["KTP"],
        "appeal_days": 14,
        **changed,
    }
    return Programme.objects.create(
        region=cast.region, code=MEALS, version=version, name="Rantang Uji", terms=terms
    )


def somebody(cast: Cast, name: str, *, as_of: date | None = None, **facts: object) -> Resident:
    """A resident of the clerk's village of whom this is known."""
    born = facts.pop("born", datetime(1950, 5, 1, tzinfo=UTC).date())
    known = {
        fact: KnownFact(value, "verifikasi desa", as_of or today())  # type: ignore[arg-type]
        for fact, value in facts.items()
    }
    person = Particulars(
        full_name=name,
        village=cast.village,
        address="Dusun Krajan RT 02/RW 01",
        birth_date=born,  # type: ignore[arg-type]
        facts=known,
    )
    return register_all([person], region=cast.region, now=now())[0]


def let_in(
    cast: Cast, programme: str, people: Sequence[Resident], *, seen: bool = True
) -> list[Enrolment]:
    """They apply, show all papers and, where it is asked for and `seen`, are seen at home."""
    deed = Deed(by=cast.officer.username, now=now())
    rows = apply_all([person.pk for person in people], programme, cast.region, deed)
    applied = [row for row in rows if isinstance(row, Enrolment)]
    papers = enrolling_of(get_programme(cast.region, programme).terms).documents
    if papers:
        applied = [look_again(row, deed, papers=papers) for row in applied]
    to_see = {row.code: row for row in applied if row.state == State.TO_VERIFY}
    if seen:
        found = [Found(line=n, code=code, outcome="valid") for n, code in enumerate(to_see, 1)]
        take_outcomes(to_see, found, deed)
    return list(Enrolment.objects.filter(pk__in=[row.pk for row in applied]).order_by("pk"))
