"""What the operator does about an order at risk, each with one form on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.outbox.models import Letter
from tests.cast import assigned, client_of, collected, typed_hand_over

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from tests.cast import Cast


def act(cast: Cast, order: Order, deed: str, why: str = "hujan lebat") -> int:
    """The operator presses the button."""
    url = f"/dispatch/orders/{order.code}/remedies"
    answer = client_of(cast.operator).post(url, {"deed": deed, "why": why})
    order.refresh_from_db()
    return answer.status_code


def test_the_page_has_the_numbers_and_what_to_say(cast: Cast) -> None:
    order = assigned(cast)
    board = client_of(cast.operator).get("/dispatch/board").content.decode()
    assert f"/dispatch/orders/{order.code}/remedies" in board
    page = client_of(cast.operator).get(f"/dispatch/orders/{order.code}/remedies").content.decode()
    assert "+6281234567890" in page
    assert "Toni" in page


def test_the_patient_is_told_once_that_it_comes_later(cast: Cast) -> None:
    order = assigned(cast)
    assert act(cast, order, "tell") == 302
    assert act(cast, order, "tell") == 302
    assert Letter.objects.filter(subject=order.code, kind="order.told_late").count() == 1


def test_what_is_not_fetched_is_taken_back_and_goes_to_others(cast: Cast) -> None:
    order = assigned(cast)
    assert act(cast, order, "take_back") == 302
    assert (order.state, order.carrier) == ("released", None)


def test_nothing_is_stopped_without_a_reason(cast: Cast) -> None:
    order = collected(cast)
    for deed in ("stop", "take_back", "take_all"):
        assert act(cast, order, deed, why=" ") == 400
    assert order.frozen_at is None


def test_a_stopped_bag_comes_back_and_goes_nowhere_else(cast: Cast) -> None:
    order = collected(cast)
    assert act(cast, order, "take_all", why="pengantar kecelakaan") == 302
    assert order.frozen_why == "pengantar kecelakaan"
    rider = client_of(cast.rider)
    assert (
        f"BERHENTI: jangan serahkan {order.code}." in rider.get("/dispatch/rider").content.decode()
    )
    url = f"/medicine/orders/{order.code}/hand-over"
    assert rider.post(url, typed_hand_over(order)).status_code == 400
    client_of(cast.pharmacist).post(f"/dispatch/orders/{order.code}/back")
    order.refresh_from_db()
    assert (order.state, order.frozen_why) == ("failed", "")


def test_a_stopped_order_can_be_let_go_again(cast: Cast) -> None:
    order = collected(cast)
    act(cast, order, "stop")
    assert act(cast, order, "let_go", why="") == 302
    assert order.frozen_at is None
