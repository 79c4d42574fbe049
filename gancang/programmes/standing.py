"""How the versions of a programme stand on a day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from gancang.values import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


class Standing(StrEnum):
    """How a version stands."""

    IN_FORCE = "in_force"
    TO_COME = "to_come"
    EARLIER = "earlier"
    ENDED = "ended"


IN_WORDS = {
    Standing.IN_FORCE: N_("in force"),
    Standing.TO_COME: N_("begins later"),
    Standing.EARLIER: N_("replaced by a newer version"),
    Standing.ENDED: N_("ended"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last day; None: open end."""

    first: date
    last: date | None


def standings(newest_first: Sequence[Span], *, on: date) -> list[Standing]:
    """Each version's standing: of those that have begun, the newest decides."""
    found: list[Standing] = []
    decided = False
    for span in newest_first:
        if span.first > on:
            found.append(Standing.TO_COME)
        elif decided:
            found.append(Standing.EARLIER)
        else:
            decided = True
            ended = span.last is not None and on > span.last
            found.append(Standing.ENDED if ended else Standing.IN_FORCE)
    return found
