"""Words for vouchers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext as _

from gancang.vouchers.rules import FACTORS, REDEEMED, STATES
from gancang.vouchers.words import amount_words

if TYPE_CHECKING:
    from gancang.vouchers.models import Redemption, Voucher

register = template.Library()


@register.filter
def voucher_given(row: Voucher) -> str:
    """What was given."""
    return amount_words(row, row.count)


@register.filter
def voucher_left(row: Voucher) -> str:
    """What may still be taken."""
    return amount_words(row, row.left)


@register.filter
def voucher_state(row: Voucher) -> str:
    """Whether it is in force."""
    return _(STATES[row.state])


@register.filter
def redeemed_amount(row: Redemption) -> str:
    """What was taken."""
    return amount_words(row.voucher, row.count)


@register.filter
def redeemed_state(row: Redemption) -> str:
    """Whether it still counts."""
    return _(REDEEMED[row.state])


@register.filter
def factor_shown(row: Redemption) -> str:
    """By what the holder was known."""
    return _(FACTORS[row.factor])
