"""An order can be called off until a rider has collected it, and its money is free again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from gancang.dispatch.models import Offer
from gancang.ledger.models import Account
from gancang.ledger.queries import held_for
from gancang.orders.links import track_token
from gancang.outbox.models import Letter
from tests.cast import assigned, at_work, client_of, collected, failed, offer_to, place, release

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from tests.cast import Cast

WHO = ("clerk", "pharmacist", "operator", "patient")


def cancel(cast: Cast, order: Order, who: str) -> int:
    """Somebody calls it off; what the page answers."""
    if who == "patient":
        return Client().post(f"/o/{track_token(order.code)}/cancel").status_code
    typed = {"version": order.version, "reason": "sudah diambil sendiri"}
    url = f"/dispatch/orders/{order.code}/cancel"
    return client_of(getattr(cast, who)).post(url, typed).status_code


def free() -> list[int]:
    """What is free in every budget."""
    rows = Account.objects.filter(kind=Account.Kind.AVAILABLE).order_by("pk")
    return list(rows.values_list("balance_rp", flat=True))


def released(cast: Cast) -> Order:
    """An order that waits for a rider."""
    return release(cast, place(cast))


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("until", [place, released, assigned])
def test_until_it_is_collected_all_of_them_can_call_it_off(
    cast: Cast, who: str, until: object
) -> None:
    before = free()
    order = until(cast)  # type: ignore[operator]  # one of the three above
    assert free() != before
    assert cancel(cast, order, who) == 302
    order.refresh_from_db()
    assert (order.state, order.carrier) == ("cancelled", None)
    assert free() == before
    assert held_for(order.code) == []
    assert Letter.objects.filter(subject=order.code, kind="order.cancelled").count() == 1


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("until", [collected, failed])
def test_once_a_rider_has_the_bag_nobody_calls_it_off(cast: Cast, who: str, until: object) -> None:
    order = until(cast)  # type: ignore[operator]  # one of the two above
    state = order.state
    assert cancel(cast, order, who) in (400, 409)
    order.refresh_from_db()
    assert order.state == state
    assert held_for(order.code)


def test_an_order_is_called_off_once(cast: Cast) -> None:
    order = place(cast)
    before = free()
    assert cancel(cast, order, "patient") == 302
    after = free()
    assert cancel(cast, order, "patient") == 409
    assert cancel(cast, order, "clerk") == 400
    assert free() == after != before


def test_an_open_offer_is_withdrawn_and_a_yes_comes_too_late(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = released(cast)
    offer = offer_to(cast, order)
    cancel(cast, order, "clerk")
    assert Offer.objects.get().answer == "withdrawn"
    rider = client_of(cast.rider)
    assert f"offers/{offer.pk}" not in rider.get("/dispatch/rider").content.decode()
    assert rider.post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"}).status_code == 409
    order.refresh_from_db()
    assert order.state == "cancelled"


def test_a_reason_is_needed_at_the_desk(cast: Cast) -> None:
    order = place(cast)
    url = f"/dispatch/orders/{order.code}/cancel"
    page = client_of(cast.clerk).post(url, {"version": order.version, "reason": " "})
    assert page.status_code == 400


def test_another_hospital_cannot_call_it_off(cast: Cast) -> None:
    order = place(cast)
    assert cancel(cast, order, "other_pharmacist") == 404
    order.refresh_from_db()
    assert order.state == "placed"
