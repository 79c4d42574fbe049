"""H17 at the three doors: what may not travel, what is urgent, what is cold, item by item."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.formulary.rules import Item as Told
from gancang.medicine.actions import Counter
from gancang.medicine.importing import stage
from gancang.medicine.item_lines import SUPPLY_DAYS_MAX, find_bad_line, read_lines, write_lines
from gancang.medicine.models import Item
from gancang.medicine.tests.csv_files import row_of, write
from gancang.medicine.tests.test_api import content_of, machine_of
from gancang.orders.models import Order
from gancang.residents.models import Resident
from tests.cast import client_of, place, typed_prescription

if TYPE_CHECKING:
    from pathlib import Path

    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from tests.cast import Cast


def post(cast: Cast, items: str) -> Response:
    """The clerk presses the button."""
    return client_of(cast.clerk).post("/medicine/new", typed_prescription(cast, items=items))


def test_each_line_becomes_an_item_with_quantity_days_and_class(cast: Cast) -> None:
    place(
        cast, items="Amlodipine 5 mg | 30 tablet | 30\n\nInsulin glargine | 2 pen | 28 | cold\nCTM"
    )
    kept = [
        (item.line, item.name, item.quantity, item.supply_days, item.chosen_class)
        for item in Item.objects.order_by("line")
    ]
    assert kept == [
        (1, "Amlodipine 5 mg", "30 tablet", 30, ""),
        (2, "Insulin glargine", "2 pen", 28, "cold"),
        (3, "CTM", "", None, ""),
    ]


def test_free_text_as_it_was_typed_before_keeps_working(cast: Cast) -> None:
    place(cast)
    assert [item.name for item in Item.objects.order_by("line")] == [
        "Amlodipine 5 mg 1x1",
        "Metformin 500 mg 2x1",
    ]


@pytest.mark.parametrize(
    "line", ["Amlodipine | 30 | bulan", "Amlodipine|30|0", "| 30", "a|b|1|c|d"]
)
def test_a_line_that_cannot_be_meant_is_told_with_its_number(cast: Cast, line: str) -> None:
    page = post(cast, f"Metformin 500 mg\n{line}")
    assert page.status_code == 400
    [said] = page.context["form"].errors["items"]
    assert "2" in said
    assert not Order.objects.exists()


def test_a_class_that_nobody_knows_is_told_with_those_that_there_are(cast: Cast) -> None:
    page = post(cast, "Amlodipine | 30 | 30 | kucing")
    assert page.status_code == 400
    assert "narcotic" in page.content.decode()


def test_cold_medicine_gives_the_order_its_minutes_and_its_rider_a_training(cast: Cast) -> None:
    order = place(cast, items="Amlodipine 5 mg\nInsulin aspart | 1 pen")
    assert (order.cold_minutes, order.needs) == (120, ["medicine-cold"])
    plain = place(cast, number="R-2")
    assert (plain.cold_minutes, plain.needs) == (None, [])


def test_an_urgent_item_forces_counter_pick_up_and_says_so(cast: Cast) -> None:
    page = post(cast, "Amlodipine 5 mg\nISDN sublingual 5 mg | 10 tablet | 5")
    assert page.status_code == 400
    shown = page.content.decode()
    assert "Obat 2 dibutuhkan segera" in shown
    assert "menunggu obatnya di loket" in shown
    assert not Order.objects.exists()
    assert not Resident.objects.exists()


def test_a_class_chosen_at_the_counter_makes_any_medicine_urgent(cast: Cast) -> None:
    assert post(cast, "Amoxicillin sirup | 1 botol | 5 | urgent").status_code == 400
    assert not Order.objects.exists()


def test_where_nothing_may_travel_no_order_is_opened_and_the_rule_is_named(cast: Cast) -> None:
    page = post(cast, "Diazepam 2 mg\nKodein 10 mg")
    assert page.status_code == 400
    assert "Pasal 27" in page.content.decode()
    assert not Order.objects.exists()


def test_where_some_may_not_travel_the_order_waits_for_the_pharmacist(cast: Cast) -> None:
    order = place(cast, items="Amlodipine 5 mg\nDiazepam 2 mg\nInsulin aspart | | | cold")
    assert (order.state, order.cold_minutes) == ("placed", 120)


words = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=12)
items = st.builds(
    Told,
    words,
    st.one_of(st.just(""), words),
    st.one_of(st.none(), st.integers(1, SUPPLY_DAYS_MAX)),
    st.sampled_from(["", "cold", "urgent"]),
)


@given(st.lists(items, max_size=5))
def test_law_what_is_written_as_lines_is_read_back_the_same(told: list[Told]) -> None:
    assert read_lines(write_lines(told)) == told
    assert find_bad_line(write_lines(told)) is None


@given(st.text(max_size=60))
def test_law_no_text_breaks_the_reading(text: str) -> None:
    found = read_lines(text)
    assert find_bad_line(text) is not None or all(item.name for item in found)


def test_the_hospitals_system_sends_items_with_their_parts(cast: Cast) -> None:
    drug = {"name": "Amlodipine 5 mg", "quantity": "30 tablet", "supply_days": 30}
    items: list[object] = [drug, "Metformin 500 mg 2x1"]
    assert machine_of(cast).send(content_of(cast, items=items)).status_code == 201
    kept = [(item.name, item.quantity, item.supply_days) for item in Item.objects.order_by("line")]
    assert kept == [("Amlodipine 5 mg", "30 tablet", 30), ("Metformin 500 mg 2x1", "", None)]


@pytest.mark.parametrize(
    "drug",
    [
        {"name": "a | b"},
        {"name": "a\nb"},
        {"name": ""},
        {"quantity": "30"},
        {"name": "a", "supply_days": 0},
        {"name": "a", "supply_days": "30"},
        {"name": "a", "dose": "1x1"},
    ],
)
def test_an_item_that_the_system_sends_wrong_is_told(cast: Cast, drug: dict[str, object]) -> None:
    answer = machine_of(cast).send(content_of(cast, items=[drug]))
    assert answer.status_code == 422
    assert not Order.objects.exists()


def test_the_hospitals_system_hears_which_rule_forbids_it(cast: Cast) -> None:
    items = ["Amlodipine 5 mg", {"name": "Sirup batuk", "item_class": "urgent"}]
    answer = machine_of(cast).send(content_of(cast, items=items))
    told = json.loads(answer.content)
    assert (answer.status_code, told["reason"]) == (409, "urgent")
    assert "Sirup batuk" not in told["message"]
    assert not Order.objects.exists()


def test_a_file_with_urgent_medicine_places_nothing_and_names_the_row(
    cast: Cast, tmp_path: Path
) -> None:
    rows = [row_of(cast, 1), row_of(cast, 2, obat="ISDN sublingual 5 mg | 10 tablet")]
    with write(tmp_path, rows).open("rb") as file:
        _batch, report = stage(
            file, Counter(origin=cast.hospital, door="csv", by="t"), now=datetime.now(UTC)
        )
    assert not report.ok
    [problem] = report.problems
    assert (problem.row, problem.column, problem.why.value) == (3, "obat", "urgent")
    assert not Order.objects.exists()
