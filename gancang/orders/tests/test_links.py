"""The patient's link opens one order, to whoever has it, and tells nothing of the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from gancang.orders.links import find_code, track_token
from tests.cast import NIK, client_of, collected, delivered, place

if TYPE_CHECKING:
    from tests.cast import Cast


def test_a_link_opens_its_order_and_no_other(cast: Cast) -> None:
    order = place(cast)
    assert find_code(track_token(order.code)) == order.code
    page = Client().get(f"/o/{track_token(order.code)}")
    assert order.code in page.content.decode()
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", ["x", "ImFiYyI.AAAA", "%00", "a" * 500])
def test_a_guessed_link_opens_nothing(db: None, token: str) -> None:
    assert Client().get(f"/o/{token}").status_code == 404
    assert Client().post(f"/o/{token}/cancel").status_code == 404


def test_a_link_that_was_altered_opens_nothing(cast: Cast) -> None:
    token = track_token(place(cast).code)
    swapped = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert find_code(token[:5] + "x" + token[6:]) is None
    assert find_code(swapped) is None or find_code(swapped) == find_code(token)


@pytest.mark.parametrize("until", [place, collected, delivered])
def test_the_link_never_tells_who_it_is_for_or_what_is_in_the_bag(
    cast: Cast, until: object
) -> None:
    order = until(cast)  # type: ignore[operator]  # one of the three above
    page = Client().get(f"/o/{track_token(order.code)}").content.decode()
    for secret in ("Sari", "Amlodipine", "Saraf", NIK, "81234567890", "Krajan"):
        assert secret not in page


def test_the_patient_calls_it_off_by_the_link_until_the_rider_has_it(cast: Cast) -> None:
    order = place(cast)
    answer = Client().post(f"/o/{track_token(order.code)}/cancel")
    assert answer.status_code == 302
    order.refresh_from_db()
    assert order.state == "cancelled"


def test_once_the_rider_has_it_the_patient_is_told_to_ring(cast: Cast) -> None:
    order = collected(cast)
    assert Client().post(f"/o/{track_token(order.code)}/cancel").status_code == 409
    order.refresh_from_db()
    assert order.state == "collected"


def test_nobody_reads_an_order_of_another_hospital(cast: Cast) -> None:
    order = place(cast)
    stranger = client_of(cast.other_pharmacist)
    assert stranger.get(f"/medicine/orders/{order.code}").status_code == 404
    assert order.code not in stranger.get("/medicine/orders").content.decode()
    assert order.code not in stranger.get("/medicine/queue").content.decode()
