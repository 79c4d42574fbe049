"""Enrolments follow what the registry learns of people: a death, another house, one not two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from gancang.enrolment import rules
from gancang.enrolment.actions import finish, judge_all, locked
from gancang.enrolment.entry import who_died
from gancang.enrolment.models import Enrolment
from gancang.enrolment.rules import State, Why

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from gancang.enrolment.actions import Deed
    from gancang.regions.models import Region

BATCH = 500


def follow_registry(region: Region, deed: Deed) -> int:
    """End the enrolments of the dead and those that stand twice; take along who has moved."""
    rows = Enrolment.objects.filter(region=region, state__in=rules.OPEN)
    ended = [
        *((row, Why.DECEASED) for row in rows.filter(who_died()).order_by("pk")[:BATCH]),
        *((row, Why.TWO_ENTRIES) for row in _second_ones(rows)),
    ]
    for row, why in ended:
        _end(row, why, deed)
    home = Coalesce("resident__merged_into__village", "resident__village")
    moved = rows.annotate(home=home).exclude(village=F("home")).order_by("pk")
    found = list(moved[:BATCH])
    for row in found:
        _move_house(row, deed)
    return len(ended) + len(found)


def _second_ones(rows: QuerySet[Enrolment]) -> list[Enrolment]:
    """Of two enrolments of one person in one programme, all but the first that serves him."""
    merged = rows.filter(resident__merged_into__isnull=False)
    keepers = merged.values_list("resident__merged_into", flat=True)
    same = rows.filter(
        Q(resident__in=list(keepers)) | Q(resident__merged_into__in=list(keepers)),
    ).select_related("resident")
    first: set[tuple[int, str]] = set()
    found = []
    for row in sorted(same, key=lambda row: (row.state != State.ENROLLED, row.pk)):
        person = row.resident.merged_into_id or row.resident_id
        key = (person, row.programme_code)
        if key in first:
            found.append(row)
        first.add(key)
    return found[:BATCH]


@transaction.atomic
def _end(row: Enrolment, why: Why, deed: Deed) -> None:
    found = locked(row, *rules.OPEN)
    found.state, found.why, found.lacks = State.ENDED, why, []
    finish(found, "end", deed)


@transaction.atomic
def _move_house(row: Enrolment, deed: Deed) -> None:
    """Another village looks after the person now; the rules are asked again."""
    found = locked(row, *rules.OPEN)
    person = found.resident.merged_into or found.resident
    found.village = person.village
    found.save(update_fields=["village"])
    finish(found, "moved", deed)
    if found.state in rules.IN | {State.WAITING}:
        judge_all([found], deed)
