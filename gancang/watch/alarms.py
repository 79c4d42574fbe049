"""Whether each late order of a month rang exactly once, and whether somebody answered."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q

from gancang.audit.models import Event
from gancang.incidents import rules as incidents
from gancang.incidents.queries import visible
from gancang.orders import lifecycle
from gancang.orders.queries import visible_to
from gancang.regions.queries import today_in, zone_of
from gancang.watch.rules import ALARM_PACE, Alarm, Report, report_of
from gancang.web.files import csv_of
from gancang.web.months import month_of

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import Membership
    from gancang.web.months import Month

HEADS = (
    "order",
    "promise_at",
    "ended_at",
    "alarms",
    "alarm_at",
    "answered_at",
    "answered_by",
    "minutes_to_answer",
    "gaps",
)


def month_asked(asker: Membership, typed: str, *, now: datetime) -> Month:
    """The month that was asked for; this one where none was. Refused where it is none."""
    this_month = today_in(asker.region, now).strftime("%Y-%m")
    return month_of(typed or this_month, zone_of(asker.region))


def alarms_of(asker: Membership, month: Month, *, now: datetime) -> Report:
    """Each order promised in a month that was late, with its alarm. Three queries."""
    is_late = Q(state__in=sorted(lifecycle.OPEN), promise_at__lt=now - ALARM_PACE)
    is_late |= Q(changed_at__gt=F("promise_at") + ALARM_PACE)
    rows = visible_to(asker).filter(promise_at__gte=month.begins, promise_at__lt=month.ends)
    rows = rows.filter(is_late | Q(lateness__isnull=False), promise_at__lt=now)
    rang = Event.objects.filter(
        region_code=asker.region.code, kind="order.late", at__gte=month.begins
    )
    events = dict(rang.values_list("subject").annotate(Count("pk")))
    lateness = ("lateness__at", "lateness__seen_at", "lateness__seen_by")
    found = rows.order_by("promise_at", "pk").values_list(
        "code", "promise_at", "state", "changed_at", *lateness
    )
    alarms = [
        Alarm(
            code,
            promise_at,
            None if state in lifecycle.OPEN else changed_at,
            events.get(code, 0),
            at,
            seen_at,
            seen_by or "",
        )
        for code, promise_at, state, changed_at, at, seen_at, seen_by in found
    ]
    return report_of(alarms, _calls(asker, month), now=now)


def _calls(asker: Membership, month: Month) -> list[Alarm]:
    """The riders' calls for help: each is its own alarm."""
    calls = visible(asker).filter(
        kind=incidents.HELP, opened_at__gte=month.begins, opened_at__lt=month.ends
    )
    return [
        Alarm(str(row.pk), row.opened_at, None, 1, row.opened_at, row.seen_at, row.seen_by)
        for row in calls.order_by("pk")
    ]


def as_csv(report: Report, *, zone: str, now: datetime) -> bytes:
    """A line a late order, times by the region's clock."""
    return csv_of(HEADS, (_line(alarm, zone, now=now) for alarm in report.late))


def _line(alarm: Alarm, zone: str, *, now: datetime) -> list[object]:
    here = ZoneInfo(zone)
    times = (alarm.promise_at, alarm.ended_at, alarm.alarm_at, alarm.answered_at)
    promise, ended, rang, answered = (
        moment.astimezone(here).strftime("%Y-%m-%d %H:%M:%S") if moment else "" for moment in times
    )
    return [
        alarm.what,
        promise,
        ended,
        alarm.alarms,
        rang,
        answered,
        alarm.answered_by,
        alarm.minutes_to_answer,
        " ".join(alarm.gaps(now=now)),
    ]
