"""People come to table out of the enrolment, and leave it the same day as they leave that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from gancang.audit.actions import record
from gancang.enrolment.entry import clause_of, who_left
from gancang.enrolment.rules import State
from gancang.programmes.models import Programme
from gancang.regions.queries import today_in
from gancang.servings import queries, rules
from gancang.servings.actions import call_off, refuse_wish
from gancang.servings.models import Diner, Serving
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Region
    from gancang.servings.actions import Wish

AT_ONCE = 5_000


@transaction.atomic
def seat_enrolled(wish: Wish, *, region: Region, by: str, now: datetime) -> int:
    """Everybody who is enrolled and eats nothing yet, eats from that day on; how many.

    The number of queries does not grow with the people.
    """
    refuse_wish(wish)
    programme = wish.programme
    # Two officers at once: the second finds nobody left.
    list(Programme.objects.select_for_update().filter(pk=programme.pk))
    found = list(queries.not_at_table(programme, on=wish.first)[:AT_ONCE])
    if not found:
        raise Refused(rules.Why.NOBODY_NEW, programme=programme.name)
    Diner.objects.bulk_create(
        Diner(
            region=region,
            programme=programme,
            resident_id=row.resident_id,
            enrolment=row,
            clause=clause_of(row),
            meals=sorted(wish.meals),
            diet=wish.diet,
            first=wish.first,
            last=wish.last,
            added_by=by,
            added_at=now,
        )
        for row in found
    )
    facts: dict[str, object] = {"people": len(found), "meals": sorted(wish.meals)}
    record("diners.seated", programme.code, region=region.code, by=by, now=now, facts=facts)
    return len(found)


@transaction.atomic
def stop_meals(region: Region, *, now: datetime) -> int:
    """Take who has left, died or is paused off the rounds from today on; how many meals."""
    today = today_in(region, now)
    rows = Serving.objects.filter(region=region, state=rules.PLANNED, day__gte=today)
    paused = Q(diner__enrolment__state=State.PAUSED)
    ran_out = Q(diner__enrolment__ends_on__lt=F("day"))
    gone = rows.filter(who_left("diner__") | paused | ran_out)
    return call_off(gone.select_for_update(of=("self",)), by="system", now=now)
