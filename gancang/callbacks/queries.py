"""Reading calls: whom to ring, what is held until then, what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Membership, Role
from gancang.callbacks import rules
from gancang.callbacks.models import Callback, Ring

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from gancang.regions.models import Region

RINGERS = (Role.OPERATOR, Role.PROGRAMME_OFFICER)


def callbacks_of(asker: Membership) -> QuerySet[Callback]:
    """All calls of the asker's region."""
    rows = Callback.objects.filter(region=asker.region_id)
    return rows.select_related("region", "programme", "office", "carried_by", "decided_by")


def to_ring(asker: Membership) -> QuerySet[Callback]:
    """Whom the asker may ring: nobody about his own work, or that of his office."""
    own = Membership.objects.filter(user=asker.user_id).exclude(organisation=None)
    rows = callbacks_of(asker).filter(state=rules.OPEN).exclude(carried_by=asker.user_id)
    return rows.exclude(office__in=own.values("organisation"))


def overdue_among(rows: QuerySet[Callback], *, now: datetime) -> QuerySet[Callback]:
    """Those that should have been answered by now, or that were tried in vain too often."""
    return rows.filter(Q(due_at__lt=now) | Q(tries__gte=F("tries_max")))


def to_look_after(asker: Membership, *, now: datetime) -> QuerySet[Callback]:
    """What waits for somebody: an operator's calls; for an officer what needs his decision."""
    rows = to_ring(asker)
    return rows if asker.role == Role.OPERATOR else overdue_among(rows, now=now)


def get_callback(asker: Membership, number: int) -> Callback:
    """One call of the asker's region, or 404."""
    return get_object_or_404(callbacks_of(asker), pk=number)


def rings_of(row: Callback) -> list[Ring]:
    """The calls so far, the first one first."""
    return list(row.rings.select_related("by").order_by("pk"))


def holding(about: str = "about", at: str = "at") -> QuerySet[Callback]:
    """For a line of the book that names a thing and a moment: the calls that hold it."""
    return Callback.objects.filter(
        region=OuterRef("region"),
        about=OuterRef(about),
        opened_at__lte=OuterRef(at),
        state__in=rules.HOLDING,
    )


def states_of(region: Region, codes: Iterable[str]) -> dict[str, str]:
    """How far the call of each of these orders and cases is, where one is asked for. One query."""
    rows = Callback.objects.filter(region=region, about__in=list(codes))
    return dict(rows.values_list("about", "state"))


def find_callback(region: Region, about: str) -> Callback | None:
    """The call about an order or a case, if one is asked for; nothing sealed is opened."""
    rows = Callback.objects.filter(region=region, about=about).defer("reason")
    return rows.select_related("carried_by", "office", "decided_by").first()


def never_asked(region: Region, codes: Iterable[str]) -> list[str]:
    """Those of these orders and cases, proved by a call, of which nobody ever asked for one."""
    asked = list(codes)
    return sorted(set(asked) - set(states_of(region, asked)))


def faults_of(region: Region) -> list[str]:
    """Calls that say something which nobody was told, or that were made by who carried it."""
    rows = Callback.objects.filter(region=region)
    said = Ring.objects.filter(callback=OuterRef("pk"), answer=rules.CAME)
    unsaid = rows.filter(~Exists(said), state=rules.CAME)
    undecided = rows.filter(state=rules.ALLOWED, decided_by=None)
    own = rows.filter(
        Exists(Ring.objects.filter(callback=OuterRef("pk"), by=OuterRef("carried_by")))
    )
    return [
        *(f"{row.about}: came, yet no call says so" for row in unsaid.order_by("pk")),
        *(f"{row.about}: paid without an answer, by nobody" for row in undecided.order_by("pk")),
        *(f"{row.about}: who brought it asked about it himself" for row in own.order_by("pk")),
    ]
