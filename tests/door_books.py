"""What addresses of books and samples may name, of one order's region."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gancang.inspection.models import Recheck, Sample, SampleLine
from gancang.ledger.models import Transfer
from gancang.purchases.models import Purchase
from gancang.regions.queries import today_in

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.orders.models import Order


def of_inspection(order: Order, by: User) -> dict[str, dict[str, object]]:
    """A sample of an order's region and its one line, as parts of addresses."""
    moved = Transfer.objects.filter(region=order.region).order_by("pk")[0]
    day = today_in(order.region, order.placed_at)
    told = {"interval_rp": 1, "lines_in_all": 1, "total_rp": 1, "drawn_by": by}
    defaults = {**told, "first": day, "last": day, "drawn_at": datetime.now(UTC)}
    sample, _ = Sample.objects.get_or_create(region=order.region, seed="doors", defaults=defaults)
    line, _ = SampleLine.objects.get_or_create(sample=sample, transfer=moved)
    asked = {"region": order.region, "drawn_for": day, "seed": "doors"}
    Recheck.objects.get_or_create(order=order, defaults=asked)
    return {
        "inspection:sample": {"number": sample.pk},
        "inspection:judge": {"number": line.pk},
        "purchases:take_back": {"number": purchase_of(order, by).pk},
        "slug": {"slug": order.region.slug},
    }


def purchase_of(order: Order, by: User) -> Purchase:
    """Something that the order's house bought."""
    told = {"what": "nasi kotak", "amount_rp": 1, "by": by, "at": datetime.now(UTC)}
    defaults = {**told, "seller": order.origin, "on": today_in(order.region, order.placed_at)}
    key = {"region": order.region, "office": order.origin, "receipt": "doors"}
    return Purchase.objects.get_or_create(**key, defaults=defaults)[0]
