"""Registering residents and what is known of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.residents.models import Fact, Resident
from gancang.vault import blind_index

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from gancang.regions.models import Region, Village


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact as it was told: its value, where it comes from, of which day."""

    value: bool | int | str
    source: str
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """A person as a form, a file or a partner describes one; already checked and normalised."""

    full_name: str
    village: Village
    address: str
    nik: str = ""
    birth_date: date | None = None
    phone: str = ""
    landmark: str = ""
    lat: float | None = None
    lon: float | None = None
    facts: Mapping[str, KnownFact] = field(default_factory=dict)


def nik_index(nik: str) -> str:
    """By what a NIK is found."""
    return blind_index(nik, column="residents.nik")


def phone_index(phone: str) -> str:
    """By what a phone number is found."""
    return blind_index(phone, column="residents.phone")


@transaction.atomic
def register_all(people: Sequence[Particulars], *, region: Region, now: datetime) -> list[Resident]:
    """The resident for each description, in order, in a fixed number of statements.

    Whoever has the same NIK is the same person; what was told last about address and phone
    holds. Without a NIK everybody is a new person, to be merged by hand.
    """
    by_index = _make_or_update(people, region=region, now=now)
    residents = [
        by_index[nik_index(person.nik)] if person.nik else _row(person, region=region, now=now)
        for person in people
    ]
    Resident.objects.bulk_create([row for row in residents if row.pk is None])
    _keep_facts(residents, people)
    return residents


def _row(person: Particulars, *, region: Region, now: datetime) -> Resident:
    return Resident(
        region=region,
        full_name=person.full_name,
        nik=person.nik,
        nik_index=nik_index(person.nik) if person.nik else None,
        birth_date=person.birth_date.isoformat() if person.birth_date else "",
        phone=person.phone,
        phone_index=phone_index(person.phone) if person.phone else "",
        village=person.village,
        address=person.address,
        landmark=person.landmark,
        lat=person.lat,
        lon=person.lon,
        created_at=now,
    )


def _make_or_update(
    people: Sequence[Particulars], *, region: Region, now: datetime
) -> dict[str, Resident]:
    # Of the same NIK twice in one batch, the last description holds.
    latest = {nik_index(person.nik): person for person in people if person.nik}
    rows = [
        _row(person, region=region, now=now)
        for _, person in sorted(latest.items())  # sorted: two batches never lock crosswise
    ]
    Resident.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["region", "nik_index"],
        update_fields=[
            "full_name",
            "birth_date",
            "phone",
            "phone_index",
            "village",
            "address",
            "landmark",
            "lat",
            "lon",
        ],
    )
    return {row.nik_index: row for row in rows if row.nik_index}


def _keep_facts(residents: Sequence[Resident], people: Sequence[Particulars]) -> None:
    facts: dict[tuple[int, str], Fact] = {}
    for resident, person in zip(residents, people, strict=True):
        for name, known in person.facts.items():
            facts[resident.pk, name] = Fact(
                resident=resident,
                name=name,
                value=json.dumps(known.value),
                source=known.source,
                as_of=known.as_of,
            )
    Fact.objects.bulk_create(
        [facts[key] for key in sorted(facts)],
        update_conflicts=True,
        unique_fields=["resident", "name"],
        update_fields=["value", "source", "as_of"],
    )
