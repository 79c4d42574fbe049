"""What the patient is told while the bag travels. Never what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from gancang.orders import lifecycle
from gancang.orders.links import track_url
from gancang.outbox.actions import Note, post_all
from gancang.programmes.letters import in_own_words
from gancang.programmes.queries import terms_of
from gancang.residents.queries import Reader, read_person
from gancang.values import N_

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.orders.models import Order

LETTERS = {
    # The rider has the bag and comes now.
    "collected": N_("%(rider)s is on the way with your medicine. Follow it here: %(link)s"),
    # Whoever did not receive it should ring.
    "delivered": N_("Your medicine was handed over. Not to you? Ring the pharmacy: %(phone)s."),
    "failed": N_(
        "We could not hand your medicine over; it goes back to the pharmacy, which will ring "
        "you. You can ring it too: %(phone)s."
    ),
    "to_counter": N_(
        "We could not hand your medicine over. It is brought to %(counter)s; "
        "we write again once you can fetch it there. Questions: %(phone)s."
    ),
    "held": N_(
        "Your medicine waits for you at %(counter)s until %(until)s. Bring your identity card "
        "or this message, and tell the clerk your date of birth or the code that we sent you. "
        "Questions: %(phone)s."
    ),
    # From the counter to the house.
    "onward": N_(
        "%(rider)s brings your medicine from the counter to your house now. "
        "Follow it here: %(link)s"
    ),
    "not_fetched": N_(
        "Nobody fetched your medicine at the counter, so it goes back to the pharmacy, which "
        "will ring you. You can ring it too: %(phone)s."
    ),
    "posted": N_(
        "Your medicine is on its way by %(fleet)s under number %(number)s, and there by "
        "%(promise)s. Does nothing come, or is it open? Ring %(phone)s."
    ),
    "cancelled": N_(
        "The delivery of your medicine was cancelled. Fetch it at %(hospital)s, or ring %(phone)s."
    ),
    # Later than promised; the operator knows and says so.
    "told_late": N_(
        "Your medicine comes later than we promised; we are at it. "
        "Follow it here: %(link)s. Urgent? Ring %(phone)s."
    ),
    # The bag may be somebody else's, and still comes.
    "recalled": N_(
        "The pharmacy checks your medicine once more, so it comes later than promised. "
        "You need not do anything. Questions: %(phone)s."
    ),
}
# Of all goods that no pharmacist answers for; %(item)s is the programme's own word.
GOODS = {
    "collected": N_("%(rider)s is on the way with %(item)s for you. Follow it here: %(link)s"),
    "delivered": N_("%(item)s was handed over. Not to you? Ring %(hospital)s: %(phone)s."),
    "failed": N_(
        "We could not hand %(item)s over; it goes back to %(hospital)s. "
        "Ring for another try: %(phone)s."
    ),
    "to_counter": N_(
        "We could not hand %(item)s over. It is brought to %(counter)s; "
        "we write again once you can fetch it there. Questions: %(phone)s."
    ),
    "held": N_(
        "%(item)s waits for you at %(counter)s until %(until)s. Bring your identity card "
        "or this message. Questions: %(phone)s."
    ),
    "onward": N_(
        "%(rider)s brings %(item)s from the counter to your house now. Follow it here: %(link)s"
    ),
    "not_fetched": N_(
        "Nobody fetched %(item)s at the counter, so it goes back to %(hospital)s. "
        "Questions: %(phone)s."
    ),
    "posted": N_(
        "%(item)s is on its way by %(fleet)s under number %(number)s, and there by %(promise)s. "
        "Does nothing come, or is it open? Ring %(phone)s."
    ),
    "cancelled": N_(
        "The delivery of %(item)s was cancelled. It is still at %(hospital)s; ring %(phone)s."
    ),
    "told_late": N_(
        "%(item)s comes later than we promised; we are at it. "
        "Follow it here: %(link)s. Urgent? Ring %(phone)s."
    ),
    "recalled": N_(
        "%(item)s is checked once more, so it comes later than promised. "
        "You need not do anything. Questions: %(phone)s."
    ),
    # Where its programme permits that.
    "left": N_(
        "%(item)s was left at your door, with a photo of the place. Is it not there? "
        "Ring %(hospital)s: %(phone)s."
    ),
}
RECALLED_AT_HOME = N_(
    "Important: the bag that you were given may not be yours. Take nothing from it and "
    "leave it closed. The pharmacy rings you; you can ring it too: %(phone)s."
)
# A warning and its proof are worded by nobody else.
ALWAYS_AS_IS = ("recalled", "left")


def post(order: Order, letter: str, *, now: datetime, number: str = "") -> bool:
    """Write one of LETTERS, or of GOODS; False where nobody can be written to."""
    kind = f"{'order' if order.is_medicine else 'goods'}.{letter}"
    reader = Reader(region=order.region, by="system", role="system", purpose=kind, now=now)
    person = read_person(reader, order.resident_id)
    if not person.phone or person.deceased_on:
        return False
    told = {
        "rider": order.carrier.full_name if order.carrier else "",
        "link": track_url(order.code),
        "hospital": order.origin.name,
        "counter": order.hold_at.name if order.hold_at else "",
        "phone": order.origin.phone or order.region.phone,
        "until": _day(order, order.back_by),
        "promise": _day(order, order.promise_at),
        "fleet": order.fleet.name if order.fleet else "",
        "number": number,  # of the post
        "item": terms_of(order.programme).called,
    }
    with translation.override("id"):
        body = _sentence_case(_(_sentence(order, letter)) % told)
    note = Note(
        key=f"{kind}:{order.code}:{order.version}",
        kind=kind,
        subject=order.code,
        address=person.phone,
        body=body,
        person=order.resident_id,
        told=told,
    )
    notes = [note] if letter in ALWAYS_AS_IS else in_own_words(order.programme, letter, note)
    post_all(notes, region=order.region.code, now=now)
    return True


def _sentence_case(body: str) -> str:
    return body[:1].upper() + body[1:]


def _sentence(order: Order, letter: str) -> str:
    if not order.is_medicine:
        return GOODS[letter]
    is_there = order.state in (lifecycle.DELIVERED, lifecycle.HELD)
    return RECALLED_AT_HOME if letter == "recalled" and is_there else LETTERS[letter]


def _day(order: Order, moment: datetime | None) -> str:
    zone = ZoneInfo(order.region.timezone)
    return moment.astimezone(zone).strftime("%d-%m-%Y %H.%M") if moment else ""
