"""Which meal comes from which stall on which day. Pure: computed, never a row a meal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from gancang.values import N_, Reason, metres_between

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, time

    from gancang.values import Point

WRONG_TRIES_MAX = 5
SKIP, ABSENT, HOSPITAL = "skip", "absent", "hospital"
AWAY = {
    SKIP: N_("does not want this one"),
    ABSENT: N_("is not at home"),
    HOSPITAL: N_("is in hospital"),
}
DIETS = {
    "": N_("Ordinary"),
    "soft": N_("Soft"),
    "sugar": N_("Little sugar"),
    "salt": N_("Little salt"),
}
PLANNED, SEEN, UNSEEN, CALLED_OFF = "planned", "seen", "unseen", "called_off"
STATES = {
    PLANNED: N_("On the round"),
    SEEN: N_("Seen"),
    UNSEEN: N_("Not seen"),
    CALLED_OFF: N_("Called off"),
}
NOTE_LEAST = 10
LOOKED_AFTER_WITHIN = timedelta(hours=4)  # as a neighbour in need is
MAY_COOK = {"turn": 2, "none": 1}  # how many stalls may cook for one person on one day


class Why(Reason):
    """Why somebody gets no meals, a round is not made, or a tick is not taken."""

    NO_MEALS = "no_meals", N_("{programme} has no meals by a calendar.")
    NOBODY_CHOSEN = "nobody_chosen", N_("Find who is to eat.")
    DECEASED = "deceased", N_("This person is noted as deceased.")
    EATS_ALREADY = "eats_already", N_("This person gets meals of {programme} already.")
    WRONG_DAYS = "wrong_days", N_("The last day lies before the first.")
    NO_SUCH_MEAL = "no_such_meal", N_("{programme} has no meal “{meal}”.")
    NOT_A_KITCHEN = "not_a_kitchen", N_("Choose a kitchen.")
    STALL_ALREADY = "stall_already", N_("{stall} cooks for {programme} already.")
    NO_CAPACITY = "no_capacity", N_("Write how many meals the stall cooks at once: 1 to {most}.")
    COOKS_NOTHING = "cooks_nothing", N_("{kitchen} cooks for no programme yet.")
    NOBODY_EATS = "nobody_eats", N_("Everybody of this meal is on a round already, or nobody eats.")
    NO_STALL = "no_stall", N_("For {n} people no stall is open that has room. Open another one.")
    TOO_FEW_COURIERS = (
        "too_few_couriers",
        N_("{needed} couriers are needed for this meal, {chosen} were chosen."),
    )
    TOO_FAR = "too_far", N_("{n} people cannot be reached in time. Choose more couriers.")
    WRONG_STATE = "wrong_state", N_("This stop is already: {state}.")
    NO_REASON = "no_reason", N_("Write why nobody was seen.")
    NOBODY_NEW = "nobody_new", N_("Everybody who is enrolled in {programme} eats already.")
    TOO_MANY_TRIES = (
        "too_many_tries",
        N_("Too many wrong tries at this door. Prove it another way, or ring the office."),
    )
    ANSWERED = "answered", N_("This has been answered already.")
    NO_ANSWER = "no_answer", N_("Write how the person is, in a sentence at least.")


@dataclass(frozen=True, slots=True)
class Meal:
    """One meal of the day, and from when until when it is brought."""

    code: str
    title: str
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a programme of meals says: its meals, prices, rounds, and how stalls take turns."""

    meals: tuple[Meal, ...]
    meal_rp: int
    stop_rp: int
    stops_max: int
    round_minutes: int
    turn_days: int | None  # after so many days the next stall cooks; None: always the nearest
    # Where a stall is shut or full: "next", "turn" (the other of the two nearest) or "none".
    if_stall_fails: str = "next"
    misses: int  # so many in a row, and the village is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Eater:
    """Who eats: where, which meals, from when until when."""

    number: int
    person: int = 0  # who it is, where somebody may stand twice; 0: nobody else
    at: Point
    meals: frozenset[str]
    first: date
    last: date | None = None
    diet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kitchen:
    """A stall, and how many meals it cooks at once."""

    number: int
    at: Point
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """From a first to a last day somebody does not eat, or a stall does not cook."""

    number: int
    first: date
    last: date
    meal: str = ""  # "": any

    def covers(self, day: date, meal: str) -> bool:
        """Whether it holds for a meal of a day."""
        return self.first <= day <= self.last and self.meal in {"", meal}


@dataclass(frozen=True, slots=True)
class Sitting:
    """One meal of one day: who eats from which stall, and who finds none."""

    day: date
    meal: str
    at: Mapping[int, tuple[int, ...]]  # stall -> eaters
    unplaced: tuple[int, ...]

    @property
    def meals(self) -> int:
        """How many are cooked."""
        return sum(map(len, self.at.values()))


@dataclass(frozen=True, slots=True)
class Calendar:
    """All that decides who eats where: rules and exceptions, and not a row a meal."""

    table: Table
    eaters: Sequence[Eater]
    kitchens: Sequence[Kitchen]
    away: Mapping[int, Sequence[Gap]]  # by eater
    shut: Mapping[int, Sequence[Gap]]  # by stall
    nearest: Mapping[int, tuple[Kitchen, ...]]  # by eater, the nearest first

    @classmethod
    def of(
        cls,
        table: Table,
        eaters: Sequence[Eater],
        kitchens: Sequence[Kitchen],
        *,
        away: Sequence[Gap] = (),
        shut: Sequence[Gap] = (),
    ) -> Calendar:
        """The calendar of these rules and exceptions; how far every stall is, is reckoned once."""
        ordered = tuple(sorted(eaters, key=lambda eater: eater.number))
        near = {eater.number: _nearest(eater, kitchens) for eater in ordered}
        return cls(table, ordered, kitchens, _by_number(away), _by_number(shut), near)

    def sitting(self, day: date, meal: str) -> Sitting:
        """Who eats this meal on this day, each at the nearest stall whose turn it is with room."""
        room = {
            kitchen.number: kitchen.capacity
            for kitchen in self.kitchens
            if not any(gap.covers(day, meal) for gap in self.shut.get(kitchen.number, ()))
        }
        turn = day.toordinal() // self.table.turn_days if self.table.turn_days else 0
        found: defaultdict[int, list[int]] = defaultdict(list)
        unplaced: list[int] = []
        fed: set[int] = set()
        for eater in self.eaters:
            if eater.person in fed or not self._eats(eater, day, meal):
                continue
            fed |= {eater.person} - {0}
            stall = self._stall(eater, room, turn)
            if stall is None:
                unplaced.append(eater.number)
                continue
            room[stall] -= 1
            found[stall].append(eater.number)
        return Sitting(day, meal, {k: tuple(v) for k, v in found.items()}, tuple(unplaced))

    def sittings(self, first: date, last: date) -> Iterator[Sitting]:
        """Every meal of every day, in order."""
        day = first
        while day <= last:
            for meal in self.table.meals:
                yield self.sitting(day, meal.code)
            day += timedelta(days=1)

    def _eats(self, eater: Eater, day: date, meal: str) -> bool:
        if meal not in eater.meals or day < eater.first or (eater.last and day > eater.last):
            return False
        return not any(gap.covers(day, meal) for gap in self.away.get(eater.number, ()))

    def _stall(self, eater: Eater, room: Mapping[int, int], turn: int) -> int | None:
        """Of the two nearest the one whose turn it is; without room the next nearest."""
        near = self.nearest[eater.number]
        if turn % 2 and len(near) > 1:
            near = (near[1], near[0], *near[2:])
        near = near[: MAY_COOK.get(self.table.if_stall_fails, len(near))]
        return next((each.number for each in near if room.get(each.number, 0) > 0), None)


def _nearest(eater: Eater, kitchens: Sequence[Kitchen]) -> tuple[Kitchen, ...]:
    return tuple(sorted(kitchens, key=lambda k: (metres_between(eater.at, k.at), k.number)))


def _by_number(gaps: Sequence[Gap]) -> dict[int, list[Gap]]:
    found: defaultdict[int, list[Gap]] = defaultdict(list)
    for gap in gaps:
        found[gap.number].append(gap)
    return dict(found)


def is_alarming(states: Sequence[str], misses: int) -> bool:
    """Whether somebody was not seen so many times in a row; `states` newest first."""
    return len(states) >= misses and all(state == UNSEEN for state in states[:misses])
