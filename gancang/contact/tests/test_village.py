"""A village clerk helps the patients of his village, and of no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gancang.accounts.models import Membership
from gancang.orders.models import Order
from gancang.regions.models import Village
from tests.cast import client_of, place

if TYPE_CHECKING:
    from tests.cast import Cast


def test_the_village_clerk_finds_an_order_of_his_village_by_its_code(cast: Cast) -> None:
    order, browser = place(cast), client_of(cast.village_clerk)
    found = browser.post("/contact/patient", {"code": order.code.lower()})
    assert found["Location"] == f"/contact/patient/{order.code}"
    assert browser.get(found["Location"]).status_code == 200


def test_an_order_of_another_village_is_not_there_for_him(cast: Cast) -> None:
    order, browser = place(cast), client_of(cast.village_clerk)
    elsewhere = Village.objects.filter(region=cast.region).order_by("code")[1]
    Order.objects.filter(pk=order.pk).update(village=elsewhere)
    assert browser.post("/contact/patient", {"code": order.code}).status_code == 400
    assert browser.get(f"/contact/patient/{order.code}").status_code == 404


@pytest.mark.parametrize("where", ["hospital", "fleet", None])
def test_a_village_clerk_sits_in_a_village(cast: Cast, where: str | None) -> None:
    typed = {
        "full_name": "Siti Aminah",
        "username": "siti.aminah",
        "role": "village_clerk",
        "organisation": getattr(cast, where).pk if where else "",
        "password": "jamu-beras-kencur",
    }
    assert client_of(cast.admin).post("/accounts/people", typed).status_code == 400
    assert not Membership.objects.filter(user__username="siti.aminah").exists()
