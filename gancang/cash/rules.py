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
    MORE_THAN_MISSING = "more_than_missing", N_("Only {left} is still missing.")


REFERENCE_MAX = 40


def why_not_paid(how: str, reference: str) -> Why | None:
    """Why it is not clear yet how a patient paid."""
    if how not in {"cash", "qris"}:
        return Why.SAY_HOW_PAID
    return Why.NO_REFERENCE if how == "qris" and len(reference.strip()) < 4 else None
