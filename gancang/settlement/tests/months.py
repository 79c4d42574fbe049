"""A month that is over: what was handed over in it, told as if it had been then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection

from gancang.regions.queries import today_in
from tests.cast import client_of, delivered, offer_to, place, release, typed_hand_over

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from tests.cast import Cast

AGO = timedelta(days=40)


def month_of_past(cast: Cast) -> str:
    """The month in which AGO was."""
    return today_in(cast.region, datetime.now(UTC) - AGO).strftime("%Y-%m")


def earned(cast: Cast) -> Order:
    """Toni handed an order over forty days ago."""
    order = delivered(cast)
    back_date()
    return order


def earned_again(cast: Cast, number: str) -> Order:
    """And another one, of another patient."""
    order = bring(cast, number)
    back_date()
    return order


def bring(cast: Cast, number: str) -> Order:
    """A further order of today, of another patient."""
    order = release(cast, place(cast, number=number, nik=f"35101649035{number[-5:]}"))
    rider = client_of(cast.rider)
    offer = offer_to(cast, order)
    rider.post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    order.refresh_from_db()
    scanned = {"version": order.version, "bag_code": " ".join(order.codes_on_bags)}
    rider.post(f"/dispatch/rider/orders/{order.code}", scanned)
    order.refresh_from_db()
    rider.post(f"/medicine/orders/{order.code}/hand-over", typed_hand_over(order))
    order.refresh_from_db()
    assert order.state == "delivered"
    return order


def back_date() -> None:
    """What is owed was earned forty days ago."""
    with connection.cursor() as cursor:
        # As replication does it: no trigger of ours runs.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE ledger_transfer SET at = at - interval '40 days' WHERE kind = 'settle'"
            " AND at > now() - interval '1 day'"
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
