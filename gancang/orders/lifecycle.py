"""The states of an order and the only ways between them. Pure."""

from __future__ import annotations

from datetime import timedelta

from gancang.values import N_, Reason

MEDICINE = "medicine"  # the class of goods that has a pharmacist
FOOD = "food"  # the class of what is cooked when it is ordered
RIDER_LEAD = timedelta(minutes=10)  # riders are asked so long before food is ready

PLACED = "placed"
RELEASED = "released"
ASSIGNED = "assigned"
COLLECTED = "collected"
DELIVERED = "delivered"
FAILED = "failed"
HELD = "held"
RETURNED = "returned"
CANCELLED = "cancelled"

STATES = {
    PLACED: N_("Being made ready"),
    RELEASED: N_("Waiting for a rider"),
    ASSIGNED: N_("Rider on the way to fetch it"),
    COLLECTED: N_("On the way to the receiver"),
    DELIVERED: N_("Delivered"),
    FAILED: N_("Not handed over"),
    HELD: N_("Kept at a counter near the receiver"),
    RETURNED: N_("Back where it came from"),
    CANCELLED: N_("Cancelled"),
}
MOVES = {
    PLACED: {RELEASED, CANCELLED},
    # Back to placed: the pharmacist recalls the bag, and checks the whole order again.
    RELEASED: {ASSIGNED, PLACED, CANCELLED},
    # Back to released: the rider gives it up, or the operator takes it from him.
    ASSIGNED: {COLLECTED, RELEASED, CANCELLED},
    # To a counter near the patient where that was planned so (relay), or after a failed visit.
    COLLECTED: {DELIVERED, FAILED, HELD},
    # The pharmacist, who has the bag again, decides: another try, or the end.
    FAILED: {RELEASED, RETURNED, HELD},
    # The counter's clerk hands it over with the same proof, a rider brings it the rest of the way,
    # or nobody came and a rider takes it home to the pharmacy.
    HELD: {DELIVERED, COLLECTED, FAILED, RELEASED, RETURNED},
    DELIVERED: set(),
    RETURNED: set(),
    CANCELLED: set(),
}
OPEN = frozenset(state for state, ways in MOVES.items() if ways)
# From here on a rider holds the bag, until the pharmacy has it back.
IN_HAND = frozenset({COLLECTED, FAILED})
# The bag is out of the pharmacy's hands: nothing is called off, the bag comes back first.
OUT = IN_HAND | {HELD}
CANCELLABLE = frozenset(state for state, ways in MOVES.items() if CANCELLED in ways)


WAYS = {
    "direct": N_("Straight to the house"),
    "round": N_("On a round with others"),
    "relay": N_("To a counter near the patient"),
    "post": N_("By post"),
    "visit": N_("Brought by the pharmacist"),
}
CONFIRMED_HOW = {
    "counter": N_("at the counter"),
    "phone": N_("by telephone"),
    "text": N_("by text message"),
    "link": N_("by the patient's link"),
    "clerk": N_("through the village office"),
}


class Failure(Reason):
    """Why a bag was not handed over. "Left at the door" is no answer here, for any goods."""

    NOBODY_HOME = "nobody_home", N_("Nobody was home")
    REFUSED = "refused", N_("The receiver refused it")
    ADDRESS_WRONG = "address_wrong", N_("The address is wrong")
    MOVED = "moved", N_("The patient has moved")
    NOT_PAID = "not_paid", N_("The patient did not pay what was agreed")
    DECEASED = "deceased", N_("The patient has died")
    RIDER_INCIDENT = "rider_incident", N_("Something happened to the rider or the bag")


class Incident(Reason):
    """What happened on the way."""

    ACCIDENT = "accident", N_("An accident")
    THEFT = "theft", N_("The bag was stolen or is gone")
    COLD_CHAIN = "cold_chain", N_("It became too warm")
    BREAKDOWN = "breakdown", N_("The motorcycle broke down")
    OTHER = "other", N_("Something else, as the note says")


# A bag may wait at a counter near by only where the patient still comes for it.
HOLDABLE = frozenset({Failure.NOBODY_HOME, Failure.ADDRESS_WRONG, Failure.RIDER_INCIDENT})
SPOILS = frozenset({Incident.COLD_CHAIN, Incident.THEFT})
DISPOSITIONS = {
    "restock": N_("back to stock"),
    "quarantine": N_("kept apart until it is examined"),
    "destroy": N_("destroyed"),
}


class Why(Reason):
    """Why an order does not move."""

    CHANGED_MEANWHILE = (
        "changed_meanwhile",
        N_("Order {order} changed while this page was open. It is now: {state}."),
    )
    ALREADY_COLLECTED = (
        "already_collected",
        N_(
            "A rider already holds order {order}; it can no longer be cancelled. Ring the pharmacy."
        ),
    )
    WRONG_STATE = "wrong_state", N_("Order {order} is now: {state}. This step is not open to it.")
    WRONG_FACTOR = (
        "wrong_factor",
        N_("That is not the date of birth or the code of this patient. Do not hand the bag over."),
    )
    TOO_MANY_TRIES = (
        "too_many_tries",
        N_("Too many wrong tries. Ring the pharmacy; do not hand the bag over."),
    )
    WRONG_BAG = (
        "wrong_bag",
        N_(
            "Bag {bag} is not of this order. Leave it at the counter, "
            "take the right one and scan it; if there is none, ask the pharmacist."
        ),
    )
    WRONG_BAG_AT_DOOR = (
        "wrong_bag_at_door",
        N_(
            "Bag {bag} is not this patient's. Do not hand it over. "
            "Look for the right one; if you do not have it, ring the pharmacy now."
        ),
    )
    OWN_OTHER_BAG = (
        "own_other_bag",
        N_(
            "Bag {bag} belongs to your other order {order}. "
            "Do not hand it over; scan the bag of this patient."
        ),
    )
    BAGS_MISSING = (
        "bags_missing",
        N_("{scanned} of {bags} bags were scanned. Scan every bag of this order."),
    )
    TOO_MANY_ATTEMPTS = (
        "too_many_attempts",
        N_("Order {order} was tried {attempts} times; ring the patient before it goes out again."),
    )
    FROZEN = (
        "frozen",
        N_("The operator has stopped order {order} (“{why}”). Nothing happens until it is let go."),
    )
    NOT_OPEN = "not_open", N_("Order {order} has come to its end: {state}.")
    NO_FREEZE_REASON = "no_freeze_reason", N_("Write down why it is stopped.")
    NO_INCIDENT = "no_incident", N_("Say what happened: accident, theft, warmth or breakdown.")
    PATIENT_FETCHES = (
        "patient_fetches",
        N_("The patient pays for this way up to the counter; he fetches the bag here himself."),
    )
    NOT_BY_POST = "not_by_post", N_("Order {order} does not go by post.")
    NUMBER_USED = (
        "number_used",
        N_("{fleet} has given number {number} to order {order} already; read the slip again."),
    )
    DEARER_THAN_SET_ASIDE = (
        "dearer_than_set_aside",
        N_("{cost} is more than what is set aside for this order, {most}. Ask the operator."),
    )
    NOT_HELD = (
        "not_held",
        N_("This bag can't wait at a counter. Bring it back to the pharmacy."),
    )
    NO_SUCH_COUNTER = (
        "no_such_counter",
        N_("That counter takes no bags just now. Choose another, or bring it to the pharmacy."),
    )
    NO_DISPOSITION_REASON = "no_disposition_reason", N_("Write down why.")
    NOT_RESTOCKED = (
        "not_restocked",
        N_("What had to stay cold, or was out of sight, does not go back to stock."),
    )
    DISPOSED_OF = "disposed_of", N_("This was decided before: {what}.")
    NO_RECEIVER = "no_receiver", N_("Write down who received the bag.")


def why_not_move(state: str, to: str) -> Why | None:
    """Why an order in `state` may not go to `to`."""
    if to in MOVES[state]:
        return None
    if to == CANCELLED and state in OUT:
        return Why.ALREADY_COLLECTED
    return Why.WRONG_STATE
