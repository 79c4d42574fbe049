"""A month as people choose it: 2026-11. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gancang.values import N_, Reason, Refused

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

# The years that a date field of a browser offers and every clock can tell.
MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")


class Why(Reason):
    """Why it is no month."""

    NOT_A_MONTH = "not_a_month", N_("{month} is not a month; write it like 2026-11.")


@dataclass(frozen=True, slots=True)
class Month:
    """A whole month by a region's clock."""

    name: str
    begins: datetime
    ends: datetime


def month_of(typed: str, zone: ZoneInfo) -> Month:
    """The month of that name, from its first moment to the first of the next; or Refused."""
    told = MONTH.fullmatch(typed.strip())
    if told is None:
        raise Refused(Why.NOT_A_MONTH, month=typed[:20] or "-")
    year, month = int(told[1]), int(told[2])
    ends = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    return Month(told[0], datetime(year, month, 1, tzinfo=zone), ends)
