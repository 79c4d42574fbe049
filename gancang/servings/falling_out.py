"""A stall cannot cook: its meals go to other stalls by their turn, with the couriers they had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.fleet.models import Rider
from gancang.programmes.queries import get_programme
from gancang.servings import rules
from gancang.servings.actions import Sitting, make_rounds, shut_stall
from gancang.servings.cooking import stalls_at
from gancang.servings.models import Serving
from gancang.servings.rules import Why
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from gancang.regions.models import Organisation, Region


@dataclass(frozen=True, slots=True)
class Fallen:
    """How many meals other stalls cook now, and for how many somebody has to look."""

    moved: int
    stays: int


@transaction.atomic
def fall_out(
    kitchen: Organisation, days: tuple[date, date], reason: str, *, by: str, now: datetime
) -> Fallen:
    """A kitchen does not cook from a first to a last day, in none of its programmes.

    Meals that were on a round go to whoever's turn it is, fetched by the same couriers. Where no
    stall has room or they come too late, the operator sees them as without a round.
    """
    stalls = stalls_at(kitchen)
    if not stalls:
        raise Refused(Why.COOKS_NOTHING, kitchen=kitchen.name)
    moved = stays = 0
    for stall in stalls:
        planned = Serving.objects.filter(
            round__stall=stall, state=rules.PLANNED, day__gte=days[0], day__lte=days[1]
        )
        wanted = _by_sitting(planned.select_related("round"), stall.region, stall.programme_code)
        gap = rules.Gap(number=stall.pk, first=days[0], last=days[1])
        shut_stall(stall, gap, reason, by=by, now=now)
        for sitting, (couriers, many) in wanted.items():
            done = _moved(sitting, couriers, kitchen, region=stall.region, by=by, now=now)
            moved, stays = (moved + many, stays) if done else (moved, stays + many)
    return Fallen(moved, stays)


def _by_sitting(
    planned: QuerySet[Serving], region: Region, code: str
) -> dict[Sitting, tuple[set[int], int]]:
    """Who was to fetch how many, of each meal of each day."""
    programme = get_programme(region, code)
    found: dict[Sitting, tuple[set[int], int]] = {}
    for row in planned:
        sitting = Sitting(programme=programme, day=row.day, meal=row.meal)
        couriers, many = found.get(sitting, (set(), 0))
        found[sitting] = couriers | {row.round.courier_id}, many + 1
    return found


def _moved(
    sitting: Sitting,
    couriers: set[int],
    kitchen: Organisation,
    *,
    region: Region,
    by: str,
    now: datetime,
) -> bool:
    """Whether others cook it now. What cannot be is undone alone, and told to the operator."""
    riders = Rider.objects.filter(user__in=couriers).select_related("user", "organisation")
    try:
        with transaction.atomic():
            make_rounds(sitting, list(riders.order_by("pk")), region=region, by=by, now=now)
    except Refused as refusal:
        facts: dict[str, object] = {"meal": sitting.meal, "why": refusal.reason.value}
        record("meals.nobody_cooks", kitchen.code, region=region.code, by=by, now=now, facts=facts)
        return False
    return True
