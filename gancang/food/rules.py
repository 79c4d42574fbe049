"""What may happen to an order at a kitchen, by when, and why not. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from datetime import datetime

UNCONFIRMED = "unconfirmed"
ASKED = "asked"
UNPAID = "unpaid"
COOKING = "cooking"
READY = "ready"
REFUSED = "refused"
CANCELLED = "cancelled"
LAPSED = "lapsed"

STATES = {
    UNCONFIRMED: N_("Waits for the code of the message"),
    ASKED: N_("Waits for the kitchen's answer"),
    UNPAID: N_("The kitchen said yes, waits for your payment"),
    COOKING: N_("Being cooked"),
    READY: N_("Ready, waits for the rider"),
    REFUSED: N_("The kitchen said no"),
    CANCELLED: N_("Called off"),
    LAPSED: N_("Nobody answered"),
}
OPEN = (UNCONFIRMED, ASKED, UNPAID, COOKING, READY)
REASONS = {
    "busy": N_("Too much to do"),
    "out": N_("Sold out"),
    "closing": N_("We are closing"),
    "far": N_("Too far away"),
}

CASH, QRIS = "cash", "qris"
PAYS_BY = {CASH: N_("Cash at the door"), QRIS: N_("QRIS, once the kitchen has said yes")}

CONFIRMS_WITHIN = timedelta(minutes=15)
RINGS_AGAIN_AFTER = timedelta(minutes=3)
LAPSES_AFTER = timedelta(minutes=10)
THINKS_FOR = timedelta(minutes=5)  # a buyer of whose order something is missing
PAYS_WITHIN = timedelta(minutes=15)
WRONG_CODES_MAX = 5
MINUTES_MOST = 180


class Why(Reason):
    """Why an order is not taken, or does not go on."""

    EMPTY = "empty", N_("The basket is empty: say how many of which dish.")
    PRICE_CHANGED = (
        "price_changed",
        N_("It costs {now} by now, not {was}. Look at it, and order again if you agree."),
    )
    NOT_BROUGHT = "not_brought", N_("Nobody brings food from {seller} yet; ring it and fetch it.")
    FARE_ROSE = (
        "fare_rose",
        N_("Bringing it costs {now} by now; the buyer agreed to {was}. Refuse it; he orders anew."),
    )
    WRONG_CODE = "wrong_code", N_("That is not the code of the message.")
    TOO_MANY_CODES = "too_many_codes", N_("Too many wrong codes; order again.")
    WRONG_STATE = "wrong_state", N_("This order is now: {state}.")
    COOKED_ALREADY = (
        "cooked_already",
        N_("It is being cooked; it can't be called off here any more. Ring {seller}: {phone}"),
    )
    NOTHING_LEFT = "nothing_left", N_("Without that nothing is left: refuse the order instead.")
    HOW_LONG = "how_long", N_("Say in how many minutes it is ready: 1 to {most}.")
    PAID_BY_NOW = (
        "paid_by_now",
        N_("It is paid by now and is cooked; it can't be called off here. Ring {seller}: {phone}"),
    )
    SAY_WHY = "say_why", N_("Say why not.")


def may_call_off(state: str, free_until: datetime | None, *, now: datetime) -> bool:
    """Free until it is cooked, and for minutes where it has left something out."""
    if state in (UNCONFIRMED, ASKED, UNPAID):
        return True
    return state == COOKING and free_until is not None and now < free_until
