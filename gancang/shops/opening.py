"""When a shop is open: its week, days off, and what its owner's own buttons say. Pure."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from gancang.shops.rules import Why
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class Span:
    """An opening of a weekday; past midnight where it closes no later than it opens."""

    weekday: int
    opens: time
    closes: time

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when until when on a day."""
        ends = day if self.closes > self.opens else day + timedelta(days=1)
        return (
            datetime.combine(day, self.opens, zone),
            datetime.combine(ends, self.closes, zone),
        )

    def minutes(self) -> tuple[int, int]:
        """From which minute of the week until which."""
        start = self.weekday * 1440 + self.opens.hour * 60 + self.opens.minute
        end = self.weekday * 1440 + self.closes.hour * 60 + self.closes.minute
        return start, end if end > start else end + 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """All that says when a shop is open."""

    zone: ZoneInfo
    spans: Sequence[Span]
    days_off: Sequence[tuple[date, date]] = field(default_factory=tuple)
    opened_until: datetime | None = None
    closed_until: datetime | None = None


def why_closed(week: Week, at: datetime) -> Refused | None:
    """Why a shop is closed at a moment, or None where it is open."""
    if week.closed_until and at < week.closed_until:
        return Refused(Why.CLOSED)
    if week.opened_until and at < week.opened_until:
        return None
    if (last := _day_off(week, at.astimezone(week.zone).date())) is not None:
        return Refused(Why.DAY_OFF, last=f"{last:%d-%m-%Y}")
    if not week.spans:
        return Refused(Why.NO_HOURS)
    return None if closes_at(week, at) else Refused(Why.CLOSED)


def closes_at(week: Week, at: datetime) -> datetime | None:
    """When the opening ends that goes on at a moment, by the week alone; None if none does."""
    today = at.astimezone(week.zone).date()
    days = (today - timedelta(days=1), today)
    ends = [end for begin, end in _openings(week, days) if begin <= at < end]
    return max(ends, default=None)


def opens_next(week: Week, at: datetime) -> datetime | None:
    """When a shop that is closed opens again; the moment itself where it is open, None if never."""
    if why_closed(week, at) is None:
        return at
    earliest = max(at, week.closed_until) if week.closed_until else at
    today = earliest.astimezone(week.zone).date()
    days = (today + timedelta(days=n) for n in range(-1, LOOK_AHEAD_DAYS))
    return min(
        (max(begin, earliest) for begin, end in _openings(week, days) if end > earliest),
        default=None,
    )


def _openings(week: Week, days: Iterable[date]) -> Iterator[tuple[datetime, datetime]]:
    for day in days:
        if _day_off(week, day) is None:
            yield from (
                each.on(day, week.zone) for each in week.spans if each.weekday == day.weekday()
            )


def _day_off(week: Week, day: date) -> date | None:
    return next((last for first, last in week.days_off if first <= day <= last), None)


def why_not_hours(spans: Iterable[Span]) -> int | None:
    """The weekday on which two openings overlap, or None."""
    told = sorted((each.minutes(), each.weekday) for each in spans)
    if not told:
        return None
    # The night of Sunday may run into Monday.
    (first, last), weekday = told[0]
    told.append(((first + 7 * 1440, last + 7 * 1440), weekday))
    for ((_begin, end), weekday), ((begin, _end), _day) in itertools.pairwise(told):
        if begin < end:
            return weekday
    return None


def told_week(spans: Iterable[Span]) -> list[tuple[int, list[Span]]]:
    """The days of the week, each with its openings in order."""
    told = sorted(spans, key=lambda each: each.opens)
    return [(day, [each for each in told if each.weekday == day]) for day in range(7)]
