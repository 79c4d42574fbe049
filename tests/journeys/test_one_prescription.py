"""One prescription, whole: from the counter to the auditor, through the pages of those who act."""

from django.test import Client

from gancang.ledger.models import Account, Transfer
from gancang.orders.links import track_token
from gancang.orders.models import Order
from gancang.outbox.models import Letter
from tests.cast import (
    Cast,
    at_work,
    client_of,
    collected,
    offer_to,
    place,
    release,
    typed_hand_over,
)


def test_a_prescription_goes_from_the_counter_to_a_proved_and_paid_delivery(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = place(cast)
    assert order.state == "placed"
    assert reserved(order.code) == order.price_rp

    queue = client_of(cast.pharmacist).get("/medicine/queue")
    assert order.code in queue.content.decode()
    order = release(cast, order)

    offer = offer_to(cast, order)
    rider = client_of(cast.rider)
    assert "Sari" not in rider.get("/dispatch/rider").content.decode()
    rider.post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    stop = f"/dispatch/rider/orders/{order.code}"
    assert "Sari" not in rider.get(stop).content.decode()
    order.refresh_from_db()
    rider.post(stop, {"version": order.version, "bag_code": order.bag_code.lower()})
    at_the_door = rider.get(stop).content.decode()
    assert "Sari" in at_the_door
    assert "Amlodipine" not in at_the_door

    deliver_and_account(cast, order)


def deliver_and_account(cast: Cast, order: Order) -> None:
    """From the door to the treasurer, the auditor and the patient."""
    order.refresh_from_db()
    done = client_of(cast.rider).post(
        f"/medicine/orders/{order.code}/hand-over", typed_hand_over(order)
    )
    assert done.status_code == 302
    order.refresh_from_db()
    assert order.state == "delivered"
    assert reserved(order.code) == 0
    assert owed(cast) == order.price_rp

    book = client_of(cast.treasurer).get("/overview/book").content.decode()
    assert order.code in book
    story = client_of(cast.auditor).get(f"/overview/orders/{order.code}")
    assert story.status_code == 200
    patient = Client().get(f"/o/{track_token(order.code)}").content.decode()
    assert "Sari" not in patient


def reserved(code: str) -> int:
    """What is set aside for an order just now."""
    rows = Transfer.objects.filter(about=code)
    signs = {"reserve": 1, "settle": -1, "release": -1}
    return sum(signs[row.kind] * row.amount_rp for row in rows)


def owed(cast: Cast) -> int:
    """What the fleet has earned."""
    return Account.objects.get(kind="payable", payee=cast.fleet).balance_rp


def test_the_patient_hears_of_every_step_and_never_what_is_in_the_bag(cast: Cast) -> None:
    order = collected(cast)
    client_of(cast.rider).post(f"/medicine/orders/{order.code}/hand-over", typed_hand_over(order))
    letters = Letter.objects.filter(subject=order.code).order_by("id")
    assert [letter.kind for letter in letters] == [
        "order.placed",
        "order.collected",
        "order.delivered",
    ]
    assert all("Amlodipine" not in letter.body for letter in letters)
    assert track_token(order.code) in letters[0].body
