"""Kinds of incidents, what is said to whom, and when one may be closed. Pure."""

from __future__ import annotations

from gancang.orders import lifecycle
from gancang.values import N_, Reason

RECALL, HELP = "recall", "help"
KINDS = {
    RECALL: N_("Bag recalled"),
    HELP: N_("A rider calls for help"),
    "wrong_bag": N_("Bags swapped"),
    "lost_bag": N_("Bag lost or damaged"),
    "accident": N_("Accident of a rider"),
    "theft": N_("Theft or robbery"),
    "cold_chain": N_("Cold chain broken"),
    "breakdown": N_("Breakdown of a vehicle"),
    "complaint": N_("Complaint"),
    "other": N_("Something else"),
}
# What the software itself notes; translated when it is read.
PRESSED, PRESSED_AGAIN = N_("Pressed the safety button."), N_("Pressed it again.")
READ, REACHED, NOT_REACHED = N_("Read on the rider's page."), N_("Reached."), N_("Not reached.")
TOLD_BY_RIDER = N_("Told by the rider on his page, without further words.")
ALSO = N_("The same happened to this order, says the rider.")
TAKEN, COMES_BACK = (
    N_("Taken from him; another rider is asked."),
    N_("Stopped; its bag comes back."),
)
TOLD_LATER = N_("A message says that it comes later.")
DONE, TOLD = "done", "told"
ENTRIES = {DONE: N_("done"), TOLD: N_("told")}
DISPOSITIONS = {
    "restock": N_("Good: back to stock"),
    "quarantine": N_("Set apart until it is judged"),
    "destroy": N_("To be destroyed"),
}
# What is said to a patient on the telephone. Never the name of a medicine: others listen.
SCRIPTS = {
    "do_not_take": N_(
        "“This is the pharmacy. The bag that was brought to you may not be yours. Please do not "
        "take anything from it and leave it closed; we fetch it and bring you the right one. "
        "Has anybody taken something from it already?” If yes: put the pharmacist on at once."
    ),
    "delayed": N_(
        "“This is the delivery service of the hospital. Something happened on the way, so your "
        "medicine comes later than we said. Do you have enough until tomorrow?” If not, or for any "
        "question about the medicine: put the pharmacist on."
    ),
    "later": N_(
        "“This is the pharmacy. We check your bag once more, so it comes later than we said. "
        "You need not do anything. If somebody still brings you a bag, please do not take it.”"
    ),
}
# What a rider tells from the road, and what is to be done about it, in this order.
_FETCH = N_("Send somebody to fetch the bags from him; they come back to the pharmacy closed.")
ON_THE_ROAD = {
    "accident": (
        N_("Ring him. Is anybody hurt? Then the emergency number first."),
        N_("Look at his last place and send somebody to him."),
        _FETCH,
    ),
    "theft": (
        N_("Ring him. He is to go to a safe place and follow nobody."),
        N_("Report it to the police with the codes of the bags; never say what is in them."),
        N_("Tell the pharmacist: each lost bag is prepared anew."),
    ),
    "cold_chain": (
        N_("The bag is handed to nobody. It comes back and the pharmacist judges it."),
        N_("Tell the pharmacist, who prepares it anew."),
    ),
    "breakdown": (N_("Ring him. Does he stand safely, off the road?"), _FETCH),
    "other": (N_("Ring him and ask what he needs."),),
    HELP: (N_("Ring him. Is anybody hurt? Then the emergency number first."), _FETCH),
}
RECALLABLE = frozenset(lifecycle.STATES) - {
    lifecycle.PLACED,
    lifecycle.RETURNED,
    lifecycle.CANCELLED,
}


class Why(Reason):
    """Refusals of this capability."""

    NOTHING_TO_RECALL = (
        "nothing_to_recall",
        N_("No bag of order {order} is out of the pharmacist's hands; there is nothing to recall."),
    )
    NO_TEXT = "no_text", N_("Write down what happened.")
    SAME_ORDER = "same_order", N_("Name the other order, not the same one again.")
    CLOSED = "closed", N_("This incident is closed; report a new one.")
    CALLS_LEFT = (
        "calls_left",
        N_("{count} patients were not reached yet. Ring them first; only then close it."),
    )
    BAG_IS_OUT = (
        "bag_is_out",
        N_("The bag is not back at the pharmacy yet. Close it once the pharmacist has it."),
    )
    NO_WORDS = (
        "no_words",
        N_("Add a word of your own: what is to be done first, what was promised to whom."),
    )
    OWN_NOTE = "own_note", N_("Your own note is taken over by somebody else.")
    TAKEN_OVER = "taken_over", N_("{who} has taken it over already.")
    OTHER_BAG_IS_OUT = (
        "other_bag_is_out",
        N_(
            "The bag of {order} is not back at the pharmacy yet. "
            "Close it once the pharmacist has it."
        ),
    )
    NOT_YOUR_NOTICE = "not_your_notice", N_("This notice is for somebody else.")


def script_for(stage: str) -> str:
    """What a recalled order's patient is told, by how far the bag had come."""
    return "do_not_take" if stage in (lifecycle.DELIVERED, lifecycle.HELD) else "later"


def why_not_close(*, kind: str, calls_left: int, disposition: str) -> Why | None:
    """Why an incident may not be closed yet, or None."""
    if calls_left:
        return Why.CALLS_LEFT
    if kind == RECALL and not disposition:
        return Why.BAG_IS_OUT
    return None
