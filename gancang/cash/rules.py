"""Why money at the door or at the till is not taken as it was told. Pure."""

from __future__ import annotations

from gancang.values import N_, Reason


class Why(Reason):
    """Refusals of this capability."""

    SAY_HOW_PAID = (
        "say_how_paid",
        N_("The patient pays {price}: say whether in cash or by QRIS before you hand over."),
    )
    NO_REFERENCE = (
        "no_reference",
        N_("Write the reference of the QRIS payment; the patient's phone shows it."),
    )
    PAPER_NUMBER_USED = (
        "paper_number_used",
        N_("Paper receipt {number} stands on order {order} already; look at the block again."),
    )
    NOTHING_IN_HAND = "nothing_in_hand", N_("{rider} has nothing to hand in.")
    CHANGED_MEANWHILE = (
        "changed_meanwhile",
        N_("{rider} has {left} by now, not {seen}; count again."),
    )
    TOO_MUCH = (
        "too_much",
        N_("{counted} was counted, but {rider} has only {left} of patients' money; count again."),
    )
    SAY_WHY_MISSING = "say_why_missing", N_("{missing} is missing; write down what he says of it.")
    SAY_WHAT_WAS_DONE = "say_what_was_done", N_("Write down what was agreed or done.")
    SAY_WHY_LOST = "say_why_lost", N_("Write down why nobody will bring it any more.")
    ASKED_ALREADY = "asked_already", N_("Somebody has asked for that; a second person decides.")
    NOT_YOURSELF = "not_yourself", N_("Who asks for it does not decide it; a second person does.")
    DECIDED_ALREADY = "decided_already", N_("This was decided already; look at it again.")
    NOT_OWED_BACK = "not_owed_back", N_("Nothing is owed back to the patient of order {order}.")
    NOT_RELEASED_YET = (
        "not_released_yet",
        N_("The treasurer or an admin releases what is paid back; ask for that first."),
    )
    RELEASED_IT_HIMSELF = (
        "released_it_himself",
        N_("Who released it does not pay it out; a second person does."),
    )
    SAY_WHO_RECEIVES = "say_who_receives", N_("Write down who receives the money.")
    NOT_IN_THIS_TILL = (
        "not_in_this_till",
        N_(
            "{till} holds {left} of {fleet}'s fares by now; the rest was passed on. "
            "Ask the treasurer, who pays from the fleet's till."
        ),
    )
    NOTHING_TO_PASS_ON = "nothing_to_pass_on", N_("{till} holds nothing for {fleet}.")
    TILL_CHANGED = (
        "till_changed",
        N_("{till} holds {left} for {fleet} by now, not {seen}; look again."),
    )
    NO_SLIP = "no_slip", N_("Write the number of the transfer, or of the paper that was signed.")
    EMPTY_STATEMENT = "empty_statement", N_("There is nothing in this file.")
    STATEMENT_TOO_LONG = "statement_too_long", N_("At most {most} lines at once; cut the file.")
    NO_COLUMN = "no_column", N_("The first line names no such column: {names}.")
    SHORT_LINE = "short_line", N_("Line {line} is too short. Nothing was taken in.")
    BAD_TIME = (
        "bad_time",
        N_("Line {line}: “{told}” is not a time; write it like 2026-11-24 14:05."),
    )
    BAD_REFERENCE = "bad_reference", N_("Line {line}: “{told}” is not a reference.")
    BAD_AMOUNT = "bad_amount", N_("Line {line}: “{told}” is not an amount in rupiah.")
    NOT_TEXT = "not_text", N_("This is not a CSV file in UTF-8; save it as CSV and send it again.")
    MORE_THAN_MISSING = "more_than_missing", N_("Only {left} is still missing.")


REFERENCE_MAX = 40


def why_not_paid(how: str, reference: str) -> Why | None:
    """Why it is not clear yet how a patient paid."""
    if how not in {"cash", "qris"}:
        return Why.SAY_HOW_PAID
    return Why.NO_REFERENCE if how == "qris" and len(reference.strip()) < 4 else None
