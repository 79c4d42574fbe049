"""Landmarks added, corrected and withdrawn, each with who said so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.addresses.models import Landmark
from gancang.addresses.queries import find_standing
from gancang.addresses.rules import Why, is_there, sounds_of
from gancang.audit.actions import record
from gancang.values import Point, Refused, lies_in

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A landmark as somebody tells of it."""

    kind: str
    name: str
    point: Point


@transaction.atomic
def add_landmark(told: Told, *, region: Region, source: str, by: User, now: datetime) -> Landmark:
    """From now on addresses are found by it. Refused where it is known already."""
    row = Landmark(region=region, source=source, by=by, at=now)
    _describe(row, told)
    row.save()
    _note("landmark.added", row, by=by, now=now)
    return row


@transaction.atomic
def correct_landmark(row: Landmark, told: Told, *, by: User, now: datetime) -> None:
    """It is called otherwise, or stands elsewhere."""
    _describe(row, told)
    row.save()
    _note("landmark.corrected", row, by=by, now=now)


@transaction.atomic
def withdraw_landmark(row: Landmark, *, by: User, now: datetime) -> None:
    """It is there no more, or never was; again, it changes nothing."""
    rows = Landmark.objects.filter(pk=row.pk, withdrawn_at=None)
    if rows.update(withdrawn_at=now):
        _note("landmark.withdrawn", row, by=by, now=now)


def _describe(row: Landmark, told: Told) -> None:
    inside = lies_in(told.point, row.region.config["bounds"])
    found = find_standing(row.region, told.point) if inside else None
    if found is None:
        raise Refused(Why.ELSEWHERE, region=row.region.name)
    village = found.village
    row.village, row.kind, row.name = village, told.kind, told.name
    row.sounds = sounds_of(told.name)
    row.lat, row.lon = told.point.lat, told.point.lon
    same = Landmark.objects.filter(village=village, sounds=row.sounds, withdrawn_at=None)
    others = same.exclude(pk=row.pk).values_list("lat", "lon")
    if is_there(told.point, (Point(lat, lon) for lat, lon in others)):
        raise Refused(Why.LANDMARK_KNOWN, name=told.name, village=village.name)


def _note(kind: str, row: Landmark, *, by: User, now: datetime) -> None:
    facts = {"kind": row.kind, "village": row.village.code, "source": row.source}
    subject = f"landmark:{row.pk}"
    record(kind, subject, region=row.region.code, by=by.username, now=now, facts=facts)
