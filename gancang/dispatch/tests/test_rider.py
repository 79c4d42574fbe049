"""The rider's own pages: what he sees of a person, and never what is in the bag."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gancang.dispatch.models import Offer
from gancang.dispatch.ticking import tick
from gancang.fleet.models import Shift
from tests.cast import (
    NIK,
    assigned,
    at_work,
    client_of,
    collected,
    failed,
    offer_to,
    place,
    release,
    typed_hand_over,
)

if TYPE_CHECKING:
    from django.test import Client

    from gancang.orders.models import Order
    from tests.cast import Cast

PERSON = ("Sari", "Krajan", "81234567890", "musala")
NEVER = ("Amlodipine", "Metformin", "Saraf", "dr. Ayu", NIK, "1951", "R-2026-0001")


def pages_of(rider: Client, order: Order) -> str:
    """All pages of a rider about an order, one after the other."""
    addresses = (
        "/dispatch/rider",
        f"/dispatch/rider/orders/{order.code}",
        f"/dispatch/rider/orders/{order.code}/fail",
        f"/medicine/orders/{order.code}/hand-over",
        f"/medicine/orders/{order.code}",
        "/medicine/orders",
        f"/overview/orders/{order.code}",
    )
    return "".join(rider.get(address).content.decode() for address in addresses)


def sees(rider: Client, order: Order) -> list[str]:
    """What of the person he sees; he never sees what is in the bag."""
    order.refresh_from_db()
    shown = pages_of(rider, order)
    for secret in (*NEVER, f">{order.door_code}<"):
        # The help text of the hand-over page gives a date of birth as an example.
        assert secret not in shown.replace("09-03-1951", "")
    return [part for part in PERSON if part in shown]


def test_a_rider_sees_a_person_only_while_he_holds_the_bag_and_never_a_drug(cast: Cast) -> None:
    at_work(cast, cast.rider)
    rider, stranger = client_of(cast.rider), client_of(cast.second_rider)
    order = place(cast)
    assert sees(rider, order) == []
    release(cast, order)
    assert sees(rider, order) == []
    offer = offer_to(cast, order)
    assert sees(rider, order) == []
    rider.post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    assert sees(rider, order) == []
    order.refresh_from_db()
    stop = f"/dispatch/rider/orders/{order.code}"
    wrong = rider.post(stop, {"version": order.version, "bag_code": "SOMETHING-ELSE"})
    assert wrong.status_code == 400
    assert sees(rider, order) == []
    rider.post(stop, {"version": order.version, "bag_code": order.bag_code})
    assert sees(rider, order) == list(PERSON)
    assert sees(stranger, order) == []
    order.refresh_from_db()
    rider.post(f"/medicine/orders/{order.code}/hand-over", typed_hand_over(order))
    assert sees(rider, order) == []


def test_after_a_failure_he_brings_the_bag_back_without_the_person(cast: Cast) -> None:
    order = failed(cast)
    assert sees(client_of(cast.rider), order) == []


def test_another_bag_is_not_taken(cast: Cast) -> None:
    order = assigned(cast)
    typed = {"version": order.version, "bag_code": "BUKAN-INI"}
    page = client_of(cast.rider).post(f"/dispatch/rider/orders/{order.code}", typed)
    assert page.status_code == 400
    assert "BUKAN-INI" in page.content.decode()
    order.refresh_from_db()
    assert order.state == "assigned"


def test_who_cannot_come_gives_the_order_to_another_before_he_has_the_bag(cast: Cast) -> None:
    order = assigned(cast)
    give_up = f"/dispatch/rider/orders/{order.code}/give-up"
    client_of(cast.rider).post(give_up, {"version": order.version})
    order.refresh_from_db()
    assert (order.state, order.carrier, order.fleet) == ("released", None, None)
    # He is not asked at once again what he has just said that he cannot do.
    outcome = tick(cast.region, now=datetime.now(UTC), seed=1)
    assert outcome.unserved == [(order.code, "all_refused")]
    at_work(cast, cast.second_rider)
    assert offer_to(cast, order).rider == cast.second_rider


def test_who_has_the_bag_cannot_give_it_up(cast: Cast) -> None:
    order = collected(cast)
    give_up = f"/dispatch/rider/orders/{order.code}/give-up"
    assert client_of(cast.rider).post(give_up, {"version": order.version}).status_code == 409
    order.refresh_from_db()
    assert order.carrier == cast.rider


@pytest.mark.parametrize("until", [collected, failed])
def test_nobody_goes_home_with_a_bag(cast: Cast, until: object) -> None:
    order = until(cast)  # type: ignore[operator]  # one of the two above
    answer = client_of(cast.rider).post("/dispatch/rider/shift/end")
    assert answer.status_code == 409
    assert str(order.bags) in answer.content.decode()
    assert Shift.objects.get().ended_at is None


def test_who_goes_home_leaves_no_offer_open(cast: Cast) -> None:
    at_work(cast, cast.rider)
    offer_to(cast, release(cast, place(cast)))
    assert client_of(cast.rider).post("/dispatch/rider/shift/end").status_code == 302
    assert Offer.objects.get().answer == "withdrawn"
    assert Shift.objects.get().ended_at is not None


def test_who_goes_home_before_fetching_leaves_his_orders_to_others(cast: Cast) -> None:
    order = assigned(cast)
    assert client_of(cast.rider).post("/dispatch/rider/shift/end").status_code == 302
    order.refresh_from_db()
    assert (order.state, order.carrier) == ("released", None)


def test_two_shifts_at_once_are_refused(cast: Cast) -> None:
    at_work(cast, cast.rider)
    assert client_of(cast.rider).post("/dispatch/rider/shift/start").status_code == 409


def test_a_round_lists_each_order_once_until_it_is_fetched_and_then_its_door(cast: Cast) -> None:
    order = collected(cast)
    page = client_of(cast.rider).get("/dispatch/rider")
    stops = [(stop.order.code, stop.what) for stop in page.context["round"]]
    assert stops == [(order.code, "delivery")]
    assert all(stop.at >= datetime.now(UTC) for stop in page.context["round"])
