"""Tables come in parted by any of three signs, and leave so that no spreadsheet runs a cell."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.values import Refused
from gancang.web.files import csv_of
from gancang.web.months import month_of
from gancang.web.tables import delimiter_of, rows_of

ZONE = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("head", "sign"),
    [
        ("nik,nama,alamat", ","),
        ("nik;nama;alamat", ";"),
        ("nik\tnama\talamat", "\t"),
        ("\ufeffnik;nama", ";"),  # as Excel writes it
        ("nik", ","),  # one column
        ("", ","),  # an empty file
        ("\ufeff", ","),
        ('nik;"Nama, gelar, dan panggilan";alamat', ";"),  # commas inside quotes part nothing
        ("R-1\t3510\tJl. Mawar 3, RT 1, RW 2, Kebaman", "\t"),
        ("R-1,3510,Sari,1960,0812,Kebaman,amlodipin;metformin", ","),
        ('"nik;nama', ","),  # quotes that never end
        ("nik;nama\r1;Sari", ";"),  # as very old spreadsheets end a line
    ],
)
def test_what_parts_a_line_is_what_finds_most_cells(head: str, sign: str) -> None:
    assert delimiter_of(head) == sign


def test_known_names_decide_before_the_number_of_cells() -> None:
    assert delimiter_of("nik;items: a, b, c", known={"nik"}) == ";"
    assert delimiter_of("NIK ;nama, gelar, tua", known={"nik"}) == ";"


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_table_reads_the_same_however_it_is_parted(sign: str, end: str, mark: str) -> None:
    lines = [sign.join(("a", "b")), "", sign.join((" 1 ", "dua")), sign.join(("", ""))]
    rows, found = rows_of(mark + end.join(lines))
    assert found == sign
    # Empty rows are left out, and the numbers are still those of the file.
    assert [(row.number, row.cells) for row in rows] == [(1, ["a", "b"]), (3, ["1", "dua"])]


def test_an_empty_table_has_no_rows_and_one_column_is_a_table_too() -> None:
    assert rows_of("")[0] == rows_of("\ufeff")[0] == rows_of(" \n\n")[0] == []
    assert [row.cells for row in rows_of("nik\n1\n2\n")[0]] == [["nik"], ["1"], ["2"]]


@given(st.text(alphabet='a,;\t"\r\n\0\x85\u2028\ufeff ', max_size=12))
def test_every_line_is_parted_by_one_of_three_signs(head: str) -> None:
    assert delimiter_of(head, known={"a"}) in set(",;\t")


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        rows_of(text, known={"nik"})
    except csv.Error:
        return  # quotes that never end: whoever reads says so


@given(st.lists(st.tuples(st.text(alphabet="a,;\t\"'é\n ", max_size=8), st.integers()), max_size=5))
def test_what_is_written_is_read_again(told: list[tuple[str, int]]) -> None:
    data = csv_of(["name", "amount"], told).decode("utf-8")
    assert data.startswith("\ufeff")
    again = list(csv.reader(io.StringIO(data.removeprefix("\ufeff"), newline="")))
    assert again[0] == ["name", "amount"]
    for (name, amount), row in zip(told, again[1:], strict=True):
        assert row == [f"'{name}" if name[:1] == "\t" else name, str(amount)]


@pytest.mark.parametrize("typed", ["=1+1", "+62", "-5", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_was_typed_is_never_a_formula(typed: str) -> None:
    lines = csv_of(["name"], [[typed], [-5], [None], [True]]).decode("utf-8-sig")
    again = [row[0] for row in csv.reader(io.StringIO(lines, newline=""))]
    assert again == ["name", f"'{typed}", "-5", "", "1"]


@pytest.mark.parametrize(
    ("typed", "begins", "ends"),
    [
        ("2026-11", (2026, 11), (2026, 12)),
        ("2026-12", (2026, 12), (2027, 1)),
        (" 2026-01 ", (2026, 1), (2026, 2)),
        ("2999-12", (2999, 12), (3000, 1)),
    ],
)
def test_a_month_goes_from_its_first_moment_to_the_first_of_the_next(
    typed: str, begins: tuple[int, int], ends: tuple[int, int]
) -> None:
    found = month_of(typed, ZONE)
    assert found.name == typed.strip()
    assert found.begins == datetime(*begins, 1, tzinfo=ZONE)
    assert found.ends == datetime(*ends, 1, tzinfo=ZONE)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "2026",
        "2026-13",
        "2026-00",
        "2026-1",
        "26-11",
        "0001-01",
        "9999-12",
        "x",
        "\u0662\u0660\u0662\u0666-\u0661\u0661",
        "\0",
    ],
)
def test_what_is_no_month_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="is not a month"):
        month_of(typed, ZONE)
