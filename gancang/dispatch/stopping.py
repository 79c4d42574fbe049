"""Stopping orders: freezing, taking back, recalling a bag, and letting them go on again.

A stopped order is offered to nobody, and whoever holds its bag brings it back. The bag that was
recalled goes through the whole of the pharmacist's check again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from gancang.dispatch import letters
from gancang.dispatch.actions import hand_back, withdraw_offers
from gancang.dispatch.queries import list_held
from gancang.incidents import actions as incidents
from gancang.incidents import rules
from gancang.incidents.queries import (
    codes_told,
    find_open_recall,
    is_to_be_taken,
    list_other_bags,
    orders_touched,
)
from gancang.incidents.rules import Why
from gancang.orders import actions as orders
from gancang.orders import lifecycle
from gancang.residents.queries import is_deceased
from gancang.values import N_, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.fleet.models import Rider
    from gancang.incidents.models import Incident, OtherBag
    from gancang.orders.models import Order

STOPPED_FOR_RECALL = N_("recalled by the pharmacy: the bag stays closed and comes back")


@transaction.atomic
def stop(order: Order, *, why: str, by: str, now: datetime) -> None:
    """Freeze an order: no offer stands, nothing moves. Its bag, if it is out, is brought back."""
    orders.hold(order)
    withdraw_offers(order, now=now)
    orders.freeze(order, why=why, by=by, now=now)


@transaction.atomic
def take_back(order: Order, *, why: str, by: str, now: datetime) -> None:
    """Take an order from its rider: what he has not fetched goes to others, a bag comes back."""
    if not why.strip():
        raise Refused(lifecycle.Why.NO_FREEZE_REASON)
    orders.hold(order)
    order.refresh_from_db()
    if order.state == lifecycle.ASSIGNED:
        _back_to(order, lifecycle.RELEASED, why=why, by=by, now=now)
    elif order.state in lifecycle.IN_HAND:
        stop(order, why=why, by=by, now=now)


def remedy(order: Order, deed: str, why: str, by: str, now: datetime) -> None:
    """One of the deeds that the operator has for an order at risk."""
    match deed:
        case "tell":
            letters.post(order, "told_late", now=now)
        case "stop":
            stop(order, why=why, by=by, now=now)
        case "take_back":
            take_back(order, why=why, by=by, now=now)
        case "take_all" if order.carrier:
            take_back_all(order.carrier, why=why, by=by, now=now)
        case "let_go":
            orders.thaw(order, by=by, now=now)


@transaction.atomic
def take_back_all(rider: User, *, why: str, by: str, now: datetime) -> int:
    """Take all from a rider, who had an accident or does not answer. How many orders."""
    if not why.strip():
        raise Refused(lifecycle.Why.NO_FREEZE_REASON)
    held = sorted(list_held(rider), key=lambda order: order.pk)
    for order in held:
        take_back(order, why=why, by=by, now=now)
    return len(held)


@transaction.atomic
def relieve(incident: Incident, *, by: str, now: datetime) -> int:
    """The rider of an incident works no more today; how many orders were taken from him.

    What he has not fetched goes to others at once, the bags that he holds come back.
    """
    assert incident.rider is not None, incident
    incidents.see(incident, by=by, now=now)
    with translation.override("id"):
        why = _(rules.KINDS[incident.kind])
    held = [order for order in list_held(incident.rider.user) if is_to_be_taken(order, incident)]
    out = [order for order in held if order.state == lifecycle.COLLECTED]
    for order in sorted(out, key=lambda order: order.pk):
        stop(order, why=why, by=by, now=now)
        incidents.note(incident, rules.DONE, rules.COMES_BACK, by=by, now=now, whom=order.code)
    back = hand_back(incident.rider.user, by=by, now=now)
    for code in back:
        incidents.note(incident, rules.DONE, rules.TAKEN, by=by, now=now, whom=code)
    return len(out) + len(back)


@transaction.atomic
def tell_later(incident: Incident, *, by: str, now: datetime) -> tuple[int, int]:
    """Patients of an incident learn that it comes later: how many by message, how many to ring."""
    known = codes_told(incident)
    # Whose bag the rider could not hand over was told so then.
    orders = [
        order
        for order in orders_touched(incident).exclude(state=lifecycle.FAILED)
        if order.code not in known and not is_deceased(order.resident_id)
    ]
    unreached = [order for order in orders if not letters.post(order, "told_late", now=now)]
    incidents.ask_to_ring(incident, unreached, script="delayed")
    told = [order for order in orders if order not in unreached]
    for order in told:
        incidents.note(incident, rules.TOLD, rules.TOLD_LATER, by=by, now=now, whom=order.code)
    return len(told), len(unreached)


@transaction.atomic
def recalled_bag_is_back(
    incident: Incident, disposition: str, *, text: str, by: str, now: datetime
) -> None:
    """The pharmacist has a recalled bag again and decides what becomes of it."""
    incidents.dispose(incident, disposition, text=text, by=by, now=now)
    if incident.order:
        bag_is_back(incident.order, by=by, now=now)


@transaction.atomic
def other_bag_is_back(
    bag: OtherBag, disposition: str, *, text: str, by: str, now: datetime
) -> None:
    """The pharmacist has the other bag of a swap again: its order goes on through the check."""
    incidents.dispose_other(bag, disposition, text=text, by=by, now=now)
    bag_is_back(bag.order, by=by, now=now)


@transaction.atomic
def bag_is_back(order: Order, *, by: str, now: datetime) -> None:
    """The pharmacy has the bag of a stopped order again: it waits there, and may go on."""
    orders.hold(order)
    order.refresh_from_db()
    if order.state == lifecycle.COLLECTED:
        facts = {"reason": "stopped", "why": order.frozen_why}
        step = orders.Step(to=lifecycle.FAILED, facts=facts, though_frozen=True)
        orders.move(order, step, by=by, now=now)
    if order.state in lifecycle.OPEN:
        orders.thaw(order, by=by, now=now)


@transaction.atomic
def recall(
    order: Order, *, why: str, rider: Rider | None, other: Order | None, by: str, now: datetime
) -> Incident:
    """The bag is not this patient's: stop it wherever it is, tell whom it concerns, write it down.

    The same bag again, while its recall is open, is the same recall. `rider`: who has or had it.
    `other`: the order whose bag it may be; it is stopped too.
    """
    for each in sorted({order, other or order}, key=lambda each: each.pk):
        orders.hold(each)
        each.refresh_from_db()
    if other is not None and other.pk == order.pk:
        raise Refused(Why.SAME_ORDER)
    if known := find_open_recall(order):
        # Whose bag it is may become known later.
        if other is not None:
            _take_in(known, other, by=by, now=now)
        return known
    if order.state not in rules.RECALLABLE:
        raise Refused(Why.NOTHING_TO_RECALL, order=order.code)
    told = incidents.Report(
        kind=rules.RECALL, what_happened=why, happened_at=now, order=order, rider=rider
    )
    incident = incidents.report(told, region=order.region, by=by, now=now)
    incidents.ask_to_ring(incident, [order])
    letters.post(order, "recalled", now=now)
    _stop_for_recall(order, by=by, now=now)
    if other is not None:
        _take_in(incident, other, by=by, now=now)
    return incident


def _take_in(incident: Incident, other: Order, *, by: str, now: datetime) -> None:
    """Another order's bag that the recall concerns: stopped, its patient told, awaited too."""
    if other.code in {bag.order.code for bag in list_other_bags(incident)}:
        return
    if other.state in lifecycle.OPEN | {lifecycle.DELIVERED}:
        incidents.add_other_bag(incident, other)
    incidents.ask_to_ring(incident, [other])
    letters.post(other, "recalled", now=now)
    _stop_for_recall(other, by=by, now=now)


def _stop_for_recall(order: Order, *, by: str, now: datetime) -> None:
    if order.state not in lifecycle.OPEN:
        return
    with translation.override("id"):
        why = _(STOPPED_FOR_RECALL)
    if order.state == lifecycle.ASSIGNED:
        _back_to(order, lifecycle.RELEASED, why=why, by=by, now=now)
    if order.state == lifecycle.RELEASED:
        withdraw_offers(order, now=now)
        _back_to(order, lifecycle.PLACED, why=why, by=by, now=now)
    stop(order, why=why, by=by, now=now)


def _back_to(order: Order, state: str, *, why: str, by: str, now: datetime) -> None:
    changes: dict[str, object] = {"carrier": None, "fleet": None}
    if state == lifecycle.PLACED:
        changes |= {"bag_code": "", "released_at": None}
    facts = {"taken_from": order.carrier.username if order.carrier else None, "why": why[:200]}
    step = orders.Step(to=state, changes=changes, facts=facts, though_frozen=True)
    orders.move(order, step, by=by, now=now)
