"""What a patient is told once his order is placed, asked, confirmed or answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from gancang.orders.links import track_url
from gancang.outbox.actions import Note
from gancang.values import N_

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from gancang.outbox.models import Channel

# Asked before anybody sets out. No code and no name: the phone may be somebody else's.
ASK = N_(
    "Medicine from %(hospital)s for %(address)s. Right? Answer YA. Not today: BESOK. "
    "Not wanted: BATAL. %(link)s"
)
PLACED = N_(
    "Your medicine from %(hospital)s will be brought to you free of charge. "
    "Tell the rider your date of birth or this code: %(code)s. Follow it here: %(link)s"
)
TOMORROW = N_("Good: your medicine comes tomorrow, not today.")
STOPPED = N_("You get only what you need to receive your medicine. To get all again answer MULAI.")
STARTED = N_("You get all messages again.")


def first_note(order: Order, *, phone: str, address: str) -> Note:
    """The first letter of an order: where it goes, or before that the question whether it may."""
    return placed_note(order, phone) if order.confirmed_at else ask_note(order, phone, address)


def placed_note(order: Order, phone: str) -> Note:
    """It will be brought, with the code for the door."""
    told = {
        "hospital": order.origin.name,
        "link": track_url(order.code),
        "code": order.door_code,
    }
    return _note(order, "order.placed", PLACED, phone, told, key=f"placed:{order.code}")


def ask_note(order: Order, phone: str, address: str) -> Note:
    """Is this where you live, and your phone?"""
    told = {
        "hospital": order.origin.name,
        "link": track_url(order.code),
        "address": f"{address[:60]}, {order.village.name}",
    }
    return _note(order, "order.confirm", ASK, phone, told, key=f"confirm:{order.code}")


def answer_note(words: str, *, key: str, address: str, channel: Channel, subject: str) -> Note:
    """An answer to somebody who wrote, by the same way."""
    return Note(
        key=key,
        kind="contact.answer",
        subject=subject,
        address=address,
        body=words,
        channel=channel,
    )


def in_indonesian(sentence: str) -> str:
    """A sentence for patients, whoever's page is open just now."""
    with translation.override("id"):
        return _(sentence)


def _note(
    order: Order, kind: str, sentence: str, phone: str, told: dict[str, str], *, key: str
) -> Note:
    return Note(
        key=key,
        kind=kind,
        subject=order.code,
        address=phone,
        body=in_indonesian(sentence) % told,
        person=order.resident_id,
        told=told,
    )
