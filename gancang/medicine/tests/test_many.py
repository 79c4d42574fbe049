"""The clinic's list of the day: each row is judged, the good ones booked, the others kept."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from gancang.medicine.many import CELLS, ROWS_MAX
from gancang.medicine.models import Prescription
from gancang.orders.models import Order
from tests.cast import NIK, client_of, place, typed_prescription

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from tests.cast import Cast


def row(cast: Cast, number: int, **changed: str) -> dict[str, str]:
    """One patient of the list; everybody is another one."""
    typed = typed_prescription(cast, number=f"D-{number}", full_name=f"Sari {number}", nik="")
    typed |= {"confirmed": "ya", "accepts_rp": "", **changed}
    return {name: typed[name] for name in CELLS}


def send(cast: Cast, *rows: dict[str, str], then: str = "book", **more: object) -> Response:
    """The clerk presses a button under the list."""
    columns = {name: [each[name] for each in rows] for name in CELLS}
    return client_of(cast.clerk).post("/medicine/many", {**columns, "then": then, **more})


def numbers() -> set[str]:
    """What is booked."""
    return set(Prescription.objects.values_list("number", flat=True))


def test_of_four_rows_the_good_are_booked_and_the_bad_stay_with_what_is_wrong(cast: Cast) -> None:
    rows = [row(cast, 1), row(cast, 2, phone="12"), row(cast, 3), row(cast, 4, birth_date="")]
    page = send(cast, *rows)
    assert page.status_code == 400
    assert numbers() == {"D-1", "D-3"}
    shown = page.content.decode()
    assert 'value="Sari 2"' in shown
    assert 'value="Sari 4"' in shown
    assert 'value="Sari 1"' not in shown
    assert "Tulis nomor telepon dengan kode daerahnya" in shown
    kept = page.context["rows"]
    mended = [{name: text for name, text, _wrong in each["cells"]} for each in kept]
    mended[0]["phone"], mended[1]["birth_date"] = "0812 3456 7890", "09-03-1951"
    assert send(cast, *mended).status_code == 200
    assert numbers() == {"D-1", "D-2", "D-3", "D-4"}


def test_checking_books_nothing_and_empty_rows_are_no_rows(cast: Cast) -> None:
    nothing = dict.fromkeys(CELLS, "")
    page = send(cast, row(cast, 1), nothing, then="check")
    assert page.status_code == 200
    assert len(page.context["rows"]) == 1
    assert not Order.objects.exists()
    assert send(cast, nothing).status_code == 200


def test_a_list_is_pasted_as_a_spreadsheet_copies_it(cast: Cast) -> None:
    rows = [row(cast, 1, items="Amlodipine 5 mg; Metformin 500 mg"), row(cast, 2)]
    rows[1]["items"] = "Simvastatin"
    text = "\n".join("\t".join(each[name] for name in CELLS) for each in rows)
    assert send(cast, pasted=text).status_code == 200
    assert numbers() == {"D-1", "D-2"}
    items = Prescription.objects.get(number="D-1").items
    assert items.splitlines() == ["Amlodipine 5 mg", "Metformin 500 mg"]


def test_a_file_names_its_columns_and_the_clinic_is_said_once_for_all(cast: Cast) -> None:
    told = row(cast, 1, items="Amlodipine")
    head = "nomor_resep,nama,tanggal_lahir,hp,kode_desa,alamat,obat,pbi"
    of_head = ("number", "full_name", "birth_date", "phone", "village", "address", "items", "pbi")
    text = head + "\n" + ",".join(told[name] for name in of_head)
    file = io.BytesIO(text.encode())
    file.name = "daftar.csv"
    said = {"all_clinic": "Jantung", "all_prescriber": "dr. Putu"}
    assert send(cast, file=file, **said).status_code == 200
    kept = Prescription.objects.get(number="D-1")
    assert (kept.clinic, kept.prescriber) == ("Jantung", "dr. Putu")


def test_whoever_was_here_before_needs_number_nik_and_medicines(cast: Cast) -> None:
    known = place(cast)
    bare = {**dict.fromkeys(CELLS, ""), "number": "D-1", "nik": NIK, "items": "Amlodipine"}
    bare |= {"clinic": "Saraf", "prescriber": "dr. Ayu", "pbi": "ya"}
    assert send(cast, bare).status_code == 200
    order = Order.objects.get(prescription__number="D-1")
    assert order.resident_id == known.resident_id
    assert order.village == cast.village


def test_a_number_twice_in_the_list_or_of_another_patient_is_told_by_row(cast: Cast) -> None:
    place(cast, number="R-1")
    rows = [row(cast, 1), row(cast, 1, full_name="Budi"), {**row(cast, 2), "number": "R-1"}]
    page = send(cast, *rows)
    wrong = [[name for name, _t, said in each["cells"] if said] for each in page.context["rows"]]
    assert wrong == [["number"], ["number"], ["number"]]
    assert numbers() == {"R-1"}


def test_a_row_that_no_programme_pays_says_the_price_and_waits_for_the_patients_word(
    cast: Cast,
) -> None:
    paying = row(cast, 1, pbi="tidak")
    page = send(cast, paying, row(cast, 2))
    assert numbers() == {"D-2"}
    [kept] = page.context["rows"]
    assert [name for name, _t, said in kept["cells"] if said] == ["accepts_rp"]
    assert send(cast, {**paying, "accepts_rp": "9000000"}).status_code == 200
    assert numbers() == {"D-1", "D-2"}


def test_what_is_no_list_is_refused_with_a_sentence_and_nothing_typed_is_lost(cast: Cast) -> None:
    page = send(cast, row(cast, 1), pasted='"tidak pernah\tditutup')
    assert page.status_code == 400
    assert 'value="Sari 1"' in page.content.decode()
    assert "Tanda kutip" in page.content.decode()
    long = "\n".join("x\ty" for _ in range(ROWS_MAX + 1))
    assert send(cast, pasted=long).status_code == 400
    file = io.BytesIO("héllo,wörld".encode("utf-16"))
    file.name = "daftar.csv"
    assert send(cast, file=file).status_code == 400
    assert not Order.objects.exists()
