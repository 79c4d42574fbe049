"""A hospital's file of prescriptions comes in: all of it, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from gancang.ledger.models import Account, Transfer
from gancang.medicine.actions import Counter
from gancang.medicine.importing import BATCH_ROWS, place_staged, run_import, stage
from gancang.medicine.models import Import, ImportRow, Prescription
from gancang.medicine.rules import Why
from gancang.orders.models import Order
from gancang.residents.models import Resident
from gancang.values import Refused
from tests.cast import place

from .csv_files import row_of, rows_of, text_of, write

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoAssertNumQueries

    from gancang.medicine.import_report import Report
    from tests.cast import Cast


def bring(cast: Cast, path: Path, *, dry_run: bool = False) -> Report:
    """The report of an import, read by Indonesians."""
    with translation.override("id"):
        return run_import(
            path,
            region=cast.region,
            origin_code=cast.hospital.code,
            dry_run=dry_run,
            by="import-prescriptions",
            now=datetime.now(UTC),
        )


def nothing_is_there() -> bool:
    return not (
        Order.objects.exists()
        or Resident.objects.exists()
        or Import.objects.exists()
        or ImportRow.objects.exists()
    )


def spend_all_but(cast: Cast, orders: int) -> None:
    """Leave each budget just enough for so many orders like those that are there."""
    for reserved in Transfer.objects.filter(region=cast.region, kind="reserve"):
        Account.objects.filter(pk=reserved.source_id).update(balance_rp=orders * reserved.amount_rp)


def test_a_good_file_becomes_orders_that_wait_for_the_pharmacist(
    cast: Cast, tmp_path: Path
) -> None:
    report = bring(cast, write(tmp_path, rows_of(cast, 3)))
    assert report.ok, report.lines()
    assert (report.rows, report.placed, report.already, report.left) == (3, 3, 0, 0)
    assert set(Order.objects.values_list("state", "origin__code")) == {
        ("placed", cast.hospital.code)
    }
    assert set(Prescription.objects.values_list("door", "entered_by")) == {
        ("csv", "import-prescriptions")
    }
    assert not ImportRow.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_spreadsheets_write_files_in_many_ways(
    cast: Cast, tmp_path: Path, encoding: str, delimiter: str, end: str
) -> None:
    rows = [
        row_of(cast, 1, alamat='Jl. "Mawar", RT 2; No. 5', obat="Amlodipin 5 mg\r\nMetformin"),
        row_of(cast, 2, nama="Ñoñi Ayu 🌺"),
    ]
    path = tmp_path / "resep.csv"
    text = text_of(rows, delimiter=delimiter, end=end) + end + end
    path.write_bytes(text.encode(encoding))
    report = bring(cast, path)
    assert report.ok, report.lines()
    first, second = Prescription.objects.order_by("number")
    assert first.items.splitlines() == ["Amlodipin 5 mg", "Metformin"]
    assert first.order.resident.address == 'Jl. "Mawar", RT 2; No. 5'
    assert second.order.resident.full_name == "Ñoñi Ayu 🌺"


def test_columns_may_come_in_any_order_and_some_may_be_left_out(cast: Cast, tmp_path: Path) -> None:
    row = row_of(cast)
    for column in ("nik", "patokan", "lat", "lon", "tanggal_pbi"):
        del row[column]
    report = bring(cast, write(tmp_path, [dict(reversed(row.items()))]))
    assert report.ok, report.lines()


def test_one_bad_row_and_nothing_is_placed(cast: Cast, tmp_path: Path) -> None:
    rows = rows_of(cast, 4)
    rows[1] |= {"hp": "12", "kode_desa": "00.00"}
    rows[3]["pbi"] = "mungkin"
    report = bring(cast, write(tmp_path, rows))
    assert not report.ok
    assert report.bad_rows == 2
    told = [(bad.row, bad.column, bad.why.value) for bad in report.problems]
    assert sorted(told) == [
        (3, "hp", "phone_not_a_mobile"),
        (3, "kode_desa", "no_such_village"),
        (5, "pbi", "not_yes_or_no"),
    ]
    assert nothing_is_there()


def test_the_report_speaks_indonesian(cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, [row_of(cast, hp="", pbi="mungkin"), row_of(cast)])
    report = bring(cast, path)
    with translation.override("id"):
        lines = report.lines()
    assert lines[0].startswith("baris 2, kolom ")
    assert not any("Write" in line or "Without" in line for line in lines), lines
    assert lines[-1] == "Tidak ada yang dimasukkan: 1 dari 2 baris salah."


def test_a_patient_without_a_right_to_it_is_named_by_his_row(cast: Cast, tmp_path: Path) -> None:
    report = bring(cast, write(tmp_path, [row_of(cast), row_of(cast, 2, pbi="tidak")]))
    assert [(bad.row, bad.column, bad.why.value) for bad in report.problems] == [
        (3, "setuju_bayar", "price_not_accepted")
    ]
    assert nothing_is_there()


def test_the_same_number_twice_in_a_file_is_a_slip(cast: Cast, tmp_path: Path) -> None:
    report = bring(cast, write(tmp_path, [row_of(cast), row_of(cast, nama="Budi")]))
    (bad,) = report.problems
    assert (bad.row, bad.column, bad.facts["row"]) == (3, "nomor_resep", 2)
    assert nothing_is_there()


@pytest.mark.parametrize(
    ("change", "reason", "column"),
    [
        ({"catatan": "x"}, "unknown_column", "catatan"),
        ({"nama": None}, "no_column", "nama"),
    ],
)
def test_odd_columns_are_named(
    cast: Cast, tmp_path: Path, change: dict[str, str | None], reason: str, column: str
) -> None:
    row = {k: v for k, v in {**row_of(cast), **change}.items() if v is not None}
    report = bring(cast, write(tmp_path, [row]))
    assert [(r.reason.value, r.facts["column"]) for r in report.refused] == [(reason, column)]
    assert nothing_is_there()


def test_a_column_that_stands_there_twice_is_named(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "resep.csv"
    lines = text_of([row_of(cast)]).splitlines()
    path.write_text(f"{lines[0]},NAMA\n{lines[1]},Budi\n")
    report = bring(cast, path)
    assert [r.facts["column"] for r in report.refused] == ["nama"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfen\x00o\x00", b'"nama\n'])
def test_what_is_no_table_is_refused_as_a_whole(cast: Cast, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "resep.csv"
    path.write_bytes(content)
    report = bring(cast, path)
    assert report.refused
    assert nothing_is_there()


def test_a_header_alone_has_no_prescriptions(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "resep.csv"
    path.write_text(text_of([row_of(cast)]).splitlines()[0])
    assert [r.reason.value for r in bring(cast, path).refused] == ["no_rows"]


def test_the_same_file_twice_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, rows_of(cast, 3))
    bring(cast, path)
    before = list(Order.objects.order_by("pk").values())
    report = bring(cast, path)
    assert report.ok
    assert (report.placed, report.already) == (0, 3)
    assert list(Order.objects.order_by("pk").values()) == before
    assert Prescription.objects.count() == 3


def test_what_the_counter_entered_before_is_already_there(cast: Cast, tmp_path: Path) -> None:
    rows = rows_of(cast, 3)
    known = {"full_name": rows[1]["nama"], "nik": rows[1]["nik"]}
    order = place(cast, number="R-00002", **known)
    report = bring(cast, write(tmp_path, rows))
    assert report.ok
    assert (report.placed, report.already) == (2, 1)
    assert Prescription.objects.get(number="R-00002").order == order


def test_a_number_under_which_somebody_else_was_entered_is_not_taken_for_the_same(
    cast: Cast, tmp_path: Path
) -> None:
    order = place(cast, number="R-00002")
    report = bring(cast, write(tmp_path, rows_of(cast, 3)))
    [problem] = report.problems
    assert problem.why is Why.SAME_NUMBER_OTHER_PATIENT
    assert problem.facts["order"] == order.code
    assert Order.objects.get() == order


def test_a_dry_run_says_what_would_happen_and_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, rows_of(cast, 3))
    report = bring(cast, path, dry_run=True)
    assert report.ok
    assert (report.placed, report.dry_run) == (3, True)
    assert nothing_is_there()


def test_a_budget_that_does_not_reach_for_the_whole_file_is_named_before_anything_moves(
    cast: Cast, tmp_path: Path
) -> None:
    place(cast)
    spend_all_but(cast, orders=2)
    report = bring(cast, write(tmp_path, rows_of(cast, 5)))
    assert {refusal.reason.value for refusal in report.refused} == {"budget_empty"}
    assert Order.objects.count() == 1
    assert not ImportRow.objects.exists()


def test_a_budget_that_runs_out_in_the_middle_stops_and_later_goes_on(
    cast: Cast, tmp_path: Path
) -> None:
    place(cast)
    path = write(tmp_path, rows_of(cast, BATCH_ROWS + 20))
    balances = dict(Account.objects.filter(kind="available").values_list("pk", "balance_rp"))
    counter = Counter(origin=cast.hospital, door="csv", by="import-prescriptions")
    with path.open("rb") as file:
        batch, judged = stage(file, counter, now=datetime.now(UTC))
    assert batch is not None
    spend_all_but(cast, orders=BATCH_ROWS + 5)
    report = place_staged(batch, counter, judged, now=datetime.now(UTC))
    assert not report.ok
    assert (report.placed, report.left) == (BATCH_ROWS, 20)
    assert [refusal.reason.value for refusal in report.refused] == ["budget_empty"]

    for pk, balance in balances.items():
        Account.objects.filter(pk=pk).update(balance_rp=balance)
    again = bring(cast, path)
    assert again.ok, again.lines()
    assert (again.placed, again.already, again.left) == (20, BATCH_ROWS, 0)
    assert Prescription.objects.filter(door="csv").count() == BATCH_ROWS + 20


def test_only_the_first_two_hundred_bad_rows_are_told(cast: Cast, tmp_path: Path) -> None:
    rows = [row_of(cast, number, pbi="?") for number in range(250)]
    report = bring(cast, write(tmp_path, rows))
    assert (report.bad_rows, len(report.problems)) == (250, 200)
    with translation.override("id"):
        assert report.lines()[-2] == "… dan 50 baris salah lainnya"


def test_a_file_needs_a_hospital_that_is_known(cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, [row_of(cast)])
    for code in (None, cast.fleet.code):
        with pytest.raises(Refused):
            run_import(
                path,
                region=cast.region,
                origin_code=code,
                dry_run=False,
                by="t",
                now=datetime.now(UTC),
            )
    with pytest.raises(Refused):
        bring(cast, tmp_path / "not there.csv")


def test_a_hundred_rows_take_as_many_statements_as_ten(
    cast: Cast, tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for first, many in ((0, 10), (1000, BATCH_ROWS)):
        rows = [row_of(cast, first + number) for number in range(many)]
        path = write(tmp_path, rows, name=f"{many}.csv")
        with django_assert_num_queries(62):
            assert bring(cast, path).ok
