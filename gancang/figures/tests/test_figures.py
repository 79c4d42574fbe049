"""The hospital's numbers: true to their orders, each opening those behind it."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gancang.figures.rules import Journey, figures_of, spread_of
from gancang.medicine.models import Prescription
from gancang.orders.models import Order, Proof
from tests.cast import client_of, delivered, failed, place

if TYPE_CHECKING:
    from tests.cast import Cast

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def journey(**told: Any) -> Journey:
    """A journey of the neurology clinic, delivered at the first visit."""
    known: dict[str, Any] = {
        "order": "CTH-3467-ACDE",
        "clinic": "Saraf",
        "tier": "gancang-aron-1",
        "district": "Tengah",
        "village": "1",
        "state": "delivered",
        "compounded": False,
        "attempts": 0,
        "received_at": NOON,
        "ready_at": NOON + timedelta(minutes=25),
        "collected_at": NOON + timedelta(minutes=40),
        "door_at": NOON + timedelta(minutes=90),
        "cost_rp": 9000,
        "patient_rp": 0,
    }
    return Journey(**{**known, **told})


def test_a_month_yields_medians_and_ninetieths_by_clinic_beside_the_standard() -> None:
    waits = [10, 20, 30, 40, 50]
    saraf = [journey(ready_at=NOON + timedelta(minutes=n)) for n in waits]
    mixed = [
        journey(clinic="Jantung", compounded=True, ready_at=NOON + timedelta(minutes=n))
        for n in (55, 65)
    ]
    told = figures_of(
        [*saraf, *mixed], reasons={}, villages={"Tengah": 3}, is_open=lambda state: state == "x"
    )
    jantung, neuro = told.clinics
    assert (neuro.legs["waiting"].median, neuro.legs["waiting"].p90) == (30, 46)  # type: ignore[union-attr]
    assert (neuro.in_standard, neuro.judged) == (3, 5)
    assert (jantung.in_standard, jantung.judged) == (1, 2)
    assert told.saved_min == sum(waits) + 55 + 65
    assert told.coverage[0].villages_reached == 1


def test_a_simulated_month_shows_medians_and_ninetieths_by_clinic_and_no_other_month(
    cast: Cast,
) -> None:
    begins = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
    waits = {"Saraf": (10, 20, 30, 40, 50), "Jantung": (20, 80)}
    typed = [(clinic, wait) for clinic, each in waits.items() for wait in each]
    for number, (clinic, wait) in enumerate([*typed, ("Anak", 500)]):
        order = place(cast, number=f"R-{number}", nik="", clinic=clinic)
        # Days between them; the last one came in the month after.
        came = begins + timedelta(days=4 * number + (clinic == "Anak") * 30)
        ready = came + timedelta(minutes=wait)
        Prescription.objects.filter(order=order).update(received_at=came, ready_at=ready)
    page = client_of(cast.operator).get("/figures/?from=2026-09-01&until=2026-09-30")
    jantung, saraf = page.context["figures"].clinics
    assert (saraf.legs["waiting"].median, saraf.legs["waiting"].p90) == (30, 46)
    assert (jantung.legs["waiting"].median, jantung.legs["waiting"].p90) == (50, 74)
    assert (saraf.in_standard, saraf.judged) == (3, 5), "thirty minutes are the standard"
    assert "Anak" not in page.content.decode()


@given(st.lists(st.floats(0, 10_000), min_size=1, max_size=40))
def test_half_wait_no_longer_than_the_median_and_nine_of_ten_no_longer_than_the_ninetieth(
    waits: list[float],
) -> None:
    spread = spread_of(waits)
    assert spread is not None
    assert min(waits) <= spread.median <= spread.p90 <= max(waits)
    assert sum(wait <= spread.median for wait in waits) * 2 >= len(waits)
    assert sum(wait <= spread.p90 for wait in waits) * 10 >= 9 * (len(waits) - 1)


@pytest.mark.django_db
@given(st.lists(st.integers(0, 500), min_size=1, max_size=20))
def test_percentiles_are_those_of_the_database(waits: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n), "
            "percentile_cont(0.9) WITHIN GROUP (ORDER BY n) FROM unnest(%s::int[]) AS n",
            [waits],
        )
        median, p90 = cursor.fetchone()
    spread = spread_of(waits)
    assert spread is not None
    assert [spread.median, spread.p90] == pytest.approx([median, p90])


def test_each_figure_opens_exactly_the_orders_behind_it(cast: Cast) -> None:
    done = delivered(cast)
    other = place(cast, number="R-2", nik="3510164903510002", clinic="Jantung")
    operator = client_of(cast.operator)
    page = operator.get("/figures/").content.decode()
    assert "Jantung" in page
    behind = {
        "what=delivered": {done.code},
        "what=first_try": {done.code},
        "what=open": {other.code},
        "clinic=Jantung": {other.code},
        f"district={cast.village.district.name}": {done.code, other.code},
        "clinic=Anak": set(),
    }
    for asked, codes in behind.items():
        rows = operator.get(f"/figures/orders?{asked}").content.decode()
        assert {order.code for order in Order.objects.all() if order.code in rows} == codes, asked


def test_a_failed_visit_is_counted_by_its_reason(cast: Cast) -> None:
    order = failed(cast, "nobody_home")
    rows = client_of(cast.operator).get("/figures/orders?reason=nobody_home").content.decode()
    assert order.code in rows
    assert (
        order.code
        not in client_of(cast.operator).get("/figures/orders?reason=refused").content.decode()
    )


def test_what_was_ready_too_late_is_opened_from_the_standard(cast: Cast) -> None:
    order = place(cast)
    papers = Prescription.objects.get(order=order)
    for minutes, compounded, late in ((29, False, False), (31, False, True), (31, True, False)):
        ready = papers.received_at + timedelta(minutes=minutes)
        Prescription.objects.filter(pk=papers.pk).update(ready_at=ready, compounded=compounded)
        rows = client_of(cast.pharmacist).get("/figures/orders?what=over").content.decode()
        assert (order.code in rows) is late, minutes


def test_the_files_have_a_line_an_order_and_nobodys_name(cast: Cast) -> None:
    order = delivered(cast)
    treasurer = client_of(cast.treasurer)
    text = treasurer.get("/figures/figures.csv").content.decode("utf-8-sig")
    [line] = list(csv.DictReader(io.StringIO(text)))
    assert line["order"] == order.code
    assert int(line["cost_rp"]) == order.price_rp
    assert Proof.objects.get(order=order).receiver not in text
    book = treasurer.get("/figures/figures.xlsx").content
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert sum(name.startswith("xl/worksheets/") for name in parts.namelist()) == 7
        strings = parts.read("xl/sharedStrings.xml").decode()
    assert order.code in strings
    assert "Sari" not in strings


def test_a_clinic_named_like_a_formula_is_text_in_both_files(cast: Cast) -> None:
    order = place(cast)
    Prescription.objects.filter(order=order).update(clinic="=1+1")
    text = client_of(cast.operator).get("/figures/figures.csv").content.decode()
    assert "'=1+1" in text


@pytest.mark.parametrize(
    "asked",
    ["from=kemarin", "from=2026-11-24&until=2026-11-01", "from=2020-01-01&until=2026-11-01"],
)
def test_a_period_that_is_none_is_told_so(cast: Cast, asked: str) -> None:
    answer = client_of(cast.operator).get(f"/figures/?{asked}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_a_pharmacist_sees_the_figures_of_his_own_hospital(cast: Cast) -> None:
    order = place(cast)
    there = client_of(cast.other_pharmacist).get("/figures/orders").content.decode()
    assert order.code not in there
