"""A swapped bag is found at the counter and again at the door, told, and goes no further."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.audit.queries import list_story
from gancang.dispatch import actions as dispatch
from gancang.orders.models import Order
from gancang.orders.scanning import codes_in
from tests.cast import (
    assigned,
    client_of,
    collected,
    offer_to,
    place,
    release,
    typed_hand_over,
)

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from tests.cast import Cast


def budi(cast: Cast) -> Order:
    """A second patient's order, released, with a bag of its own."""
    order = place(cast, number="R-2026-0002", full_name="Budi", nik="", phone="0813 1111 2222")
    return release(cast, order)


def three_bags(cast: Cast) -> Order:
    """An order of three bags that Toni is to fetch."""
    order = assigned(cast)
    Order.objects.filter(pk=order.pk).update(bags=3)
    order.refresh_from_db()
    return order


def fetch(cast: Cast, order: Order, codes: str) -> Response:
    """Toni scans what the counter gives him."""
    order.refresh_from_db()
    stop = f"/dispatch/rider/orders/{order.code}"
    return client_of(cast.rider).post(stop, {"version": order.version, "bag_code": codes})


def hand_over(cast: Cast, order: Order, codes: str) -> Response:
    """Toni scans at the door what he is about to hand over."""
    order.refresh_from_db()
    url = f"/medicine/orders/{order.code}/hand-over"
    return client_of(cast.rider).post(url, typed_hand_over(order, bag_codes=codes))


def swaps(order: Order) -> list[dict[str, object]]:
    """What the order's story tells of wrong bags."""
    story = list_story(order.region.code, order.code)
    return [dict(told.facts) for told in story if told.kind == "order.wrong_bag"]


def state_of(order: Order) -> str:
    """Where the order is now."""
    order.refresh_from_db()
    return order.state


def test_a_swapped_bag_is_found_at_the_counter(cast: Cast) -> None:
    order = assigned(cast)
    other = budi(cast)
    page = fetch(cast, order, other.bag_code)
    assert page.status_code == 400
    assert "Tinggalkan di loket" in page.content.decode()
    assert state_of(order) == "assigned"
    assert swaps(order) == [{"where": "pick-up", "bag": other.bag_code, "belongs_to": other.code}]
    assert fetch(cast, order, order.bag_code).status_code == 302
    assert state_of(order) == "collected"


def test_a_swapped_bag_is_found_again_at_the_door(cast: Cast) -> None:
    order = collected(cast)
    other = budi(cast)
    page = hand_over(cast, order, other.bag_code)
    assert page.status_code == 400
    shown = page.content.decode()
    assert "Jangan diserahkan" in shown
    assert 'value="Sari"' in shown
    assert state_of(order) == "collected"
    assert order.wrong_tries == 0
    assert swaps(order) == [{"where": "door", "bag": other.bag_code, "belongs_to": other.code}]
    assert hand_over(cast, order, order.bag_code).status_code == 302
    assert state_of(order) == "delivered"


def test_two_bags_in_one_rider_s_hands_are_told_apart_at_the_door(cast: Cast) -> None:
    order = collected(cast)
    other = budi(cast)
    dispatch.accept(offer_to(cast, other), by=cast.rider, now=datetime.now(UTC))
    fetch(cast, other, other.bag_code)
    for mine, wrong in ((order, other), (other, order)):
        page = hand_over(cast, mine, wrong.bag_code)
        assert page.status_code == 400
        assert wrong.code in page.content.decode()
        assert state_of(mine) == "collected"


def test_what_is_no_code_of_ours_is_not_kept_in_the_story(cast: Cast) -> None:
    order = collected(cast)
    assert hand_over(cast, order, "SARI-WULANDARI").status_code == 400
    assert swaps(order) == [{"where": "door", "bag": "unknown", "belongs_to": None}]


@pytest.mark.parametrize("typed", ["{0}", "{0} {1}", "{0} {0} {0}", "{2},{1}"])
def test_every_bag_is_counted_at_the_counter_and_at_the_door(cast: Cast, typed: str) -> None:
    order = three_bags(cast)
    codes = order.codes_on_bags
    assert fetch(cast, order, typed.format(*codes)).status_code == 400
    assert state_of(order) == "assigned"
    assert fetch(cast, order, " ".join(codes).lower()).status_code == 302
    page = hand_over(cast, order, typed.format(*codes))
    assert page.status_code == 400
    assert "3 kantong" in page.content.decode()
    assert hand_over(cast, order, ", ".join(reversed(codes))).status_code == 302
    assert state_of(order) == "delivered"


def test_the_codes_that_a_desk_gave_its_bags_are_the_ones_that_count(cast: Cast) -> None:
    order = assigned(cast)
    Order.objects.filter(pk=order.pk).update(bags=2, bag_codes=["SEAL-7", "SEAL-8"])
    assert fetch(cast, order, order.bag_code).status_code == 400
    assert fetch(cast, order, "seal-8 seal-7").status_code == 302


def test_nothing_is_handed_over_without_a_scan(cast: Cast) -> None:
    order = collected(cast)
    assert hand_over(cast, order, " ").status_code == 400
    assert state_of(order) == "collected"


@given(st.lists(st.text("ABC34-", min_size=1), max_size=9), st.sampled_from([" ", ",", "\n", "; "]))
def test_codes_are_read_however_they_are_parted(codes: list[str], between: str) -> None:
    assert codes_in(between.join(codes).lower()) == list(dict.fromkeys(codes))
