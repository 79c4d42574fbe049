"""Cold medicine: only with training and a cold bag, only within its minutes, first of all stops."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.dispatch.models import Offer, Tick, Waiting
from gancang.dispatch.round import round_of
from gancang.dispatch.ticking import tick
from gancang.fleet.actions import train
from gancang.fleet.models import Rider, Shift
from gancang.fleet.queries import find_shift
from gancang.orders.models import Order
from tests.cast import at_work, place, release

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from tests.cast import Cast


def now() -> datetime:
    return datetime.now(UTC)


def cold(cast: Cast, minutes: int, number: str = "R-1") -> Order:
    """A released order that has to stay cold."""
    order = release(cast, place(cast, number=number, nik=""))
    Order.objects.filter(pk=order.pk).update(cold_minutes=minutes, needs=["medicine-cold"])
    order.refresh_from_db()
    return order


def equipped(user: User, *, bag: bool = True, trained: bool = True) -> None:
    """A rider with a cold bag, and trained for it."""
    Rider.objects.filter(user=user).update(has_cold_bag=bag)
    if trained:
        train(
            Rider.objects.get(user=user),
            item_class="medicine-cold",
            trained_on=now().date() - timedelta(days=1),
            expires_on=now().date() + timedelta(days=30),
            by="tests",
            now=now(),
        )


def stand(cast: Cast, user: User, *, away: float = 0.0) -> None:
    """Where a rider waits: at the hospital, or so many degrees off."""
    assert cast.hospital.lat is not None
    where = {"lat": cast.hospital.lat + away, "lon": cast.hospital.lon}
    Shift.objects.filter(rider__user=user).update(**where)


@pytest.mark.parametrize(("bag", "trained"), [(True, False), (False, True), (False, False)])
def test_the_nearest_rider_without_cold_bag_or_training_is_never_chosen(
    cast: Cast, bag: bool, trained: bool
) -> None:
    at_work(cast, cast.rider, cast.second_rider)
    stand(cast, cast.rider)
    stand(cast, cast.second_rider, away=0.1)
    equipped(cast.rider, bag=bag, trained=trained)
    order = cold(cast, 120)
    assert tick(cast.region, now=now(), seed=1).unserved == [(order.code, "skill_missing")]
    equipped(cast.second_rider)
    tick(cast.region, now=now(), seed=1)
    assert Offer.objects.get().rider == cast.second_rider


def test_a_plan_that_keeps_cold_medicine_too_long_on_board_is_none(cast: Cast) -> None:
    at_work(cast, cast.rider)
    stand(cast, cast.rider)
    equipped(cast.rider)
    order = cold(cast, 120)
    # The house lies farther than a minute from the counter.
    Order.objects.filter(pk=order.pk).update(cold_minutes=1, lat=order.lat + 0.05)
    assert tick(cast.region, now=now(), seed=1).unserved == [(order.code, "on_board_too_long")]
    assert not Offer.objects.exists()
    assert Waiting.objects.get().reason == "on_board_too_long"
    (job,) = Tick.objects.latest("pk").world["jobs"]
    assert job["max_onboard_s"] == 60


def test_a_cold_bag_is_brought_before_the_others(cast: Cast) -> None:
    at_work(cast, cast.rider)
    stand(cast, cast.rider)
    equipped(cast.rider)
    warm = release(cast, place(cast, number="R-2", nik=""))
    cool = cold(cast, 15)
    # Two houses in opposite directions; the warm one is promised first.
    assert cast.hospital.lat is not None
    soon, later = now() + timedelta(minutes=25), now() + timedelta(hours=3)
    for order, lat, promise in ((warm, 0.03, soon), (cool, -0.03, later)):
        Order.objects.filter(pk=order.pk).update(
            lat=cast.hospital.lat + lat,
            lon=cast.hospital.lon,
            promise_at=promise,
            state="collected",
            carrier=cast.rider,
            fleet=cast.fleet,
            changed_at=now(),
        )
    rider = Rider.objects.select_related("user", "region", "organisation").get(user=cast.rider)
    stops = round_of(rider, find_shift(rider), now=now())
    assert [stop.order.code for stop in stops] == [cool.code, warm.code]
