"""The papers and the shift plan of the demonstration's riders: most in order, a few not."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from gancang.fleet.actions import see_paper
from gancang.fleet.hours import Hours, days_of_week, monday_of
from gancang.fleet.rostering import Change, plan
from gancang.fleet.rules import kinds_of
from gancang.regions.queries import today_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from gancang.accounts.models import User
    from gancang.fleet.models import Rider

EARLY = Hours(starts=time(7), ends=time(15), break_from=time(12), break_until=time(12, 30))
LATE = Hours(starts=time(11), ends=time(19), break_from=time(15), break_until=time(15, 30))
# Days left of the first paper, by place in the list; all others are good for long.
ENDS_SOON = {0: 20, 3: 6}


def papers_and_plan(riders: Sequence[Rider], *, by: User, now: datetime) -> None:
    """What the desk has seen of these riders, and who works when this week and next.

    Today is planned for nobody: the demonstration begins at any hour, and its riders work on.
    """
    for place, rider in enumerate(riders):
        _papers(rider, place, by=by, now=now)
    today = today_in(riders[0].region, now)
    plan(list(_changes(riders, today)), by=by.username, now=now)


def _papers(rider: Rider, place: int, *, by: User, now: datetime) -> None:
    today = today_in(rider.region, now)
    for number, kind in enumerate(kinds_of(rider.region.config, on=today)):
        if place == 5 and number == 1:
            continue  # nobody has seen it yet
        days = ENDS_SOON.get(place, 400) if number == 0 else 300 + 11 * place
        last = 4821 + 37 * place + 211 * number
        see_paper(
            rider,
            kind,
            number=f"{1500 + place} {7300 + 7 * number} {last}",
            expires_on=today + timedelta(days=days) if kind.expires else None,
            seen_on=today - timedelta(days=40),
            by=by,
            now=now,
        )


def _changes(riders: Sequence[Rider], today: date) -> Iterator[Change]:
    monday = monday_of(today)
    for place, rider in enumerate(riders):
        for day in [*days_of_week(monday), *days_of_week(monday + timedelta(days=7))]:
            # Everybody has one day off, each another one.
            if day > today and day.weekday() != (place + 5) % 7:
                yield Change(rider=rider, day=day, hours=LATE if place % 3 == 2 else EARLY)
