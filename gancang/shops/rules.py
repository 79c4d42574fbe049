"""What a shop's way knows of states, and why something about a shop is refused. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping


OF_PACK = "pack"  # who applied for a shop that the region's pack names


class State(StrEnum):
    """Where a shop stands. Suspensions are rows of their own: an approved shop may have one."""

    APPLIED = "applied"
    APPROVED = "approved"
    REJECTED = "rejected"


STATES = {
    State.APPLIED: N_("applied"),
    State.APPROVED: N_("approved"),
    State.REJECTED: N_("rejected"),
}


class Result(StrEnum):
    """What a hygiene check found."""

    PASSED = "passed"
    REMARKS = "remarks"
    FAILED = "failed"


RESULTS = {
    Result.PASSED: N_("in order"),
    Result.REMARKS: N_("in order, with something to mend"),
    Result.FAILED: N_("not in order"),
}


class Why(Reason):
    """Refusals of this capability."""

    DECIDED = "decided", N_("This application was decided already.")
    NOT_APPROVED = "not_approved", N_("{name} is not approved.")
    KNOWN_SHOP = (
        "known_shop",
        N_("{name} in this village has applied or sells already; look at it before you add it."),
    )
    LACKS = (
        "lacks",
        N_("{paper} is lacking. See the original, or plan the assistance until it is there."),
    )
    PLAN_TOO_LONG = ("plan_too_long", N_("Assistance lasts {days} days at most."))
    PLAN_BACKWARDS = ("plan_backwards", N_("That day is over; choose a later one."))
    UNKNOWN_PAPER = "unknown_paper", N_("The region asks for no such paper.")
    NOT_NIB = "not_nib", N_("A NIB has 13 digits; this one has {digits}.")
    NOT_P_IRT = (
        "not_p_irt",
        N_("A P-IRT number has 15 digits, an old one 12; this one has {digits}."),
    )
    NOT_DIGITS = "not_digits", N_("Write the number with digits only.")
    P_IRT_YEAR = (
        "p_irt_year",
        N_("The last two digits of this P-IRT say {year}; the day on which it ends is in {typed}."),
    )
    NO_NUMBER = "no_number", N_("Write down the number that stands on it.")
    NO_END = "no_end", N_("{paper} runs out; type the last day that stands on it.")
    ENDS_BEFORE = "ends_before", N_("It ends before it was issued; check both days.")
    ISSUED_AHEAD = "issued_ahead", N_("It cannot have been issued on a day that lies ahead.")
    PAPER_KNOWN = "paper_known", N_("This paper is noted like that already.")
    SEEN_ALREADY = "seen_already", N_("Somebody has compared this paper already.")
    SUSPENDED = "suspended", N_("{name} is suspended: {why}")
    NOT_SUSPENDED = "not_suspended", N_("{name} is not suspended.")
    APPEALED = "appealed", N_("There is an appeal already; it will be answered.")
    NO_APPEAL = "no_appeal", N_("Nobody has appealed.")
    OWN_DECISION = (
        "own_decision",
        N_("You suspended this shop yourself; somebody else has to decide about the appeal."),
    )
    NO_WORDS = "no_words", N_("Say why, in a few words.")
    BARRED = "barred", N_("{paper} is not in order; nothing new can be ordered until it is.")
    CLOSED = "closed", N_("Closed now.")
    DAY_OFF = "day_off", N_("Closed until {last}.")
    NO_HOURS = "no_hours", N_("No opening hours are known.")
    HOURS_OVERLAP = "hours_overlap", N_("On {day} two openings overlap.")
    HOURS_HALF = "hours_half", N_("On {day} type from when until when, or neither.")
    BACKWARDS = "backwards", N_("The last day lies before the first.")
    CHECK_AHEAD = "check_ahead", N_("Nobody can have looked at it on a day that lies ahead.")
    LAST_KEEPER = (
        "last_keeper",
        N_("This is the last person of this shop; add another one first."),
    )
    NOT_OF_SHOP = "not_of_shop", N_("This person does not work in this shop.")
    ASKED_TOO_OFTEN = (
        "asked_too_often",
        N_("Asked too often; wait an hour, or ask at the village desk."),
    )
    WRONG_CODE = "wrong_code", N_("That is not the code of the letter. Look again, or ask anew.")
    NOT_A_PHONE = "not_a_phone", N_("That is no phone number of a mobile, like 0812 3456 7890.")


CLOCKS = ("opens", "closes", "busy_ends")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a region deals with its shops: the table `shops` of its pack."""

    warn_days: int = 60
    bring_days: int = 90
    plan_days: int = 180
    check_months: int = 12
    opens: time = time(7)
    closes: time = time(21)
    busy_ends: time = time(22)

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Self:
        """As the pack tells it, else as we think best."""
        told = dict(config.get("shops", {}).get("manner", {}))
        told.pop("rule", None)
        clocks = {name: time.fromisoformat(told[name]) for name in CLOCKS if name in told}
        return cls(**told | clocks)
