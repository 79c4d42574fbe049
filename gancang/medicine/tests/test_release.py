"""Nothing leaves the pharmacy before the final check and the counselling."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gancang.dispatch.models import Offer
from gancang.dispatch.ticking import tick
from gancang.medicine.counselling import TOPICS
from gancang.medicine.models import Release
from gancang.medicine.posting import carriers_of
from gancang.medicine.tests.ways import only_by
from gancang.orders.models import Order
from tests.cast import (
    at_work,
    client_of,
    place,
    release,
    typed_prescription,
    typed_release,
)

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from tests.cast import Cast


def post(cast: Cast, order: Order, **changed: object) -> Response:
    """The pharmacist presses the button."""
    url = f"/medicine/orders/{order.code}/release"
    return client_of(cast.pharmacist).post(url, typed_release(order, **changed))


def refused(cast: Cast, order: Order, **changed: object) -> str:
    """The page that says no; nothing has changed."""
    before = (order.state, order.version)
    page = post(cast, order, **changed)
    assert page.status_code == 400
    order.refresh_from_db()
    assert (order.state, order.version) == before
    assert not Release.objects.filter(order=order).exists()
    return page.content.decode()


def test_a_release_keeps_who_told_whom_what_and_how(cast: Cast) -> None:
    order = place(cast)
    typed = {"channel": "phone", "told_to": "family", "bags": 2, "bag_code": " seal-77 "}
    assert post(cast, order, **typed).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.bag_code, order.bags) == ("released", "SEAL-77", 2)
    kept = Release.objects.get(order=order)
    assert (kept.pharmacist, kept.channel, kept.told_to) == (cast.pharmacist, "phone", "family")
    assert set(kept.topics) == set(TOPICS)


def test_without_a_seal_the_orders_own_code_is_the_bags(cast: Cast) -> None:
    order = release(cast, place(cast))
    assert order.bag_code == order.code


@pytest.mark.parametrize("missing", sorted(TOPICS))
def test_each_point_of_the_counselling_is_needed(cast: Cast, missing: str) -> None:
    shown = refused(cast, place(cast), topics=sorted(set(TOPICS) - {missing}), bag_code="SEAL-1")
    assert "SEAL-1" in shown


def test_without_the_final_check_nothing_leaves(cast: Cast) -> None:
    refused(cast, place(cast), checked="")


@pytest.mark.parametrize("changed", [{"bags": 0}, {"bags": 10}, {"bags": ""}, {"channel": "post"}])
def test_what_cannot_be_is_refused(cast: Cast, changed: dict[str, object]) -> None:
    refused(cast, place(cast), **changed)


def test_a_bag_code_on_another_open_order_is_refused(cast: Cast) -> None:
    first = place(cast)
    post(cast, first, bag_code="SEAL-77")
    second = place(cast, number="R-2")
    assert "SEAL-77" in refused(cast, second, bag_code="seal-77")
    first.refresh_from_db()
    typed = {"version": first.version, "reason": "salah"}
    client_of(cast.clerk).post(f"/dispatch/orders/{first.code}/cancel", typed)
    assert post(cast, second, bag_code="SEAL-77").status_code == 302


def test_only_the_hospitals_own_pharmacist_releases(cast: Cast) -> None:
    order = place(cast)
    url = f"/medicine/orders/{order.code}/release"
    answers = {
        user.username: client_of(user).post(url, typed_release(order)).status_code
        for user in (cast.clerk, cast.other_pharmacist, cast.operator, cast.rider, cast.admin)
    }
    assert answers == {
        "clerk": 403,
        "other-pharmacist": 404,
        "operator": 403,
        "rider": 403,
        "admin": 403,
    }
    order.refresh_from_db()
    assert order.state == "placed"


def test_nothing_is_offered_before_its_release(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = place(cast)
    outcome = tick(cast.region, now=datetime.now(UTC), seed=1)
    assert (outcome.considered, outcome.assigned) == (0, 0)
    assert not Offer.objects.filter(order=order).exists()


def test_not_even_the_operators_hand_sends_it_out_before_its_release(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = place(cast)
    typed = {"version": order.version, "rider": cast.rider.pk, "reason": "mendesak"}
    page = client_of(cast.operator).post(f"/dispatch/orders/{order.code}/assign", typed)
    assert page.status_code == 400
    assert "mendesak" in page.content.decode()
    order.refresh_from_db()
    assert order.state == "placed"


@pytest.mark.parametrize("way", ["post", "visit"])
def test_neither_post_nor_visit_takes_it_before_its_release(cast: Cast, way: str) -> None:
    if way == "post":
        only_by(cast, "post")
        order = place(cast)
        slip = {"fleet": carriers_of(order)[0].code, "bag_codes": order.code, "cost_rp": 1_000}
        url, typed = f"/medicine/post/{order.code}", {**slip, "number": "P 2411"}
    else:
        papers = typed_prescription(cast, pbi="tidak", judged_in_need="ya")
        client_of(cast.pharmacist).post("/medicine/new", papers)
        order = Order.objects.get(prescription__number=papers["number"])
        url, typed = f"/medicine/visits/{order.code}/take-on", {}
    assert order.way == way
    typed["version"] = order.version
    assert client_of(cast.pharmacist).post(url, typed).status_code in {400, 404, 409}
    order.refresh_from_db()
    assert (order.state, order.carrier) == ("placed", None)


def test_a_release_happens_once(cast: Cast) -> None:
    order = place(cast)
    stale = typed_release(order)
    release(cast, order)
    url = f"/medicine/orders/{order.code}/release"
    assert client_of(cast.pharmacist).post(url, stale).status_code == 400
    assert Release.objects.count() == 1
