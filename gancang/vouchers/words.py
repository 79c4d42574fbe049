"""How much of a voucher, as people say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.vouchers.rules import in_words

if TYPE_CHECKING:
    from gancang.vouchers.models import Voucher


def amount_words(row: Voucher, count: int) -> str:
    """So much of a voucher, in its own unit."""
    return in_words(count, row.unit)
