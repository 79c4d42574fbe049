"""An order whose patient pays, up to the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.dispatch.models import Offer
from gancang.fleet.models import Shift
from tests.cast import at_work, client_of, offer_to, place, release, typed_hand_over

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.orders.models import Order
    from tests.cast import Cast


def at_the_door(cast: Cast, number: int = 1, *, rider: User | None = None) -> Order:
    """An order whose patient has agreed to pay; its rider holds the bag."""
    who = rider or cast.rider
    if not Shift.objects.filter(rider__user=who, ended_at=None).exists():
        at_work(cast, who)
    typed = {"number": f"P-{number}", "nik": "", "pbi": "tidak", "accepts_rp": "900000"}
    order = release(cast, place(cast, **typed))
    offer = offer_to(cast, order)
    assert offer.answer == Offer.Answer.OPEN
    return fetch(order, offer)


def fetch(order: Order, offer: Offer) -> Order:
    """The rider who was asked takes the order and has its bag."""
    rider = client_of(offer.rider)
    rider.post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    order.refresh_from_db()
    stop = f"/dispatch/rider/orders/{order.code}"
    rider.post(stop, {"version": order.version, "bag_code": order.bag_code})
    order.refresh_from_db()
    assert order.state == "collected", order.state
    return order


def hand_over(order: Order, **told: object) -> int:
    """The rider hands the bag over; the status that he hears."""
    assert order.carrier is not None
    url = f"/medicine/orders/{order.code}/hand-over"
    answer = client_of(order.carrier).post(url, typed_hand_over(order, **told))
    order.refresh_from_db()
    return answer.status_code
