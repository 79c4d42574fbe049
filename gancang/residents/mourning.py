"""Entries that may be somebody who has died: found at the report, judged by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.outbox import actions as outbox
from gancang.residents.actions import get_surviving, note, numbers_of_row
from gancang.residents.likeness import entries_like, is_in_doubt
from gancang.residents.models import LookAlike, Resident
from gancang.residents.rules import Why
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Region

Judged = LookAlike.Judged


@transaction.atomic
def note_look_alikes(number: int, *, by: str, now: datetime) -> list[LookAlike]:
    """Write down who may be the same as somebody who has died; letters to the likeliest wait."""
    dead = get_surviving(number)
    settled = LookAlike.objects.filter(dead=dead).exclude(judged=Judged.MOOT)
    known = set(settled.values_list("alike_id", flat=True))
    found = [
        LookAlike.objects.update_or_create(
            dead=dead,
            alike=other,
            defaults={"sign": sign, "found_at": now, "judged": "", "judged_at": None},
        )[0]
        for other, sign in entries_like(dead)
        if other.pk not in known and not other.deceased_on and not (dead.nik and other.nik)
    ]
    for row in found:
        _hold_letters(row, now=now)
        facts: dict[str, object] = {"like": f"resident:{dead.pk}", "sign": row.sign}
        note(row.alike, "resident.may_have_died", facts, by, now)
    return found


def _hold_letters(row: LookAlike, *, now: datetime) -> None:
    if row.is_strong:
        for number in numbers_of_row(row.alike):
            outbox.hold_for(number, now=now)


@transaction.atomic
def judge(region: Region, number: int, judged: str, *, by: str, now: datetime) -> LookAlike:
    """Somebody knows whether they are one person. Refused where it was judged before."""
    rows = LookAlike.objects.filter(pk=number, alike__region=region)
    open_now = rows.filter(judged=Judged.OPEN)
    if not open_now.update(judged=judged, judged_by=by, judged_at=now):
        raise Refused(Why.JUDGED_BEFORE)
    row = rows.select_related("dead__region", "alike__region").get()
    facts: dict[str, object] = {"like": f"resident:{row.dead_id}", "judged": judged}
    note(row.alike, "resident.likeness_judged", facts, by, now)
    _let_letters_go(row.alike)
    return row


@transaction.atomic
def settle_pair(one: int, other: int, judged: str, *, by: str, now: datetime) -> None:
    """Two entries were made one, or parted: with that it is judged what they are to each other."""
    pair = LookAlike.objects.filter(dead__in=[one, other], alike__in=[one, other])
    pair.update(judged=judged, judged_by=by, judged_at=now)
    for row in pair.select_related("alike__region"):
        _let_letters_go(row.alike)


@transaction.atomic
def drop_look_alikes(dead: int, *, by: str, now: datetime) -> list[int]:
    """Nobody has died: nobody waits any more. Who had been taken for the dead, to be taken back."""
    row = get_surviving(dead)
    rows = LookAlike.objects.filter(dead=row).select_related("alike__region")
    same = [each.alike_id for each in rows if each.judged == Judged.SAME]
    waiting = [each.alike for each in rows if each.judged == Judged.OPEN]
    rows.filter(judged__in=[Judged.OPEN, Judged.SAME]).update(
        judged=Judged.MOOT, judged_by=by, judged_at=now
    )
    for alike in waiting:
        _let_letters_go(alike)
    return same


def _let_letters_go(alike: Resident) -> None:
    if not is_in_doubt(alike.pk):
        for number in numbers_of_row(alike):
            outbox.let_go(number)
