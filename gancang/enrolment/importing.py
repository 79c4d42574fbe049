"""Taking in a list of people: all rows judged, each person found or made once, all or nothing."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from gancang.audit.actions import record
from gancang.enrolment.actions import Deed, apply_all
from gancang.enrolment.list_files import read_list
from gancang.enrolment.list_rules import (
    PLAIN,
    Fault,
    Listed,
    Why,
    judge_heads,
    judge_row,
)
from gancang.enrolment.models import Enrolment, ListImport
from gancang.regions.queries import fact_kinds, today_in, village_meant, villages_by_code
from gancang.residents import merging, registry
from gancang.residents.actions import KnownFact, Particulars, register_all
from gancang.residents.duplicates import STRONG, why_same
from gancang.residents.models import PHONES, Fact, Resident
from gancang.residents.rules import words_of_name
from gancang.values import Refused
from gancang.vault import blind_indexes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from gancang.regions.models import Region, Village

SAME, NEW = "same", "new"


@dataclass(frozen=True, slots=True)
class Match:
    """A row, whom it means, and by which sign; nobody known: a new person."""

    listed: Listed
    sign: str = NEW
    resident: Resident | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What a file would do: whom each row means, or all that is wrong."""

    digest: str
    matches: list[Match] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many rows are new people, known ones, and known by a sign that a person may undo."""
        signs = Counter(match.sign for match in self.matches)
        alike = sum(many for sign, many in signs.items() if sign in STRONG)
        return {"rows": len(self.matches), "new": signs[NEW], "same": signs[SAME], "alike": alike}


def judge_file(data: bytes, *, region: Region, now: datetime) -> Judged:
    """All that a file would do, or all that is wrong with it. Nothing is written, nobody shown."""
    kinds = {code: kind for code, kind in fact_kinds(region).items() if not kind.derived}
    sheet = read_list(data, known=[*PLAIN, *kinds])
    digest = sha256(data).hexdigest()
    if wrong := judge_heads(sheet.heads, kinds):
        return Judged(digest, faults=wrong)
    places = villages_by_code(region)

    @lru_cache(maxsize=10_000)
    def village_of(typed: str) -> Village | None:
        return village_meant(places, typed)

    listed: list[Listed] = []
    faults: list[Fault] = []
    today = today_in(region, now)
    for number, cells in sheet.rows:
        told = dict(zip(sheet.heads, cells, strict=False))
        one, wrong = judge_row(number, told, village_of=village_of, facts=kinds, today=today)
        faults += wrong
        if one:
            listed.append(one)
    faults += _twice(listed)
    if faults:
        return Judged(digest, faults=sorted(faults, key=lambda fault: fault.row))
    return Judged(digest, _matched(region, listed))


def _twice(listed: Sequence[Listed]) -> list[Fault]:
    seen: dict[object, int] = {}
    faults = []
    for one in listed:
        who: object = one.nik or (*words_of_name(one.name), one.born, one.village.pk, one.address)
        if who in seen:
            faults.append(Fault(one.row, "nama", Refused(Why.TWICE_HERE, row=seen[who])))
        seen.setdefault(who, one.row)
    return faults


def _matched(region: Region, listed: Sequence[Listed]) -> list[Match]:
    """Whom each row means: by NIK, else by name, birth date and village, else by a strong sign."""
    by_nik, buckets = _candidates(region, listed)
    return [_match(one, by_nik, buckets) for one in listed]


def _candidates(
    region: Region, listed: Sequence[Listed]
) -> tuple[dict[str, Resident], dict[str, list[Resident]]]:
    niks = [i for one in listed if one.nik for i in blind_indexes(one.nik, column="residents.nik")]
    phones = [i for one in listed if one.phone for i in blind_indexes(one.phone, column=PHONES)]
    cards = [
        i
        for one in listed
        if one.card
        for i in blind_indexes(one.card, column="residents.family_card")
    ]
    near = Q(nik_index__in=niks) | Q(phone_index__in=phones) | Q(family_card_index__in=cards)
    near |= Q(village__in={one.village.pk for one in listed})
    rows = Resident.objects.filter(near, region=region, merged_into=None).order_by("pk")
    by_nik: dict[str, Resident] = {}
    buckets: defaultdict[str, list[Resident]] = defaultdict(list)
    for row in rows:
        if row.nik:
            by_nik[row.nik] = row
        for key in {row.birth_date, row.phone, row.family_card} - {""}:
            buckets[key].append(row)
    return by_nik, buckets


def _match(one: Listed, by_nik: dict[str, Resident], buckets: dict[str, list[Resident]]) -> Match:
    if one.nik and one.nik in by_nik:
        return Match(one, SAME, by_nik[one.nik])
    asked = Resident(
        full_name=one.name,
        nik=one.nik,
        birth_date=one.born.isoformat() if one.born else "",
        family_card=one.card,
        village_id=one.village.pk,
    )
    keys = {asked.birth_date, one.phone, one.card} - {""}
    best: dict[str, Resident] = {}
    for row in (each for key in sorted(keys) for each in buckets.get(key, [])):
        if one.nik and row.nik:
            continue  # two NIKs are two people
        phones = {one.phone} - {""}
        sign = why_same(asked, row, phones=phones, others={row.phone} - {""})
        if sign == "birth" and row.village_id == one.village.pk and _is_written_alike(one, row):
            return Match(one, SAME, row)
        if sign in STRONG:
            best.setdefault(sign, row)
    found = next(((sign, best[sign]) for sign in ("card", "birth", "phone") if sign in best), None)
    return Match(one, *found) if found else Match(one)


def _is_written_alike(one: Listed, row: Resident) -> bool:
    return sorted(words_of_name(one.name)) == sorted(words_of_name(row.full_name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Under which source and day a list is taken in, and for which programme people apply."""

    source: str
    as_of: date
    programme_code: str = ""


@transaction.atomic
def take_in(judged: Judged, taken: Taken, region: Region, deed: Deed) -> ListImport:
    """All rows: people made or found, facts noted, and applied for. The same file again: Refused.

    Who is known by a strong sign only is entered and made one with that entry at once, so that
    somebody who knows better can part the two again on the person's page.
    """
    assert not judged.faults, judged.faults
    same = ListImport.objects.filter(
        region=region, digest=judged.digest, programme_code=taken.programme_code
    ).first()
    if same:
        raise Refused(Why.BEFORE, day=f"{today_in(region, same.at):%d-%m-%Y}")
    numbers = _people_of(judged, taken, region, deed)
    applied = _apply(numbers, taken, region, deed)
    row = ListImport.objects.create(
        region=region,
        digest=judged.digest,
        programme_code=taken.programme_code,
        source=taken.source,
        as_of=taken.as_of,
        by=deed.by,
        at=deed.now,
        counts={**judged.counts(), "applied": applied},
    )
    record(
        "list.taken_in",
        f"list:{row.pk}",
        region=region.code,
        by=deed.by,
        now=deed.now,
        facts=dict(row.counts),
    )
    return row


def _people_of(judged: Judged, taken: Taken, region: Region, deed: Deed) -> list[int]:
    """The residents whom the rows mean, made or found, with what the list tells of them."""
    fresh = [match for match in judged.matches if match.sign != SAME]
    people = [_particulars(match.listed, taken) for match in fresh]
    made = register_all(people, region=region, now=deed.now)
    by = registry.Deed(by=deed.by, now=deed.now, reason="list")
    numbers = []
    for match, row in zip(fresh, made, strict=True):
        if match.resident is not None:
            merging.merge(region, match.resident.pk, row.pk, by)
        numbers.append(match.resident.pk if match.resident else row.pk)
    known = [match for match in judged.matches if match.sign == SAME and match.resident]
    _note_facts(known, taken)
    return numbers + [match.resident.pk for match in known if match.resident]


def _apply(numbers: Sequence[int], taken: Taken, region: Region, deed: Deed) -> int:
    if not taken.programme_code or not numbers:
        return 0
    answers = apply_all(sorted(set(numbers)), taken.programme_code, region, deed)
    return sum(isinstance(answer, Enrolment) for answer in answers)


def _particulars(one: Listed, taken: Taken) -> Particulars:
    return Particulars(
        full_name=one.name,
        village=one.village,
        address=one.address,
        nik=one.nik,
        birth_date=one.born,
        sex=one.sex,
        family_card=one.card,
        phone=one.phone,
        facts={
            name: KnownFact(value, taken.source, taken.as_of) for name, value in one.facts.items()
        },
    )


def _note_facts(matches: Sequence[Match], taken: Taken) -> None:
    """Of people who are known a list tells facts alone, and only those that are not older."""
    people = [match.resident.pk for match in matches if match.resident]
    newer = set(
        Fact.objects.filter(resident__in=people, as_of__gt=taken.as_of).values_list(
            "resident", "name"
        )
    )
    rows = [
        Fact(
            resident=match.resident,
            name=name,
            value=json.dumps(value),
            source=taken.source,
            as_of=taken.as_of,
        )
        for match in matches
        for name, value in match.listed.facts.items()
        if match.resident and (match.resident.pk, name) not in newer
    ]
    Fact.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["resident", "name"],
        update_fields=["value", "source", "as_of"],
    )
