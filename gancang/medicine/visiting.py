"""A pharmacist visits a patient himself: brings the medicine, looks, advises, writes it down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.accounts.models import Role
from gancang.dispatch import failing, letters
from gancang.medicine.handing_over import find_factor
from gancang.medicine.models import VisitNote
from gancang.medicine.rules import Why
from gancang.orders import actions as orders
from gancang.orders import lifecycle
from gancang.orders.failing import Visit
from gancang.orders.models import Order
from gancang.orders.queries import visible_to
from gancang.orders.scanning import DOOR, check_bags
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from gancang.accounts.models import Membership, User

OPEN = (lifecycle.RELEASED, lifecycle.ASSIGNED, lifecycle.COLLECTED)


def visits_of(asker: Membership) -> QuerySet[Order]:
    """The visits that this pharmacy has promised, the earliest promise first."""
    return visible_to(asker).filter(way="visit", state__in=OPEN)


def find_note(asker: Membership, order: Order) -> VisitNote | None:
    """What was seen at a patient's home; for the pharmacist alone."""
    if asker.role != Role.PHARMACIST:
        return None
    return VisitNote.objects.filter(order=order).select_related("pharmacist").first()


@transaction.atomic
def take_on(order: Order, *, by: User, seen_version: int | None, now: datetime) -> None:
    """A pharmacist takes a visit on and takes the bag along; the patient hears of it."""
    _refuse_if_no_visit(order)
    changes = {"carrier": by, "fleet": None}
    step = orders.Step(
        to=lifecycle.ASSIGNED,
        changes=changes,
        facts={"visit": True},
        seen_version=seen_version,
    )
    orders.move(order, step, by=by.username, now=now)
    orders.move(order, orders.Step(to=lifecycle.COLLECTED), by=by.username, now=now)
    letters.post(order, "collected", now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a pharmacist writes after a visit: who received the medicine, and what he saw."""

    bag_codes: str
    receiver: str
    relation: str
    factor: str
    home: str
    adherence: str
    side_effects: str
    advice: str


def write_note(
    order: Order, told: Told, *, by: User, seen_version: int | None, now: datetime
) -> VisitNote:
    """Close a visit with its note and its proof. Refused without the patient's second factor."""
    _refuse_if_not_his(order, by)
    if order.wrong_tries >= orders.WRONG_TRIES_MAX:
        raise Refused(lifecycle.Why.TOO_MANY_TRIES)
    check_bags(order, told.bag_codes, where=DOOR, by=by.username, now=now)
    factor = find_factor(order, told.factor, rider=by, now=now)
    if factor is None:
        if order.state == lifecycle.COLLECTED:
            orders.count_wrong_try(order, by=by.username, now=now)
        raise Refused(lifecycle.Why.WRONG_FACTOR)
    return _close(order, told, factor, by=by, seen_version=seen_version, now=now)


@transaction.atomic
def _close(
    order: Order, told: Told, factor: str, *, by: User, seen_version: int | None, now: datetime
) -> VisitNote:
    proof = orders.HandOver(receiver=told.receiver, relation=told.relation, factor=factor, at=now)
    orders.prove(order, proof, by=by, now=now, seen_version=seen_version)
    letters.post(order, "delivered", now=now)
    return VisitNote.objects.create(
        order=order,
        pharmacist=by,
        at=now,
        home=told.home,
        adherence=told.adherence,
        side_effects=told.side_effects,
        advice=told.advice,
    )


def not_met(
    order: Order,
    reason: lifecycle.Failure,
    note: str,
    *,
    by: User,
    seen_version: int | None,
    now: datetime,
) -> None:
    """The patient could not be visited; the bag is back at the pharmacy with its pharmacist."""
    _refuse_if_not_his(order, by)
    told = Visit(reason=reason, note=note)
    failing.fail(order, told, seen_version=seen_version, now=now)


def _refuse_if_no_visit(order: Order) -> None:
    if order.way != "visit":
        raise Refused(Why.NO_VISIT, order=order.code)


def _refuse_if_not_his(order: Order, by: User) -> None:
    _refuse_if_no_visit(order)
    if order.carrier_id != by.pk:
        raise Refused(Why.NOT_YOUR_VISIT, order=order.code)
