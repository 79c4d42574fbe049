"""A patient's link tells that the rider is near, from ten minutes before, and nothing sooner."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gancang.dispatch.nearness import NEAR_S, SEEN_LATELY, STEP_M, STEP_MIN, near
from gancang.fleet import rostering
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


def test_on_his_break_nothing_is_told_of_him(cast: Cast) -> None:
    order = collected(cast)
    seen(order, north_m=500)
    assert NEAR in told(order)
    now = datetime.now(UTC)
    rider = Shift.objects.get().rider
    rostering.take_break(rider, until=now + timedelta(minutes=15), now=now)
    assert NEAR not in told(order)


def test_a_bag_that_goes_to_a_counter_or_was_stopped_comes_near_to_nobody(cast: Cast) -> None:
    order = collected(cast)
    seen(order, north_m=500)
    rows = Order.objects.filter(pk=order.pk)
    rows.update(hold_at=cast.other_hospital)
    assert NEAR not in told(order)
    rows.update(hold_at=None, frozen_at=order.placed_at)
    assert NEAR not in told(order)


@given(
    st.integers(0, 20_000), st.integers(0, 40_000), st.timedeltas(timedelta(0), timedelta(hours=2))
)
def test_ten_minutes_before_and_never_sooner_in_steps_that_tell_no_house(
    seconds: int, metres: int, unseen_for: timedelta
) -> None:
    found = near(seconds=seconds, metres=metres, unseen_for=unseen_for)
    if seconds > NEAR_S or unseen_for > SEEN_LATELY:
        assert found is None
        return
    assert found is not None
    assert found.metres % STEP_M == found.minutes % STEP_MIN == 0
    assert metres <= found.metres <= max(STEP_M, metres + STEP_M)
    assert STEP_MIN <= found.minutes <= 10


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(north_m=st.integers(-20_000, 20_000), minutes_ago=st.integers(0, 20))
def test_no_answer_ever_holds_a_place_or_the_way_he_came(
    cast: Cast, north_m: int, minutes_ago: int
) -> None:
    order = Order.objects.first() or collected(cast)
    seen(order, north_m=north_m, minutes_ago=minutes_ago)
    shift, page = Shift.objects.get(), told(order)
    assert shift.lat is not None
    for degree in (shift.lat, order.lat, order.lon):
        assert f"{degree:.6f}"[:-4] not in page
    assert "data-map" not in page
    assert "geo:" not in page
