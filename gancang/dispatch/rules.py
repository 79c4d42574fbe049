"""Why an offer, an assignment or a cancellation is not possible. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from gancang.values import N_, Reason


class Why(Reason):
    """Refusals of this capability."""

    NO_TRIPS = (
        "no_trips",
        N_("No finished trip of {region} teaches anything yet; the pack's figures stay in force."),
    )
    AGREED_PRICE = (
        "agreed_price",
        N_("The patient has agreed to {price} and pays no more; choose a way that costs no more."),
    )

    OFFER_GONE = "offer_gone", N_("This offer is gone: {what}.")
    NOT_ON_SHIFT = "not_on_shift", N_("{rider} is not on shift.")
    NOT_TRAINED = "not_trained", N_("{rider} has no valid training for this kind of medicine.")
    IS_VISIT = (
        "is_visit",
        N_(
            "A pharmacist brings order {order} himself, so no rider can have it. "
            "Ask a pharmacist to take it on under Visits, or call it off."
        ),
    )
    NOT_TRAINED_FOR = (
        "not_trained_for",
        N_(
            "{rider} has no valid training for “{training}”. "
            "Choose a rider who has, or note his training on his page."
        ),
    )
    NO_COLD_BAG = (
        "no_cold_bag",
        N_(
            "{rider} has no cold bag, and this medicine must stay cold. "
            "Choose a rider who has one, or note it on his page once he carries it."
        ),
    )
    PAPER_ENDED = (
        "paper_ended",
        N_(
            "{rider} gets no new work: his {paper} ended on {day}. Ask for the renewed original "
            "and note it under his papers, or choose somebody else."
        ),
    )
    PAPER_MISSING = (
        "paper_missing",
        N_(
            "{rider} gets no new work: nobody has seen his {paper} yet. Look at the original "
            "and note it under his papers, or choose somebody else."
        ),
    )
    PAPER_ENDED_BUT = (
        "paper_ended_but",
        N_(
            "{rider} gets no new work: his {paper} ended on {day}. Choose somebody else, "
            "or tick “all the same” if your reason is good enough."
        ),
    )
    PAPER_MISSING_BUT = (
        "paper_missing_but",
        N_(
            "{rider} gets no new work: nobody has seen his {paper} yet. Choose somebody else, "
            "or tick “all the same” if your reason is good enough."
        ),
    )
    ON_BREAK = (
        "on_break",
        N_(
            "{rider} is on a break until {when}. Ring him; if he comes all the same, "
            "tick “all the same”."
        ),
    )
    SHIFT_OVER = (
        "shift_over",
        N_(
            "{rider} was to work until {when}. Ring him; if he comes all the same, "
            "tick “all the same”."
        ),
    )
    COLD_IN_HAND = (
        "cold_in_hand",
        N_("You hold a bag that must stay cold; bring it first, then rest."),
    )
    FLEET_NOT_NAMED = (
        "fleet_not_named",
        N_("{fleet} is not among the fleets that may carry for {programme}."),
    )
    MAY_HAVE_DIED = (
        "may_have_died",
        N_(
            "Somebody of the same name has died. Say first under “Same person?” whether it is "
            "this patient; until then no rider sets out."
        ),
    )
    NO_REASON = "no_reason", N_("Write down why you assign this order by hand.")
    NOT_RELEASED = "not_released", N_("Order {order} was not released by a pharmacist yet.")
    STILL_HOLDS = (
        "still_holds",
        N_(
            "You still hold {bags} bags; "
            "bring them to their patients or back to the pharmacy first."
        ),
    )
    NO_POLICY = "no_policy", N_("This region has no planning policy {policy} today.")
    SAME_AS_RUNNING = "same_as_running", N_("This is what plans already.")
    NO_SHADOW = "no_shadow", N_("Nothing is tried in the shadow.")
    NONE_BEFORE = "none_before", N_("Nothing else has planned here before.")
    REGIME_CHANGED = (
        "regime_changed",
        N_("Somebody changed the planning meanwhile; look at it again."),
    )


# How the reason of an order that waits is told; but for the first, the codes are the planner's.
PLANNED = "planned"
WITH_OTHERS = "with_others"
UNCONFIRMED, FROZEN, NOT_YET, VISIT = "unconfirmed", "frozen", "not_yet", "visit"
DOUBTED = "doubted"  # of the patient: whether he is who has died
POST, WAY_OFF, MISSED = "post", "way_off", "missed"
# Why the planner passes over riders who could else have taken an order.
PAPERS_ENDED, ON_BREAK, SHIFT_OVER = "papers_ended", "on_break", "shift_over"
IDLE = (PAPERS_ENDED, ON_BREAK, SHIFT_OVER)  # the weightiest first
HELD_BACK = {
    FROZEN: N_("The operator has stopped it"),
    DOUBTED: N_("The patient may have died: is it the same person? Please look"),
    UNCONFIRMED: N_("Address and phone are not confirmed with the patient yet"),
    VISIT: N_("A pharmacist takes it along on a visit"),
    WAY_OFF: N_("Its way is switched off; choose another"),
    MISSED: N_("Ready after its round had left; the next or alone? Please decide"),
    POST: N_("Goes by post: hand it in and write its number down"),
    NOT_YET: N_("Goes with its departure"),
    WITH_OTHERS: N_("Waits for the other bags for the same house"),
}
WAITING = {
    **HELD_BACK,
    PLANNED: N_("Planned; it is offered when its rider is about to leave for it"),
    "no_vehicle_on_shift": N_("No rider is on shift"),
    "not_allowed": N_("No rider on shift belongs to a fleet that may carry it"),
    "skill_missing": N_("No rider on shift has the training"),
    PAPERS_ENDED: N_("Who could take it has a paper that has run out"),
    ON_BREAK: N_("Who could take it is on a break"),
    SHIFT_OVER: N_("The planned hours of those who could take it are over"),
    "all_refused": N_("Every rider said no"),
    "too_big": N_("Too much for any bag"),
    "unreachable": N_("The roads there are closed by decree"),
    "window_closed": N_("Too late for its hours"),
    "on_board_too_long": N_("Too far for its cold time"),
    "shift_ends": N_("All shifts end before it could be there"),
    "too_far": N_("Farther than any rider may drive"),
    "too_long": N_("Longer than any rider may work"),
    "no_capacity_left": N_("All riders are full just now"),
}


def why_held_back(
    *, confirmed: bool, frozen: bool, off: bool, missed: bool, way: str, is_later: bool
) -> str:
    """Why an order is kept from the planner, the weightiest first; "" if it is not."""
    weighty = {FROZEN: frozen, WAY_OFF: off, MISSED: missed, UNCONFIRMED: not confirmed}
    if first := next((reason for reason, holds in weighty.items() if holds), ""):
        return first
    if way in (VISIT, POST):
        return way
    return NOT_YET if is_later else ""


AT_RISK = timedelta(minutes=20)


def urgency(
    state: str,
    promise_at: datetime,
    *,
    now: datetime,
    back_by: datetime | None = None,
    is_stopped: bool = False,
) -> str:
    """`back`, `late`, `risk` or `fine`: how an open order stands against what was promised.

    `back`: its bag should be at the pharmacy again by now and is not.
    """
    if state in ("failed", "held") and back_by is not None and now > back_by:
        return "back"
    if now > promise_at:
        return "late"
    if now + AT_RISK > promise_at or state == "failed" or is_stopped:
        return "risk"
    return "fine"


PHARMACY, COUNTER, VILLAGE, HOUSE = "pharmacy", "counter", "village", "house"


def whereto(what: str, *, has_bag: bool, is_stopped: bool, has_counter: bool, has_pin: bool) -> str:
    """To what kind of place a rider's stop leads him, as exactly as he may know it.

    The village alone until he has the bag, then the house, and never the house of a bag that was
    stopped or goes to a counter. `what`: pickup, delivery or back.
    """
    if what == "pickup":
        return PHARMACY
    if has_counter and not is_stopped:
        return COUNTER
    if what == "back":
        return PHARMACY
    return HOUSE if has_bag and has_pin and not is_stopped else VILLAGE
