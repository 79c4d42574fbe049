"""Reading people. There is no other door: whoever reads a person here is written down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from gancang.residents.actions import KnownFact, nik_index, phone_index
from gancang.residents.models import Fact, Reading, Resident
from gancang.residents.rules import normal_phone, why_not_phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from gancang.regions.models import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads, in which role and what for."""

    region: Region
    by: str
    role: str
    purpose: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A resident, opened for a reader."""

    number: int
    full_name: str
    nik: str
    birth_date: date | None
    phone: str
    village: str
    village_code: str
    district: str
    address: str
    landmark: str
    lat: float | None
    lon: float | None


def read_people(reader: Reader, numbers: Iterable[int]) -> dict[int, Person]:
    """The people with these numbers in the reader's region; each reading is logged. Two queries."""
    rows = Resident.objects.filter(region=reader.region, pk__in=set(numbers))
    people = {row.pk: _opened(row) for row in rows.select_related("village__district")}
    _log(reader, people)
    return people


def read_person(reader: Reader, number: int) -> Person:
    """One person. KeyError where the reader's region has none of that number."""
    return read_people(reader, [number])[number]


def find_people(reader: Reader, typed: str, *, most: int = 20) -> list[Person]:
    """The people whom `typed` means: a NIK, a phone number, or part of a name."""
    # PostgreSQL takes no NUL in a text.
    rows = _matching(reader.region, typed.replace("\0", "").strip()).select_related(
        "village__district"
    )
    people = [_opened(row) for row in rows.order_by("full_name", "pk")[:most]]
    _log(reader, {person.number: person for person in people})
    return people


def _matching(region: Region, typed: str) -> QuerySet[Resident]:
    rows = Resident.objects.filter(region=region)
    digits = typed.replace(" ", "").replace("-", "")
    if digits.isdigit() and len(digits) == 16:
        return rows.filter(nik_index=nik_index(digits))
    phone = normal_phone(typed)
    if why_not_phone(phone) is None:
        return rows.filter(phone_index=phone_index(phone))
    return rows.filter(full_name__icontains=typed) if len(typed) >= 3 else rows.none()


def facts_of(resident_numbers: Iterable[int]) -> dict[int, dict[str, KnownFact]]:
    """What is known of each resident, for the rules of a programme. One query."""
    known: dict[int, dict[str, KnownFact]] = {number: {} for number in resident_numbers}
    for fact in Fact.objects.filter(resident__in=list(known)):
        known[fact.resident_id][fact.name] = KnownFact(
            json.loads(fact.value), fact.source, fact.as_of
        )
    return known


def are_described(told: Sequence[tuple[int, str, str]]) -> list[bool]:
    """For each resident's number, NIK and name: whether they are that resident's. One query.

    The NIK decides where both have one. Nobody sees a person here, so nothing is logged.
    """
    rows = Resident.objects.filter(pk__in={number for number, _nik, _name in told})
    known = {row.pk: row for row in rows.only("nik_index", "full_name")}
    return [_is_described(known[number], nik, name) for number, nik, name in told]


def _is_described(row: Resident, nik: str, name: str) -> bool:
    if row.nik_index and nik:
        return row.nik_index == nik_index(nik)
    return row.full_name.casefold() == name.casefold()


def readings_of(region: Region) -> QuerySet[Reading]:
    """Who read whom in a region, newest first, for the auditor's paged list."""
    return Reading.objects.filter(region_code=region.code).order_by("-id")


def _opened(row: Resident) -> Person:
    return Person(
        number=row.pk,
        full_name=row.full_name,
        nik=row.nik,
        birth_date=date.fromisoformat(row.birth_date) if row.birth_date else None,
        phone=row.phone,
        village=row.village.name,
        village_code=row.village.code,
        district=row.village.district.name,
        address=row.address,
        landmark=row.landmark,
        lat=row.lat,
        lon=row.lon,
    )


def _log(reader: Reader, people: dict[int, Person]) -> None:
    Reading.objects.bulk_create(
        Reading(
            region_code=reader.region.code,
            resident_number=number,
            by=reader.by,
            role=reader.role,
            purpose=reader.purpose,
            at=reader.now,
        )
        for number in people
    )
