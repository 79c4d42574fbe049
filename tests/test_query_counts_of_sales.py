"""Each list of kitchens, shops and their money asks a fixed number of questions, however full."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from gancang.food.tests.buying import warung_of
from gancang.menus.writing import DishTerms, write_dish
from tests.cast import client_of, place
from tests.door_bills import of_bills

if TYPE_CHECKING:
    from gancang.food.tests.buying import Warung
    from tests.cast import Cast

MANY = 8

LISTS = {
    "orders of the kitchen": ("owner", "/food/kitchen", 12),
    "orders of all kitchens": ("operator", "/food/", 5),
    "her menu": ("owner", "/menus/", 8),
    "bills": ("operator", "/qris/", 5),
    "money that fits no bill": ("treasurer", "/qris/mismatches", 6),
    "kitchens and shops": ("officer", "/shops/", 5),
    "the warungs of a region": ("", "/warung?daerah={slug}", 12),
    "one warung": ("", "/warung/{seller}", 8),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_many_asks_as_much_as_a_list_of_one(
    cast: Cast, django_assert_num_queries: Any, name: str
) -> None:
    who, address, expected = LISTS[name]
    warung = warung_of(cast)
    url = address.format(slug=cast.region.slug, seller=warung.seller.code)
    people = {"": Client(), "owner": client_of(warung.owner)}
    reader = people.get(who) or client_of(getattr(cast, who))
    number = 0
    for many in (1, MANY):
        while number < many:
            number += 1
            fill(warung, number)
        with django_assert_num_queries(expected):
            assert reader.get(url).status_code == 200


def fill(warung: Warung, number: int) -> None:
    """One more order, dish, bill with its trouble."""
    cast = warung.cast
    terms = DishTerms(name=f"Sego {number}", price_rp=9_000)
    write_dish(warung.seller, terms, by="sri", now=datetime.now(UTC))
    only_tea = {f"count-{warung.rujak.pk}": 0, f"count-{warung.tea.pk}": 1}
    warung.order(key=f"key-{number}", phone=f"0812 3456 78{number:02}", **only_tea)
    of_bills(place(cast, number=f"R-{number}", nik=f"35101649035{number:05}"))
