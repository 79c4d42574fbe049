"""Nobody is given work in his break or beyond his planned end; who rests is not asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gancang.audit.models import Event
from gancang.dispatch.keeping import replay
from gancang.dispatch.models import Offer, Tick, Waiting
from gancang.dispatch.ticking import tick
from gancang.fleet.models import Rest, Shift
from gancang.orders.models import Order
from gancang.regions.queries import zone_of
from tests.cast import at_work, client_of, collected, offer_to, place, release

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from tests.cast import Cast


def now() -> datetime:
    return datetime.now(UTC)


def rest(user: User, *, after_min: float, lasts_min: float = 30) -> None:
    """A planned break of the running shift."""
    begins = now() + timedelta(minutes=after_min)
    Rest.objects.create(
        shift=Shift.objects.get(rider__user=user, ended_at=None),
        starts_at=begins,
        ends_at=begins + timedelta(minutes=lasts_min),
        is_planned=True,
    )


def works_until(user: User, *, minutes: float) -> None:
    Shift.objects.filter(rider__user=user).update(ends_by=now() + timedelta(minutes=minutes))


def far(order: Order) -> Order:
    """The same order, to a house more than ten minutes away."""
    Order.objects.filter(pk=order.pk).update(lat=order.lat + 0.05)
    order.refresh_from_db()
    return order


def press(cast: Cast, minutes: int) -> Any:
    """Toni presses the button on his phone."""
    until = (now() + timedelta(minutes=minutes)).astimezone(zone_of(cast.region))
    return client_of(cast.rider).post("/dispatch/rider/break", {"until": f"{until:%H.%M}"})


def test_who_rests_is_offered_nothing_and_board_and_order_say_why(cast: Cast) -> None:
    at_work(cast, cast.rider)
    assert press(cast, 30).status_code == 302
    order = release(cast, place(cast))
    assert tick(cast.region, now=now(), seed=1).unserved == [(order.code, "on_break")]
    assert Waiting.objects.get().reason == "on_break"
    board = client_of(cast.operator).get("/dispatch/board").content.decode()
    assert "istirahat sampai" in board
    assert "sedang istirahat" in board
    page = client_of(cast.rider).get("/dispatch/rider").content.decode()
    assert "Saya sudah kembali" in page


def test_who_comes_back_earlier_is_asked_at_once_and_twice_is_harmless(cast: Cast) -> None:
    at_work(cast, cast.rider)
    press(cast, 60)
    order = release(cast, place(cast))
    for _time in range(2):
        assert client_of(cast.rider).post("/dispatch/rider/break/end").status_code == 302
    assert Event.objects.filter(kind="break.ended").count() == 1
    assert offer_to(cast, order).rider == cast.rider


def test_an_open_offer_goes_to_a_colleague_when_he_goes_to_rest(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = release(cast, place(cast))
    offer = offer_to(cast, order)
    press(cast, 30)
    offer.refresh_from_db()
    assert offer.answer == "withdrawn"
    at_work(cast, cast.second_rider)
    assert offer_to(cast, order).rider == cast.second_rider


@pytest.mark.parametrize("typed", ["", "siang", "25.00", "9\0"])
def test_a_time_that_is_none_begins_no_break(cast: Cast, typed: str) -> None:
    at_work(cast, cast.rider)
    client = client_of(cast.rider)
    client.post("/dispatch/rider/break", {"until": typed})
    assert not Rest.objects.exists()
    assert "Pilih sampai pukul berapa" in client.get("/dispatch/rider").content.decode()


def test_a_break_of_half_a_day_is_no_break(cast: Cast) -> None:
    at_work(cast, cast.rider)
    assert press(cast, 360).status_code == 409
    assert not Rest.objects.exists()


def test_with_a_cold_bag_in_hand_nobody_rests(cast: Cast) -> None:
    order = collected(cast)
    Order.objects.filter(pk=order.pk).update(cold_minutes=60)
    answer = press(cast, 30)
    assert answer.status_code == 409
    assert "antarkan dulu" in answer.content.decode()
    assert not Rest.objects.exists()


def test_nothing_is_planned_into_a_break_and_the_tick_replays(cast: Cast) -> None:
    at_work(cast, cast.rider)
    rest(cast.rider, after_min=5)
    order = far(release(cast, place(cast)))
    tick(cast.region, now=now(), seed=1)
    kept = Tick.objects.latest("pk")
    world, plan = replay(kept)
    (vehicle,) = world.vehicles
    assert len(vehicle.breaks) == 1
    begins = vehicle.breaks[0].windows[0].opens_s
    ends = begins + vehicle.breaks[0].duration_s
    visits = [visit for route in plan.routes for visit in route.visits if visit.job_id]
    assert {visit.job_id for visit in visits} == {order.code}
    assert all(v.departure_s <= begins or v.arrival_s >= ends for v in visits)


def test_what_would_end_beyond_the_planned_end_is_left_out_with_its_reason(cast: Cast) -> None:
    at_work(cast, cast.rider)
    works_until(cast.rider, minutes=10)
    order = far(release(cast, place(cast)))
    assert tick(cast.region, now=now(), seed=1).unserved == [(order.code, "shift_ends")]
    works_until(cast.rider, minutes=240)
    assert offer_to(cast, order).rider == cast.rider


def test_whose_planned_hours_are_over_is_passed_over_by_name(cast: Cast) -> None:
    at_work(cast, cast.rider)
    works_until(cast.rider, minutes=-1)
    order = release(cast, place(cast))
    assert tick(cast.region, now=now(), seed=1).unserved == [(order.code, "shift_over")]
    assert not Offer.objects.exists()


@pytest.mark.parametrize("why", ["rests", "is over"])
def test_the_operator_may_ring_him_and_assign_all_the_same(cast: Cast, why: str) -> None:
    at_work(cast, cast.rider)
    if why == "rests":
        rest(cast.rider, after_min=-5)
    else:
        works_until(cast.rider, minutes=-5)
    order = release(cast, place(cast))
    url = f"/dispatch/orders/{order.code}/assign"
    typed = {"version": order.version, "rider": cast.rider.pk, "reason": "sudah ditelepon"}
    client = client_of(cast.operator)
    refused = client.post(url, typed)
    assert refused.status_code == 400
    assert "Telepon dia" in refused.content.decode()
    assert client.post(url, {**typed, "despite": "on"}).status_code == 302
    order.refresh_from_db()
    assert order.carrier == cast.rider


def test_a_rider_on_his_break_still_sees_what_he_has_to_do(cast: Cast) -> None:
    order = collected(cast)
    press(cast, 15)
    page = client_of(cast.rider).get("/dispatch/rider").content.decode()
    assert order.code in page


def test_a_rider_past_his_planned_end_goes_on_with_one_tap(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = release(cast, place(cast))
    works_until(cast.rider, minutes=-5)
    assert tick(cast.region, now=now(), seed=1).assigned == 0
    phone = client_of(cast.rider)
    assert "/dispatch/rider/shift/go-on" in phone.get("/dispatch/rider").content.decode()
    started = Shift.objects.get(rider__user=cast.rider).started_at
    assert phone.post("/dispatch/rider/shift/go-on", {"hours": "2"}).status_code == 302
    shift = Shift.objects.get(rider__user=cast.rider)
    assert shift.started_at == started, "the same shift"
    assert shift.ends_by is not None
    assert timedelta(hours=2) <= shift.ends_by - now() + timedelta(minutes=1)
    assert "/dispatch/rider/shift/go-on" not in phone.get("/dispatch/rider").content.decode()
    assert Event.objects.filter(kind="shift.goes_on").exists()
    tick(cast.region, now=now(), seed=2)
    assert Offer.objects.filter(order=order, rider=cast.rider).exists()


def test_nobody_goes_on_before_his_end_is_near_nor_beyond_twelve_hours(cast: Cast) -> None:
    at_work(cast, cast.rider)
    phone, ahead = client_of(cast.rider), Shift.objects.filter(rider__user=cast.rider)
    works_until(cast.rider, minutes=120)
    before = ahead.get().ends_by
    phone.post("/dispatch/rider/shift/go-on", {"hours": "1"})
    assert ahead.get().ends_by == before
    works_until(cast.rider, minutes=-1)
    ahead.update(started_at=now() - timedelta(hours=10, minutes=30))
    page = phone.get("/dispatch/rider").content.decode()
    assert 'value="1"' in page
    assert 'value="2"' not in page
    before = ahead.get().ends_by
    for wrong in ("2", "24", "x", ""):
        phone.post("/dispatch/rider/shift/go-on", {"hours": wrong})
        assert ahead.get().ends_by == before
