"""What the patient is told while the bag travels. Never what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from gancang.orders import lifecycle
from gancang.orders.links import track_url
from gancang.outbox.actions import Note, post
from gancang.residents.queries import Reader, read_person
from gancang.values import N_

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.orders.models import Order


def post_collected(order: Order, *, now: datetime) -> None:
    """The rider has the bag and comes now."""
    _post(
        order,
        "order.collected",
        N_("%(rider)s is on the way with your medicine. Follow it here: %(link)s"),
        now=now,
    )


def post_delivered(order: Order, *, now: datetime) -> None:
    """The bag was handed over: whoever did not receive it should ring."""
    _post(
        order,
        "order.delivered",
        N_("Your medicine was handed over. Not to you? Ring the pharmacy: %(phone)s."),
        now=now,
    )


def post_failed(order: Order, *, now: datetime) -> None:
    """Nobody could take the bag; the pharmacy will ring."""
    _post(
        order,
        "order.failed",
        N_(
            "We could not hand your medicine over; it goes back to the pharmacy, which will ring "
            "you. You can ring it too: %(phone)s."
        ),
        now=now,
    )


def post_to_counter(order: Order, *, now: datetime) -> None:
    """Nobody could take the bag; it is on its way to a counter near the patient."""
    _post(
        order,
        "order.to_counter",
        N_(
            "We could not hand your medicine over. It is brought to %(counter)s; "
            "we write again once you can fetch it there. Questions: %(phone)s."
        ),
        now=now,
    )


def post_held(order: Order, *, now: datetime) -> None:
    """The bag waits at a counter near the patient."""
    _post(
        order,
        "order.held",
        N_(
            "Your medicine waits for you at %(counter)s. Tell the clerk your date of birth or the "
            "code that we sent you. Questions: %(phone)s."
        ),
        now=now,
    )


def post_cancelled(order: Order, *, now: datetime) -> None:
    """The delivery will not come."""
    _post(
        order,
        "order.cancelled",
        N_(
            "The delivery of your medicine was cancelled. "
            "Fetch it at %(hospital)s, or ring %(phone)s."
        ),
        now=now,
    )


def post_later(order: Order, *, now: datetime) -> None:
    """It comes later than promised; the operator knows and says so."""
    _post(
        order,
        "order.told_late",
        N_(
            "Your medicine comes later than we promised; we are at it. "
            "Follow it here: %(link)s. Urgent? Ring %(phone)s."
        ),
        now=now,
    )


def post_recalled(order: Order, *, now: datetime) -> None:
    """The bag may be somebody else's: not to be taken, whether it was brought or still comes."""
    if order.state in (lifecycle.DELIVERED, lifecycle.HELD):
        sentence = N_(
            "Important: the bag that you were given may not be yours. Take nothing from it and "
            "leave it closed. The pharmacy rings you; you can ring it too: %(phone)s."
        )
    else:
        sentence = N_(
            "The pharmacy checks your medicine once more, so it comes later than promised. "
            "You need not do anything. Questions: %(phone)s."
        )
    _post(order, "order.recalled", sentence, now=now)


def _post(order: Order, kind: str, sentence: str, *, now: datetime) -> None:
    reader = Reader(region=order.region, by="system", role="system", purpose=kind, now=now)
    person = read_person(reader, order.resident_id)
    if not person.phone or person.deceased_on:
        return
    told = {
        "rider": order.carrier.full_name if order.carrier else "",
        "link": track_url(order.code),
        "hospital": order.origin.name,
        "counter": order.hold_at.name if order.hold_at else "",
        "phone": order.origin.phone or order.region.phone,
    }
    with translation.override("id"):
        body = _(sentence) % told
    note = Note(
        key=f"{kind}:{order.code}:{order.version}",
        kind=kind,
        subject=order.code,
        address=person.phone,
        body=body,
        person=order.resident_id,
        told=told,
    )
    post(note, region=order.region.code, now=now)
