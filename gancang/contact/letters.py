"""What a patient is told once his order is placed, asked, confirmed or answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from gancang.orders.links import track_url
from gancang.outbox.actions import Note
from gancang.programmes.letters import in_own_words
from gancang.programmes.queries import terms_of
from gancang.regions.queries import zone_of
from gancang.values import N_, in_words

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.orders.models import Order
    from gancang.outbox.models import Channel

# Asked before anybody sets out. No code and no name: the phone may be somebody else's.
ASK = N_(
    "Medicine from %(hospital)s for %(address)s. Right? Answer YA. Not today: BESOK. "
    "Not wanted: BATAL. %(link)s"
)
# The price is told in each.
PLACED = N_(
    "Your medicine from %(hospital)s will be brought to you free of charge. "
    "Tell the rider your date of birth or this code: %(code)s. Follow it here: %(link)s"
)
PLACED_TO_PAY = N_(
    "Your medicine from %(hospital)s will be brought to you. You pay the rider %(price)s, "
    "as agreed, and nothing more. Tell him your date of birth or this code: %(code)s. "
    "Follow it here: %(link)s"
)
PLACED_VISIT = N_(
    "The pharmacist of %(hospital)s will visit you and bring your medicine, free of "
    "charge. Tell him your date of birth or this code: %(code)s. "
    "Follow it here: %(link)s"
)
# The same of all goods that no pharmacist answers for.
ASK_GOODS = N_(
    "%(item)s from %(hospital)s for %(address)s. Right? Answer YA. Not today: BESOK. "
    "Not wanted: BATAL. %(link)s"
)
PLACED_GOODS = N_(
    "%(item)s from %(hospital)s will be brought to you free of charge. "
    "Your code: %(code)s. Follow it here: %(link)s"
)
PLACED_GOODS_TO_PAY = N_(
    "%(item)s from %(hospital)s will be brought to you. You pay the rider %(price)s, "
    "as agreed, and nothing more. Your code: %(code)s. Follow it here: %(link)s"
)
HELD = N_("It waits for you at %(counter)s from %(by)s on; please fetch it there.")
LATER = N_("It sets out on %(departs)s and is with you by %(by)s.")
TOMORROW = N_("Good: it comes tomorrow, not today.")
STOPPED = N_("You get only what you need to receive your medicine. To get all again answer MULAI.")
STARTED = N_("You get all messages again.")


def first_notes(order: Order, *, phone: str, address: str) -> list[Note]:
    """An order's first letter: it is brought; or the question whether the address is right.

    None where there is no phone: then a clerk asks.
    """
    if not phone:
        return []
    return placed_notes(order, phone) if order.confirmed_at else ask_notes(order, phone, address)


def placed_notes(order: Order, phone: str) -> list[Note]:
    """It will be brought, with the code for the door."""
    told = {
        "hospital": order.origin.name,
        "price": in_words(order.at_door_rp),
        "link": track_url(order.code),
        "code": order.door_code,
        "departs": _clock(order.not_before, order),
        "by": _clock(order.promise_at, order),
        "counter": order.hold_at.name if order.hold_at else "",
    }
    kind, words = "order.placed", PLACED
    if not order.is_medicine:
        told["item"] = _item_of(order)
        words = PLACED_GOODS_TO_PAY if order.at_door_rp else PLACED_GOODS
        kind = "goods.placed"
    elif order.way == "visit":
        kind, words = "order.placed_visit", PLACED_VISIT
    elif order.patient_pays_rp:
        kind, words = "order.placed_to_pay", PLACED_TO_PAY
    told["when"] = in_indonesian(more) % told if (more := _when(order)) else ""
    note = _note(order, kind, words, phone, told, key=f"placed:{order.code}", more=more)
    return in_own_words(order.programme, "placed", note)


def _when(order: Order) -> str:
    """By when it comes, and where it waits, of what does not set out at once."""
    if order.hold_at is not None:
        return HELD
    return LATER if order.not_before is not None else ""


def _clock(moment: datetime | None, order: Order) -> str:
    zone = zone_of(order.region)
    return moment.astimezone(zone).strftime("%d-%m-%Y %H.%M") if moment else ""


def ask_notes(order: Order, phone: str, address: str) -> list[Note]:
    """Is this where you live, and your phone?"""
    told = {
        "hospital": order.origin.name,
        "link": track_url(order.code),
        "address": f"{address[:60]}, {order.village.name}",
    }
    kind, words = "order.confirm", ASK
    if not order.is_medicine:
        told["item"] = _item_of(order)
        kind, words = "goods.confirm", ASK_GOODS
    note = _note(order, kind, words, phone, told, key=f"confirm:{order.code}")
    return in_own_words(order.programme, "confirm", note)


def _item_of(order: Order) -> str:
    """What is brought, as it stands at the beginning of a letter."""
    called = terms_of(order.programme).called
    return called[:1].upper() + called[1:]


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


def _note(  # noqa: PLR0913 - what a letter is made of
    order: Order,
    kind: str,
    sentence: str,
    phone: str,
    told: dict[str, str],
    *,
    key: str,
    more: str = "",
) -> Note:
    words = " ".join(in_indonesian(each) for each in (sentence, more) if each)
    return Note(
        key=key,
        kind=kind,
        subject=order.code,
        address=phone,
        body=words % told,
        person=order.resident_id,
        told=told,
    )
