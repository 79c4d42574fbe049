"""What addresses of bills may name, for one order: a bill of a shop that was paid too late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gancang.qris.links import bill_token
from gancang.qris.models import Bill, Mismatch
from gancang.qris.payload import written
from gancang.regions.models import SELLERS, Organisation

if TYPE_CHECKING:
    from gancang.orders.models import Order

PLAIN = {"00": "01", "26": "0002ID", "53": "360", "58": "ID", "59": "WARUNG", "60": "KOTA"}
DEEDS = ("refund", "accept", "stand_for", "note", "close", "turn_down")
NO_BILL: dict[str, dict[str, object]] = {
    "bill": {"token": "x"},
    "qris": {"code": "Q-9999-9999"},
    "qris:notice": {"gateway": "snap"},
    **{f"qris:{deed}": {"number": 987654} for deed in DEEDS},
}


def of_bills(order: Order) -> dict[str, dict[str, object]]:
    """A bill of a shop of the order's region, and something about it that does not agree."""
    bill = bill_of(order)
    told = {"region": order.region, "bill": bill, "problem": "late"}
    listed = {"amount_rp": 1, "where": "shop", "at": order.placed_at}
    found = Mismatch.objects.get_or_create(**told, defaults=listed)[0]
    return {
        "bill": {"token": bill_token(bill.code)},
        "qris": {"code": bill.code},
        "qris:notice": {"gateway": "snap"},
        **{f"qris:{deed}": {"number": found.pk} for deed in DEEDS},
    }


def bill_of(order: Order) -> Bill:
    """Of the region's first kitchen for an order of its first house, else of the next."""
    houses = Organisation.objects.filter(region=order.region)
    first = houses.filter(kind="hospital").order_by("code")[0]
    kitchens = list(houses.filter(kind__in=SELLERS).order_by("kind", "code"))
    shop = kitchens[0 if order.origin == first else 1]
    told = {"region": order.region, "opener": "doors", "about": order.code, "amount_rp": 1}
    made = {"way": "shop", "state": "shown", "payload": written(PLAIN), "opened_by": "tests"}
    until = {"made_at": order.placed_at, "expires_at": datetime.now(UTC) + timedelta(hours=1)}
    defaults = {**told, **made, **until, "shop": shop}
    return Bill.objects.get_or_create(code=f"{order.code}B"[:20], defaults=defaults)[0]
