"""A bag's label, as PDF and as what a thermal printer is sent."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from gancang.paper.labels import COLUMNS, Label, as_escpos, as_pdf
from gancang.paper.lists import Listing
from gancang.paper.lists import as_pdf as list_as_pdf

SARI = Label(
    order="CTH-3467-ACDE",
    bag_code="CTH-3467-ACDE-1",
    name="Sari Wulandari",
    second="R/0917",
    place="Ds. Aliyan, Kec. Rogojampi",
    bag=1,
    bags=2,
    pharmacy="Farmasi RSUD",
    phone="(0333) 000000",
    cold="Simpan dingin",
)
typed = st.text(max_size=80)


def test_a_label_has_no_place_for_a_medicine_a_diagnosis_or_a_nik() -> None:
    assert not {field.name for field in fields(Label)} & {"items", "nik", "birth_date", "clinic"}


def test_two_bags_are_two_pages() -> None:
    assert b"/Type/Pages/Count 2/" in as_pdf([SARI, SARI])


@given(name=typed, place=typed)
def test_whatever_a_patient_is_called_is_printed_as_it_is_never_as_a_command(
    name: str, place: str
) -> None:
    label = replace(SARI, name=name, place=place)
    sent = as_escpos([label])
    assert sent.count(b"\x1b@") == 1, "only our own reset"
    assert sent.count(b"\x1dV") == 1, "cut once"
    assert as_pdf([label]).startswith(b"%PDF")


def test_typst_markup_in_a_name_stays_text() -> None:
    odd = '#panic("x") $ * _ ` \\ <b>'
    assert as_pdf([replace(SARI, name=odd)])


def test_a_long_place_is_broken_between_words() -> None:
    long = replace(SARI, place="Desa Kebonagung Lor di ujung jalan, Kecamatan Panjang Sekali")
    text = as_escpos([long]).partition(b"R/0917\n")[2].partition(b"\x1d")[0]
    assert all(len(line) <= COLUMNS for line in text.split(b"\n"))
    assert text.replace(b"\n", b" ").startswith(b"Desa Kebonagung Lor di ujung")


def test_a_list_of_a_hundred_rows_fills_several_pages() -> None:
    rows = [[str(n), "Sari #x", ""] for n in range(100)]
    columns = [("No", 10), ("Nama", 0), ("Paraf", 30)]
    listing = Listing(title="Daftar", told="hari ini", columns=columns, rows=rows)
    assert b"/Type/Pages/Count 6/" in list_as_pdf(listing)
