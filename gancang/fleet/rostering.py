"""Who is to work when, and breaks: planned ahead, taken over by a shift, taken unplanned."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.fleet.hours import (
    WEEK,
    Hours,
    begins_now,
    go_on_until,
    why_not_break,
    why_not_hours,
)
from gancang.fleet.models import Duty, Rest, Rider, Shift
from gancang.fleet.rules import Why
from gancang.orders.actions import tell_board
from gancang.regions.queries import today_in, zone_of
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A rider is to work on a day in these hours, or not at all."""

    rider: Rider
    day: date
    hours: Hours | None


@transaction.atomic
def plan(changes: Sequence[Change], *, by: str, now: datetime) -> int:
    """Write the plan down; the same again changes nothing. How many days became different.

    A shift that runs follows at once. Refused for days that are over and for hours that cannot be.
    """
    for change in changes:
        if change.day < today_in(change.rider.region, now):
            raise Refused(Why.DAY_OVER)
        if change.hours and (why := why_not_hours(change.hours)):
            raise Refused(why)
    riders = {change.rider.pk: change.rider for change in changes}
    list(Rider.objects.select_for_update().filter(pk__in=riders).order_by("pk"))
    known = {
        (row.rider_id, row.day): row
        for row in Duty.objects.filter(rider__in=riders, day__in={each.day for each in changes})
    }
    different = [
        each for each in changes if _hours(known.get((each.rider.pk, each.day))) != each.hours
    ]
    gone = [known[each.rider.pk, each.day].pk for each in different if each.hours is None]
    Duty.objects.filter(pk__in=gone).delete()
    Duty.objects.bulk_create(
        [
            Duty(rider=each.rider, day=each.day, **asdict(each.hours))
            for each in different
            if each.hours
        ],
        update_conflicts=True,
        unique_fields=["rider", "day"],
        update_fields=["starts", "ends", "break_from", "break_until"],
    )
    _tell_and_follow(different, by=by, now=now)
    return len(different)


def _hours(duty: Duty | None) -> Hours | None:
    return duty.hours() if duty else None


def _tell_and_follow(changes: Iterable[Change], *, by: str, now: datetime) -> None:
    told: dict[int, list[Change]] = {}
    for change in changes:
        told.setdefault(change.rider.pk, []).append(change)
    for each in told.values():
        rider = each[0].rider
        facts: dict[str, object] = {
            "on": [change.day.isoformat() for change in each if change.hours],
            "off": [change.day.isoformat() for change in each if not change.hours],
        }
        region, username = rider.region.code, rider.user.username
        record("rider.planned", username, region=region, by=by, now=now, facts=facts)
        today = today_in(rider.region, now)
        for change in each:
            if change.day == today:
                _follow(change, now=now)


def _follow(change: Change, *, now: datetime) -> None:
    """A shift that runs has the end and the break of today's plan."""
    shift = Shift.objects.filter(rider=change.rider, ended_at=None).first()
    if shift is None:
        return
    zone = zone_of(change.rider.region)
    ends = change.hours.span(change.day, zone)[1] if change.hours else None
    Shift.objects.filter(pk=shift.pk).update(ends_by=ends)
    Rest.objects.filter(shift=shift, is_planned=True, starts_at__gt=now).delete()
    rests = change.hours.rests(change.day, zone) if change.hours else ()
    # A break that runs already stays as it is.
    _plan_rests(shift, [each for each in rests if each[0] > now])
    tell_board(change.rider.region.code)


def _plan_rests(shift: Shift, rests: Iterable[tuple[datetime, datetime]]) -> None:
    Rest.objects.bulk_create(
        [
            Rest(shift=shift, starts_at=begins, ends_at=ends, is_planned=True)
            for begins, ends in rests
        ]
    )


@transaction.atomic
def take_over(shift: Shift, *, now: datetime) -> None:
    """A shift that begins has the end and the break of the duty that was planned, if one was."""
    region = shift.rider.region
    day = today_in(region, now)
    duty = Duty.objects.filter(rider=shift.rider, day=day).first()
    if duty is None or not begins_now(duty.hours(), day, zone_of(region), now=now):
        return
    hours, zone = duty.hours(), zone_of(region)
    shift.ends_by = hours.span(day, zone)[1]
    Shift.objects.filter(pk=shift.pk).update(ends_by=shift.ends_by)
    _plan_rests(shift, [each for each in hours.rests(day, zone) if each[1] > now])


@transaction.atomic
def copy_week(
    duties: Iterable[Duty], there: Iterable[tuple[int, date]], *, by: str, now: datetime
) -> int:
    """Plan the next week as `duties` were; what is planned there already, and past days, stay."""
    taken = set(there)
    changes = [
        Change(rider=duty.rider, day=duty.day + WEEK, hours=duty.hours())
        for duty in duties
        if (duty.rider_id, duty.day + WEEK) not in taken
        and duty.day + WEEK >= today_in(duty.rider.region, now)
    ]
    return plan(changes, by=by, now=now)


@transaction.atomic
def take_break(rider: Rider, *, until: datetime, now: datetime) -> None:
    """Rest from now until then; a break that runs lasts until then instead."""
    if why := why_not_break(until, now=now):
        raise Refused(why)
    shift = Shift.objects.select_for_update().filter(rider=rider, ended_at=None).first()
    if shift is None:
        raise Refused(Why.NOT_ON_SHIFT)
    running = Rest.objects.filter(shift=shift, starts_at__lte=now, ends_at__gt=now)
    if not running.update(ends_at=until):
        Rest.objects.create(shift=shift, starts_at=now, ends_at=until, is_planned=False)
    _tell("break.taken", rider, {"until": until.isoformat()}, now=now)


@transaction.atomic
def come_back(rider: Rider, *, now: datetime) -> None:
    """The break is over before its time; a second time changes nothing."""
    running = Rest.objects.filter(
        shift__rider=rider, shift__ended_at=None, starts_at__lte=now, ends_at__gt=now
    )
    if running.update(ends_at=now):
        _tell("break.ended", rider, {}, now=now)


@transaction.atomic
def go_on(rider: Rider, hours: int, *, now: datetime) -> datetime:
    """The rider works on for so many hours; until when. Refused where that would be too long."""
    shift = Shift.objects.select_for_update().filter(rider=rider, ended_at=None).first()
    if shift is None:
        raise Refused(Why.NOT_ON_SHIFT)
    ends = go_on_until(started_at=shift.started_at, ends_by=shift.ends_by, now=now)
    until = dict(ends).get(hours)
    if until is None:
        raise Refused(Why.NOT_LONGER)
    Shift.objects.filter(pk=shift.pk).update(ends_by=until)
    _tell("shift.goes_on", rider, {"until": until.isoformat()}, now=now)
    return until


def _tell(kind: str, rider: Rider, facts: dict[str, object], *, now: datetime) -> None:
    username, region = rider.user.username, rider.region.code
    record(kind, username, region=region, by=username, now=now, facts=facts)
    tell_board(region)
