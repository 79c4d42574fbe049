"""A rider knows the village before he has the bag, then the house; what is in it he never knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gancang.orders.models import Order
from gancang.programmes.models import Programme
from tests.cast import (
    NIK,
    assigned,
    at_work,
    client_of,
    offer_to,
    place,
    release,
    typed_hand_over,
    typed_prescription,
)

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast


def seen(rider: Client, order: Order) -> str:
    """All that the rider's addresses answer about his work, in one text."""
    paths = [
        "/dispatch/rider",
        f"/dispatch/rider/orders/{order.code}",
        f"/dispatch/rider/orders/{order.code}/fail",
        f"/medicine/orders/{order.code}/hand-over",
        f"/medicine/orders/{order.code}",
        f"/medicine/orders/{order.code}/photo",
        f"/overview/orders/{order.code}",
        "/medicine/orders",
        "/medicine/device-events/refused",
        "/medicine/worker.js",
    ]
    return "\n".join(rider.get(path).content.decode() for path in paths)


def never(cast: Cast) -> list[str]:
    """What no rider ever reads: medicines, clinic, doctor, NIK."""
    typed = typed_prescription(cast)
    names = [line.split()[0] for line in typed["items"].splitlines()]
    return [*names, typed["prescriber"], NIK]


def test_village_before_the_bag_house_with_it_nothing_after_and_never_a_medicine(
    cast: Cast,
) -> None:
    at_work(cast, cast.rider)
    rider = client_of(cast.rider)
    order = release(cast, place(cast))
    told = [text := seen(rider, order)]
    assert "Sari" not in text

    offer = offer_to(cast, order)
    told.append(text := seen(rider, order))
    assert cast.village.name in text
    assert "Sari" not in text
    assert "Krajan" not in text

    accepted = rider.post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"}, follow=True)
    told.append(text := accepted.content.decode() + seen(rider, order))
    assert "Sari" not in text
    assert "Krajan" not in text

    order.refresh_from_db()
    stop = f"/dispatch/rider/orders/{order.code}"
    typed = {"version": order.version, "bag_code": order.bag_code}
    fetched = rider.post(stop, typed, follow=True)
    told.append(text := fetched.content.decode() + seen(rider, order))
    assert "Sari" in text
    assert "Krajan" in text

    order.refresh_from_db()
    url = f"/medicine/orders/{order.code}/hand-over"
    done = rider.post(url, typed_hand_over(order), follow=True)
    told.append(text := done.content.decode() + seen(rider, order))
    assert "Sari" not in text
    assert "Krajan" not in text

    for secret in never(cast):
        assert not [number for number, text in enumerate(told) if secret in text], secret


def test_a_question_about_the_medicine_goes_to_the_pharmacist_with_his_number(cast: Cast) -> None:
    order = assigned(cast)
    rider = client_of(cast.rider)
    stop = f"/dispatch/rider/orders/{order.code}"
    rider.post(stop, {"version": order.version, "bag_code": order.bag_code})
    page = rider.get(stop).content.decode()
    assert (order.origin.phone or order.region.phone) in page
    assert "Jangan menjawab sendiri" in page


def test_where_the_programme_says_so_the_rider_rings_through_the_operator(cast: Cast) -> None:
    order = assigned(cast)
    rider = client_of(cast.rider)
    stop = f"/dispatch/rider/orders/{order.code}"
    fetched = rider.post(
        stop, {"version": order.version, "bag_code": order.bag_code}, follow=True
    ).content.decode()
    number = re.search(r'href="tel:(\+62812[^"]+)"', fetched)
    assert number
    terms = {**order.programme.terms, "calls_through_operator": True}
    Programme.objects.filter(pk=order.programme_id).update(terms=terms)
    page = rider.get(stop).content.decode()
    assert number[1] not in page
    assert f'href="tel:{order.region.phone}"' in page
