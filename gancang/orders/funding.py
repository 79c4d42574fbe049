"""Setting further public money aside for an order: another way, another leg, out once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.ledger import actions as ledger
from gancang.ledger.queries import next_part_of
from gancang.programmes import rules as programmes
from gancang.programmes.queries import terms_of
from gancang.regions.queries import today_in

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.orders.models import Order
    from gancang.values import Money


@transaction.atomic
def set_aside(order: Order, amount: Money, *, by: str, now: datetime) -> None:
    """Set more aside for an order, shared among its programme's funds. The caller holds the order.

    Every setting-aside after the first is numbered here and nowhere else, by what the book has.
    """
    number = next_part_of(order.code)
    wanted = [
        ledger.Reservation(
            order=order.code,
            fund=fund,
            programme=order.programme.code,
            year=today_in(order.region, now).year,
            amount=share,
            part=number,
        )
        for fund, share in programmes.shares(terms_of(order.programme), amount)
    ]
    ledger.reserve_all(wanted, region=order.region, by=by, now=now)
