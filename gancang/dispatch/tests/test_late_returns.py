"""A bag that should be back at the pharmacy by now is the first thing that an operator sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gancang.dispatch.rules import urgency
from gancang.orders.models import Order
from tests.cast import client_of, failed, place

if TYPE_CHECKING:
    from tests.cast import Cast


def test_a_bag_that_should_be_back_stands_first_on_the_board(cast: Cast) -> None:
    other = place(cast, number="R-2", nik="3510164903500002")
    order = failed(cast)
    past = datetime.now(UTC) - timedelta(minutes=1)
    Order.objects.filter(pk=other.pk).update(promise_at=past - timedelta(days=1))
    client = client_of(cast.operator)
    assert "kantong belum kembali" not in client.get("/dispatch/board").content.decode()
    Order.objects.filter(pk=order.pk).update(back_by=past)
    board = client.get("/dispatch/board").content.decode()
    assert "kantong belum kembali" in board
    assert board.index(f"/dispatch/orders/{order.code}/") < board.index(
        f"/dispatch/orders/{other.code}/"
    )


def test_a_stopped_order_is_never_fine() -> None:
    now = datetime.now(UTC)
    tomorrow = now + timedelta(days=1)
    assert urgency("collected", tomorrow, now=now) == "fine"
    assert urgency("collected", tomorrow, now=now, is_stopped=True) == "risk"


def test_from_the_board_the_operator_finds_what_phones_could_not_save(cast: Cast) -> None:
    link = "/medicine/device-events/refused"
    assert link in client_of(cast.operator).get("/dispatch/board").content.decode()
    assert link not in client_of(cast.admin).get("/dispatch/board").content.decode()
    assert client_of(cast.operator).get(link).status_code == 200
