"""Another way, another leg: money set aside for one order again and again never gets in its way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.dispatch.models import Offer
from gancang.dispatch.ticking import tick
from gancang.fleet.models import Rider, Shift
from gancang.ledger.models import Transfer
from gancang.ledger.queries import held_for
from gancang.medicine.tests.ways import at_the_counter, clerk_near, only_by
from gancang.orders.models import Leg
from gancang.overview.verify import verify
from tests.cast import at_work, client_of, place, release, typed_hand_over, typed_release

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.orders.models import Order
    from tests.cast import Cast

DEARER = 140_000


@pytest.fixture
def nurse(cast: Cast) -> User:
    """Bu Tutik, at the counter of a health centre."""
    only_by(cast, "relay")
    return clerk_near(cast)


def add_dear_way(cast: Cast, kind: str) -> None:
    """Beside what there is a way of this kind that costs more, to everywhere."""
    reach = cast.region.config["reach"]
    (only,) = reach["ways"]
    dear = {**only, "code": f"dear-{kind}", "kind": kind, "price_rp": DEARER}
    cast.region.config["reach"] = {**reach, "ways": [only, dear]}
    cast.region.save()


def send_by_dear_way(cast: Cast, order: Order) -> None:
    """Yanti, the operator, sends it by the dear way; the difference is set aside."""
    client = client_of(cast.operator)
    url = f"/dispatch/orders/{order.code}/way"
    options = client.get(url).context["options"]
    (option,) = [each for each in options if each.answer.at_most.rupiah == DEARER]
    sent = client.post(url, {"version": order.version, "way": option.key})
    assert sent.status_code == 302, sent.content.decode()
    order.refresh_from_db()
    assert order.price_rp == DEARER
    assert held(order) == DEARER


def held(order: Order) -> int:
    """What the book holds for an order, in rupiah."""
    return sum(item.amount.rupiah for item in held_for(order.code))


def settled(order: Order) -> int:
    """What fleets are owed for an order, in rupiah."""
    rows = Transfer.objects.filter(about=order.code, kind="settle")
    return sum(row.amount_rp for row in rows)


def problems(cast: Cast) -> list[str]:
    """What `gancang verify` says of the book."""
    return [each for each in verify([cast.region]).problems if not each.startswith("chain")]


def to_the_counter(cast: Cast, order: Order, nurse: User) -> None:
    """Toni takes it to Bu Tutik's counter, and she locks it up."""
    at_work(cast, cast.rider)
    assert order.not_before is not None
    Shift.objects.update(started_at=order.not_before - timedelta(hours=1))
    tick(cast.region, now=order.not_before, seed=1)
    offer = Offer.objects.get(order=order, answer="open")
    rider = client_of(cast.rider)
    rider.post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    order.refresh_from_db()
    typed = {"version": order.version, "bag_code": order.bag_code}
    rider.post(f"/dispatch/rider/orders/{order.code}", typed)
    url = f"/medicine/orders/{order.code}/take-in"
    assert client_of(nurse).post(url, {"bag_codes": order.bag_code}).status_code == 302
    order.refresh_from_db()
    assert order.state == "held"


def test_an_order_sent_by_another_way_is_later_brought_on_from_a_counter(
    cast: Cast, nurse: User
) -> None:
    order = release(cast, place(cast))
    add_dear_way(cast, "relay")
    send_by_dear_way(cast, order)
    to_the_counter(cast, order, nurse)
    first = settled(order)
    typed = {"rider": Rider.objects.get(user=cast.rider).pk, "bag_codes": order.bag_code}
    answer = client_of(nurse).post(f"/medicine/counter/{order.code}/bring-on", typed)
    assert answer.status_code == 302, answer.content.decode()
    onward = Leg.objects.get(order=order, kind="onward")
    assert held(order) == onward.cost_rp
    order.refresh_from_db()
    url = f"/medicine/orders/{order.code}/hand-over"
    assert client_of(cast.rider).post(url, typed_hand_over(order)).status_code == 302
    assert settled(order) == first + onward.cost_rp
    assert held(order) == 0
    assert problems(cast) == []


def test_a_bag_that_came_home_from_a_counter_is_sent_out_by_another_way(
    cast: Cast, nurse: User
) -> None:
    order = at_the_counter(cast, nurse)
    typed = {"rider": Rider.objects.get(user=cast.rider).pk, "bag_codes": order.bag_code}
    client_of(nurse).post(f"/medicine/counter/{order.code}/send-back", typed)
    order.refresh_from_db()
    url = f"/medicine/orders/{order.code}/release"
    sent = client_of(cast.pharmacist).post(url, typed_release(order))
    assert sent.status_code == 302, sent.content.decode()
    order.refresh_from_db()
    add_dear_way(cast, "round")
    send_by_dear_way(cast, order)
    assert problems(cast) == []
