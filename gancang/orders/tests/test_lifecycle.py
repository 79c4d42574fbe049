"""An order goes only the ways that are listed, a step at a time; a stale page moves nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.audit.queries import list_story
from gancang.orders import actions, lifecycle
from gancang.orders.actions import Step
from gancang.orders.lifecycle import MOVES, STATES, Why, why_not_move
from gancang.orders.models import Order
from gancang.values import Refused
from tests.cast import client_of, collected, place, release, typed_release

if TYPE_CHECKING:
    from tests.cast import Cast

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
some_state = st.sampled_from(sorted(STATES))


@given(some_state, some_state)
def test_only_the_listed_ways_are_open(state: str, to: str) -> None:
    assert (why_not_move(state, to) is None) == (to in MOVES[state])


def test_every_open_order_can_still_come_to_an_end() -> None:
    ends = {state for state, ways in MOVES.items() if not ways}
    reach = {state: set(ways) for state, ways in MOVES.items()}
    for _ in STATES:
        reach = {s: ways | {far for w in ways for far in reach[w]} for s, ways in reach.items()}
    assert all(reach[state] & ends for state in lifecycle.OPEN)


def test_nobody_holds_a_bag_that_can_be_called_off() -> None:
    assert not lifecycle.IN_HAND & lifecycle.CANCELLABLE
    assert why_not_move(lifecycle.COLLECTED, lifecycle.CANCELLED) is Why.ALREADY_COLLECTED


@pytest.mark.parametrize("to", sorted(set(STATES) - MOVES[lifecycle.PLACED]))
def test_a_way_that_is_not_listed_changes_nothing(cast: Cast, to: str) -> None:
    order = place(cast)
    told = len(list_story(cast.region.code, order.code))
    with pytest.raises(Refused) as refusal:
        actions.move(order, Step(to=to), by="tests", now=NOW)
    assert refusal.value.reason is Why.WRONG_STATE
    order.refresh_from_db()
    assert (order.state, order.version) == (lifecycle.PLACED, 1)
    assert len(list_story(cast.region.code, order.code)) == told


def test_every_step_is_told_with_who_and_when(cast: Cast) -> None:
    order = collected(cast)
    story = [(told.kind, told.by) for told in list_story(cast.region.code, order.code)]
    assert story == [
        ("order.placed", "clerk"),
        ("order.tier_decided", "clerk"),
        ("order.reviewed", "pharmacist"),
        ("order.prepared", "pharmacist"),
        ("order.released", "pharmacist"),
        ("offer.made", "dispatch"),
        ("order.assigned", "rider"),
        ("order.collected", "rider"),
    ]
    assert order.version == 4


def test_of_two_who_looked_at_the_same_order_the_second_is_refused(cast: Cast) -> None:
    order = place(cast)
    twin = Order.objects.get(pk=order.pk)
    actions.move(order, Step(to=lifecycle.RELEASED), by="first", now=NOW)
    with pytest.raises(Refused) as refusal:
        actions.move(twin, Step(to=lifecycle.CANCELLED), by="second", now=NOW)
    assert refusal.value.reason is Why.CHANGED_MEANWHILE
    assert refusal.value.facts["state"] == STATES[lifecycle.RELEASED]


def test_a_stale_page_is_told_what_changed_and_keeps_what_was_typed(cast: Cast) -> None:
    order = place(cast)
    stale = {"version": order.version, "reason": "pasien sudah meninggal"}
    release(cast, order)
    clerk = client_of(cast.clerk)
    page = clerk.post(f"/dispatch/orders/{order.code}/cancel", stale)
    assert page.status_code == 400
    shown = page.content.decode()
    assert "pasien sudah meninggal" in shown
    assert "Menunggu" in shown
    order.refresh_from_db()
    assert order.state == "released"
    # Having read what changed, he may send the same words again.
    assert f'name="version" value="{order.version}"' in shown
    clerk.post(f"/dispatch/orders/{order.code}/cancel", stale | {"version": order.version})
    order.refresh_from_db()
    assert order.state == "cancelled"


def test_a_stale_release_keeps_the_bag_code_that_was_typed(cast: Cast) -> None:
    order = place(cast)
    stale = typed_release(order, bag_code="SEAL-77", version=order.version + 1)
    url = f"/medicine/orders/{order.code}/release"
    page = client_of(cast.pharmacist).post(url, stale)
    assert page.status_code == 400
    assert "SEAL-77" in page.content.decode()


@pytest.mark.parametrize("version", ["", "one", "-1", "9" * 30])
def test_a_page_without_a_version_decides_nothing(cast: Cast, version: str) -> None:
    order = place(cast)
    url = f"/medicine/orders/{order.code}/release"
    page = client_of(cast.pharmacist).post(url, typed_release(order, version=version))
    assert page.status_code == 400
    order.refresh_from_db()
    assert order.state == "placed"
