"""Opening hours, days off and departures. Pure: the calendar and the moment are handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

# Farther ahead nobody plans; the longest row of days off is a good week.
DAYS_AHEAD = 62


@dataclass(frozen=True, slots=True)
class Days:
    """The days of the week on which something happens, and whether also on days off."""

    weekdays: frozenset[int]
    holidays: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """When a pharmacy is open; what comes in after the cut-off waits for its next open day."""

    days: Days
    opens: time
    closes: time
    cut_off: time


@dataclass(frozen=True, slots=True)
class Calendar:
    """A region's clock and its days off."""

    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()

    def runs(self, days: Days, on: date) -> bool:
        """Whether something happens on a day."""
        return on.weekday() in days.weekdays and (days.holidays or on not in self.holidays)

    def at(self, on: date, clock: time) -> datetime:
        """A time of a day, by our clock."""
        return datetime.combine(on, clock, self.zone).astimezone(UTC)

    def day_of(self, moment: datetime) -> date:
        """Which day it is there."""
        return moment.astimezone(self.zone).date()

    def days_from(self, moment: datetime) -> Iterator[date]:
        """The day of a moment and those that follow."""
        first = self.day_of(moment)
        return (first + timedelta(days=ahead) for ahead in range(DAYS_AHEAD))


def is_open(calendar: Calendar, hours: Sequence[Hours], on: date) -> bool:
    """Whether a pharmacy is open on a day; one without hours always is."""
    return not hours or any(calendar.runs(each.days, on) for each in hours)


def ready_at(calendar: Calendar, hours: Sequence[Hours], now: datetime) -> datetime | None:
    """From when a pharmacy works on what comes in now; None if it is closed for good."""
    if not hours:
        return now
    for day in calendar.days_from(now):
        for each in sorted(hours, key=lambda one: one.opens):
            if calendar.runs(each.days, day) and now <= calendar.at(day, each.cut_off):
                return max(now, calendar.at(day, each.opens))
    return None


def next_departure(
    calendar: Calendar,
    hours: Sequence[Hours],
    days: Days,
    departs: Sequence[time],
    after: datetime,
) -> datetime | None:
    """The first departure that is not before `after`, on a day on which the pharmacy is open."""
    for day in calendar.days_from(after):
        if calendar.runs(days, day) and is_open(calendar, hours, day):
            for clock in sorted(departs):
                if (moment := calendar.at(day, clock)) >= after:
                    return moment
    return None


def within_a_day(
    calendar: Calendar, hours: Sequence[Hours], days: Days, ready: datetime, minutes: int
) -> datetime | None:
    """So many minutes after a pharmacy began on it, never on a day on which nobody goes.

    What would end on such a day begins with the next open one.
    """
    takes = timedelta(minutes=minutes)
    for day in calendar.days_from(ready):
        if not (calendar.runs(days, day) and is_open(calendar, hours, day)):
            continue
        begins = ready if day == calendar.day_of(ready) else _opening(calendar, hours, day)
        ends_on = calendar.day_of(begins + takes)
        if calendar.runs(days, ends_on) and is_open(calendar, hours, ends_on):
            return begins + takes
    return None


def _opening(calendar: Calendar, hours: Sequence[Hours], day: date) -> datetime:
    opens = [each.opens for each in hours if calendar.runs(each.days, day)]
    return calendar.at(day, min(opens, default=time(0)))


def working_days_after(
    calendar: Calendar, days: Days, moment: datetime, count: int, clock: time
) -> datetime | None:
    """A time of the `count`th day after a moment, counting only days on which somebody goes."""
    for day in calendar.days_from(moment):
        if day > calendar.day_of(moment) and calendar.runs(days, day):
            count -= 1
            if count == 0:
                return calendar.at(day, clock)
    return None
