"""The queue of the day and what is owed; the counter types by rows and without a mouse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gancang.medicine.desk import REVIEW_POINTS
from gancang.medicine.models import Item, Owed, Prescription
from gancang.orders.models import Order
from tests.cast import client_of, failed, place, typed_prescription

if TYPE_CHECKING:
    from django.test import Client

    from gancang.medicine.desk_lists import Waiting
    from tests.cast import Cast


def queue(cast: Cast, **asked: str) -> list[Waiting]:
    """What Rini sees in her queue."""
    page = client_of(cast.pharmacist).get("/medicine/queue", asked)
    rows: list[Waiting] = page.context["rows"]
    return rows


def waited(order: Order, minutes: int, **changed: Any) -> None:
    """Let an order have been in the house for so long."""
    since = datetime.now(UTC) - timedelta(minutes=minutes)
    Order.objects.filter(pk=order.pk).update(placed_at=since)
    Prescription.objects.filter(order=order).update(received_at=since, **changed)


def test_the_queue_marks_the_oldest_and_what_is_overdue_after_30_or_60_minutes(cast: Cast) -> None:
    waited(place(cast, number="R-1"), 31)
    waited(place(cast, number="R-2"), 45, compounded=True)
    waited(place(cast, number="R-3"), 61, compounded=True)
    waited(place(cast, number="R-4"), 5)
    told = [(r.order.prescription.number, r.is_oldest, r.is_late) for r in queue(cast)]
    assert told == [
        ("R-3", True, True),
        ("R-2", False, False),
        ("R-1", False, True),
        ("R-4", False, False),
    ]


def test_of_those_that_came_at_once_one_is_the_oldest_whatever_is_looked_for(cast: Cast) -> None:
    orders = [place(cast, number=f"R-{n}") for n in range(1, 4)]
    Order.objects.filter(pk__in=[o.pk for o in orders]).update(placed_at=orders[0].placed_at)
    assert [row.is_oldest for row in queue(cast)] == [True, False, False]
    assert [row.is_oldest for row in queue(cast, q="R-2")] == [False]


def test_the_queue_shows_the_step_that_was_chosen(cast: Cast) -> None:
    desk = client_of(cast.pharmacist)
    came_back, new = failed(cast), place(cast, number="R-2")
    prepared, checked = place(cast, number="R-3"), place(cast, number="R-4")
    for order in (prepared, checked):
        desk.post(f"/medicine/orders/{order.code}/review", {"points": list(REVIEW_POINTS)})
    desk.post(f"/medicine/orders/{checked.code}/prepare", {})
    expected = {"review": new, "prepare": prepared, "check": checked, "came_back": came_back}
    for step, order in expected.items():
        assert [(r.order.code, r.step) for r in queue(cast, step=step)] == [(order.code, step)]
    assert len(queue(cast, step="no-such-step")) == 4
    page = desk.get("/medicine/queue", {"step": "stopped"}).content.decode()
    assert "/medicine/queue" in page
    assert "Tidak ada yang menunggu pada langkah ini" in page


def test_what_was_ready_in_time_is_never_overdue(cast: Cast) -> None:
    order = place(cast)
    ready = datetime.now(UTC) - timedelta(minutes=80)
    waited(order, 100, reviewed_at=ready, ready_at=ready)
    [row] = queue(cast)
    assert (row.step, row.is_late) == ("check", False)


def test_the_queue_says_what_is_next(cast: Cast) -> None:
    came_back = failed(cast)
    order = place(cast, number="R-2")
    desk = client_of(cast.pharmacist)
    typed = {"points": list(REVIEW_POINTS), "then": ""}
    assert {r.order.code: r.step for r in queue(cast)} == {
        came_back.code: "came_back",
        order.code: "review",
    }
    desk.post(f"/medicine/orders/{order.code}/review", typed)
    assert queue(cast, q="R-2")[0].step == "prepare"
    desk.post(f"/medicine/orders/{order.code}/prepare", {})
    assert queue(cast, q=order.code.lower())[0].step == "check"


def test_a_queue_in_which_nothing_is_found_says_what_to_do(cast: Cast) -> None:
    place(cast)
    page = client_of(cast.pharmacist).get("/medicine/queue", {"q": "tidak-ada"}).content.decode()
    assert "Coba kode atau nomor lengkapnya" in page


def owe(cast: Cast) -> tuple[Order, Owed]:
    """An order of which ten tablets were given and twenty are owed."""
    order = place(cast, items="Amlodipine 5 mg | 30 tablet | 30\nMetformin 500 mg")
    typed = {
        "points": list(REVIEW_POINTS),
        "decide_1": "partial",
        "given_1": "10 tablet",
        "owed_1": "20 tablet",
        "reason_1": "stok kosong",
    }
    page = client_of(cast.pharmacist).post(f"/medicine/orders/{order.code}/review", typed)
    assert page.status_code == 302, page.content.decode()
    return order, Owed.objects.get()


def test_what_is_given_in_part_stands_on_the_work_list_with_its_patient(cast: Cast) -> None:
    order, _ = owe(cast)
    page = client_of(cast.clerk).get("/medicine/owed").content.decode()
    for word in ("Sari", "Amlodipine 5 mg", "20 tablet", order.code):
        assert word in page
    assert "Sari" not in client_of(cast.other_pharmacist).get("/medicine/owed").content.decode()


def test_a_second_order_brings_the_rest_and_the_list_is_empty(cast: Cast) -> None:
    order, owed = owe(cast)
    clerk = client_of(cast.clerk)
    asked = {"patient": str(order.resident_id), "owed": str(owed.pk)}
    page = clerk.get("/medicine/new", asked).content.decode()
    assert 'value="20 tablet"' in page
    assert 'value="R-2026-0001-S1"' in page
    typed = typed_prescription(cast, number="R-2026-0001-S1", items="Amlodipine 5 mg | 20 tablet")
    for _ in range(2):  # pressed twice is brought once
        assert clerk.post("/medicine/new", {**typed, "owed": str(owed.pk)}).status_code == 302
    owed.refresh_from_db()
    second = Order.objects.exclude(pk=order.pk).get()
    assert (owed.closed_how, owed.order) == ("order", second)
    assert "Tidak ada yang terutang" in clerk.get("/medicine/owed").content.decode()


def test_what_somebody_gave_meanwhile_is_not_brought_a_second_time(cast: Cast) -> None:
    order, owed = owe(cast)
    clerk = client_of(cast.clerk)
    assert clerk.post(f"/medicine/owed/{owed.pk}", {"how": "counter"}).status_code == 302
    typed = typed_prescription(cast, number="R-S1", owed=str(owed.pk))
    page = clerk.post("/medicine/new", typed)
    assert page.status_code == 400
    assert "tidak terutang" in page.content.decode()
    assert list(Order.objects.all()) == [order]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"full_name": "Budi", "nik": ""}, "pasien lain"),
        ({"items": "Metformin 500 mg | 20 tablet"}, "Amlodipine 5 mg"),
    ],
)
def test_the_rest_goes_to_nobody_else_and_is_what_is_owed(
    cast: Cast, changed: dict[str, str], told: str
) -> None:
    order, owed = owe(cast)
    typed = {"number": "R-S1", "items": "amlodipine 5 MG | 20 tablet", **changed}
    sent = typed_prescription(cast, **typed, owed=str(owed.pk))
    page = client_of(cast.clerk).post("/medicine/new", sent)
    assert page.status_code == 400
    assert told in page.content.decode()
    owed.refresh_from_db()
    assert owed.closed_at is None
    assert list(Order.objects.all()) == [order]


def test_another_pharmacy_ends_nothing_that_is_owed_here(cast: Cast) -> None:
    _, owed = owe(cast)
    url = f"/medicine/owed/{owed.pk}"
    page = client_of(cast.other_pharmacist).post(url, {"how": "counter"})
    assert page.status_code == 404
    owed.refresh_from_db()
    assert owed.closed_at is None


def rows_typed(cast: Cast, **rows: list[str]) -> dict[str, Any]:
    """A prescription whose medicines stand in rows."""
    return {**typed_prescription(cast, items=""), **rows}


def sent_rows(cast: Cast, clerk: Client, days: str) -> Any:
    """Two rows with medicine and an empty one, as the page sends them."""
    typed = rows_typed(
        cast,
        item_name=["Amlodipine 5 mg", "Insulin aspart", ""],
        item_quantity=["30 tablet", "1 pen", ""],
        item_days=[days, "28", ""],
        item_class=["", "cold", ""],
    )
    return clerk.post("/medicine/new", typed)


def test_the_counter_types_medicines_in_rows(cast: Cast) -> None:
    assert sent_rows(cast, client_of(cast.clerk), "30").status_code == 302
    kept = Item.objects.order_by("line").values_list("name", "quantity", "supply_days")
    assert list(kept) == [("Amlodipine 5 mg", "30 tablet", 30), ("Insulin aspart", "1 pen", 28)]


def test_what_is_wrong_in_a_row_is_told_and_all_rows_stay(cast: Cast) -> None:
    page = sent_rows(cast, client_of(cast.clerk), "sebulan")
    assert page.status_code == 400
    shown = page.content.decode()
    for word in ("Amlodipine 5 mg", "sebulan", "Insulin aspart", "1 pen"):
        assert f'value="{word}"' in shown
    assert not Order.objects.exists()


@pytest.mark.parametrize("known", [True, False])
def test_of_a_known_patient_only_the_prescription_is_to_be_typed(cast: Cast, known: bool) -> None:
    number = place(cast).resident_id
    asked = {"patient": str(number)} if known else {}
    form = client_of(cast.clerk).get("/medicine/new", asked).context["form"]
    first = [field.name for field in form.visible_fields()][:4]
    assert (first == ["number", "clinic", "prescriber", "items"]) == known
    assert ("autofocus" in form.fields["number"].widget.attrs) == known


def test_the_counter_is_offered_the_words_of_before_and_no_patients(cast: Cast) -> None:
    place(cast)
    page = client_of(cast.clerk).get("/medicine/new").content.decode()
    for word in ("Amlodipine 5 mg 1x1", "Saraf", "dr. Ayu"):
        assert f'<option value="{word}">' in page
    assert 'value="Sari"' not in page


def test_what_a_known_patient_had_last_time_is_offered_again_at_the_same_pharmacy_alone(
    cast: Cast,
) -> None:
    place(cast, number="R-1", items="Obat Lama 5 mg | 30 tablet")
    last = place(cast, number="R-2", items="Obat Baru 10 mg | 30 tablet")
    link = f"?patient={last.resident_id}&amp;again={last.prescription.pk}"
    clerk, stranger = client_of(cast.clerk), client_of(cast.other_pharmacist)
    found = clerk.post("/medicine/new", {"find": "Sari"}).content.decode()
    assert found.count("again=") == 1
    assert link in found
    address = "/medicine/new" + link.replace("&amp;", "&")
    page = clerk.get(address).content.decode()
    assert "Obat Baru 10 mg" in page
    assert "Obat Lama" not in page.split("<datalist")[0]
    assert "again=" not in stranger.post("/medicine/new", {"find": "Sari"}).content.decode()
    assert "Obat Baru" not in stranger.get(address).content.decode()
