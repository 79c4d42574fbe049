"""Handing goods over: the programme's proof decides, here and not on the page."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from gancang.callbacks import actions as callbacks
from gancang.cards.queries import is_card_of
from gancang.cash import actions as cash
from gancang.dispatch import letters, parts
from gancang.orders import actions as orders
from gancang.orders import lifecycle
from gancang.orders.evidence import clean_photo, clean_signature
from gancang.orders.scanning import DOOR, check_bags
from gancang.parcels.actions import note_shown
from gancang.parcels.rules import (
    FACTORS,
    LEVELS,
    Evidence,
    Why,
    is_rung,
    levels_of,
    why_not_proved,
)
from gancang.programmes.queries import terms_of
from gancang.residents.queries import Reader, read_person
from gancang.residents.rules import same_day
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.orders.models import Order
    from gancang.programmes.rules import Terms
    from gancang.regions.models import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTheDoor:
    """What was typed, drawn and photographed where it is handed over, or left."""

    bag_codes: str
    receiver: str
    relation: str
    level: str
    at: datetime
    factor: str = ""
    signature: str = ""
    photo: bytes = b""
    photo_consent: bool = False
    witness: str = ""
    office: str = ""
    reason: str = ""
    left: bool = False
    lat: float | None = None
    lon: float | None = None
    clock_off_s: int | None = None
    paid: str = ""
    paid_reference: str = ""


def hand_over(
    order: Order, told: AtTheDoor, *, rider: User, seen_version: int | None, now: datetime
) -> None:
    """End a delivery by the proof that its programme asks for; from here on money is owed.

    A wrong code is counted even though the deed is refused; after five the sender decides.
    """
    if order.is_medicine:
        raise Refused(Why.IS_MEDICINE, order=order.code)
    waits = order.state == lifecycle.HELD  # the clerk of a counter hands it over
    assert waits or order.carrier_id == rider.pk, order.code
    if order.wrong_tries >= orders.WRONG_TRIES_MAX:
        raise Refused(Why.TOO_MANY_TRIES)
    signature = clean_signature(told.signature)
    photo = clean_photo(told.photo) if told.photo else ""
    check_bags(order, told.bag_codes, where=DOOR, by=rider.username, now=now)
    shown = Evidence(
        level=told.level,
        factor="" if told.left else _factor_of(order, told, rider=rider, now=now),
        signature=bool(signature),
        photo=bool(photo),
        consent=told.photo_consent,
        witness=told.witness,
        office=told.office,
        reason=told.reason,
        left=told.left,
    )
    _refuse_unproved(order, shown, rider=rider, now=now)
    proof = _proof_of(told, signature=signature, photo=photo)
    paid = cash.Paid(how=told.paid, reference=told.paid_reference)
    _deliver(order, shown, (proof, paid), by=rider, seen_version=seen_version, now=now)


def _proof_of(told: AtTheDoor, *, signature: str, photo: str) -> orders.HandOver:
    """What is kept of the hand-over."""
    return orders.HandOver(
        receiver=told.receiver,
        relation="left" if told.left else told.relation,
        factor="left" if told.left else told.level,
        at=told.at,
        lat=told.lat,
        lon=told.lon,
        clock_off_s=told.clock_off_s,
        signature=signature,
        witness=told.witness,
        photo=photo,
    )


def _refuse_unproved(order: Order, shown: Evidence, *, rider: User, now: datetime) -> None:
    """Refuse what does not prove the hand-over by the programme; a wrong code is counted."""
    terms = terms_of(order.programme)
    why = why_not_proved(shown, proof=terms.proof, may_be_left=terms.may_be_left)
    if why is None:
        return
    if why in (Why.WRONG_FACTOR, Why.WRONG_CARD) and order.state in {
        lifecycle.COLLECTED,
        lifecycle.HELD,
    }:
        orders.count_wrong_try(order, by=rider.username, now=now)
    raise Refused(why, programme=terms.name, **_levels(terms))


def _levels(terms: Terms) -> dict[str, str]:
    levels = levels_of(terms.proof)
    words = [_(LEVELS[level]) for level in levels]
    return {"levels": ", ".join(words), "level": words[0]}


def _factor_of(order: Order, told: AtTheDoor, *, rider: User, now: datetime) -> str:
    reader = reader_at_door(order.region, rider, now=now)
    return factor_shown(told.level, told.factor, order.resident_id, reader, code=order.door_code)


def reader_at_door(region: Region, rider: User, *, now: datetime) -> Reader:
    """Who looks at somebody's date of birth to compare it with what was said at the door."""
    who = rider.username
    return Reader(region=region, by=who, role="rider", purpose="second factor", now=now)


def factor_shown(level: str, typed: str, person: int, reader: Reader, *, code: str = "") -> str:
    """What was typed is: the code, the date of birth, the card, or nothing that is asked for."""
    typed = typed.strip()
    if level not in FACTORS or not typed:
        return ""
    if level == "code":
        return "code" if hmac.compare_digest(typed.encode(), code.encode()) else ""
    if level == "card":
        return "card" if is_card_of(person, typed) else ""
    born = read_person(reader, person).birth_date
    return "birth_date" if born and same_day(typed, born) else ""


@transaction.atomic
def _deliver(
    order: Order,
    shown: Evidence,
    told: tuple[orders.HandOver, cash.Paid],
    *,
    by: User,
    seen_version: int | None,
    now: datetime,
) -> None:
    proof, paid = told
    was_held = order.state == lifecycle.HELD
    orders.prove(order, proof, by=by, now=now, seen_version=seen_version)
    note_shown(order, shown, by=by.username, now=now)
    if is_rung(shown, proof=terms_of(order.programme).proof):
        office = order.hold_at if was_held else order.fleet
        assert office is not None, order.code
        done = callbacks.Done(
            about=order.code, programme=order.programme, resident=order.resident, office=office
        )
        callbacks.ask_for(done, by=by, now=now)
    parts.owe_at_door(order, was_held=was_held, by=by.username, now=now)
    cash.take_payment(order, paid, by=by, now=now)
    letters.post(order, "left" if shown.left else "delivered", now=now)


class AtDoor(TypedDict):
    """What the form at a door is made by."""

    terms: Terms
    levels: Sequence[str]


def terms_at(order: Order) -> AtDoor:
    """Under which terms an order is handed over, and by which proofs, the required one first."""
    terms = terms_of(order.programme)
    return AtDoor(terms=terms, levels=levels_of(terms.proof))
