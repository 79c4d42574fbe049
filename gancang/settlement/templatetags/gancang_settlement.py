"""The words for states of lines, batches, payments, and for fates of a bank's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext as _

from gancang.values import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gancang.settlement.came_back import CameBack

register = template.Library()
WORDS = {
    "open": N_("not paid yet"),
    "held": N_("held"),
    "batch": N_("in a batch"),
    "paid": N_("paid"),
    "reversed": N_("reversed"),
    "asked": N_("waits for another person"),
    "done": N_("reversed"),
    "rejected": N_("not taken back"),
    "withdrawn": N_("withdrawn"),
    "draft": N_("draft"),
    "approved": N_("approved by two"),
    "sent": N_("sent to the bank"),
    "discarded": N_("thrown away"),
    "refused": N_("refused by the bank"),
    "returned": N_("came back from the bank"),
    "repaid": N_("came back, and was paid again"),
    "again": N_("was known already, nothing changes"),
    "foreign": N_("no payment of ours, nothing changes"),
    "wrong_sum": N_("another amount than ours, nothing changes"),
    "not_sent": N_("its batch was never sent, nothing changes"),
    "contradicts": N_("says otherwise than before, nothing changes: ask the bank"),
    "unreadable": N_("cannot be read, nothing changes"),
}


@register.filter
def settled_words(code: str) -> str:
    """What a state or a fate is called."""
    return _(WORDS.get(code, code))


@register.filter
def of_payment(found: Mapping[int, CameBack], number: int | None) -> CameBack | None:
    """What came back of a line's payment, if it did."""
    return found.get(number) if number else None
