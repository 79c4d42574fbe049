"""A month that is over: what was handed over in it, told as if it had been then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection

from gancang.regions.queries import today_in
from tests.cast import delivered

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
    with connection.cursor() as cursor:
        # As replication does it: no trigger of ours runs.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE ledger_transfer SET at = at - interval '40 days' WHERE kind = 'settle'"
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    return order
