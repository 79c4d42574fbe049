"""When a supply ends, and how pressing that is. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from datetime import date

AHEAD_DAYS = 7  # so long before the end a pharmacy is told
PRESSING_DAYS = 3


class Why(Reason):
    """Refusals of this capability."""

    NO_REASON = "no_reason", N_("Say why no further delivery is wanted.")
    NOT_DELIVERED = "not_delivered", N_("{order} was not delivered; there is nothing to repeat.")


def urgency(ends: date, *, today: date) -> str:
    """`over`, `pressing` (three days or less) or `soon`."""
    if ends <= today:
        return "over"
    return "pressing" if (ends - today).days <= PRESSING_DAYS else "soon"
