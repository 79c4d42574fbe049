"""Fleets and ways that are switched off, and roads closed, for a while: from whom. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

FOR_GOOD = datetime.max.replace(tzinfo=UTC)


class Because(Reason):
    """Why a fleet or a way is switched off."""

    STRIKE = "strike", N_("strike")
    FLOOD = "flood", N_("flood or a closed road")
    CONTRACT = "contract", N_("its agreement has ended")
    SHORTAGE = "shortage", N_("too few riders")
    HOLIDAY = "holiday", N_("closed for a feast")
    OTHER = "other", N_("another reason, see the note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A fleet or a way that is switched off, in a place ("": everywhere), for a while.

    `until` None: until somebody switches it on again. `decree`: what closes all roads to the place.
    """

    fleet: str = ""
    way: str = ""
    place: str = ""
    since: datetime
    until: datetime | None = None
    because: Because = Because.OTHER
    decree: str = ""

    def holds(self, village: str, moment: datetime) -> bool:
        """Whether it keeps somebody from setting out to a village at a moment."""
        is_there = self.place in ("", village, village.rpartition(".")[0])
        return is_there and self.since <= moment and (self.until is None or moment < self.until)


def closed_at(
    closed: Sequence[Closed], way: str, fleets: frozenset[str], village: str, moment: datetime
) -> Closed | None:
    """What keeps a way from a village at a moment: its roads, itself, the last of its fleets."""
    holding = [each for each in closed if each.holds(village, moment)]
    by_itself = (each for each in holding if each.decree or (each.way and each.way == way))
    if found := next(by_itself, None):
        return found
    last: dict[str, Closed] = {}
    for each in holding:
        if each.fleet in fleets and _longer(each, last.get(each.fleet)):
            last[each.fleet] = each
    if not fleets or fleets - last.keys():
        return None
    # The first fleet that is back will do.
    return min(last.values(), key=_end_of)


def _longer(one: Closed, other: Closed | None) -> bool:
    return other is None or _end_of(one) > _end_of(other)


def _end_of(closed: Closed) -> datetime:
    return closed.until or FOR_GOOD
