"""Causes, ways to put something right, the clock, and who decides what. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gancang.values import N_, Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

ANSWER_HOURS = 72  # where a programme says nothing else
APPEAL_WITHIN = timedelta(days=14)
WORDS_LEAST = 10
NOT_CAME, WRONG, BROKEN, LESS = "not_came", "wrong", "broken", "less"
CAUSES = {
    NOT_CAME: N_("It did not come"),
    WRONG: N_("It was the wrong thing"),
    BROKEN: N_("It was broken or spoilt"),
    LESS: N_("It was less than promised, or more was taken"),
}
REDELIVER, REFUND, TAKE_BACK, UNFOUNDED = "redeliver", "refund", "take_back", "unfounded"
OUTCOMES = {
    REDELIVER: N_("Bring it again, at no cost to the receiver"),
    REFUND: N_("Give the receiver back what was paid at the door"),
    TAKE_BACK: N_("Take the pay back from who earned it"),
    UNFOUNDED: N_("Nothing was wrong"),
}
# Who brought nothing, or broke it, does not keep the pay; who brought what a sender had packed
# wrongly does.
PAYS_HIMSELF = frozenset({NOT_CAME, BROKEN})
OPEN, DECIDED, APPEALED, CLOSED = "open", "decided", "appealed", "closed"
STATES = {
    OPEN: N_("To be decided"),
    DECIDED: N_("Decided"),
    APPEALED: N_("Appealed"),
    CLOSED: N_("Decided for good"),
}
CHANNELS = {
    "page": N_("the receiver's page"),
    "phone": N_("the telephone"),
    "desk": N_("a desk"),
    "recheck": N_("somebody who asked again"),
}


class Why(Reason):
    """Why a complaint is not taken or not decided."""

    NO_SUCH_THING = (
        "no_such_thing",
        N_("Nothing has the code {code}. Look at the letter, the label or the receipt again."),
    )
    TELL_MORE = "tell_more", N_("Write what was wrong, in a sentence at least.")
    OPEN_ALREADY = "open_already", N_("There is an open complaint about {code} already.")
    SAY_WHY = "say_why", N_("Write why it is decided so, in a sentence at least.")
    NOT_OPEN = "not_open", N_("This is {state} by now; look at it again.")
    NOT_BY_WHO_TOLD = (
        "not_by_who_told",
        N_("You told of it yourself: somebody else decides."),
    )
    NOT_TWICE = "not_twice", N_("You decided it before: somebody else hears the appeal.")
    TOO_LATE = "too_late", N_("An appeal was possible until {until}.")
    ONLY_GOODS = (
        "only_goods",
        N_(
            "Only goods of a sender are brought again from here; order {code} anew at its own desk."
        ),
    )
    NOTHING_PAID = "nothing_paid", N_("The receiver has paid nothing for {code}.")
    NOTHING_EARNED = (
        "nothing_earned",
        N_("Nobody has earned anything with {code} that could be taken back."),
    )


def refuse_deciding(
    state: str, *, words: str, told_by: str, by: str, before: Collection[str] = ()
) -> None:
    """Refuse whoever may not decide, and a decision without its reason."""
    wanted = APPEALED if before else OPEN
    if state != wanted:
        raise Refused(Why.NOT_OPEN, state=STATES[state])
    if by == told_by:
        raise Refused(Why.NOT_BY_WHO_TOLD)
    if by in before:
        raise Refused(Why.NOT_TWICE)
    if len(words.strip()) < WORDS_LEAST:
        raise Refused(Why.SAY_WHY)


def is_late(due_at: datetime, state: str, *, now: datetime) -> bool:
    """Whether somebody waits longer for an answer than he should."""
    return state == OPEN and now > due_at
