"""A list of people: judged whole, each person found or made once, the same file twice is once."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gancang.enrolment.models import Enrolment
from gancang.enrolment.tests.fixtures import MEALS, meals, somebody, today
from gancang.residents.facts import known_of
from gancang.residents.models import Merge, Resident
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast

NIK = "3510164903510001"
HEAD = "Nama;NIK;No. KK;Tgl Lahir;JK;HP;Desa;Alamat;lives_alone;desil"


def sent(cast: Cast, data: bytes, *, do: str = "take", name: str = "daftar.csv") -> Any:
    """What the officer hears about a list."""
    typed = {
        "file": SimpleUploadedFile(name, data),
        "source": "Dinsos, daftar 7",
        "as_of": f"{today():%d-%m-%Y}",
        "programme": MEALS,
        "do": do,
    }
    return client_of(cast.officer).post("/enrolment/lists", typed)


def lines(cast: Cast, *rows: str) -> bytes:
    """A list of these rows, all in the clerk's village."""
    return "\n".join([HEAD, *rows]).replace("DESA", cast.village.code).encode()


def test_a_list_becomes_people_with_facts_and_applications(cast: Cast) -> None:
    meals(cast, documents=[])
    data = lines(
        cast,
        f"Sarinah;{NIK};;09-03-1951;P;0812 3456 7890;DESA;RT 02/RW 01;ya;1",
        "Kasman;;;01-05-1948;L;;DESA;RT 03/RW 01;ya;2",
        "Budi;;;01-05-1990;L;;DESA;RT 03/RW 01;tidak;8",
    )
    judged = sent(cast, data, do="judge")
    assert "3 baris" in judged.content.decode()
    assert not Resident.objects.exists()
    assert sent(cast, data).status_code == 302
    assert {row.resident.full_name: row.state for row in Enrolment.objects.all()} == {
        "Sarinah": "enrolled",
        "Kasman": "enrolled",
        "Budi": "refused",
    }
    sarinah = Resident.objects.get(full_name="Sarinah")
    known = known_of(cast.region, [sarinah.pk], on=today())[sarinah.pk]
    assert known["desil"].source == "Dinsos, daftar 7"
    again = sent(cast, data)
    assert again.status_code == 400
    assert "sudah pernah" in again.content.decode()
    assert sent(cast, data + b"\n").status_code == 302  # the same people in another file
    assert (Resident.objects.count(), Enrolment.objects.count()) == (3, 4)
    assert not Merge.objects.exists()


def test_all_faults_are_named_with_row_and_column_and_nothing_is_taken_in(cast: Cast) -> None:
    meals(cast)
    data = lines(
        cast,
        ";123;;31-02-1951;X;12;DESA;RT 02;mungkin;11",
        "Sari;;;;;;Atlantis;RT 02;;",
        "Ani;;;;;;DESA;RT 02;;",
        "Ani;;;;;;DESA;RT 02;;",
    )
    page = sent(cast, data)
    told = page.content.decode()
    assert page.status_code == 400
    for said in (
        "Baris 2, nama",
        "Baris 2, nik",
        "Baris 2, tanggal_lahir",
        "Baris 2, jenis_kelamin",
        "Baris 2, telepon",
        "Baris 2, lives_alone",
        "Baris 2, desil",
        "Baris 3, desa",
        "Baris 5, nama",
    ):
        assert said in told, said
    assert not Resident.objects.exists()


def test_an_unknown_column_names_the_nearest_and_rubbish_is_no_list(cast: Cast) -> None:
    meals(cast)
    told = sent(cast, b"nama;desa;alamat;desill\na;b;c;1").content.decode()
    assert "desill" in told
    assert "desil." in told
    for data in (b"\xff\xfe\x00", b"PK\x03\x04rubbish", b"nama;desa;alamat", b'nama;"desa'):
        assert sent(cast, data).status_code == 400, data


def test_who_looks_like_somebody_known_becomes_one_with_him_and_can_be_parted(cast: Cast) -> None:
    meals(cast, documents=[])
    known = somebody(cast, "Hj. Sarinah Wati", born=today().replace(year=1951, month=3, day=9))
    data = lines(cast, "Sarinah;;;09-03-1951;P;;DESA;RT 02/RW 01;ya;1")
    assert sent(cast, data).status_code == 302
    merge = Merge.objects.get(kept=known)
    assert Enrolment.objects.get().resident == known
    assert known_of(cast.region, [known.pk], on=today())[known.pk]["desil"].value == 1
    undo = reverse("dispatch:undo_merge", args=[known.pk, merge.pk])
    assert client_of(cast.officer).post(undo).status_code == 302
    assert "desil" not in known_of(cast.region, [known.pk], on=today())[known.pk]


def test_a_spreadsheet_is_read_and_a_nik_as_a_number_is_refused(cast: Cast) -> None:
    meals(cast, documents=[])

    def book(nik: object) -> bytes:
        kept = io.BytesIO()
        with xlsxwriter.Workbook(kept) as file:
            sheet = file.add_worksheet()
            sheet.write_row(0, 0, ["Nama", "NIK", "Desa", "Alamat", "Desil", "lives_alone"])
            sheet.write_row(1, 0, ["Sarinah", nik, cast.village.code, "RT 02", 1, "ya"])
        return kept.getvalue()

    page = sent(cast, book(int(NIK)), name="daftar.xlsx").content.decode()
    assert "jadikan teks" in page
    assert sent(cast, book(NIK), name="daftar.xlsx").status_code == 302
    assert Resident.objects.get().nik == NIK


def test_an_older_list_changes_nothing_that_is_known_newer(cast: Cast) -> None:
    meals(cast, documents=[])
    data = lines(cast, f"Sarinah;{NIK};;09-03-1951;P;;DESA;RT 02/RW 01;ya;1")
    sent(cast, data)
    row = Resident.objects.get()
    old = {"file": SimpleUploadedFile("d.csv", data.replace(b";ya;1", b";tidak;9")), "do": "take"}
    day = f"{today() - timedelta(days=30):%d-%m-%Y}"
    typed = {**old, "source": "Daftar lama", "as_of": day, "programme": ""}
    assert client_of(cast.officer).post("/enrolment/lists", typed).status_code == 302
    assert known_of(cast.region, [row.pk], on=today())[row.pk]["desil"].value == 1
