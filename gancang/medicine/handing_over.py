"""Handing a bag over at the door: name, second factor, proof; from then on money is owed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.accounts.models import User
from gancang.dispatch import letters
from gancang.ledger import actions as ledger
from gancang.orders import actions as orders
from gancang.orders import lifecycle
from gancang.orders.models import Order
from gancang.residents.queries import Reader, read_person
from gancang.residents.rules import same_day
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTheDoor:
    """What the rider typed at the door."""

    receiver: str
    relation: str
    factor: str
    at: datetime
    lat: float | None = None
    lon: float | None = None


def hand_over(
    order: Order, told: AtTheDoor, *, rider: User, seen_version: int | None, now: datetime
) -> None:
    """Hand the bag over: name and second factor prove it, and the money is owed from here on.

    A wrong factor is counted even though the deed is refused; after five the pharmacy decides.
    """
    assert order.carrier_id == rider.pk, order.code
    if order.wrong_tries >= orders.WRONG_TRIES_MAX:
        raise Refused(lifecycle.Why.TOO_MANY_TRIES)
    factor = _find_factor(order, told.factor, rider=rider, now=now)
    if factor is None:
        if order.state == lifecycle.COLLECTED:
            orders.count_wrong_try(order, by=rider.username, now=now)
        raise Refused(lifecycle.Why.WRONG_FACTOR)
    proof = orders.HandOver(
        receiver=told.receiver,
        relation=told.relation,
        factor=factor,
        at=told.at,
        lat=told.lat,
        lon=told.lon,
    )
    _deliver(order, proof, seen_version=seen_version, now=now)


def _find_factor(order: Order, typed: str, *, rider: User, now: datetime) -> str | None:
    typed = typed.strip()
    if typed and typed == order.door_code:
        return "door_code"
    reader = Reader(
        region=order.region, by=rider.username, role="rider", purpose="second factor", now=now
    )
    person = read_person(reader, order.resident_id)
    return "birth_date" if person.birth_date and same_day(typed, person.birth_date) else None


@transaction.atomic
def _deliver(
    order: Order, proof: orders.HandOver, *, seen_version: int | None, now: datetime
) -> None:
    orders.prove(order, proof, now=now, seen_version=seen_version)
    carrier, fleet = order.carrier, order.fleet
    assert carrier is not None, order.code
    assert fleet is not None, order.code
    # The public funds pay what the patient does not.
    cost = Money(order.price_rp - order.patient_pays_rp)
    ledger.settle(
        order.code, payee=fleet, cost=cost, region=order.region, by=carrier.username, now=now
    )
    letters.post_delivered(order, now=now)
