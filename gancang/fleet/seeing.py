"""When a rider's place may be taken and shown, and how long it is kept. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from gancang.fleet.hours import Rests, resting_until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

KEEP_DAYS = 7
"""Where the region's pack says nothing else."""
LATELY = timedelta(minutes=10)
"""Who was not seen for so long is seen no more: he may be elsewhere by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """From when until when somebody works, and his breaks."""

    started_at: datetime
    ended_at: datetime | None = None
    rests: Rests = ()

    def is_working(self, at: datetime) -> bool:
        """Whether he works at a moment: on shift, and not on a break."""
        is_over = self.ended_at is not None and self.ended_at <= at
        return self.started_at <= at and not is_over and resting_until(self.rests, now=at) is None


def may_be_taken(work: AtWork, *, at: datetime, now: datetime) -> bool:
    """Whether a place where somebody was then may be taken in now: he worked then, and works now.

    A phone that kept its places through a break does not tell them after it, nor during it what
    was before.
    """
    return work.is_working(at) and work.is_working(now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a rider is told of being seen: whether others see his place, since when, or why not."""

    is_seen: bool
    is_sending: bool  # whether his phone is to tell where it is
    last_at: datetime | None = None  # when his place last came in
    resting_until: datetime | None = None


def seen(work: AtWork | None, *, last_at: datetime | None, now: datetime) -> Seen:
    """How somebody is seen now. `last_at`: when his place last came in, in this shift."""
    if work is None or not (work.started_at <= now):
        return Seen(is_seen=False, is_sending=False)
    if not work.is_working(now):
        rest = resting_until(work.rests, now=now)
        return Seen(is_seen=False, is_sending=False, last_at=last_at, resting_until=rest)
    lately = last_at is not None and now - last_at < LATELY
    return Seen(is_seen=lately, is_sending=True, last_at=last_at)


def keep_days(config: Mapping[str, Any]) -> int:
    """For how many days after a shift its place is kept, as the region's pack tells it."""
    told = config.get("fleet", {}).get("positions", {}).get("keep_days")
    return KEEP_DAYS if told is None else int(told)


def kept_since(config: Mapping[str, Any], *, now: datetime) -> datetime:
    """Places of shifts that ended before this are to go."""
    return now - timedelta(days=keep_days(config))
