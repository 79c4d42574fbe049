"""Setting further public money aside for an order: another way, another leg, out once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.ledger import actions as ledger
from gancang.ledger.queries import next_part_of
from gancang.ledger.waterfall import Reservation
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
    terms = terms_of(order.programme)
    want = Reservation(
        order=order.code,
        programme=order.programme.code,
        year=today_in(order.region, now).year,
        amount=programmes.public_share(terms, amount),
        payers=terms.funders,
        area=order.village.code,
        part=next_part_of(order.code),
    )
    ledger.reserve_all([want], region=order.region, by=by, now=now)
