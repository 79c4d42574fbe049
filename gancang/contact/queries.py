"""Reading what concerns patients. Each question knows who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.orders.queries import visible_to

if TYPE_CHECKING:
    from gancang.accounts.models import Membership
    from gancang.orders.models import Order


def find_order(asker: Membership, code: str) -> Order | None:
    """The order of this code, if the asker may see it."""
    return visible_to(asker).filter(code=code.strip().upper().replace("\0", "")).first()
