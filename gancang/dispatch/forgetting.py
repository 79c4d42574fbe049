"""Where riders were is taken from what is kept, once its days are over; decisions stay.

A round of the planner keeps its world, so that it can be planned again. Its ways in seconds and
metres are all that a plan needs; with them it replays when its riders' places have gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.dispatch import keeping
from gancang.dispatch.models import Tick
from gancang.fleet import actions as fleet
from gancang.fleet.seeing import keep_days, kept_since

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Region

AT_ONCE = 100


def forget_places(region: Region, *, now: datetime) -> tuple[int, int]:
    """Delete where riders were from old shifts and old rounds; how many of each.

    In short transactions; broken off and begun anew it goes on, and twice is once.
    """
    shifts = ticks = 0
    while done := fleet.forget_places(region, now=now):
        shifts += done
    while done := _forget_in_ticks(region, now=now):
        ticks += done
    if shifts or ticks:
        facts: dict[str, object] = {"days": keep_days(region.config)}
        facts |= {"shifts": shifts, "ticks": ticks}
        with transaction.atomic():
            record(
                "places.forgotten",
                region.code,
                region=region.code,
                by="fleet",
                now=now,
                facts=facts,
            )
    return shifts, ticks


@transaction.atomic
def _forget_in_ticks(region: Region, *, now: datetime) -> int:
    due = Tick.objects.filter(
        region=region, has_places=True, at__lt=kept_since(region.config, now=now)
    )
    rows = list(
        due.select_for_update(of=("self",)).select_related("region").order_by("at")[:AT_ONCE]
    )
    for row in rows:
        # First the ways, which are reckoned from the places.
        row.ways = keeping.ways_to_stay(row)
        row.world = keeping.without_riders(row.world)
        row.has_places = False
    Tick.objects.bulk_update(rows, ["ways", "world", "has_places"])
    return len(rows)
