"""Who may carry what. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

WARN_DAYS = 30

# How kinds of goods are called; a kind that only a pack knows is shown by its code.
CLASSES = {
    "medicine": N_("Medicine"),
    "medicine-cold": N_("Medicine that must stay cold"),
    "parcel": N_("Parcels and documents"),
    "meal": N_("Meals"),
}


class Why(Reason):
    """Refusals of this capability."""

    ON_SHIFT_ALREADY = "on_shift_already", N_("You are on shift already.")
    NOT_ON_SHIFT = "not_on_shift", N_("You are not on shift.")
    NOT_LONGER = (
        "not_longer",
        N_("Your shift does not end yet, or would become longer than twelve hours."),
    )
    NO_RIDER = "no_rider", N_("You are not on a fleet's list of riders; ask your operator.")
    TRAINING_REVERSED = (
        "training_reversed",
        N_("The training runs out before it was given; check both dates."),
    )
    TRAINING_AHEAD = (
        "training_ahead",
        N_("The training lies ahead; note it down once it was given."),
    )
    TRAINED_ALREADY = "trained_already", N_("This training is on the list already.")
    NOT_TRAINED = "not_trained", N_("Never trained for this.")
    TRAINING_EXPIRED = "training_expired", N_("The training has run out.")
    ENDS_BEFORE = (
        "ends_before",
        N_("The work ends before it begins; plan a night as two days."),
    )
    HALF_A_BREAK = ("half_a_break", N_("Type from when until when the break is, or neither."))
    BREAK_OUTSIDE = ("break_outside", N_("The break lies outside the hours of work."))
    DAY_OVER = ("day_over", N_("That day is over; only today and later can be planned."))
    BREAK_OVER = ("break_over", N_("That time is over already; choose a later one."))
    BREAK_TOO_LONG = (
        "break_too_long",
        N_("A break lasts three hours at most. For longer, end your shift."),
    )
    PAPER_WITHOUT_END = (
        "paper_without_end",
        N_("{paper} runs out; type the last day that stands on it."),
    )
    SEEN_AHEAD = ("seen_ahead", N_("Nobody can have seen it on a day that lies ahead."))
    PAPER_KNOWN = ("paper_known", N_("This paper is noted with that last day already."))


@dataclass(frozen=True, slots=True)
class Certificate:
    """A training for one class of goods, good from its day to its last day, both included."""

    item_class: str
    trained_on: date
    expires_on: date

    def holds(self, on: date) -> bool:
        """Whether it is good on a day."""
        return self.trained_on <= on <= self.expires_on


def may_carry(certificates: Iterable[Certificate], *, on: date) -> frozenset[str]:
    """The classes of goods that somebody with these certificates may carry on a day."""
    return frozenset(each.item_class for each in certificates if each.holds(on))


def why_not_trained(
    certificates: Iterable[Certificate], *, item_class: str, on: date
) -> Why | None:
    """Why somebody with these certificates may not carry a class of goods on a day, or None."""
    given = [e for e in certificates if e.item_class == item_class and e.trained_on <= on]
    if not given:
        return Why.NOT_TRAINED
    return None if any(each.holds(on) for each in given) else Why.TRAINING_EXPIRED


def training_state(expires_on: date, *, today: date) -> str:
    """`valid`, `soon` (within 30 days) or `expired`."""
    if expires_on < today:
        return "expired"
    return "soon" if (expires_on - today).days <= WARN_DAYS else "valid"


# What becomes of somebody whose paper is not in order.
NEVER, EXPIRED, MISSING = "never", "expired", "missing"
PAPER_WORDS = {
    "valid": N_("valid"),
    "soon": N_("runs out soon"),
    EXPIRED: N_("run out"),
    MISSING: N_("not seen yet"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A paper that a region asks of its riders, as its pack tells it."""

    code: str
    title: str
    expires: bool
    bars: str
    by_hand: bool
    rule: str


def kinds_of(config: Mapping[str, Any], *, on: date) -> list[Kind]:
    """The papers that a region's pack asks for on a day, in the pack's order."""
    told = config.get("fleet", {}).get("papers", [])
    return [
        Kind(
            code=each["code"],
            title=each["title"],
            expires=each["expires"],
            bars=each["bars"],
            by_hand=each.get("by_hand", False),
            rule=each["rule"],
        )
        for each in told
        if date.fromisoformat(each["from"]) <= on
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How a rider stands with one paper: its last day if it has one, and its state."""

    kind: Kind
    expires_on: date | None
    state: str  # valid, soon, expired, missing
    days_left: int | None = None

    @property
    def bars(self) -> bool:
        """Whether it keeps him from new work."""
        if self.state == MISSING:
            return self.kind.bars == MISSING
        return self.state == EXPIRED and self.kind.bars != NEVER


def hold(kind: Kind, ends: Mapping[str, date | None], *, on: date) -> Held:
    """How somebody stands with a paper. `ends`: the last day of each paper that was seen."""
    if kind.code not in ends:
        return Held(kind=kind, expires_on=None, state=MISSING)
    last = ends[kind.code]
    state = "valid" if last is None else training_state(last, today=on)
    days_left = None if last is None else (last - on).days
    return Held(kind=kind, expires_on=last, state=state, days_left=days_left)


def barred_by(kinds: Iterable[Kind], ends: Mapping[str, date | None], *, on: date) -> Held | None:
    """The paper that keeps somebody from new work, first what no reason helps over; or None."""
    bars = [held for kind in kinds if (held := hold(kind, ends, on=on)).bars]
    return min(bars, key=lambda held: held.kind.by_hand, default=None)


def why_not_seen(kind: Kind, *, expires_on: date | None, seen_on: date, today: date) -> Why | None:
    """Why a paper cannot be noted so, or None. One that has run out can: it bars from then on."""
    if seen_on > today:
        return Why.SEEN_AHEAD
    return Why.PAPER_WITHOUT_END if kind.expires and expires_on is None else None


def masked(number: str) -> str:
    """A paper's number as pages show it: its last four signs."""
    return f"…{number[-4:]}" if len(number) > 4 else number


def first_to_end(states: Sequence[Held]) -> list[Held]:
    """What is not in order, what bars first, then by its last day."""
    wanted = [held for held in states if held.state != "valid"]
    return sorted(wanted, key=lambda held: (not held.bars, held.expires_on or date.max))
