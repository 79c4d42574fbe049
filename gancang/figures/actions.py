"""Noting who waited at the counter: one by one, or a file of a day on which they were counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.figures.models import CounterWait

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.accounts.models import Membership
    from gancang.figures.waits import Wait


@transaction.atomic
def note_waits(asker: Membership, waits: Sequence[Wait], *, now: datetime) -> int:
    """Keep what was counted at the asker's counter; how many are new.

    A wait that stands there already (clinic and both times equal) is not counted twice, so a file
    may be sent again.
    """
    house = asker.organisation
    assert house is not None, asker
    known = set(
        CounterWait.objects.filter(
            origin=house, came_at__in=[wait.came_at for wait in waits]
        ).values_list("clinic", "came_at", "served_at")
    )
    fresh = {
        key: wait
        for wait in waits
        if (key := (wait.clinic, wait.came_at, wait.served_at)) not in known
    }
    CounterWait.objects.bulk_create(_row(wait, asker, now=now) for wait in fresh.values())
    if fresh:
        record(
            "figures.waits_noted",
            house.code,
            region=asker.region.code,
            by=asker.user.username,
            now=now,
            facts={"count": len(fresh)},
        )
    return len(fresh)


def _row(wait: Wait, asker: Membership, *, now: datetime) -> CounterWait:
    return CounterWait(
        region=asker.region,
        origin=asker.organisation,
        clinic=wait.clinic,
        compounded=wait.compounded,
        came_at=wait.came_at,
        served_at=wait.served_at,
        by=asker.user.username,
        noted_at=now,
    )
