"""What is open at the end of a shift, by kind; where alarms have gaps. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

from gancang.values import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

STOPPED, BACK, LATE, RISK = "stopped", "back", "late", "risk"
INCIDENT, SILENT, MESSAGE = "incident", "silent", "message"
KINDS = {
    INCIDENT: N_("Incidents that are open"),
    BACK: N_("Bags that should be back by now"),
    LATE: N_("Late"),
    RISK: N_("At risk"),
    STOPPED: N_("Stopped"),
    SILENT: N_("Riders without signal"),
    MESSAGE: N_("Messages that nobody has answered"),
}
ORDERS = (BACK, LATE, RISK, STOPPED)
SILENT_AFTER = timedelta(minutes=15)
LISTED_MAX = 100  # of each kind; how many there were is told besides

# What is late by less may have ended before the next look at the clock.
ALARM_PACE = timedelta(minutes=1)
SLOW_AFTER = timedelta(minutes=5)
ANSWER_WITHIN = timedelta(minutes=15)
NO_ALARM, TWICE, SLOW, UNANSWERED = "no_alarm", "twice", "slow", "unanswered"
GAPS = {
    NO_ALARM: N_("Late without an alarm"),
    TWICE: N_("Not exactly one alarm in the events"),
    SLOW: N_("The alarm came more than 5 minutes after the promise"),
    UNANSWERED: N_("Nobody answered the alarm"),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """A late order (or a call for help), the alarm about it, and who answered."""

    what: str  # an order's code, or an incident's number
    promise_at: datetime
    ended_at: datetime | None  # None: still open
    alarms: int  # how often it stands in the events
    alarm_at: datetime | None
    answered_at: datetime | None
    answered_by: str

    @property
    def minutes_to_answer(self) -> int | None:
        """Whole minutes from the alarm to its answer, or None."""
        if self.alarm_at is None or self.answered_at is None:
            return None
        return int((self.answered_at - self.alarm_at).total_seconds() // 60)

    def gaps(self, *, now: datetime) -> list[str]:
        """What was amiss with it, of GAPS."""
        if self.alarm_at is None:
            return [NO_ALARM]
        found = [] if self.alarms == 1 else [TWICE]
        if self.alarm_at - self.promise_at > SLOW_AFTER:
            found.append(SLOW)
        if self.answered_at is None and now - self.alarm_at > ANSWER_WITHIN:
            found.append(UNANSWERED)
        return found


@dataclass(frozen=True, slots=True)
class Report:
    """The alarms of a month, and their gaps."""

    late: Sequence[Alarm]
    calls: Sequence[Alarm]
    gaps: Sequence[tuple[str, Sequence[Alarm]]]  # by kind, of GAPS
    unanswered_calls: Sequence[Alarm]
    median_late: float | None  # minutes to answer
    median_calls: float | None


def report_of(late: Sequence[Alarm], calls: Sequence[Alarm], *, now: datetime) -> Report:
    """The gaps among these alarms, and how long answers took."""
    return Report(
        late,
        calls,
        [(kind, [each for each in late if kind in each.gaps(now=now)]) for kind in GAPS],
        [each for each in calls if UNANSWERED in each.gaps(now=now)],
        _median(late),
        _median(calls),
    )


def _median(alarms: Sequence[Alarm]) -> float | None:
    minutes = [each.minutes_to_answer for each in alarms]
    known = [n for n in minutes if n is not None]
    return median(known) if known else None
