"""Reading people. There is no other door: whoever reads a person here is written down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from gancang.residents.actions import KnownFact
from gancang.residents.models import NAME_WORDS, PHONES, Fact, Phone, Reading, Resident
from gancang.residents.rules import (
    local_id,
    normal_phone,
    number_of_local_id,
    why_not_phone,
    words_of_name,
)
from gancang.vault import blind_indexes

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
    pin_grade: str
    sex: str
    family_card: str
    phone_whose: str
    hamlet: str
    rt: str
    rw: str
    deceased_on: date | None
    version: int

    @property
    def local_id(self) -> str:
        """What stands for a NIK where somebody has none."""
        return local_id(self.number)


def read_people(reader: Reader, numbers: Iterable[int]) -> dict[int, Person]:
    """The people with these numbers in the reader's region; each reading is logged. Two queries.

    Whoever was merged into another entry is read there, under either number.
    """
    rows = Resident.objects.filter(region=reader.region, pk__in=set(numbers))
    rows = rows.select_related("village__district", "merged_into__village__district")
    people = {row.pk: _opened(row.merged_into or row) for row in rows}
    _log(reader, {person.number for person in people.values()})
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
    _log(reader, {person.number for person in people})
    return people


def _matching(region: Region, typed: str) -> QuerySet[Resident]:
    rows = Resident.objects.filter(region=region, merged_into=None)
    digits = typed.replace(" ", "").replace("-", "")
    if digits.isdigit() and len(digits) == 16:
        return rows.filter(
            Q(nik_index__in=blind_indexes(digits, column="residents.nik"))
            | Q(family_card_index__in=blind_indexes(digits, column="residents.family_card"))
        )
    if number := number_of_local_id(typed):
        return rows.filter(pk=number)
    phone = normal_phone(typed)
    if why_not_phone(phone) is None:
        indexes = blind_indexes(phone, column=PHONES)
        others = Phone.objects.filter(number_index__in=indexes)
        return rows.filter(Q(phone_index__in=indexes) | Q(pk__in=others.values("resident")))
    words = words_of_name(typed)
    if sum(map(len, words)) < 3:
        return rows.none()
    meant = SearchQuery(
        " & ".join(f"{word}:*" for word in words), search_type="raw", config="simple"
    )
    return rows.annotate(words=NAME_WORDS).filter(words=meant)


def is_deceased(number: int) -> bool:
    """Whether somebody is noted as dead. Nobody's data are shown, so nothing is logged."""
    rows = Resident.objects.filter(Q(pk=number) | Q(merged=number))
    return rows.exclude(deceased_on="").exists()


def may_be_written_to(number: int) -> bool:
    """Whether letters may go out about somebody: the family of the dead gets none."""
    return not is_deceased(number)


def list_not_to_be_written_to(numbers: Iterable[int]) -> set[int]:
    """Those of many who get no letters. One query."""
    rows = Resident.objects.filter(pk__in=set(numbers))
    dead = rows.exclude(deceased_on="", merged_into=None).exclude(
        deceased_on="", merged_into__deceased_on=""
    )
    return set(dead.values_list("pk", flat=True))


def facts_of(resident_numbers: Iterable[int]) -> dict[int, dict[str, KnownFact]]:
    """What is known of each resident, for the rules of a programme. One query."""
    known: dict[int, dict[str, KnownFact]] = {number: {} for number in resident_numbers}
    for fact in Fact.objects.filter(resident__in=list(known)):
        known[fact.resident_id][fact.name] = KnownFact(
            json.loads(fact.value), fact.source, fact.as_of
        )
    return known


def facts_by_nik(region: Region, niks: Iterable[str]) -> dict[str, dict[str, KnownFact]]:
    """What is known of the residents with these NIK, for the rules of a programme. One query."""
    by_index = {i: nik for nik in niks for i in blind_indexes(nik, column="residents.nik")}
    known: dict[str, dict[str, KnownFact]] = {}
    rows = Fact.objects.filter(resident__region=region, resident__nik_index__in=list(by_index))
    for fact in rows.select_related("resident"):
        nik = by_index[fact.resident.nik_index or ""]
        told = KnownFact(json.loads(fact.value), fact.source, fact.as_of)
        known.setdefault(nik, {})[fact.name] = told
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
        return row.nik_index in blind_indexes(nik, column="residents.nik")
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
        pin_grade=row.pin_grade,
        sex=row.sex,
        family_card=row.family_card,
        phone_whose=row.phone_whose,
        hamlet=row.hamlet,
        rt=row.rt,
        rw=row.rw,
        deceased_on=date.fromisoformat(row.deceased_on) if row.deceased_on else None,
        version=row.version,
    )


def _log(reader: Reader, numbers: set[int]) -> None:
    Reading.objects.bulk_create(
        Reading(
            region_code=reader.region.code,
            resident_number=number,
            by=reader.by,
            role=reader.role,
            purpose=reader.purpose,
            at=reader.now,
        )
        for number in sorted(numbers)
    )
