"""Who may carry what. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

WARN_DAYS = 30

# How kinds of goods are called; a kind that only a pack knows is shown by its code.
CLASSES = {"medicine": N_("Medicine"), "medicine-cold": N_("Medicine that must stay cold")}


class Why(Reason):
    """Refusals of this capability."""

    ON_SHIFT_ALREADY = "on_shift_already", N_("You are on shift already.")
    NOT_ON_SHIFT = "not_on_shift", N_("You are not on shift.")
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
