"""When a budget line will be used up, with a band, from how it was used so far. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

WEEK = timedelta(days=7)
WEEKS_MAX = 52
"""Older use says little of what is coming."""
WEEKS_MIN = 2
"""Of less nothing is said."""
HALF_LIFE_WEEKS = 10
"""A week so much older than another counts half."""
FUTURES = 400
THRESHOLDS = (90, 30, 7, 0)
"""So many days before the early end of the band a notice is due; 0: nothing is left."""


@dataclass(frozen=True, slots=True)
class Change:
    """What if, from a day on: a price so many percent higher, so many times as many people."""

    starts: date = date.min
    price_percent: int = 0
    people: float = 1.0

    def factor(self, on: date) -> float:
        """How much more is used on a day."""
        return (1 + self.price_percent / 100) * self.people if on >= self.starts else 1.0


AS_IT_GOES = Change()


@dataclass(frozen=True, slots=True)
class Point:
    """What is left on a day: below `low` in a tenth of all futures, above `high` in a tenth."""

    on: date
    low: int
    likely: int
    high: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """When nothing is left: early, likely, late; None where that is not before `until`."""

    early: date | None
    likely: date | None
    late: date | None
    until: date
    curve: tuple[Point, ...]
    per_month: int

    @property
    def left(self) -> Point:
        """What is left at the end."""
        return self.curve[-1]


@dataclass(frozen=True, slots=True)
class _Week:
    """What was used on a working day of one past week, and on a day off, if it had one."""

    working: float | None
    off: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How a budget line was used: rupiah a day, as far back as it is known, and days off."""

    used: Mapping[date, int]
    since: date
    days_off: AbstractSet[date]

    def is_off(self, on: date) -> bool:
        """Whether less is done on that day: Sundays and holidays."""
        return on.weekday() == 6 or on in self.days_off


def forecast(
    use: Use, free: int, *, today: date, until: date, seed: int, change: Change = AS_IT_GOES
) -> Forecast | None:
    """How long the money lasts from today on; None where too little is known to say anything.

    Futures are put together of whole past weeks, newer ones more often, so that a good week and
    a bad one stay what they were; working days and days off are counted each by themselves. The
    weeks themselves are drawn anew for each future: few of them make a wide band.
    """
    weeks = _weeks(use, today)
    if len(weeks) < WEEKS_MIN or not any(use.used.values()):
        return None
    ahead = _ahead(use, today, until, change)
    chance = random.Random(seed)
    ends = [today + timedelta(days=min(7 * n, (until - today).days)) for n in range(len(ahead) + 1)]
    paths = [_path(weeks, ahead, free, chance) for _ in range(FUTURES)]
    columns = [sorted(path[place] for path in paths) for place in range(len(ends))]
    curve = tuple(
        Point(on, *(max(0, round(column[len(column) * part // 10])) for part in (1, 5, 9)))
        for on, column in zip(ends, columns, strict=True)
    )
    exhausted = sorted(_end_of(path, ends) for path in paths)
    early, likely, late = (exhausted[FUTURES * part // 10] for part in (1, 5, 9))
    return Forecast(
        early=early if early <= until else None,
        likely=likely if likely <= until else None,
        late=late if late <= until else None,
        until=until,
        curve=curve,
        per_month=_per_month(weeks),
    )


def _weeks(use: Use, today: date) -> list[_Week]:
    """The whole weeks before today, the newest first."""
    found: list[_Week] = []
    ends = today
    while ends - WEEK >= use.since and len(found) < WEEKS_MAX:
        days = [ends - timedelta(days=n) for n in range(1, 8)]
        working = [use.used.get(day, 0) for day in days if not use.is_off(day)]
        off = [use.used.get(day, 0) for day in days if use.is_off(day)]
        found.append(_Week(_mean(working), _mean(off)))
        ends -= WEEK
    return found


def _mean(rupiah: Sequence[int]) -> float | None:
    return sum(rupiah) / len(rupiah) if rupiah else None


def _ahead(use: Use, today: date, until: date, change: Change) -> list[tuple[float, float]]:
    """For each coming week its working days and its days off, weighed by what will have changed."""
    weeks = []
    starts = today
    while starts < until:
        days = [starts + timedelta(days=n) for n in range(min(7, (until - starts).days))]
        off = sum(change.factor(day) for day in days if use.is_off(day))
        working = sum(change.factor(day) for day in days if not use.is_off(day))
        weeks.append((working, off))
        starts += WEEK
    return weeks


def _path(
    weeks: Sequence[_Week], ahead: Sequence[tuple[float, float]], free: int, chance: random.Random
) -> list[float]:
    """What is left at the end of each coming week in one future."""
    weights = [0.5 ** (age / HALF_LIFE_WEEKS) for age in range(len(weeks))]
    known = chance.choices(weeks, weights, k=len(weeks))
    off = [week.off for week in known if week.off is not None]
    working = [week.working for week in known if week.working is not None]
    usual = (sum(working) / len(working) if working else 0.0, sum(off) / len(off) if off else 0.0)
    left = [float(free)]
    for days, week in zip(ahead, chance.choices(known, k=len(ahead)), strict=True):
        on_working = usual[0] if week.working is None else week.working
        on_off = usual[1] if week.off is None else week.off
        left.append(left[-1] - days[0] * on_working - days[1] * on_off)
    return left


def _end_of(path: Sequence[float], ends: Sequence[date]) -> date:
    """The day on which nothing is left in one future; date.max if that is beyond its end."""
    if path[0] <= 0:
        return ends[0]
    for place in range(1, len(path)):
        if path[place] <= 0:
            days = (ends[place] - ends[place - 1]).days
            part = path[place - 1] / (path[place - 1] - path[place])
            return ends[place - 1] + timedelta(days=round(days * part))
    return date.max


def _per_month(weeks: Sequence[_Week]) -> int:
    """What an average month of the last eight weeks used: 25 working days, five days off."""
    lately = weeks[:8]
    working = [week.working for week in lately if week.working is not None]
    off = [week.off for week in lately if week.off is not None]
    mean = sum(working) / len(working) * 25 if working else 0.0
    return max(0, round(mean + (sum(off) / len(off) * 5 if off else 0.0)))


def successor_due(today: date) -> int | None:
    """The same for a line that the next year lacks, in days before the year ends; or None."""
    days = (date(today.year, 12, 31) - today).days
    return min((limit for limit in THRESHOLDS if limit <= 30 and days <= limit), default=None)


def notice_due(told: Forecast | None, free: int, *, today: date) -> int | None:
    """The lowest threshold that is reached, in days before the money may be used up; or None."""
    if free <= 0:
        return 0
    if told is None or told.early is None:
        return None
    days = (told.early - today).days
    reached = [limit for limit in THRESHOLDS if limit and days <= limit]
    return min(reached, default=None)
