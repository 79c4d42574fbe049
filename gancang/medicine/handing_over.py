"""Handing a bag over at the door: name, second factor, proof; from then on money is owed."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.accounts.models import User
from gancang.cash import actions as cash
from gancang.dispatch import letters, parts
from gancang.medicine.actions import note_other_receiver
from gancang.medicine.rules import Why as NotNamed
from gancang.orders import actions as orders
from gancang.orders import failing, lifecycle
from gancang.orders.evidence import Why, clean_photo, clean_signature
from gancang.orders.models import Order
from gancang.orders.scanning import COUNTER, DOOR, check_bags
from gancang.residents.actions import learn_pin
from gancang.residents.queries import Reader, read_person, receivers_of
from gancang.residents.rules import is_same_name, same_day
from gancang.trips.queries import along_with
from gancang.values import Point, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


ACCURATE_M = 50  # worse than that a phone sees another house


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
    accuracy_m: float | None = None  # how well the device knew the place, where it said so
    clock_off_s: int | None = None
    signature: str = ""
    cannot_sign: bool = False
    witness: str = ""
    photo: bytes = b""
    photo_consent: bool = False
    paid: str = ""  # cash or qris, where the patient pays
    paid_reference: str = ""
    paper_number: str = ""  # of the receipt from the block, where screens were dark
    why_other: str = ""  # why somebody receives who is not named for it
    # Of the other patients of the house whose bags are handed over too: by their order's code.
    factors: Mapping[str, str] = field(default_factory=dict)
    is_late: bool = False  # it has happened: told by paper, or by a device that had no network


def hand_over(
    order: Order, told: AtTheDoor, *, rider: User, seen_version: int | None, now: datetime
) -> None:
    """Hand the bag over: its code, name and second factor prove it; from here on money is owed.

    What goes with it to the same house is handed over at once, each patient with his own factor.
    A wrong factor is counted even though the deed is refused; after five the pharmacy decides.
    """
    if not order.is_medicine:
        raise Refused(NotNamed.NOT_MEDICINE, order=order.code)
    waits = order.state == lifecycle.HELD  # the clerk of a counter hands it over
    assert waits or order.carrier_id == rider.pk, order.code
    together = [order, *along_with(order)]
    if any(each.wrong_tries >= orders.WRONG_TRIES_MAX for each in together):
        raise Refused(lifecycle.Why.TOO_MANY_TRIES)
    # Before the factor is looked at: a bad photo must not be the reason to ask for it again.
    evidence = _clean(told)
    check_bags(order, told.bag_codes, along=together[1:], where=DOOR, by=rider.username, now=now)
    factors = _factors(together, told, rider=rider, now=now)
    others = [each for each in together if _is_other_receiver(each, told, rider=rider, now=now)]
    paid = cash.Paid(
        how=told.paid,
        reference=told.paid_reference,
        paper_number=told.paper_number,
        paid_at=told.at if told.paper_number else None,
    )
    with transaction.atomic():
        for each in together:
            if each in others:
                note_other_receiver(each, told.why_other.strip(), by=rider.username, now=now)
            proof = replace(evidence, factor=factors[each.resident_id])
            seen = seen_version if each is order else None
            _deliver(each, (proof, paid), by=rider, seen_version=seen, now=now)
            if not waits and knows_the_house(told):
                _learn(each, told, by=rider, now=now)


def _factors(
    together: Sequence[Order], told: AtTheDoor, *, rider: User, now: datetime
) -> dict[int, str]:
    """By what each patient is known. Refused with the first who is not; that try is counted."""
    found: dict[int, str] = {}
    for order in together:
        if order.resident_id in found:
            continue
        his = [each for each in together if each.resident_id == order.resident_id]
        typed = told.factor if order is together[0] else told.factors.get(order.code, "")
        factor = _factor_of(his, typed, rider=rider, now=now)
        if factor is None:
            if order.state in {lifecycle.COLLECTED, lifecycle.HELD}:
                orders.count_wrong_try(order, by=rider.username, now=now)
            raise Refused(lifecycle.Why.WRONG_FACTOR)
        found[order.resident_id] = factor
    return found


def _factor_of(his: Sequence[Order], typed: str, *, rider: User, now: datetime) -> str | None:
    """One patient's factor: the code of any of his orders, or his date of birth."""
    if any(is_door_code(each, typed) for each in his):
        return "door_code"
    return find_factor(his[0], typed, rider=rider, now=now)


def is_door_code(order: Order, typed: str) -> bool:
    """Whether that is the code that was sent for an order."""
    typed = typed.strip()
    return bool(typed) and hmac.compare_digest(typed.encode(), order.door_code.encode())


def _is_other_receiver(order: Order, told: AtTheDoor, *, rider: User, now: datetime) -> bool:
    """Whether somebody receives who is not named for it. Refused where nobody says why."""
    if told.relation == "patient":
        return False
    named = list_receivers(order, rider=rider, now=now)
    if not named or any(is_same_name(told.receiver, name) for name, _relation in named):
        return False
    if not told.is_late and not told.why_other.strip():
        raise Refused(NotNamed.NOT_NAMED, names=", ".join(name for name, _relation in named))
    return True


def list_receivers(order: Order, *, rider: User, now: datetime) -> list[tuple[str, str]]:
    """Who may receive beside the patient, where somebody was named; each reading is logged."""
    reader = Reader(
        region=order.region, by=rider.username, role="rider", purpose="receiver", now=now
    )
    return receivers_of(reader, order.resident_id)


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
    if is_door_code(order, typed):
        return "door_code"
    reader = Reader(
        region=order.region, by=rider.username, role="rider", purpose="second factor", now=now
    )
    person = read_person(reader, order.resident_id)
    return (
        "birth_date" if person.birth_date and same_day(typed.strip(), person.birth_date) else None
    )


def knows_the_house(told: AtTheDoor) -> bool:
    """Whether the device knew the place well enough to remember a house by it."""
    return told.accuracy_m is None or told.accuracy_m <= ACCURATE_M


def _learn(order: Order, told: AtTheDoor, *, by: User, now: datetime) -> None:
    """Where he was met is where he is found the next time, if it can be his place at all."""
    if told.lat is not None and told.lon is not None:
        met_at = Point(told.lat, told.lon)
        learn_pin(order.resident_id, met_at, "handover", now, about=order.code, by=by.username)


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
    letters.post(order, "delivered", now=now)
