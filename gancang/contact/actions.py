"""What patients ask for, whoever says it for them, and by whichever way it reaches us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.contact import letters
from gancang.contact.models import OnBehalf
from gancang.contact.rules import RELATIONS, Why, next_morning
from gancang.dispatch import actions as dispatch
from gancang.orders import actions as orders
from gancang.orders import lifecycle
from gancang.outbox import actions as outbox
from gancang.programmes.queries import terms_of
from gancang.residents.contact_data import change_contact
from gancang.residents.queries import Reader, read_person
from gancang.values import N_, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import Membership
    from gancang.orders.models import Order
    from gancang.outbox.models import Letter

# What is done for a patient; the last one has a page of its own.
DEEDS = {
    "confirm": N_("Address and phone are right"),
    "tomorrow": N_("Not today: bring it tomorrow"),
    "cancel": N_("Do not bring it: call it off"),
}
CORRECT = "correct"


@transaction.atomic
def confirm(order: Order, *, how: str, by: str, now: datetime) -> None:
    """Address and phone are right: it may be planned, and the patient gets the code. Twice is once.

    The code for the door goes only to a phone that was confirmed.
    """
    if order.confirmed_at:
        return
    orders.confirm(order, how, by, now)
    reader = Reader(region=order.region, by=by, role="system", purpose="order.placed", now=now)
    phone = read_person(reader, order.resident_id).phone
    if phone:
        outbox.post_all(letters.placed_notes(order, phone), region=order.region.code, now=now)


@transaction.atomic
def ask_for_tomorrow(order: Order, *, by: str, now: datetime) -> None:
    """Not today: it is offered to riders from tomorrow morning on, if none holds the bag yet."""
    orders.hold(order)
    order.refresh_from_db()
    if order.state not in lifecycle.CANCELLABLE:
        raise Refused(Why.ON_ITS_WAY, order=order.code)
    dispatch.withdraw_offers(order, now=now)
    if order.state == lifecycle.ASSIGNED:
        dispatch.give_up(order, by=by, seen_version=None, now=now)
    morning = next_morning(now, order.region.timezone)
    promised = morning + timedelta(minutes=terms_of(order.programme).promise_min)
    orders.wait_until(order, morning, promise_at=promised, by=by, now=now)


@transaction.atomic
def call_off(order: Order, *, by: str, now: datetime) -> None:
    """The patient does not want it brought."""
    dispatch.cancel(order, reason="asked by the patient", by=by, seen_version=None, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks at a desk or on the phone, for whom it is done, and that the patient wants it."""

    by: Membership
    relation: str
    name: str
    patient_asked: bool
    how: str = "clerk"

    def __post_init__(self) -> None:
        """Refuse what would leave open who wanted it."""
        assert self.relation in RELATIONS, self.relation
        if not self.patient_asked:
            raise Refused(Why.NOT_ASKED)
        if self.relation != "patient" and not self.name.strip():
            raise Refused(Why.WHO_ASKED)


@transaction.atomic
def do_for(order: Order, deed: str, asked: Asked, *, now: datetime) -> None:
    """Do for a patient what his link can do: confirm, tomorrow, cancel."""
    by = asked.by.user.username
    match deed:
        case "confirm":
            confirm(order, how=asked.how, by=by, now=now)
        case "tomorrow":
            ask_for_tomorrow(order, by=by, now=now)
        case "cancel":
            call_off(order, by=by, now=now)
        case _:
            raise AssertionError(deed)
    _keep(order, deed, asked, now=now)


@transaction.atomic
def correct_for(order: Order, asked: Asked, *, phone: str, landmark: str, now: datetime) -> None:
    """Another phone, a better landmark; with that they are confirmed."""
    change_contact(
        order.resident_id, phone=phone, landmark=landmark, by=asked.by.user.username, now=now
    )
    _keep(order, CORRECT, asked, now=now)
    if order.state in lifecycle.OPEN:
        confirm(order, how=asked.how, by=asked.by.user.username, now=now)


def _keep(order: Order, deed: str, asked: Asked, *, now: datetime) -> None:
    OnBehalf.objects.create(
        order=order,
        deed=deed,
        by=asked.by.user,
        role=asked.by.role,
        relation=asked.relation,
        name=asked.name.strip()[:120],
        at=now,
    )
    record(
        "order.on_behalf",
        order.code,
        region=order.region.code,
        by=asked.by.user.username,
        now=now,
        facts={"deed": deed, "relation": asked.relation, "role": asked.by.role},
    )


@transaction.atomic
def write_in(order: Order, language: str, *, by: str, now: datetime) -> None:
    """From now on the patient is written to in this language of the region."""
    outbox.write_in(order.resident_id, language)
    facts: dict[str, object] = {"language": language}
    record("letter.language", order.code, region=order.region.code, by=by, now=now, facts=facts)


@transaction.atomic
def send_again(letter: Letter, *, by: str, now: datetime) -> None:
    """Try a letter that was given up once more."""
    outbox.send_again(letter, now=now)
    _note_letter("letter.sent_again", letter, by=by, now=now)


@transaction.atomic
def tell_by_phone(letter: Letter, *, by: str, now: datetime) -> None:
    """Somebody rang and said what a letter says that no gateway brought."""
    outbox.note_told(letter)
    _note_letter("letter.told", letter, by=by, now=now)


def _note_letter(kind: str, letter: Letter, *, by: str, now: datetime) -> None:
    facts: dict[str, object] = {"kind": letter.kind, "letter": letter.pk}
    record(kind, letter.subject, region=letter.region_code, by=by, now=now, facts=facts)
