"""What people correct in the registry: each with a reason, and an event without the data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from gancang.addresses.written import read_address
from gancang.residents.actions import get_surviving, note, refuse_if_taken
from gancang.residents.models import Fact, Phone, Pin, Representative, Resident
from gancang.residents.rules import Why
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import date, datetime

    from gancang.regions.models import Village
    from gancang.residents.actions import KnownFact

# What of an entry a person may mend; numbers that are left empty stay as they are.
PLAIN = ("full_name", "birth_date", "sex", "village", "address", "landmark")
NUMBERS = ("nik", "family_card")
TAKE_AWAY = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """How an entry should read. Empty numbers are kept, "-" takes them away."""

    full_name: str
    birth_date: date | None
    sex: str
    village: Village
    address: str
    landmark: str
    nik: str = ""
    family_card: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """By whom, when and why something is changed."""

    by: str
    now: datetime
    reason: str = ""


@transaction.atomic
def correct(number: int, wanted: Correction, deed: Deed, *, seen_version: int) -> list[str]:
    """Make an entry read as wanted; the names of the fields that changed."""
    row = get_surviving(number)
    if row.version != seen_version:
        raise Refused(Why.CHANGED_MEANWHILE)
    told = {name: getattr(wanted, name) for name in PLAIN}
    told["birth_date"] = wanted.birth_date.isoformat() if wanted.birth_date else ""
    for name in NUMBERS:
        if typed := getattr(wanted, name):
            told[name] = "" if typed == TAKE_AWAY else typed
    changed = [name for name, value in told.items() if getattr(row, name) != value]
    if "nik" in changed and told["nik"]:
        refuse_if_taken(row, told["nik"])
    for name in changed:
        setattr(row, name, told[name])
    changed += _place(row, wanted, moved=not {"village", "address"}.isdisjoint(changed), deed=deed)
    if not changed:
        return []
    row.version += 1
    _save(row)
    note(row, "resident.corrected", {"fields": changed, "reason": deed.reason}, deed.by, deed.now)
    return changed


def _place(row: Resident, wanted: Correction, *, moved: bool, deed: Deed) -> list[str]:
    """Hamlet, RT and RW from the address; the pin that was set, or none for a new address."""
    parts = read_address(row.address)
    row.hamlet, row.rt, row.rw = parts.hamlet, parts.rt, parts.rw
    if not moved and (row.lat, row.lon) == (wanted.lat, wanted.lon):
        return []
    if moved and (row.lat, row.lon) == (wanted.lat, wanted.lon):
        row.lat = row.lon = None  # the pin of the house that was left
    else:
        row.lat, row.lon = wanted.lat, wanted.lon
    row.pin_grade = "village" if row.lat is None else "clerk"
    Pin.objects.filter(resident=row, ended_at=None).update(ended_at=deed.now)
    if row.lat is not None and row.lon is not None:
        told = {"lat": row.lat, "lon": row.lon, "how": "clerk", "by": deed.by, "at": deed.now}
        Pin.objects.create(resident=row, **told)
    return ["pin"]


def _save(row: Resident) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # somebody else took the NIK between look and write
        raise Refused(Why.NIK_TAKEN) from error


@transaction.atomic
def add_phone(number: int, phone: str, whose: str, deed: Deed) -> None:
    """One more number under which somebody is reached; the first one if there was none."""
    row = get_surviving(number)
    if not row.phone:
        row.phone, row.phone_whose = phone, whose
        row.save(update_fields=["phone", "phone_index", "phone_whose"])
    elif row.phone == phone or any(each.number == phone for each in row.phones.all()):
        raise Refused(Why.PHONE_KNOWN)
    else:
        Phone.objects.create(resident=row, number=phone, whose=whose, added_at=deed.now)
    note(row, "resident.phone_added", {"whose": whose}, deed.by, deed.now)


@transaction.atomic
def ring_first(number: int, phone_number: int, deed: Deed) -> None:
    """From now on this phone is rung first; the one before stays known."""
    row = get_surviving(number)
    phone = Phone.objects.filter(resident=row, pk=phone_number).first()
    if phone is None:
        return
    first, whose = row.phone, row.phone_whose
    row.phone, row.phone_whose = phone.number, phone.whose
    phone.delete()
    if first:
        Phone.objects.create(resident=row, number=first, whose=whose, added_at=deed.now)
    row.save(update_fields=["phone", "phone_index", "phone_whose"])
    note(row, "resident.phone_first", {"whose": row.phone_whose}, deed.by, deed.now)


@transaction.atomic
def remove_phone(number: int, phone_number: int, deed: Deed) -> None:
    """A number that leads to nobody is forgotten."""
    row = get_surviving(number)
    gone, _tables = Phone.objects.filter(resident=row, pk=phone_number).delete()
    if gone:
        note(row, "resident.phone_removed", {}, deed.by, deed.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Who acts or receives for somebody, and why."""

    full_name: str
    relation: str
    because: str
    phone: str
    may_act: bool
    may_receive: bool


@transaction.atomic
def name_representative(number: int, named: Named, deed: Deed) -> None:
    """Name who acts for a child or for somebody who cannot."""
    row = get_surviving(number)
    told = {name: getattr(named, name) for name in Named.__dataclass_fields__}
    Representative.objects.create(resident=row, since=deed.now, **told)
    facts = {"because": named.because, "act": named.may_act, "receive": named.may_receive}
    note(row, "resident.represented", facts, deed.by, deed.now)


@transaction.atomic
def end_representative(number: int, representative: int, deed: Deed) -> None:
    """From now on this person acts no more; who did until now stays written down."""
    row = get_surviving(number)
    ended = Representative.objects.filter(resident=row, pk=representative, until=None)
    if ended.update(until=deed.now):
        note(row, "resident.representative_ended", {}, deed.by, deed.now)


@transaction.atomic
def record_fact(number: int, name: str, told: KnownFact, deed: Deed, *, today: date) -> None:
    """Write down what is known of somebody, from whom and of which day; the newest day holds."""
    row = get_surviving(number)
    if told.as_of > today:
        raise Refused(Why.FACT_AHEAD)
    before = Fact.objects.filter(resident=row, name=name).first()
    if before and before.as_of > told.as_of:
        raise Refused(Why.FACT_OLDER, as_of=before.as_of.strftime("%d-%m-%Y"))
    values = {"value": json.dumps(told.value), "source": told.source, "as_of": told.as_of}
    Fact.objects.update_or_create(resident=row, name=name, defaults=values)
    note(row, "resident.fact_recorded", {"fact": name}, deed.by, deed.now)
