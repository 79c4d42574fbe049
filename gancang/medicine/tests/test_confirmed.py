"""Orders from files and systems wait until address and phone are confirmed; the counter reads back.

H26 (Cape Town: wrong addresses and numbers were the commonest trouble).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gancang.medicine.tests.csv_files import row_of, write
from gancang.medicine.tests.test_api import content_of, machine_of
from gancang.medicine.tests.test_import import bring
from gancang.orders.models import Order
from gancang.outbox.models import Letter
from tests.cast import place

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast


def how_and_letter(order: Order) -> tuple[str, list[str]]:
    """How the order was confirmed, and the kinds of its letters."""
    kinds = Letter.objects.filter(subject=order.code).values_list("kind", flat=True)
    return order.confirmed_how, list(kinds)


def test_at_the_counter_address_and_phone_are_read_back(cast: Cast) -> None:
    assert how_and_letter(place(cast)) == ("counter", ["order.placed"])
    forgotten = place(cast, number="R-2", nik="", confirmed="")
    assert how_and_letter(forgotten) == ("", ["order.confirm"])
    assert forgotten.door_code not in Letter.objects.get(subject=forgotten.code).body


@pytest.mark.parametrize(("column", "how"), [("ya", "counter"), ("tidak", ""), ("", "")])
def test_a_file_says_whether_it_was_confirmed(
    cast: Cast, tmp_path: Path, column: str, how: str
) -> None:
    row = row_of(cast, alamat_dipastikan=column)
    report = bring(cast, write(tmp_path, [row]))
    assert report.ok, report.lines()
    assert Order.objects.get().confirmed_how == how


def test_a_file_of_before_without_the_column_comes_unconfirmed(cast: Cast, tmp_path: Path) -> None:
    row = row_of(cast)
    del row["alamat_dipastikan"]
    assert bring(cast, write(tmp_path, [row])).ok
    assert how_and_letter(Order.objects.get()) == ("", ["order.confirm"])


def test_a_system_says_whether_it_was_confirmed(cast: Cast) -> None:
    simrs, content = machine_of(cast), content_of(cast)
    del content["confirmed"]
    assert simrs.send(content).status_code == 201
    order = Order.objects.get()
    assert how_and_letter(order) == ("", ["order.confirm"])
    assert order.village.name in Letter.objects.get().body
