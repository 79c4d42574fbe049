"""Reading who is to work when: a week of a fleet, the days of one rider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from gancang.fleet.hours import WEEK, Hours, days_of_week
from gancang.fleet.models import Duty
from gancang.fleet.queries import riders_visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gancang.accounts.models import Membership
    from gancang.fleet.models import Rider

USUAL = Hours(starts=time(7), ends=time(15), break_from=time(12), break_until=time(12, 30))
AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One rider's day in the plan. `key` names it in a form."""

    day: date
    key: str
    hours: Hours | None
    is_over: bool
    ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One rider's week."""

    rider: Rider
    cells: Sequence[Cell]


def key_of(rider: Rider, day: date) -> str:
    """How a form names a rider's day."""
    return f"{rider.pk}:{day.isoformat()}"


def week_of(
    riders: Iterable[Rider], monday: date, *, today: date, ticked: frozenset[str] | None = None
) -> list[Line]:
    """A week of some riders; `ticked`: what somebody ticked and is not written yet. One query."""
    rows = list(riders)
    planned = _duties(rows, monday)
    return [
        Line(
            rider=rider,
            cells=[
                _cell(rider, day, planned.get((rider.pk, day)), today=today, ticked=ticked)
                for day in days_of_week(monday)
            ],
        )
        for rider in rows
    ]


def _cell(
    rider: Rider, day: date, duty: Duty | None, *, today: date, ticked: frozenset[str] | None
) -> Cell:
    key = key_of(rider, day)
    return Cell(
        day=day,
        key=key,
        hours=duty.hours() if duty else None,
        is_over=day < today,
        ticked=duty is not None if ticked is None else key in ticked,
    )


def _duties(riders: Iterable[Rider], monday: date) -> Mapping[tuple[int, date], Duty]:
    rows = Duty.objects.filter(rider__in=list(riders), day__range=(monday, _sunday(monday)))
    return {(row.rider_id, row.day): row for row in rows}


def _sunday(monday: date) -> date:
    return days_of_week(monday)[-1]


def duties_of_week(asker: Membership, monday: date) -> list[Duty]:
    """All duties of a week that somebody may see, of riders who still log in. One query."""
    riders = riders_visible_to(asker).filter(user__is_active=True).prefetch_related(None)
    rows = Duty.objects.filter(rider__in=riders.values("pk"), day__range=(monday, _sunday(monday)))
    return list(rows.select_related("rider__region", "rider__user").order_by("rider_id", "day"))


def usual_hours(lines: Iterable[Line], last: Iterable[Duty] = ()) -> Hours:
    """The hours that stand most often in a plan, offered for what is newly ticked."""
    seen = [cell.hours for line in lines for cell in line.cells if cell.hours]
    seen += [duty.hours() for duty in last]
    return max(seen, key=seen.count, default=USUAL)


def duties_ahead(rider: Rider, *, today: date) -> list[Duty]:
    """A rider's duties from today on, for two weeks. One query."""
    rows = Duty.objects.filter(rider=rider, day__range=(today, today + AHEAD))
    return list(rows.order_by("day"))


def find_duty(rider: Rider, day: date) -> Duty | None:
    """What a rider is to do on a day, or None."""
    return Duty.objects.filter(rider=rider, day=day).first()


def before(monday: date) -> date:
    """The Monday before."""
    return monday - WEEK
