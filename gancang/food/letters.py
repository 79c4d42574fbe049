"""What buyers and kitchens are told of an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from gancang.food.links import follow_url
from gancang.food.rules import REASONS
from gancang.menus.rules import Line
from gancang.outbox.actions import Note, post
from gancang.values import N_, in_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from gancang.food.models import FoodOrder

CONFIRM = N_("Your code for the order at %(seller)s is %(code)s, in all %(price)s. %(link)s")
RINGS = N_("An order of %(price)s waits for your answer. Open Gancang, My orders.")
ACCEPTED = N_("%(seller)s cooks your order, %(price)s in all. Follow it: %(link)s")
LEFT_OUT = N_(
    "%(seller)s has not all of it: %(missing)s is missing, you pay %(price)s. You may call it off "
    "within 5 minutes: %(link)s"
)
PAY = N_(
    "%(seller)s says yes. Pay %(goods)s by QRIS within 15 minutes, then it is cooked: %(link)s"
)
PAY_LESS = N_(
    "%(seller)s has not all of it: %(missing)s is missing. Pay %(goods)s by QRIS within 15 minutes "
    "if you want the rest, else you pay nothing: %(link)s"
)
UNPAID = N_("Your order at %(seller)s was not paid in time; it is called off. You pay nothing.")
BACK = N_(
    "Your order at %(seller)s does not come. You get %(goods)s back; an officer sees to it: "
    "%(link)s"
)
NO = N_("%(seller)s can't cook your order (%(reason)s). You pay nothing.")
UNANSWERED = N_("%(seller)s did not answer; your order is called off. You pay nothing.")


def post_note(
    row: FoodOrder, kind: str, words: str, *, now: datetime, more: Mapping[str, str] | None = None
) -> None:
    """A letter to the buyer; the same kind once an order."""
    _post(row, kind, words, row.phone, now=now, more=more or {})


def tell_missing(row: FoodOrder, kind: str, words: str, *, now: datetime) -> None:
    """A letter that names what the kitchen does not have."""
    names = [Line.of(row.lines[place]).name for place in row.left_out]
    post_note(row, kind, words, now=now, more={"missing": ", ".join(names)})


def ring(row: FoodOrder, *, now: datetime) -> None:
    """A letter to the seller, where a phone is known."""
    if row.seller.phone:
        _post(row, "food.rings", RINGS, row.seller.phone, now=now, more={})


def _post(
    row: FoodOrder, kind: str, words: str, phone: str, *, now: datetime, more: Mapping[str, str]
) -> None:
    with translation.override("id"):
        reason = _(REASONS[row.reason]) if row.reason in REASONS else ""
        told = {
            "seller": row.seller.name,
            "price": in_words(row.total_rp),
            "goods": in_words(row.goods_rp),
            "link": follow_url(row.code),
            "reason": reason,
            **more,
        }
        body = _(words) % told
    note = Note(
        key=f"{kind}:{row.code}", kind=kind, subject=row.code, address=phone, body=body, told=told
    )
    post(note, region=row.region.code, now=now)
