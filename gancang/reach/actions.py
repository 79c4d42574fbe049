"""Switching a fleet or a way off for a while, and on again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.reach.models import Closure
from gancang.reach.rules import Why
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Organisation, Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is switched off: a fleet or a way, from when, until when, where, why."""

    fleet: Organisation | None
    way: str
    place: str
    since: datetime
    until: datetime | None
    because: str
    note: str = ""


@transaction.atomic
def switch_off(told: Told, *, region: Region, by: User, now: datetime) -> Closure:
    """From then on nothing new is promised by it there, and the planner asks nobody of it."""
    if told.until is not None and told.until <= max(told.since, now):
        raise Refused(Why.ENDS_BEFORE)
    row = Closure.objects.create(
        region=region,
        fleet=told.fleet,
        way=told.way,
        place=told.place,
        since=told.since,
        until=told.until,
        because=told.because,
        note=told.note.strip(),
        by=by,
        made_at=now,
    )
    facts: dict[str, object] = {
        "place": told.place,
        "since": told.since.isoformat(),
        "until": told.until.isoformat() if told.until else None,
        "because": told.because,
    }
    subject = told.fleet.code if told.fleet else told.way
    record("way.switched_off", subject, region=region.code, by=by.username, now=now, facts=facts)
    return row


@transaction.atomic
def switch_on(closure: Closure, *, by: User, now: datetime) -> None:
    """It serves again from now on. Twice is once."""
    still = Closure.objects.filter(pk=closure.pk).exclude(until__lte=now)
    if not still.update(until=now):
        return
    subject = closure.fleet.code if closure.fleet else closure.way
    region = closure.region.code
    record("way.switched_on", subject, region=region, by=by.username, now=now)
