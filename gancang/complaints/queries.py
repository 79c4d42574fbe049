"""Reading complaints: who waits, how late, and their numbers by cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Role
from gancang.complaints import rules
from gancang.complaints.models import Complaint, Stake
from gancang.programmes.models import Programme

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import Membership
    from gancang.regions.models import Region


def complaints_of(asker: Membership, *, state: str = "") -> QuerySet[Complaint]:
    """The complaints of the asker's region; those in one state."""
    rows = Complaint.objects.filter(region=asker.region_id).select_related("region")
    return rows.filter(state=state) if state in rules.STATES else rows


def to_decide(asker: Membership) -> QuerySet[Complaint]:
    """Those that wait for somebody."""
    return complaints_of(asker).filter(state__in=[rules.OPEN, rules.APPEALED])


def get_complaint(asker: Membership, number: int) -> Complaint:
    """One of them, or 404."""
    return get_object_or_404(complaints_of(asker), pk=number)


def told_about(region: Region, code: str) -> list[Complaint]:
    """What was complained of one thing, the first one first; no word of what anybody said."""
    rows = Complaint.objects.filter(region=region, about=code).order_by("pk")
    return list(rows.defer("words", "reason", "appeal", "heard"))


def answer_hours(region: Region, programme: str) -> int:
    """Within how many hours a complaint about a programme's service is answered."""
    rows = Programme.objects.filter(region=region, code=programme).order_by("-version")
    terms = rows.values_list("terms", flat=True).first() or {}
    hours: int = terms.get("complaint_hours", rules.ANSWER_HOURS)
    return hours


def stakes_of(row: Complaint) -> list[Stake]:
    """The lines of the book that hang on it."""
    return list(row.stakes.select_related("line__target__payee").order_by("pk"))


DECIDERS = (Role.OPERATOR, Role.PROGRAMME_OFFICER)
SEES = (*DECIDERS, Role.TREASURER, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Tally:
    """One cause: how many, how many of them were right, how many wait too long."""

    cause: str
    told: int
    right: int
    waiting: int
    late: int


def tallies(region: Region, *, now: datetime) -> list[Tally]:
    """The numbers by cause. One query."""
    rows = Complaint.objects.filter(region=region).order_by().values_list("cause")
    open_ = Q(state=rules.OPEN)
    counted = rows.annotate(
        told=Count("pk"),
        right=Count("pk", filter=~Q(outcome__in=["", rules.UNFOUNDED])),
        waiting=Count("pk", filter=open_),
        late=Count("pk", filter=open_ & Q(due_at__lt=now)),
    )
    found = {cause: Tally(cause, *numbers) for cause, *numbers in counted}
    return [found[cause] for cause in rules.CAUSES if cause in found]
