"""How long it takes from a pharmacy to each village, who is not covered, and at what cost he is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from gancang.orders.queries import visible_to
from gancang.reach.costs import costs_of
from gancang.reach.queries import View, villages_like
from gancang.reach.rules import RELAY, VISIT, Answer, Why
from gancang.regions.queries import find_decree, today_in
from gancang.values import N_, Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gancang.accounts.models import Membership
    from gancang.reach.rules import Answers, Trip
    from gancang.regions.models import Village

DEMAND_DAYS = 90
DEMAND_LEAST = 30  # fewer orders say nothing of a month to come
BANDS = {
    "A": (timedelta(hours=2), N_("within two hours")),
    "B": (timedelta(hours=4), N_("within four hours")),
    "C": (timedelta(hours=12), N_("the same day")),
    "D": (timedelta(days=3), N_("within three days")),
    "E": (timedelta.max, N_("later")),
}
NOT_COVERED = "X"
LETTERS = {**{letter: words for letter, (_most, words) in BANDS.items()}, "X": N_("not covered")}
# A way that starts elsewhere, or is for another programme, cannot be bought for any money.
BUYABLE = {
    Why.NOT_THERE,
    Why.OFF,
    Why.OFF_UNTIL,
    Why.NO_COUNTER,
    Why.TOO_FAR,
    Why.NO_DEPARTURE,
    Why.TOO_LATE,
    Why.LATER,
}


@dataclass(frozen=True, slots=True)
class Cover:
    """What it would cost to go by a way that is not taken: a trip, and a month if that is known."""

    answer: Answer
    trip: Money
    month: Money | None


@dataclass(frozen=True, slots=True)
class Row:
    """One village: by which way, how long it takes, and what else could be had."""

    village: Village
    trip: Trip
    told: Answers
    takes: timedelta | None
    keeps: bool
    """Whether it is there as soon as the programme promises."""
    wanted: float | None
    """How many deliveries a month its people may ask for; None where nobody knows."""

    @property
    def letter(self) -> str:
        """How long it takes, as one letter."""
        if self.takes is None:
            return NOT_COVERED
        return next(letter for letter, (most, _words) in BANDS.items() if self.takes <= most)

    @property
    def status(self) -> str:
        """Whether it is covered: in time, later than promised, or not."""
        if self.takes is None:
            return "none"
        return "good" if self.keeps else "later"

    @property
    def words(self) -> str:
        """How long it takes, in words."""
        return LETTERS[self.letter]

    def covers(self) -> list[Cover]:
        """By which other ways it could be covered, the cheapest first."""
        found = [
            Cover(each, cost, self._monthly(cost))
            for each in self.told.others
            if (cost := self._cost(each)) is not None
        ]
        return sorted(found, key=lambda cover: (cover.trip, cover.answer.way.code))

    def _cost(self, answer: Answer) -> Money | None:
        if answer.why_not is None or answer.why_not.reason not in BUYABLE:
            return None
        if answer.cost is not None:
            return answer.cost
        if answer.way.kind == VISIT or (answer.way.kind == RELAY and not self.trip.counters):
            return None
        near = self.trip.counters[0].from_origin_m if answer.way.kind == RELAY else None
        return costs_of(answer.way, self.trip.tariff, self.trip.metres if near is None else near)[0]

    def _monthly(self, trip: Money) -> Money | None:
        return None if self.wanted is None else Money(round(trip.rupiah * self.wanted))


@dataclass(frozen=True, slots=True)
class Coverage:
    """All villages from one pharmacy, and what is said of all of them."""

    rows: Sequence[Row]
    orders: int
    """Orders of the last days, from which demand is expected."""
    decree: str
    """What sets the tariff."""

    @property
    def expects(self) -> bool:
        """Whether there were orders enough to expect some in a month."""
        return self.orders >= DEMAND_LEAST

    def count(self) -> Mapping[str, int]:
        """How many villages there are of each status."""
        counts = dict.fromkeys(("good", "later", "none"), 0)
        for row in self.rows:
            counts[row.status] += 1
        return counts

    def people(self) -> Mapping[str, int]:
        """How many people live in the villages of each status."""
        counts = dict.fromkeys(("good", "later", "none"), 0)
        for row in self.rows:
            counts[row.status] += row.village.population or 0
        return counts


def coverage_of(asker: Membership, view: View, *, now: datetime) -> Coverage:
    """Every village from the pharmacy that is looked from. As many queries for all as for one."""
    villages = list(villages_like(asker.region, "").order_by("district__name", "name"))
    view = view.measured(villages)
    ready = view.atlas.ready_at(view.origin)
    trips = [(village, view.trip(village)) for village in villages]
    told = [(village, trip, view.answers_to(trip)) for village, trip in trips]
    since = now - timedelta(days=DEMAND_DAYS)
    orders = visible_to(asker).filter(origin=view.origin, placed_at__gt=since).order_by().count()
    served = sum(v.population or 0 for v, _trip, found in told if found.chosen)
    a_head = orders / served * 30 / DEMAND_DAYS if orders >= DEMAND_LEAST and served else None
    rows = [_row(*each, ready=ready, a_head=a_head) for each in told]
    on = today_in(asker.region, now)
    return Coverage(rows, orders, find_decree(asker.region, view.terms.tariff, on=on))


def _row(
    village: Village,
    trip: Trip,
    told: Answers,
    *,
    ready: datetime | None,
    a_head: float | None,
) -> Row:
    promise = told.chosen.promise_at if told.chosen else None
    takes = promise - ready if promise and ready else None
    people = village.population
    wanted = a_head * people if a_head is not None and people else None
    return Row(village, trip, told, takes, told.keeps_promise, wanted)


SORTS = {
    "village": lambda row: (row.village.name, row.village.code),
    "district": lambda row: (row.village.district.name, row.village.name),
    "time": lambda row: (row.takes or timedelta.max, row.village.name),
    "distance": lambda row: (row.trip.metres, row.village.name),
    "cost": lambda row: (
        row.told.chosen.cost.rupiah if row.told.chosen and row.told.chosen.cost else -1,
        row.village.name,
    ),
}
STATUSES = ("none", "later", "good")


def chosen_of(rows: Sequence[Row], *, district: str, sort: str) -> list[Row]:
    """The rows of a district, sorted; who is not covered first, where nothing else is asked."""
    found = [row for row in rows if not district or row.village.district.code == district]
    name = sort.removeprefix("-")
    if name not in SORTS:
        # The longest time first; who is not covered has no time at all.
        return sorted(
            found,
            key=lambda row: (
                STATUSES.index(row.status),
                -(row.takes or timedelta()).total_seconds(),
                row.village.name,
            ),
        )
    return sorted(found, key=SORTS[name], reverse=sort.startswith("-"))
