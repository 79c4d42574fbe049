"""Printing labels, and keying in what happened on paper, with its true times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from gancang.audit.actions import record
from gancang.dispatch import actions as dispatch
from gancang.dispatch import failing
from gancang.medicine import handing_over
from gancang.medicine.handing_over import AtTheDoor
from gancang.orders import actions as orders
from gancang.orders import lifecycle
from gancang.orders.failing import Visit
from gancang.paper.labels import as_escpos
from gancang.paperwork.printer import NotPrinted, send
from gancang.paperwork.rules import Why, why_not_then
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.fleet.models import Rider
    from gancang.orders.models import Order
    from gancang.paper.labels import Label
    from gancang.regions.models import Organisation


def print_labels(
    order: Order, labels: Sequence[Label], *, house: Organisation, by: str, now: datetime
) -> None:
    """Send an order's labels to the house's thermal printer. Refused where that does not work."""
    address = settings.LABEL_PRINTERS.get(house.code)
    if not address:
        raise Refused(Why.NO_PRINTER, house=house.name)
    if not labels:
        raise Refused(Why.NOTHING_TO_PRINT)
    try:
        send(address, as_escpos(labels))
    except NotPrinted as error:
        raise Refused(Why.NOT_PRINTED) from error
    tell_printed(order, len(labels), by=by, now=now)


def tell_printed(order: Order, count: int, *, by: str, now: datetime) -> None:
    """Write down that labels were printed: a second set of labels is how bags are mixed up."""
    facts: dict[str, object] = {"labels": count}
    record("labels.printed", order.code, region=order.region.code, by=by, now=now, facts=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPaper:
    """What the paper says of one bag's way: who carried it, when, and how it ended."""

    rider: Rider
    fetched_at: datetime
    at: datetime
    bag_codes: str = ""
    receiver: str = ""
    relation: str = ""
    factor: str = ""
    paid: str = ""  # cash or qris, where the patient pays
    paid_reference: str = ""
    paper_number: str = ""
    failure: lifecycle.Failure | None = None
    note: str = ""


def _bring_to_the_door(order: Order, told: OnPaper, *, by: User, now: datetime) -> None:
    """Take the steps that nobody could take on a screen, told as what they are."""
    facts = {"on_paper": True, "rider": told.rider.user.username}
    if order.state == lifecycle.ASSIGNED and order.carrier_id != told.rider.user_id:
        back = {"carrier": None, "fleet": None}
        step = orders.Step(to=lifecycle.RELEASED, changes=back, facts=facts)
        orders.move(order, step, by=by.username, now=now)
    if order.state == lifecycle.RELEASED:
        dispatch.withdraw_offers(order, now=now)
        carried = {"carrier": told.rider.user, "fleet": told.rider.organisation}
        step = orders.Step(to=lifecycle.ASSIGNED, changes=carried, facts=facts)
        orders.move(order, step, by=by.username, now=now)
    if order.state == lifecycle.ASSIGNED:
        fetched = {**facts, "at": told.fetched_at.isoformat()}
        step = orders.Step(to=lifecycle.COLLECTED, facts=fetched)
        orders.move(order, step, by=by.username, now=now)


def key_in(order: Order, told: OnPaper, *, by: User, now: datetime) -> None:
    """Key in how a bag's way ended on paper. The second factor binds here as at the door.

    All of it happens, or nothing; the events tell both the true times and when they were keyed in.
    """
    if order.state not in {lifecycle.RELEASED, lifecycle.ASSIGNED, lifecycle.COLLECTED}:
        raise Refused(
            Why.NOT_YET_OUT if order.state == lifecycle.PLACED else lifecycle.Why.WRONG_STATE,
            order=order.code,
            state=lifecycle.STATES[order.state],
        )
    reason = why_not_then(told.fetched_at, told.at, released_at=order.released_at, now=now)
    if reason:
        raise Refused(reason, order=order.code)
    try:
        _key_in(order, told, by=by, now=now)
    except Refused as refusal:
        order.refresh_from_db()
        if refusal.reason is lifecycle.Why.WRONG_FACTOR:
            orders.count_wrong_try(order, by=by.username, now=now)  # as at the door
        raise


@transaction.atomic
def _key_in(order: Order, told: OnPaper, *, by: User, now: datetime) -> None:
    orders.hold(order)
    _bring_to_the_door(order, told, by=by, now=now)
    facts: dict[str, object] = {
        "rider": told.rider.user.username,
        "fetched_at": told.fetched_at.isoformat(),
        "at": told.at.isoformat(),
    }
    region = order.region.code
    record("paper.keyed_in", order.code, region=region, by=by.username, now=now, facts=facts)
    if told.failure is not None:
        is_incident = told.failure is lifecycle.Failure.RIDER_INCIDENT
        visit = Visit(
            reason=told.failure,
            note=told.note,
            incident=lifecycle.Incident.OTHER if is_incident else None,
            at=told.at,
        )
        failing.fail(order, visit, seen_version=None, now=now)
        return
    carrier = order.carrier
    assert carrier is not None, order.code
    door = AtTheDoor(
        bag_codes=told.bag_codes,
        receiver=told.receiver,
        relation=told.relation,
        factor=told.factor,
        at=told.at,
        paid=told.paid,
        paid_reference=told.paid_reference,
        paper_number=told.paper_number,
        is_late=True,
    )
    handing_over.hand_over(order, door, rider=carrier, seen_version=None, now=now)
