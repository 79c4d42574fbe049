"""When a receiver is rung, who may ring, what his answer means for the money. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

AGAIN_AFTER = timedelta(hours=2)  # nobody answers twice in the same minute
REASON_LEAST = 10
OPEN, CAME, NEVER, ALLOWED = "open", "came", "never", "allowed"
STATES = {
    OPEN: N_("To be rung"),
    CAME: N_("It came, says the receiver"),
    NEVER: N_("It never came, says the receiver"),
    ALLOWED: N_("Paid without an answer"),
}
HOLDING = (OPEN, NEVER)  # nothing of it is paid
NOT_REACHED = "not_reached"
ANSWERS = {
    CAME: N_("Yes, it came"),
    NEVER: N_("It never came"),
    NOT_REACHED: N_("Not reached"),
}
HELD_FOR = {
    OPEN: N_("The receiver has not been rung yet."),
    NEVER: N_("The receiver says that it never came."),
}


class Why(Reason):
    """Why a call is not opened, not written down or not decided."""

    NO_PHONE = (
        "no_phone",
        N_(
            "No telephone is known of the receiver, so nobody can ask later. "
            "Prove it in another way, by a witness for example."
        ),
    )
    NOT_OPEN = "not_open", N_("{code} was answered or decided by now; look at it again.")
    OWN_WORK = (
        "own_work",
        N_("You or your office brought it: somebody of another office rings."),
    )
    SAY_WHAT = "say_what", N_("Write what the receiver says, in a sentence at least.")
    NOT_YET = (
        "not_yet",
        N_("It is not late yet and may still be answered: ring first."),
    )
    NOBODY_RANG = "nobody_rang", N_("Nobody has rung yet. Ring first, then another person decides.")
    NOT_BY_WHO_RANG = (
        "not_by_who_rang",
        N_("You have rung yourself: a second person decides."),
    )
    SAY_WHY = "say_why", N_("Write why it is decided so, in a sentence at least.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a call is: what decides whether somebody may decide without an answer."""

    state: str
    tries: int
    tries_max: int
    due_at: datetime
    rang: frozenset[int]  # the users who have rung


def is_own_work(user: int, offices: Collection[int], *, carried_by: int, office: int) -> bool:
    """Whether somebody would be asking about his own work, or that of his office."""
    return user == carried_by or office in offices


def is_overdue(state: str, due_at: datetime, *, now: datetime) -> bool:
    """Whether a receiver should have been reached by now."""
    return state == OPEN and now > due_at


def why_not_decide(told: Standing, *, by: int, reason: str, now: datetime) -> Why | None:
    """Why somebody may not decide in the place of a receiver whom nobody reaches."""
    if told.state != OPEN:
        return Why.NOT_OPEN
    if now <= told.due_at and told.tries < told.tries_max:
        return Why.NOT_YET
    if not told.rang:
        return Why.NOBODY_RANG
    if by in told.rang:
        return Why.NOT_BY_WHO_RANG
    return None if len(reason.strip()) >= REASON_LEAST else Why.SAY_WHY
