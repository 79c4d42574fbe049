"""Neighbours in need: reported by anybody, answered by a unit within hours, told on if not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Membership, Role
from gancang.audit.actions import record
from gancang.audit.once import mark_told
from gancang.enrolment.models import NeedReport
from gancang.enrolment.need_rules import OUTCOMES, Why
from gancang.enrolment.queries import SEES_ALL
from gancang.regions.models import Organisation
from gancang.values import Point, Refused, metres_between
from gancang.vault import blind_index

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Region, Village

ANSWERED_WITHIN = timedelta(hours=4)
REPORTS_OF_A_SOURCE_MAX = 5  # a family may stand behind one address
REPORTS_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody reports."""

    village: Village
    words: str
    phone: str = ""


@transaction.atomic
def report(told: Told, *, now: datetime, by: str = "", source: str = "") -> NeedReport:
    """Keep a report; the clock of its unit begins. Too many from one place are refused."""
    digest = blind_index(source, column="enrolment_needreport.source") if source else ""
    recent = NeedReport.objects.filter(source=digest, at__gt=now - REPORTS_WITHIN)
    if digest and recent.count() >= REPORTS_OF_A_SOURCE_MAX:
        raise Refused(Why.REPORTED_TOO_OFTEN)
    row = NeedReport.objects.create(
        region=told.village.region,
        village=told.village,
        unit=_unit_of(told.village),
        words=told.words,
        phone=told.phone,
        by=by,
        source=digest,
        at=now,
        due_at=now + ANSWERED_WITHIN,
    )
    _record(row, "reported", by or "public", now)
    return row


def _unit_of(village: Village) -> Organisation | None:
    """Who answers: the village's own office, else the health centre that is nearest."""
    units = Organisation.objects.filter(region=village.region_id)
    office = units.filter(kind=Organisation.Kind.OFFICE, village=village).order_by("code").first()
    if office:
        return office
    here = Point(village.lat, village.lon)
    centres = units.filter(kind=Organisation.Kind.PUSKESMAS, lat__isnull=False, lon__isnull=False)
    return min(
        centres.order_by("code"),
        key=lambda each: metres_between(here, Point(each.lat or 0.0, each.lon or 0.0)),
        default=None,
    )


def needs_visible_to(asker: Membership) -> QuerySet[NeedReport]:
    """All of the region for its officers; for a unit what is its own to answer."""
    rows = NeedReport.objects.filter(region=asker.region)
    rows = rows.select_related("village__district", "unit")
    if asker.role in SEES_ALL:
        return rows
    if asker.role == Role.VILLAGE_CLERK and asker.organisation:
        mine = Q(unit=asker.organisation_id) | Q(village=asker.organisation.village_id)
        return rows.filter(mine)
    return rows.none()


def needs_to_answer(asker: Membership) -> QuerySet[NeedReport]:
    """What waits for somebody: for a unit all that is open, for an officer what is told on."""
    rows = needs_visible_to(asker).filter(answered_at=None)
    return rows.exclude(escalated_at=None) if asker.role in SEES_ALL else rows


def get_need(asker: Membership, number: int) -> NeedReport:
    """One that the asker may see, or 404."""
    return get_object_or_404(needs_visible_to(asker), pk=min(number, 2**63 - 1))


@transaction.atomic
def answer(row: NeedReport, outcome: str, words: str, *, by: str, now: datetime) -> None:
    """What was done about it; the clock stops. Once answered it stays so."""
    if outcome not in OUTCOMES:
        raise Refused(Why.NO_OUTCOME)
    if not words.strip():
        raise Refused(Why.NO_WORDS)
    open_ = NeedReport.objects.select_for_update().filter(pk=row.pk, answered_at=None)
    found = open_.first()
    if found is None:
        raise Refused(Why.ANSWERED_BEFORE)
    found.answered_at, found.answered_by = now, by
    found.outcome, found.answer = outcome, words.strip()
    found.save(update_fields=["answered_at", "answered_by", "outcome", "answer"])
    _record(found, "answered", by, now)


@transaction.atomic
def escalate(region: Region, *, now: datetime) -> int:
    """Tell on what nobody answered in time, each once; how many."""
    late = NeedReport.objects.filter(
        region=region, answered_at=None, escalated_at=None, due_at__lt=now
    )
    rows = mark_told(late.select_related("region", "village", "unit"), "escalated_at", now=now)
    for row in rows:
        _record(row, "escalated", "system", now)
    return len(rows)


def units_of(asker: Membership, *, now: datetime) -> list[dict[str, object]]:
    """How each unit answers: how many reports, in time, late, still open, told on. One query."""
    rows = needs_visible_to(asker).order_by().values("unit__name")
    counted = rows.annotate(
        reports=Count("pk"),
        in_time=Count("pk", filter=Q(answered_at__lte=F("due_at"))),
        late=Count("pk", filter=Q(answered_at__gt=F("due_at"))),
        open=Count("pk", filter=Q(answered_at=None)),
        overdue=Count("pk", filter=Q(answered_at=None, due_at__lt=now)),
    )
    return [dict(row) for row in counted.order_by("-overdue", "-late", "unit__name")]


def _record(row: NeedReport, what: str, by: str, now: datetime) -> None:
    facts: dict[str, object] = {"village": row.village.code, "unit": row.unit and row.unit.code}
    kind = {"reported": "need.reported", "answered": "need.answered"}.get(what, "need.escalated")
    record(kind, f"need:{row.pk}", region=row.region.code, by=by, now=now, facts=facts)
