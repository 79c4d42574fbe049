"""Registering residents and what is known of them."""

from __future__ import annotations

import json
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.addresses.written import is_same_address, read_address
from gancang.audit.actions import record
from gancang.outbox import actions as outbox
from gancang.regions.models import Village
from gancang.regions.queries import today_in
from gancang.residents.models import Fact, Phone, Pin, Resident
from gancang.residents.places import (
    LEARNED,
    best_pin,
    why_not_pin,
)
from gancang.residents.rules import Why, why_not_deceased
from gancang.values import Point, Refused, middle_of
from gancang.vault import blind_index, blind_indexes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from gancang.regions.models import Region


Hamlet = tuple[int, str]  # of which village, and its name


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
    sex: str = ""
    family_card: str = ""
    phone: str = ""
    landmark: str = ""
    lat: float | None = None
    lon: float | None = None
    facts: Mapping[str, KnownFact] = field(default_factory=dict)


def nik_index(nik: str) -> str:
    """By what a NIK is found."""
    return blind_index(nik, column="residents.nik")


@transaction.atomic
def register_all(people: Sequence[Particulars], *, region: Region, now: datetime) -> list[Resident]:
    """The resident for each description, in order, in a fixed number of statements.

    Whoever has the same NIK is the same person; what was told last about address and phone
    holds, but a pin learned at the door is not given up for a typed one while the address
    stays. Without a NIK everybody is a new person, to be merged by hand.
    """
    guesses = _guessed_places(people)
    by_nik = _make_or_update(people, guesses, region=region, now=now)
    residents = [
        by_nik[person.nik]
        if person.nik
        else _described(person, None, guesses, region=region, now=now)
        for person in people
    ]
    Resident.objects.bulk_create([row for row in residents if row.pk is None])
    _keep_facts(residents, people)
    return residents


def _described(
    person: Particulars,
    known: Resident | None,
    guesses: Mapping[Hamlet, Point],
    *,
    region: Region,
    now: datetime,
) -> Resident:
    """The row of a person as described; of somebody known, with what was not told kept."""
    row = copy(known) if known else Resident(region=region, created_at=now, version=0)
    row.pk = None
    row.version += 1
    row.full_name, row.nik = person.full_name, person.nik
    row.birth_date = person.birth_date.isoformat() if person.birth_date else ""
    row.sex = person.sex or row.sex
    row.family_card = person.family_card or row.family_card
    row.phone, row.landmark = person.phone, person.landmark
    if not keeps_pin(known, person):
        row.lat, row.lon, row.pin_grade = _pin_of(person, guesses)
    row.village, row.address = person.village, person.address
    parts = read_address(person.address)
    row.hamlet, row.rt, row.rw = parts.hamlet, parts.rt, parts.rw
    return row


def keeps_pin(known: Resident | None, person: Particulars) -> bool:
    """Whether the pin that is known holds: of the same house, and better than what was told."""
    if known is None or has_moved(known, person):
        return False
    return known.pin_grade in LEARNED or (known.pin_grade == "clerk" and person.lat is None)


def _pin_of(
    person: Particulars, guesses: Mapping[Hamlet, Point]
) -> tuple[float | None, float | None, str]:
    if person.lat is not None:
        return person.lat, person.lon, "clerk"
    guess = guesses.get(_hamlet(person.village.pk, read_address(person.address).hamlet))
    return (guess.lat, guess.lon, "guess") if guess else (None, None, "village")


def _hamlet(village: int, name: str) -> Hamlet:
    return village, name.casefold()


def _guessed_places(people: Sequence[Particulars]) -> dict[Hamlet, Point]:
    """Where the hamlets lie of those who came without a pin: amid neighbours met at their doors.

    One query, and none where nobody needs a guess.
    """
    asked = {
        _hamlet(person.village.pk, name)
        for person in people
        if person.lat is None and (name := read_address(person.address).hamlet)
    }
    if not asked:
        return {}
    rows = Resident.objects.filter(
        village__in={village for village, _name in asked}, pin_grade__in=LEARNED, lat__isnull=False
    ).exclude(hamlet="")
    met: dict[Hamlet, list[Point]] = {}
    for village, name, lat, lon in rows.values_list("village", "hamlet", "lat", "lon"):
        assert lat is not None, village
        assert lon is not None, village
        met.setdefault(_hamlet(village, name), []).append(Point(lat, lon))
    return {where: middle_of(met[where]) for where in asked if len(met.get(where, ())) > 1}


def has_moved(known: Resident, person: Particulars) -> bool:
    """Whether a description tells of another house than the one that is known."""
    same_village = known.village_id == person.village.pk
    return not same_village or not is_same_address(known.address, person.address)


TOLD = [
    "full_name",
    "birth_date",
    "sex",
    "family_card",
    "family_card_index",
    "phone",
    "phone_index",
    "village",
    "address",
    "hamlet",
    "rt",
    "rw",
    "landmark",
    "lat",
    "lon",
    "pin_grade",
    "version",
]


def _make_or_update(
    people: Sequence[Particulars],
    guesses: Mapping[Hamlet, Point],
    *,
    region: Region,
    now: datetime,
) -> dict[str, Resident]:
    # Of the same NIK twice in one batch, the last description holds.
    latest = {person.nik: person for person in people if person.nik}
    known = _known_by_nik(region, list(latest))
    _keep_the_past(known, latest, now=now)
    rows = {
        nik: _described(person, known.get(nik), guesses, region=region, now=now)
        # Sorted: two batches never lock crosswise.
        for nik, person in sorted(latest.items(), key=lambda told: nik_index(told[0]))
    }
    Resident.objects.bulk_create(
        list(rows.values()),
        update_conflicts=True,
        unique_fields=["region", "nik_index"],
        update_fields=TOLD,
    )
    return rows


def _known_by_nik(region: Region, niks: Sequence[str]) -> dict[str, Resident]:
    """Who is known already, locked, so that nothing learned meanwhile is overwritten."""
    wanted = [index for nik in niks for index in blind_indexes(nik, column="residents.nik")]
    rows = Resident.objects.select_for_update().filter(region=region, nik_index__in=wanted)
    known = {row.nik: row for row in rows.order_by("nik_index")}
    for row in known.values():
        if row.nik_index != nik_index(row.nik):  # the keys are being changed just now
            row.save(update_fields=["nik", "nik_index"])
    return known


def _keep_the_past(
    known: Mapping[str, Resident], told: Mapping[str, Particulars], *, now: datetime
) -> None:
    """Keep the number that somebody had before; end the pins of a house that was left."""
    changed = [row for nik, row in known.items() if row.phone and row.phone != told[nik].phone]
    if changed:
        Phone.objects.bulk_create(
            [
                Phone(resident=row, number=row.phone, whose=row.phone_whose, added_at=now)
                for row in changed
            ],
            ignore_conflicts=True,
        )
    moved = [row.pk for nik, row in known.items() if has_moved(row, told[nik])]
    if moved:
        Pin.objects.filter(resident__in=moved, ended_at=None).update(ended_at=now)


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


@transaction.atomic
def learn_pin(
    resident_number: int,
    point: Point,
    how: str,
    now: datetime,
    *,
    about: str = "",
    by: str = "",
) -> Why | None:
    """Remember where somebody was met; the reason why not, where the point cannot be his place.

    It returns the reason and does not raise: whatever is learned, the hand-over stands. The
    same order again teaches nothing new.
    """
    row = get_surviving(resident_number)
    places = Village.objects.filter(region_id=row.region_id)
    points = {pk: Point(lat, lon) for pk, lat, lon in places.values_list("pk", "lat", "lon")}
    village = points.pop(row.village_id)
    bounds = row.region.config["bounds"]
    why = why_not_pin(point, village=village, others=points.values(), bounds=bounds)
    if why is not None:
        return why
    told = {"lat": point.lat, "lon": point.lon, "by": by, "at": now}
    Pin.objects.bulk_create(
        [Pin(resident=row, how=how, about=about, **told)], ignore_conflicts=True
    )
    pins = row.pins.filter(how=how, ended_at=None).order_by("pk")
    best, grade = best_pin([Point(pin.lat, pin.lon) for pin in pins])
    if (row.lat, row.lon, row.pin_grade) == (best.lat, best.lon, grade):
        return None
    row.lat, row.lon, row.pin_grade = best.lat, best.lon, grade
    row.version += 1
    row.save(update_fields=["lat", "lon", "pin_grade", "version"])
    note(row, "resident.pin_learned", {"grade": grade, "how": how}, by, now)
    return None


def get_surviving(number: int) -> Resident:
    """The entry that stands for a resident today, locked: the one that it was merged into."""
    rows = Resident.objects.select_related("region").select_for_update(of=("self",))
    row = rows.get(pk=number)
    return rows.get(pk=row.merged_into_id) if row.merged_into_id else row


def refuse_if_taken(row: Resident, nik: str) -> None:
    """Refuse a NIK that another entry of the region has."""
    same = blind_indexes(nik, column="residents.nik")
    others = Resident.objects.filter(region_id=row.region_id, nik_index__in=same)
    if others.exclude(pk=row.pk).exists():
        raise Refused(Why.NIK_TAKEN)


def note(row: Resident, kind: str, facts: dict[str, object], by: str, now: datetime) -> None:
    """One event about a resident, named by number; `facts` hold no personal data."""
    subject = f"resident:{row.pk}"
    record(kind, subject, region=row.region.code, by=by, now=now, facts=facts)


def numbers_of_row(row: Resident) -> list[int]:
    """A person's number, and those under which he was entered once more."""
    merged = Resident.objects.filter(merged_into=row).values_list("pk", flat=True)
    return [row.pk, *merged]


def tell_letters(row: Resident, *, now: datetime) -> None:
    """Letters about a person stop under all his numbers once he has died, and else go out."""
    for known in numbers_of_row(row):
        if row.deceased_on:
            outbox.note_death(known, now=now)
        else:
            outbox.note_life(known)


@transaction.atomic
def mark_deceased(number: int, on: date, source: str, by: str, now: datetime) -> None:
    """Note that somebody has died: nobody is written to any more. Again, it changes nothing."""
    row = get_surviving(number)
    if row.deceased_on:
        return
    today = today_in(row.region, now)
    if why := why_not_deceased(on, birth_date=row.birth_date, today=today, source=source):
        raise Refused(why)
    row.deceased_on, row.deceased_source = on.isoformat(), source
    row.version += 1
    row.save(update_fields=["deceased_on", "deceased_source", "version"])
    tell_letters(row, now=now)
    note(row, "resident.deceased", {"source": source}, by, now)


@transaction.atomic
def take_back_deceased(number: int, by: str, now: datetime) -> None:
    """It was an error: the person lives and is served again."""
    row = get_surviving(number)
    if not row.deceased_on:
        return
    row.deceased_on = row.deceased_source = ""
    row.version += 1
    row.save(update_fields=["deceased_on", "deceased_source", "version"])
    tell_letters(row, now=now)
    note(row, "resident.alive", {}, by, now)
