"""A bag that could not be handed over comes back: another try, or the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gancang.ledger.models import Account
from gancang.ledger.queries import held_for
from gancang.orders import lifecycle
from gancang.orders.models import Attempt, Order
from gancang.outbox.models import Letter
from tests.cast import client_of, collected, failed, offer_to, release, typed_release

if TYPE_CHECKING:
    from tests.cast import Cast


def once_more(cast: Cast, order: Order) -> Order:
    """Released again, fetched again, and again nobody is home."""
    order = release(cast, order)
    Order.objects.filter(pk=order.pk).update(not_before=None)  # some hours later
    rider = client_of(cast.rider)
    rider.post(f"/dispatch/rider/offers/{offer_to(cast, order).pk}", {"answer": "yes"})
    order.refresh_from_db()
    stop = f"/dispatch/rider/orders/{order.code}"
    rider.post(stop, {"version": order.version, "bag_code": order.bag_code})
    order.refresh_from_db()
    rider.post(f"{stop}/fail", {"version": order.version, "reason": "nobody_home", "note": ""})
    order.refresh_from_db()
    assert order.state == "failed"
    return order


@pytest.mark.parametrize("reason", [each.value for each in lifecycle.Failure])
def test_every_reason_is_kept_for_the_pharmacy(cast: Cast, reason: str) -> None:
    order = failed(cast, reason)
    attempt = Attempt.objects.get(order=order)
    assert (attempt.reason, attempt.carrier, attempt.note) == (
        reason,
        cast.rider,
        "pagar terkunci",
    )
    queue = client_of(cast.pharmacist).get("/medicine/queue").content.decode()
    assert order.code in queue
    told = Letter.objects.filter(subject=order.code, kind="order.failed").exists()
    assert told == (reason != "deceased")


def test_left_at_the_door_is_no_reason(cast: Cast) -> None:
    order = collected(cast)
    typed = {"version": order.version, "reason": "left_at_door", "note": "di pagar"}
    page = client_of(cast.rider).post(f"/dispatch/rider/orders/{order.code}/fail", typed)
    assert page.status_code == 400
    assert "di pagar" in page.content.decode()
    order.refresh_from_db()
    assert order.state == "collected"


def test_the_rider_who_still_holds_it_no_longer_sees_the_person(cast: Cast) -> None:
    order = failed(cast)
    page = client_of(cast.rider).get(f"/dispatch/rider/orders/{order.code}").content.decode()
    assert "Sari" not in page


def test_a_bag_that_is_taken_back_frees_its_money_to_the_rupiah(cast: Cast) -> None:
    free = balances()
    order = failed(cast)
    assert held_for(order.code)
    url = f"/medicine/orders/{order.code}/take-back"
    client_of(cast.pharmacist).post(url, {"version": order.version})
    order.refresh_from_db()
    assert order.state == "returned"
    assert held_for(order.code) == []
    assert balances() == free
    assert not Account.objects.filter(kind="payable").exclude(balance_rp=0).exists()
    assert client_of(cast.rider).get(f"/dispatch/rider/orders/{order.code}").status_code == 404


def test_nothing_is_taken_back_that_is_not_here(cast: Cast) -> None:
    order = collected(cast)
    url = f"/medicine/orders/{order.code}/take-back"
    answer = client_of(cast.pharmacist).post(url, {"version": order.version})
    assert answer.status_code == 409
    assert held_for(order.code)


def test_it_goes_out_again_as_often_as_the_programme_says_and_then_no_more(
    cast: Cast, settings: Any
) -> None:
    del settings
    order = failed(cast)
    tries_max = order.programme.terms["attempts_max"]
    for tried in range(1, tries_max):
        assert order.attempts == tried
        order = once_more(cast, order)
    assert order.attempts == tries_max
    url = f"/medicine/orders/{order.code}/release"
    page = client_of(cast.pharmacist).post(url, typed_release(order))
    assert page.status_code == 400
    assert str(tries_max) in page.content.decode()
    order.refresh_from_db()
    assert order.state == "failed"
    take_back = f"/medicine/orders/{order.code}/take-back"
    client_of(cast.pharmacist).post(take_back, {"version": order.version})
    order.refresh_from_db()
    assert order.state == "returned"


def test_a_new_release_gives_the_door_five_new_tries(cast: Cast) -> None:
    order = failed(cast)
    Order.objects.filter(pk=order.pk).update(wrong_tries=5)
    order.refresh_from_db()
    order = release(cast, order)
    assert (order.wrong_tries, order.carrier, order.fleet) == (0, None, None)


def balances() -> list[int]:
    """What is free in every budget."""
    rows = Account.objects.filter(kind=Account.Kind.AVAILABLE).order_by("pk")
    return list(rows.values_list("balance_rp", flat=True))
