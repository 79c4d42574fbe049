"""By post: handing the parcel in under its number, hearing that it arrived, having it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.cash import actions as cash
from gancang.dispatch import actions as dispatch
from gancang.dispatch import failing, letters, parts
from gancang.dispatch.queries import owed_for
from gancang.medicine.handing_over import find_factor
from gancang.orders import actions as orders
from gancang.orders import legs, lifecycle
from gancang.orders.failing import Visit
from gancang.orders.models import Leg
from gancang.orders.queries import visible_to
from gancang.orders.scanning import COUNTER, check_bags
from gancang.reach.queries import ways_of
from gancang.reach.rules import POST, find_way
from gancang.regions.models import Organisation
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from gancang.accounts.models import Membership, User
    from gancang.orders.models import Order
    from gancang.values import Money


def parcels_of(asker: Membership) -> QuerySet[Order]:
    """What is to be handed to the post, and what is on its way by post."""
    rows = visible_to(asker).filter(way=POST, state__in=[lifecycle.RELEASED, lifecycle.COLLECTED])
    return rows.prefetch_related("legs__fleet")


def carriers_of(order: Order) -> list[Organisation]:
    """Who may be handed the parcel: whom the pack names for this way, else any fleet."""
    way = find_way(
        ways_of(order.region), POST, origin=order.origin.code, village=order.village.code
    )
    rows = Organisation.objects.filter(region=order.region, kind=Organisation.Kind.FLEET)
    if way and way.carriers:
        rows = rows.filter(code__in=way.carriers)
    return list(rows.order_by("name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What stands on the post's slip, and how the patient paid, where he pays."""

    fleet: Organisation
    number: str
    cost: Money
    bag_codes: str
    paid: str = ""
    paid_reference: str = ""


def hand_in(
    order: Order, parcel: Parcel, *, by: User, seen_version: int | None, now: datetime
) -> None:
    """The parcel was handed to the post: its number and cost are kept, the patient is told."""
    if order.way != POST:
        raise Refused(lifecycle.Why.NOT_BY_POST, order=order.code)
    most = owed_for(order)
    if parcel.cost > most:
        raise Refused(lifecycle.Why.DEARER_THAN_SET_ASIDE, cost=parcel.cost, most=most)
    check_bags(order, parcel.bag_codes, where=COUNTER, by=by.username, now=now)
    _hand_in(order, parcel, by=by, seen_version=seen_version, now=now)


@transaction.atomic
def _hand_in(
    order: Order, parcel: Parcel, *, by: User, seen_version: int | None, now: datetime
) -> None:
    orders.hold(order)
    dispatch.withdraw_offers(order, now=now)
    step = orders.Step(
        to=lifecycle.ASSIGNED,
        changes={"carrier": by, "fleet": parcel.fleet},
        facts={"fleet": parcel.fleet.code},
        seen_version=seen_version,
    )
    orders.move(order, step, by=by.username, now=now)
    part = legs.Part(
        kind=Leg.Kind.POST,
        fleet=parcel.fleet,
        carrier=by,
        cost=parcel.cost,
        reference=parcel.number,
    )
    leg = legs.begin(order, part, now=now)
    facts = {"number": leg.reference, "cost_rp": leg.cost_rp}
    orders.move(order, orders.Step(to=lifecycle.COLLECTED, facts=facts), by=by.username, now=now)
    parts.owe_post(order, leg, by=by.username, now=now)
    paid = cash.Paid(how=parcel.paid, reference=parcel.paid_reference)
    cash.take_payment(order, paid, by=by, now=now)
    letters.post(order, "posted", now=now, number=leg.reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What the patient said on the telephone, or whoever saw the parcel arrive."""

    receiver: str
    relation: str
    factor: str
    at: datetime


def arrived(
    order: Order, told: Arrival, *, by: User, seen_version: int | None, now: datetime
) -> None:
    """The patient has it, and proves it as at the door: by the date of birth or the code."""
    if order.way != POST:
        raise Refused(lifecycle.Why.NOT_BY_POST, order=order.code)
    if order.wrong_tries >= orders.WRONG_TRIES_MAX:
        raise Refused(lifecycle.Why.TOO_MANY_TRIES)
    factor = find_factor(order, told.factor, rider=by, now=now)
    if factor is None:
        if order.state == lifecycle.COLLECTED:
            orders.count_wrong_try(order, by=by.username, now=now)
        raise Refused(lifecycle.Why.WRONG_FACTOR)
    proof = orders.HandOver(
        receiver=told.receiver, relation=told.relation, factor=factor, at=told.at
    )
    with transaction.atomic():
        orders.prove(order, proof, by=by, now=now, seen_version=seen_version)
        letters.post(order, "delivered", now=now)


def came_back(
    order: Order,
    reason: lifecycle.Failure,
    note: str,
    *,
    seen_version: int | None,
    now: datetime,
) -> None:
    """The post brings the parcel back, or says that it could not deliver it."""
    if order.way != POST:
        raise Refused(lifecycle.Why.NOT_BY_POST, order=order.code)
    visit = Visit(reason=reason, note=note, at=now)
    failing.fail(order, visit, seen_version=seen_version, now=now)
