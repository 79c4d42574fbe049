"""What must reach a human at once: a rider who calls for help, an order that is late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q

from gancang.incidents import rules
from gancang.incidents.models import Incident, Lateness
from gancang.incidents.queries import visible
from gancang.orders import lifecycle
from gancang.orders.queries import visible_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang.accounts.models import Membership, User
    from gancang.fleet.models import Rider

MOST = 20


@dataclass(frozen=True, slots=True)
class Alarms:
    """What rings on the board: calls for help until they are closed, the rest until it is seen."""

    help: Sequence[Incident]
    road: Sequence[Incident]  # what riders told of themselves and their bags
    late: Sequence[Lateness]


def alarms_for(asker: Membership) -> Alarms:
    """The alarms that somebody is to act on. Two queries."""
    himself = Q(opened_by=F("rider__user__username"), seen_at=None)
    rings = Q(kind=rules.HELP) | Q(kind__in=sorted(rules.ON_THE_ROAD)) & himself
    told = list(visible(asker).filter(rings, closed_at=None).order_by("pk")[: 2 * MOST])
    late = Lateness.objects.filter(
        order__in=visible_to(asker).filter(state__in=sorted(lifecycle.OPEN)).values("pk"),
        seen_at=None,
    )
    return Alarms(
        [each for each in told if each.kind == rules.HELP][:MOST],
        [each for each in told if each.kind != rules.HELP][:MOST],
        list(late.select_related("order__carrier", "order__village").order_by("pk")[:MOST]),
    )


def find_call_for_help(rider: User) -> Incident | None:
    """The rider's own call for help that is not closed yet, or None.

    Every page of a rider asks this and nearly always there is none: ask that first, cheaply.
    """
    rows = Incident.objects.filter(rider__user=rider, kind=rules.HELP, closed_at=None)
    if not rows.exists():
        return None
    return rows.select_related("region").order_by("pk").first()


def find_told_by_rider(rider: Rider, kind: str) -> Incident | None:
    """What a rider told of that kind and nobody has closed yet, or None."""
    rows = Incident.objects.filter(
        rider=rider, kind=kind, closed_at=None, opened_by=rider.user.username
    )
    return rows.select_related("region").order_by("pk").first()
