"""At the door: a name, and something that only the right person knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gancang.audit.models import Event
from gancang.ledger.models import Account
from gancang.ledger.queries import held_for
from gancang.orders.models import Order, Proof
from tests.cast import Cast, client_of, collected, typed_hand_over

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response


@pytest.fixture
def order(cast: Cast) -> Order:
    """Toni stands at the door with the bag."""
    return collected(cast)


def post(cast: Cast, order: Order, **changed: object) -> Response:
    """Toni presses the button."""
    url = f"/medicine/orders/{order.code}/hand-over"
    return client_of(cast.rider).post(url, typed_hand_over(order, **changed))


def state_of(order: Order) -> str:
    """Where the order is now."""
    order.refresh_from_db()
    return order.state


@pytest.mark.parametrize("typed", ["09-03-1951", "1951-03-09", "9/3/1951", "09031951", " 9.3.1951"])
def test_the_date_of_birth_opens_however_it_is_written(
    cast: Cast, order: Order, typed: str
) -> None:
    assert post(cast, order, factor=typed).status_code == 302
    assert state_of(order) == "delivered"
    assert Proof.objects.get(order=order).factor == "birth_date"


def test_the_code_from_the_letter_opens_too(cast: Cast, order: Order) -> None:
    assert post(cast, order, factor=f" {order.door_code} ").status_code == 302
    proof = Proof.objects.get(order=order)
    assert (proof.factor, proof.carrier, proof.receiver) == ("door_code", cast.rider, "Sari")


def test_family_in_the_house_may_receive_it_and_is_named(cast: Cast, order: Order) -> None:
    post(cast, order, receiver="Budi", relation="family")
    proof = Proof.objects.get(order=order)
    assert (proof.receiver, proof.relation) == ("Budi", "family")
    page = client_of(cast.pharmacist).get(f"/medicine/orders/{order.code}").content.decode()
    assert "Budi" in page


def test_the_fleet_is_owed_what_the_funds_pay_and_nothing_stays_set_aside(
    cast: Cast, order: Order
) -> None:
    post(cast, order)
    owed = Account.objects.get(kind="payable", payee=cast.fleet).balance_rp
    assert owed == order.price_rp - order.patient_pays_rp
    assert held_for(order.code) == []


@pytest.mark.parametrize("typed", ["10-03-1951", "0000-00-00", "Sari", "x", "' OR 1=1"])
def test_a_wrong_answer_is_counted_and_hands_nothing_over(
    cast: Cast, order: Order, typed: str
) -> None:
    page = post(cast, order, factor=typed)
    assert page.status_code == 400
    assert 'value="Sari"' in page.content.decode()
    assert state_of(order) == "collected"
    assert order.wrong_tries == 1
    told = Event.objects.get(subject=order.code, kind="order.wrong_factor")
    assert told.actor == "rider"
    assert "1951" not in told.payload


def test_after_five_wrong_answers_even_the_right_one_does_not_open(
    cast: Cast, order: Order
) -> None:
    for _ in range(5):
        assert post(cast, order, factor="x").status_code == 400
    assert post(cast, order).status_code == 400
    assert state_of(order) == "collected"
    assert order.wrong_tries == 5


def test_a_few_wrong_answers_do_not_shut_the_right_one_out(cast: Cast, order: Order) -> None:
    for _ in range(4):
        post(cast, order, factor="x")
    assert post(cast, order).status_code == 302
    assert state_of(order) == "delivered"


@pytest.mark.parametrize("missing", ["receiver", "relation", "factor"])
def test_a_name_a_relation_and_the_answer_are_all_needed(
    cast: Cast, order: Order, missing: str
) -> None:
    assert post(cast, order, **{missing: "  "}).status_code == 400
    assert state_of(order) == "collected"
    assert order.wrong_tries == 0


def test_nothing_is_handed_over_twice(cast: Cast, order: Order) -> None:
    first = typed_hand_over(order)
    url = f"/medicine/orders/{order.code}/hand-over"
    rider = client_of(cast.rider)
    assert rider.post(url, first).status_code == 302
    assert rider.post(url, first).status_code == 404  # he does not hold it any more
    assert Proof.objects.count() == 1


def test_another_rider_cannot_hand_it_over(cast: Cast, order: Order) -> None:
    url = f"/medicine/orders/{order.code}/hand-over"
    for stranger in (cast.second_rider, cast.other_rider):
        assert client_of(stranger).post(url, typed_hand_over(order)).status_code == 404
    assert state_of(order) == "collected"
