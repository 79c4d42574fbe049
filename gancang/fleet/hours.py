"""Hours of work and breaks in them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from gancang.fleet.rules import Why

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)
# Who begins so much before his planned hour begins that duty.
EARLY = timedelta(hours=2)
BREAK_MAX = timedelta(hours=3)
Rests = tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From when until when somebody works on a day, by the clock there, and his break if any."""

    starts: time
    ends: time
    break_from: time | None = None
    break_until: time | None = None

    def span(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Begin and end on a day."""
        return _at(day, self.starts, zone), _at(day, self.ends, zone)

    def rests(self, day: date, zone: ZoneInfo) -> Rests:
        """The break on a day, or none."""
        if self.break_from is None or self.break_until is None:
            return ()
        return ((_at(day, self.break_from, zone), _at(day, self.break_until, zone)),)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone)


def why_not_hours(hours: Hours) -> Why | None:
    """Why nobody can be planned so, or None."""
    if hours.ends <= hours.starts:
        return Why.ENDS_BEFORE
    if (hours.break_from is None) != (hours.break_until is None):
        return Why.HALF_A_BREAK
    if hours.break_from is None or hours.break_until is None:
        return None
    is_inside = hours.starts <= hours.break_from < hours.break_until <= hours.ends
    return None if is_inside else Why.BREAK_OUTSIDE


def why_not_break(until: datetime, *, now: datetime) -> Why | None:
    """Why a break that begins now cannot last until then, or None."""
    if until <= now:
        return Why.BREAK_OVER
    return Why.BREAK_TOO_LONG if until - now > BREAK_MAX else None


def begins_now(hours: Hours, day: date, zone: ZoneInfo, *, now: datetime) -> bool:
    """Whether a shift that begins now is the one that was planned."""
    starts, ends = hours.span(day, zone)
    return starts - EARLY <= now < ends


def merged(rests: Iterable[tuple[datetime, datetime]]) -> Rests:
    """Breaks in their order, those that touch as one."""
    found: list[tuple[datetime, datetime]] = []
    for begins, ends in sorted(rests):
        if ends <= begins:
            continue
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return tuple(found)


def resting_until(rests: Rests, *, now: datetime) -> datetime | None:
    """Until when somebody with these breaks rests now, or None."""
    return next((ends for begins, ends in rests if begins <= now < ends), None)


def monday_of(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def days_of_week(monday: date) -> list[date]:
    """Its seven days."""
    return [monday + timedelta(days=n) for n in range(7)]


def today_at(clock: time, zone: ZoneInfo, *, now: datetime) -> datetime:
    """The moment at which the clock there shows this today; tomorrow's where midnight is near."""
    here = now.astimezone(zone)
    moment = datetime.combine(here.date(), clock, zone)
    return moment if moment > here - BREAK_MAX else moment + timedelta(days=1)


ASKED_BEFORE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)  # from the beginning of a shift to its last end


def go_on_until(
    *, started_at: datetime, ends_by: datetime | None, now: datetime
) -> list[tuple[int, datetime]]:
    """Hours and the new end for whoever nears the end of his shift, or is past it; else none."""
    if ends_by is None or ends_by > now + ASKED_BEFORE:
        return []
    return [
        (hours, until)
        for hours in (1, 2)
        if (until := later_end(hours, now=now)) <= started_at + LONGEST
    ]


def later_end(hours: int, *, now: datetime) -> datetime:
    """So many hours from now, to the next whole five minutes."""
    until = now + timedelta(hours=hours)
    past = timedelta(minutes=until.minute % 5, seconds=until.second, microseconds=until.microsecond)
    return until if not past else until - past + timedelta(minutes=5)


def ends_to_choose(*, now: datetime) -> list[datetime]:
    """Until when a break that begins now may be chosen to last: whole five minutes."""
    step = timedelta(minutes=5)
    whole = now - timedelta(
        minutes=now.minute % 5, seconds=now.second, microseconds=now.microsecond
    )
    return [whole + step + timedelta(minutes=minutes) for minutes in (15, 30, 45, 60, 90)]
