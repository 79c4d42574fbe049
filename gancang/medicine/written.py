"""When a prescription was written, as people and systems tell it. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time, tzinfo

from gancang.residents.rules import find_day


def find_moment(typed: str, *, today: date) -> datetime | None:
    """The moment that somebody wrote: 09:40 (of today), 24-11-2026 09.40, or ISO 8601; else None.

    Without a zone it is told by the region's clock. A day alone says nothing of waiting.
    """
    typed = typed.strip()
    if re.match(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", typed):
        try:
            return datetime.fromisoformat(typed)
        except ValueError:
            return None
    day, _space, clock = typed.rpartition(" ")
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})", clock, re.ASCII)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    on = find_day(day) if day else today
    return datetime.combine(on, time(int(found[1]), int(found[2]))) if on else None


def moment_in(told: str, zone: tzinfo, *, latest: datetime) -> datetime | None:
    """The same as a moment of the world, at most `latest`: a hospital's clock may run ahead."""
    if not told:
        return None
    at = datetime.fromisoformat(told)
    return min(at if at.tzinfo else at.replace(tzinfo=zone), latest)
