"""Handing a bag over at the door: name, second factor, proof; from then on money is owed."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.accounts.models import User
from gancang.cash import actions as cash
from gancang.dispatch import letters
from gancang.medicine import parts
from gancang.orders import actions as orders
from gancang.orders import failing, lifecycle
from gancang.orders.evidence import Why, clean_photo, clean_signature
from gancang.orders.models import Order
from gancang.orders.scanning import COUNTER, DOOR, check_bags
from gancang.residents.actions import learn_pin
from gancang.residents.queries import Reader, read_person
from gancang.residents.rules import same_day
from gancang.values import Point, Refused

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTheDoor:
    """What was typed and drawn where the bag is handed over, and when by the device's clock."""

    bag_codes: str
    receiver: str
    relation: str
    factor: str
    at: datetime
    lat: float | None = None
    lon: float | None = None
    clock_off_s: int | None = None
    signature: str = ""
    cannot_sign: bool = False
    witness: str = ""
    photo: bytes = b""
    photo_consent: bool = False
    paid: str = ""  # cash or qris, where the patient pays
    paid_reference: str = ""
    paper_number: str = ""  # of the receipt from the block, where screens were dark


def hand_over(
    order: Order, told: AtTheDoor, *, rider: User, seen_version: int | None, now: datetime
) -> None:
    """Hand the bag over: its code, name and second factor prove it; from here on money is owed.

    A wrong factor is counted even though the deed is refused; after five the pharmacy decides.
    """
    waits = order.state == lifecycle.HELD  # the clerk of a counter hands it over
    assert waits or order.carrier_id == rider.pk, order.code
    if order.wrong_tries >= orders.WRONG_TRIES_MAX:
        raise Refused(lifecycle.Why.TOO_MANY_TRIES)
    # Before the factor is looked at: a bad photo must not be the reason to ask for it again.
    evidence = _clean(told)
    check_bags(order, told.bag_codes, where=DOOR, by=rider.username, now=now)
    factor = find_factor(order, told.factor, rider=rider, now=now)
    if factor is None:
        if order.state in {lifecycle.COLLECTED, lifecycle.HELD}:
            orders.count_wrong_try(order, by=rider.username, now=now)
        raise Refused(lifecycle.Why.WRONG_FACTOR)
    proof = replace(evidence, factor=factor)
    paid = cash.Paid(
        how=told.paid,
        reference=told.paid_reference,
        paper_number=told.paper_number,
        paid_at=told.at if told.paper_number else None,
    )
    _deliver(order, (proof, paid), by=rider, seen_version=seen_version, now=now)


def take_in(order: Order, bag_codes: str, *, by: User, now: datetime) -> None:
    """The clerk of a counter near the patient scans the bags and takes them from the rider."""
    check_bags(order, bag_codes, where=COUNTER, by=by.username, now=now)
    with transaction.atomic():
        orders.hold(order)
        parts.owe_way_to_counter(order, by=by.username, now=now)
        failing.receive(order, by=by, now=now)
        letters.post(order, "held", now=now)


def _clean(told: AtTheDoor) -> orders.HandOver:
    """What will be kept of the evidence. Refused where it can't be, or may not."""
    if told.cannot_sign and not told.witness.strip():
        raise Refused(Why.NO_WITNESS)
    if told.photo and not told.photo_consent:
        raise Refused(Why.PHOTO_WITHOUT_CONSENT)
    return orders.HandOver(
        receiver=told.receiver,
        relation=told.relation,
        factor="",
        at=told.at,
        lat=told.lat,
        lon=told.lon,
        clock_off_s=told.clock_off_s,
        signature=clean_signature(told.signature),
        witness=told.witness,
        photo=clean_photo(told.photo) if told.photo else "",
    )


def find_factor(order: Order, typed: str, *, rider: User, now: datetime) -> str | None:
    """By what the receiver is known: the code, or the date of birth; None for neither."""
    typed = typed.strip()
    if typed and hmac.compare_digest(typed.encode(), order.door_code.encode()):
        return "door_code"
    reader = Reader(
        region=order.region, by=rider.username, role="rider", purpose="second factor", now=now
    )
    person = read_person(reader, order.resident_id)
    return "birth_date" if person.birth_date and same_day(typed, person.birth_date) else None


@transaction.atomic
def _deliver(
    order: Order,
    told: tuple[orders.HandOver, cash.Paid],
    *,
    by: User,
    seen_version: int | None,
    now: datetime,
) -> None:
    proof, paid = told
    was_held = order.state == lifecycle.HELD
    orders.prove(order, proof, by=by, now=now, seen_version=seen_version)
    # The public funds pay what the patient does not.
    parts.owe_at_door(order, was_held=was_held, by=by.username, now=now)
    cash.take_payment(order, paid, by=by, now=now)
    if proof.lat is not None and proof.lon is not None:
        # Where he was met is where he is found the next time, if it can be his place at all.
        met_at = Point(proof.lat, proof.lon)
        learn_pin(order.resident_id, met_at, "handover", now, about=order.code, by=by.username)
    letters.post(order, "delivered", now=now)
