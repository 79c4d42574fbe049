"""What all know of an order: confirmed or not, stopped or not, and where its bag waits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gancang.audit.queries import list_story
from gancang.orders import actions, lifecycle
from gancang.orders.actions import Step
from gancang.orders.lifecycle import Why
from gancang.orders.queries import visible_to
from gancang.regions.models import Organisation
from gancang.values import Refused
from tests.cast import client_of, collected, place, release

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from tests.cast import Cast

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def to_counter(order: Order, counter: Organisation) -> None:
    """The rider leaves the bag with the clerk of a counter near the patient."""
    step = Step(to=lifecycle.HELD, changes={"hold_at": counter})
    actions.move(order, step, by="rider", now=NOW)


def test_an_order_from_the_counter_is_confirmed_there(cast: Cast) -> None:
    order = place(cast)
    assert (order.way, order.confirmed_how) == ("direct", "counter")
    assert order.confirmed_at == order.placed_at
    assert (order.not_before, order.cold_minutes, order.needs) == (None, None, [])


def test_a_later_confirmation_says_how_and_when(cast: Cast) -> None:
    order = place(cast)
    actions.confirm(order, "phone", "clerk", NOW)
    assert (order.confirmed_at, order.confirmed_how) == (NOW, "phone")
    told = list_story(cast.region.code, order.code)[-1]
    assert (told.kind, told.by) == ("order.confirmed", "clerk")


def test_a_stopped_order_does_not_move_until_it_is_let_go(cast: Cast) -> None:
    order = place(cast)
    actions.freeze(order, why="pasien keliru", by="operator", now=NOW)
    url = f"/medicine/orders/{order.code}/release"
    page = client_of(cast.pharmacist).post(
        url,
        {
            "version": order.version,
            "topics": ["use", "dose", "side_effects", "storage", "warnings"],
            "channel": "counter",
            "told_to": "patient",
            "bags": 1,
            "checked": "on",
        },
    )
    assert page.status_code == 400
    assert "pasien keliru" in page.content.decode()
    actions.thaw(order, by="operator", now=NOW)
    assert release(cast, order).state == "released"


def test_stopping_twice_is_told_once_and_keeps_the_first_reason(cast: Cast) -> None:
    order = place(cast)
    for why in ("pasien keliru", "lain"):
        actions.freeze(order, why=why, by="operator", now=NOW)
    assert order.frozen_why == "pasien keliru"
    for _ in range(2):
        actions.thaw(order, by="operator", now=NOW)
    kinds = [told.kind for told in list_story(cast.region.code, order.code)]
    assert kinds[-2:] == ["order.frozen", "order.thawed"]
    assert kinds.count("order.frozen") == kinds.count("order.thawed") == 1


def test_nobody_is_stopped_without_a_reason_or_after_the_end(cast: Cast) -> None:
    order = place(cast)
    with pytest.raises(Refused) as refusal:
        actions.freeze(order, why=" ", by="operator", now=NOW)
    assert refusal.value.reason is Why.NO_FREEZE_REASON
    actions.move(order, Step(to=lifecycle.CANCELLED), by="clerk", now=NOW)
    with pytest.raises(Refused) as refusal:
        actions.freeze(order, why="keliru", by="operator", now=NOW)
    assert refusal.value.reason is Why.NOT_OPEN


def test_a_bag_at_a_counter_is_seen_by_its_clerk_and_no_longer_by_the_rider(cast: Cast) -> None:
    order = collected(cast)
    clerk_there = cast.member(cast.clerk)
    clerk_there.organisation = cast.other_hospital
    assert not visible_to(clerk_there).exists()
    to_counter(order, cast.other_hospital)
    assert order.state in lifecycle.OPEN
    assert visible_to(clerk_there).get() == order
    stranger = cast.member(cast.other_pharmacist)
    assert not visible_to(stranger).exists()
    assert not visible_to(cast.member(cast.rider)).exists()


def test_a_bag_at_a_counter_is_not_called_off(cast: Cast) -> None:
    order = collected(cast)
    to_counter(order, cast.other_hospital)
    with pytest.raises(Refused) as refusal:
        actions.move(order, Step(to=lifecycle.CANCELLED), by="clerk", now=NOW)
    assert refusal.value.reason is Why.ALREADY_COLLECTED


def test_the_clerk_of_the_counter_never_reads_what_is_in_the_bag(cast: Cast) -> None:
    order = collected(cast)
    to_counter(order, cast.other_hospital)
    member = cast.member(cast.clerk)
    member.organisation = cast.other_hospital
    member.save(update_fields=["organisation"])
    page = client_of(cast.clerk).get(f"/medicine/orders/{order.code}")
    assert page.status_code == 200
    assert "Amlodipine" not in page.content.decode()
