"""What is kept from the planner, each with its reason; and who may carry what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.dispatch.models import Offer, Tick, Waiting
from gancang.dispatch.ticking import tick
from gancang.fleet.actions import train
from gancang.fleet.models import Rider, Shift, Training
from gancang.orders.actions import confirm, freeze, thaw
from gancang.orders.models import Order
from gancang.regions.models import Organisation
from tests.cast import at_work, client_of, place, release

if TYPE_CHECKING:
    from tests.cast import Cast


def now() -> datetime:
    return datetime.now(UTC)


def let_out(cast: Cast, **changed: object) -> Order:
    """A released order, of which something else is true."""
    order = release(cast, place(cast))
    Order.objects.filter(pk=order.pk).update(**changed)
    order.refresh_from_db()
    return order


def test_an_unconfirmed_order_is_on_no_route_until_it_is_confirmed(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = let_out(cast, confirmed_at=None, confirmed_how="")
    outcome = tick(cast.region, now=now(), seed=1)
    assert outcome.unserved == [(order.code, "unconfirmed")]
    assert not Offer.objects.exists()
    assert Waiting.objects.get().reason == "unconfirmed"
    board = client_of(cast.operator).get("/dispatch/board").content.decode()
    assert "belum dipastikan" in board
    confirm(order, "phone", by="wati", now=now())
    tick(cast.region, now=now(), seed=1)
    assert Offer.objects.get().order == order
    assert not Waiting.objects.exists()


def test_a_frozen_order_is_offered_to_nobody_until_it_is_thawed(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = let_out(cast)
    freeze(order, why="nama tertukar?", by="yanti", now=now())
    assert tick(cast.region, now=now(), seed=1).unserved == [(order.code, "frozen")]
    thaw(order, by="yanti", now=now())
    assert tick(cast.region, now=now(), seed=1).assigned == 1


def test_what_departs_later_is_offered_at_its_departure_and_not_before(cast: Cast) -> None:
    at_work(cast, cast.rider)
    departs = now() + timedelta(hours=3)
    order = let_out(cast, way="round", not_before=departs)
    assert tick(cast.region, now=now(), seed=1).unserved == [(order.code, "not_yet")]
    since = Waiting.objects.get().since
    tick(cast.region, now=now(), seed=1)
    assert Waiting.objects.get().since == since
    assert tick(cast.region, now=departs, seed=1).assigned == 1


def test_a_visit_is_no_riders_work(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = let_out(cast, way="visit")
    assert tick(cast.region, now=now(), seed=1).unserved == [(order.code, "visit")]


@pytest.mark.parametrize("missing", ["expired", "further class"])
def test_the_nearest_rider_is_never_chosen_without_the_training(cast: Cast, missing: str) -> None:
    at_work(cast, cast.rider, cast.second_rider)
    order = let_out(cast, needs=["medicine-cold"] if missing == "further class" else [])
    assert cast.hospital.lat is not None
    far = Shift.objects.filter(rider__user=cast.second_rider)
    far.update(lat=cast.hospital.lat + 0.1, lon=cast.hospital.lon)
    Shift.objects.filter(rider__user=cast.rider).update(
        lat=cast.hospital.lat, lon=cast.hospital.lon
    )
    if missing == "expired":
        yesterday = now().date() - timedelta(days=2)
        Training.objects.filter(rider__user=cast.rider).update(
            trained_on=yesterday - timedelta(days=365), expires_on=yesterday
        )
    else:
        train(
            Rider.objects.get(user=cast.second_rider),
            item_class="medicine-cold",
            trained_on=now().date() - timedelta(days=1),
            expires_on=now().date() + timedelta(days=30),
            by="tests",
            now=now(),
        )
    tick(cast.region, now=now(), seed=1)
    offer = Offer.objects.get()
    assert (offer.order, offer.rider) == (order, cast.second_rider)


def test_a_fleet_that_the_pack_takes_off_a_way_is_replaced_by_another(cast: Cast) -> None:
    at_work(cast, cast.rider, cast.other_rider)
    order = let_out(cast)
    offer = offered(cast, order)
    client_of(offer.rider).post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "no"})
    # Whoever was asked first belongs to a fleet that is taken off; the order goes to the other.
    left = cast.other_fleet if offer.fleet == cast.fleet else cast.fleet
    Offer.objects.all().delete()
    region = cast.region
    for way in region.config["reach"]["ways"]:
        way["carriers"] = [left.code]
    region.save(update_fields=["config"])
    assert offered(cast, order).fleet == left


def test_a_relay_is_planned_to_the_counter_where_the_bag_will_wait(cast: Cast) -> None:
    at_work(cast, cast.rider)
    counter = Organisation.objects.filter(region=cast.region, kind="puskesmas").order_by("code")[0]
    let_out(cast, way="relay", hold_at=counter, not_before=now() - timedelta(minutes=1))
    tick(cast.region, now=now(), seed=1)
    world = Tick.objects.latest("pk").world
    (job,) = world["jobs"]
    assert world["places"][job["to"]][:2] == [counter.lat, counter.lon]


def offered(cast: Cast, order: Order) -> Offer:
    tick(cast.region, now=now(), seed=1)
    return Offer.objects.select_related("rider", "fleet").get(order=order, answer="open")
