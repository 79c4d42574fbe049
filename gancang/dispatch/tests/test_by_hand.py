"""The operator may name the rider, with a reason; release, shift and training bind his hand too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role, User
from gancang.dispatch import actions
from gancang.dispatch.models import Offer, Waiting
from gancang.dispatch.rules import Why
from gancang.dispatch.ticking import tick
from gancang.fleet.models import Shift, Training
from gancang.values import Refused
from tests.cast import (
    PASSWORD,
    assigned,
    at_work,
    client_of,
    collected,
    offer_to,
    place,
    release,
)

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from gancang.orders.models import Order
    from tests.cast import Cast


def post(cast: Cast, order: Order, rider: User, **changed: object) -> Response:
    """The operator presses the button."""
    typed = {"version": order.version, "rider": rider.pk, "reason": "pasien di jalan pulangnya"}
    url = f"/dispatch/orders/{order.code}/assign"
    return client_of(cast.operator).post(url, {**typed, **changed})


@pytest.fixture
def order(cast: Cast) -> Order:
    """An order that waits, and two riders at work."""
    at_work(cast, cast.rider, cast.second_rider)
    return release(cast, place(cast))


def test_the_named_rider_has_it_and_the_reason_stays_with_the_order(
    cast: Cast, order: Order
) -> None:
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert post(cast, order, cast.second_rider).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.carrier, order.fleet) == (
        "assigned",
        cast.second_rider,
        cast.fleet,
    )
    offers = dict(Offer.objects.values_list("answer", "reason"))
    assert offers == {"withdrawn": "", "yes": "pasien di jalan pulangnya"}
    assert not Waiting.objects.exists()
    story = client_of(cast.auditor).get(f"/overview/orders/{order.code}").content.decode()
    assert "pasien di jalan pulangnya" in story


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nobody_is_named(cast: Cast, order: Order, reason: str) -> None:
    assert post(cast, order, cast.rider, reason=reason).status_code == 400
    with pytest.raises(Refused) as refusal:
        actions.assign_by_hand(
            order,
            cast.rider,
            reason=reason,
            by=cast.member(cast.operator),
            seen_version=order.version,
            now=datetime.now(UTC),
        )
    assert refusal.value.reason is Why.NO_REASON


def test_who_is_not_on_shift_cannot_be_named(cast: Cast, order: Order) -> None:
    page = post(cast, order, cast.other_rider)
    assert page.status_code == 400
    assert "pasien di jalan pulangnya" in page.content.decode()


def test_who_is_not_trained_cannot_be_named(cast: Cast, order: Order) -> None:
    Training.objects.filter(rider__user=cast.rider).delete()
    page = post(cast, order, cast.rider)
    assert page.status_code == 400
    assert "Toni" in page.content.decode()
    order.refresh_from_db()
    assert order.state == "released"


def test_who_rides_for_a_fleet_that_the_programme_does_not_name_cannot_be_named(
    cast: Cast, order: Order
) -> None:
    at_work(cast, cast.other_rider)
    order.programme.terms["carriers"] = [cast.fleet.code]
    order.programme.save()
    answer = post(cast, order, cast.other_rider)
    assert answer.status_code == 400
    assert cast.other_fleet.name in answer.content.decode()
    order.refresh_from_db()
    assert order.state == "released"


def test_a_rider_who_went_home_while_the_page_was_open_cannot_be_named(
    cast: Cast, order: Order
) -> None:
    actions.end_shift(cast.rider, now=datetime.now(UTC))
    with pytest.raises(Refused) as refusal:
        actions.assign_by_hand(
            order,
            cast.rider,
            reason="dekat",
            by=cast.member(cast.operator),
            seen_version=order.version,
            now=datetime.now(UTC),
        )
    assert refusal.value.reason is Why.NOT_ON_SHIFT


def test_an_order_can_be_given_to_another_before_it_is_fetched(cast: Cast) -> None:
    order = assigned(cast)
    at_work(cast, cast.second_rider)
    assert post(cast, order, cast.second_rider).status_code == 302
    order.refresh_from_db()
    assert order.carrier == cast.second_rider
    assert client_of(cast.rider).get(f"/dispatch/rider/orders/{order.code}").status_code == 404


def test_a_bag_that_is_on_its_way_stays_with_its_rider(cast: Cast) -> None:
    order = collected(cast)
    at_work(cast, cast.second_rider)
    assert post(cast, order, cast.second_rider).status_code == 400
    order.refresh_from_db()
    assert (order.state, order.carrier) == ("collected", cast.rider)
    assert Offer.objects.filter(order=order).count() == 1


def test_a_stale_page_names_nobody(cast: Cast, order: Order) -> None:
    offer = offer_to(cast, order)
    client_of(offer.rider).post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    page = post(cast, order, cast.second_rider)
    assert page.status_code == 400
    assert "pasien di jalan pulangnya" in page.content.decode()
    order.refresh_from_db()
    assert order.carrier == offer.rider


def test_the_operator_of_another_fleet_sees_neither_the_order_nor_the_riders(
    cast: Cast, order: Order
) -> None:
    newcomer = Newcomer(
        username="dispatcher",
        full_name="Dispatcher",
        password=PASSWORD,
        role=Role.OPERATOR,
        organisation=cast.other_fleet,
    )
    stranger = add_person(newcomer, region=cast.region, by="tests", now=datetime.now(UTC))
    url = f"/dispatch/orders/{order.code}/assign"
    assert client_of(stranger).get(url).status_code == 404


def test_the_list_shows_who_is_barred_and_why_before_anybody_asks(cast: Cast, order: Order) -> None:
    Training.objects.filter(rider__user=cast.second_rider).delete()
    Shift.objects.filter(rider__user=cast.rider).update(ends_by=datetime.now(UTC))
    page = client_of(cast.operator).get(f"/dispatch/orders/{order.code}/assign")
    offered = dict(page.context["form"].fields["rider"].choices)
    assert cast.second_rider.pk not in offered, "he could not carry it"
    assert "tetap tugaskan" in offered[cast.rider.pk]
    text = page.content.decode()
    assert "Slamet" in text
    assert "Toni" in text
    told = {rider.user: reasons for rider, reasons in page.context["told"]}
    assert len(told[cast.second_rider]) == len(told[cast.rider]) == 1
