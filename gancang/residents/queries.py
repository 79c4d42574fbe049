"""Reading people. There is no other door: whoever reads a person here is written down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from gancang.addresses.written import is_same_address
from gancang.residents.actions import KnownFact
from gancang.residents.likeness import entries_like, name_query
from gancang.residents.models import (
    NAME_WORDS,
    PHONES,
    Fact,
    Merge,
    Phone,
    Pin,
    Reading,
    Representative,
    Resident,
)
from gancang.residents.places import (
    LEARNED,
    OF_NO_HOUSE,
    ONE_DOOR_M,
)
from gancang.residents.rules import (
    Doubt,
    doubts_about_nik,
    is_child,
    local_id,
    normal_phone,
    number_of_local_id,
    why_not_phone,
    words_of_name,
)
from gancang.values import Point, metres_between
from gancang.vault import blind_indexes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from gancang.accounts.models import Membership
    from gancang.regions.models import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads, in which role and what for."""

    region: Region
    by: str
    role: str
    purpose: str
    now: datetime


def reader_for(asker: Membership, *, purpose: str, now: datetime) -> Reader:
    """Whoever asks, as a reader of people for a purpose."""
    return Reader(
        region=asker.region, by=asker.user.username, role=asker.role, purpose=purpose, now=now
    )


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
    return rows.annotate(words=NAME_WORDS).filter(words=name_query(words))


def find_duplicates(reader: Reader, number: int) -> list[tuple[Person, str]]:
    """Entries that may be the same person as this one, each with its sign; all are logged."""
    row = Resident.objects.get(region=reader.region, pk=number)
    found = [(_opened(other), sign) for other, sign in entries_like(row)]
    _log(reader, {person.number for person, _sign in found})
    return found


def household_of(reader: Reader, number: int) -> list[Person]:
    """Who else lives on the same family card, the oldest first; all are logged."""
    row = Resident.objects.filter(region=reader.region, pk=number).first()
    if row is None or not row.family_card_index:
        return []
    others = Resident.objects.filter(
        region=reader.region,
        family_card_index=row.family_card_index,
        merged_into=None,
        deceased_on="",
    ).exclude(pk=row.pk)
    people = [_opened(other) for other in others.select_related("village__district")]
    _log(reader, {person.number for person in people})
    return sorted(people, key=lambda one: (one.birth_date or date.max, one.number))


def numbers_of(number: int) -> list[int]:
    """Every number under which a resident's orders may stand: his own and the merged ones."""
    row = Resident.objects.filter(pk=number).first()
    if row is None:
        return []
    kept = row.merged_into_id or row.pk
    merged = Resident.objects.filter(merged_into=kept).values_list("pk", flat=True)
    return [kept, *merged]


def phones_of(number: int) -> list[Phone]:
    """The further numbers of a person who was read, oldest first."""
    return list(Phone.objects.filter(resident=number).order_by("pk"))


def representatives_of(number: int, *, all_times: bool = False) -> list[Representative]:
    """Who acts or receives for a person who was read; on wish also who did before."""
    rows = Representative.objects.filter(resident=number).order_by("pk")
    return list(rows if all_times else rows.filter(until=None))


def merges_of(number: int) -> list[Merge]:
    """Which entries were made one with this one, and are so still."""
    rows = Merge.objects.filter(kept=number, undone_at=None)
    return list(rows.select_related("gone__village__district").order_by("pk"))


def pins_of(number: int) -> QuerySet[Pin]:
    """Where a person was placed or met, newest first."""
    return Pin.objects.filter(resident=number).order_by("-pk")


def readings_of_person(region: Region, number: int) -> QuerySet[Reading]:
    """Who read one person, newest first, under all numbers he had."""
    rows = Reading.objects.filter(region_code=region.code, resident_number__in=numbers_of(number))
    return rows.order_by("-id")


def doubts_about(person: Person, *, area: str, today: date) -> list[Doubt]:
    """What is odd about an entry and should be looked at; nothing is refused for it."""
    found = doubts_about_nik(person.nik, birth_date=person.birth_date, sex=person.sex, area=area)
    alone = person.birth_date and is_child(person.birth_date, today=today)
    if alone and not representatives_of(person.number):
        found.append(Doubt.CHILD_ALONE)
    return found


def indexes_of_phone(phone: str) -> list[str]:
    """Under which fingerprints a normalised number may stand."""
    return blind_indexes(phone, column=PHONES)


def numbers_of_phone(phone: str) -> list[int]:
    """The residents who are reached under a normalised number. Nobody is shown, nothing logged."""
    indexes = indexes_of_phone(phone)
    found = Resident.objects.filter(
        Q(phone_index__in=indexes) | Q(phones__number_index__in=indexes)
    )
    entries = Resident.objects.filter(Q(pk__in=found) | Q(merged_into__in=found))
    return sorted(set(entries.values_list("pk", flat=True)))


def is_deceased(number: int) -> bool:
    """Whether somebody is noted as dead. Nobody's data are shown, so nothing is logged."""
    rows = Resident.objects.filter(Q(pk=number) | Q(merged=number))
    return rows.exclude(deceased_on="").exists()


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


def learned_pins(region: Region, told: Iterable[tuple[str, str, str]]) -> dict[str, Point]:
    """Where those were met who are told by NIK, village's code and address, by NIK. One query.

    Only who still lives where he was met. Nobody sees a person here, so nothing is logged.
    """
    homes = {nik: (village, address) for nik, village, address in told if nik}
    by_index = {i: nik for nik in homes for i in blind_indexes(nik, column="residents.nik")}
    rows = Resident.objects.filter(region=region, nik_index__in=list(by_index))
    found = {}
    for row in rows.filter(pin_grade__in=LEARNED, lat__isnull=False).select_related("village"):
        village, address = homes[by_index[row.nik_index or ""]]
        if row.village.code == village and is_same_address(row.address, address):
            assert row.lat is not None, row.pk
            assert row.lon is not None, row.pk
            found[by_index[row.nik_index or ""]] = Point(row.lat, row.lon)
    return found


def is_one_house(one: int, other: int) -> bool:
    """Whether two residents live behind one door, as far as is known. Nobody is shown."""
    return other in of_one_house(one, [other])


def of_one_house(number: int, others: Iterable[int]) -> set[int]:
    """Those of many who live behind one resident's door, and himself. One query; nobody is shown.

    By the family card, by pins of the house beside each other, or by the address as written.
    """
    numbers = {number, *others}
    rows = Resident.objects.filter(pk__in=numbers).select_related("merged_into")
    known = {row.pk: row.merged_into or row for row in rows}
    return {each for each in numbers if _at_one_door(known[number], known[each])}


def _at_one_door(one: Resident, other: Resident) -> bool:
    if one.pk == other.pk:
        return True
    if one.village_id != other.village_id:
        return False
    if one.family_card_index and one.family_card_index == other.family_card_index:
        return True
    pins = [
        Point(each.lat, each.lon)
        for each in (one, other)
        if each.lat is not None and each.lon is not None and each.pin_grade not in OF_NO_HOUSE
    ]
    if len(pins) == 2 and metres_between(*pins) <= ONE_DOOR_M:
        return True
    return is_same_address(one.address, other.address)


def receivers_of(reader: Reader, number: int) -> list[tuple[str, str]]:
    """Who may receive for somebody where such people are named: name and relation; is logged."""
    person = read_person(reader, number)
    return [
        (each.full_name, each.relation)
        for each in representatives_of(person.number)
        if each.may_receive
    ]


def are_described(told: Sequence[tuple[int, str, str]]) -> list[bool]:
    """For each resident's number, NIK and name: whether they are that resident's. One query.

    The NIK decides where both have one. Nobody sees a person here, so nothing is logged.
    """
    rows = Resident.objects.filter(pk__in={number for number, _nik, _name in told})
    rows = rows.select_related("merged_into")
    known = {row.pk: row.merged_into or row for row in rows}
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
