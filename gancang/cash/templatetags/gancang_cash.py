"""What other capabilities' pages show of patients' money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from gancang.cash.queries import find_payment, purses_of

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.orders.models import Order

register = template.Library()


@register.inclusion_tag("cash/purse.html")
def purse(rider: User) -> dict[str, Any]:
    """What a rider carries, on his first page; nothing where he carries nothing."""
    return {"purses": purses_of(rider)}


@register.inclusion_tag("cash/paid.html")
def paid(order: Order) -> dict[str, Any]:
    """What the patient of an order paid, with the receipt's number."""
    asked = order.at_door_rp and order.state == "delivered"
    return {"payment": find_payment(order.code) if asked else None}
