"""What must reach a human at once: a rider who calls for help, an order that is late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.incidents import rules
from gancang.incidents.models import Incident, Lateness
from gancang.incidents.queries import visible
from gancang.orders import lifecycle
from gancang.orders.queries import visible_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang.accounts.models import Membership, User

MOST = 20


@dataclass(frozen=True, slots=True)
class Alarms:
    """What rings on the board: calls for help until they are closed, lateness until it is seen."""

    help: Sequence[Incident]
    late: Sequence[Lateness]


def alarms_for(asker: Membership) -> Alarms:
    """The alarms that somebody is to act on. Two queries."""
    calls = visible(asker).filter(kind=rules.HELP, closed_at=None).order_by("pk")
    late = Lateness.objects.filter(
        order__in=visible_to(asker).filter(state__in=sorted(lifecycle.OPEN)).values("pk"),
        seen_at=None,
    )
    return Alarms(
        list(calls[:MOST]),
        list(late.select_related("order__carrier", "order__village").order_by("pk")[:MOST]),
    )


def find_call_for_help(rider: User) -> Incident | None:
    """The rider's own call for help that is not closed yet, or None."""
    rows = Incident.objects.filter(rider__user=rider, kind=rules.HELP, closed_at=None)
    return rows.select_related("region").order_by("pk").first()
