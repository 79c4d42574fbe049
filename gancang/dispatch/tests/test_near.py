"""A patient's link tells that the rider is near, from ten minutes before, and nothing sooner."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.test import Client

from gancang.fleet.models import Shift
from gancang.orders.links import track_token
from gancang.orders.models import Order
from tests.cast import collected, place, release

if TYPE_CHECKING:
    from tests.cast import Cast

NEAR = "Hampir sampai"


def seen(order: Order, *, north_m: int, minutes_ago: int = 0) -> None:
    """The rider of an order was seen so far north of its house."""
    Shift.objects.filter(rider__user=order.carrier, ended_at=None).update(
        lat=order.lat + north_m / 111_000,
        lon=order.lon,
        seen_at=datetime.now(UTC) - timedelta(minutes=minutes_ago),
    )


def told(order: Order) -> str:
    """What the patient reads."""
    return Client().get(f"/o/{track_token(order.code)}").content.decode()


def test_the_rider_is_announced_when_he_is_near(cast: Cast) -> None:
    order = collected(cast)
    seen(order, north_m=1_000)
    assert NEAR in told(order)


def test_far_away_or_unseen_for_minutes_nothing_is_told_of_him(cast: Cast) -> None:
    order = collected(cast)
    seen(order, north_m=30_000)
    assert NEAR not in told(order)
    seen(order, north_m=500, minutes_ago=5)
    assert NEAR not in told(order)


def test_who_waits_second_is_not_told_where_the_first_lives(cast: Cast) -> None:
    first = collected(cast)
    second = release(cast, place(cast, number="R-2", nik="3510164903500022"))
    later = first.promise_at + timedelta(hours=1)
    changed = {"state": first.state, "carrier": first.carrier, "promise_at": later}
    Order.objects.filter(pk=second.pk).update(**changed)
    second.refresh_from_db()
    seen(second, north_m=500)
    assert NEAR not in told(second)
