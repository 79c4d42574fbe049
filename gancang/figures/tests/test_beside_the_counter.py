"""Those who waited at the counter, beside those who were served at home."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gancang.figures.models import CounterWait
from gancang.figures.waits import Wait, beside, read_file
from gancang.values import Refused
from tests.cast import client_of, delivered

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.cast import Cast

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HEAD = "poli,tanggal,jam_masuk,jam_terima,racikan\n"


def today(cast: Cast) -> str:
    """The day by the region's clock."""
    return datetime.now(ZoneInfo(cast.region.timezone)).date().isoformat()


def sent(cast: Cast, text: str) -> HttpResponse:
    """The pharmacist sends a file."""
    file = SimpleUploadedFile("loket.csv", text.encode(), "text/csv")
    told = {"send_file": "1", "file": file}
    return client_of(cast.pharmacist).post("/figures/counter", told)  # type: ignore[return-value]


def test_who_waited_stands_beside_who_was_served_at_home_and_opens_his_rows(cast: Cast) -> None:
    order = delivered(cast)
    clerk = client_of(cast.clerk)
    typed = {"clinic": "Saraf", "day": today(cast), "came": "00:00", "served": "00:00"}
    assert clerk.post("/figures/counter", typed).status_code == 302
    pharmacist = client_of(cast.pharmacist)
    page = pharmacist.get("/figures/").content.decode()
    assert page.count("(n = 1)") == 6  # stayed, ready, door: all clinics, and the one
    assert "/figures/counter?" in page
    assert "Saraf" in pharmacist.get("/figures/counter?clinic=Saraf").content.decode()
    assert order.code in pharmacist.get("/figures/orders?what=delivered").content.decode()
    book = pharmacist.get("/figures/figures.xlsx").content
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert sum(name.startswith("xl/worksheets/") for name in parts.namelist()) == 7


def test_a_file_sent_twice_counts_once_and_comes_back_as_it_was(cast: Cast) -> None:
    day = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    text = f"{HEAD}Saraf,{day},08:00,09:45,\nJantung,{day},08:10,08:40,ya\n"
    assert sent(cast, text).status_code == 302
    assert sent(cast, text).status_code == 302
    assert CounterWait.objects.count() == 2
    pharmacist = client_of(cast.pharmacist)
    back = pharmacist.get(f"/figures/counter.csv?from={day}").content
    assert sent(cast, back.decode("utf-8-sig")).status_code == 302
    assert CounterWait.objects.count() == 2


def test_one_wrong_line_takes_nothing_and_is_named(cast: Cast) -> None:
    day = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    answer = sent(cast, f"{HEAD}Saraf,{day},08:00,09:45,\nSaraf,{day},09:00,08:00,\n")
    assert answer.status_code == 400
    assert "3" in answer.content.decode()
    assert not CounterWait.objects.exists()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("nama\nSari\n", "no_head"),
        (HEAD + ",2026-11-20,08:00,09:00,\n", "bad_line"),
        (HEAD + "Saraf,kemarin,08:00,09:00,\n", "bad_line"),
        (HEAD + "Saraf,2026-11-20,pagi,09:00,\n", "bad_line"),
        (HEAD + "Saraf,2026-12-20,08:00,09:00,\n", "bad_line"),
        (HEAD + "Saraf\n", "bad_line"),
    ],
)
def test_a_file_that_cannot_be_is_refused_with_its_line(text: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        read_file(text.encode(), zone=ZONE, now=NOW)
    assert refused.value.reason == why


def test_a_spreadsheet_with_semicolons_and_dots_in_its_times_is_read() -> None:
    text = (HEAD + "Saraf,2026-11-20,08.00,09.30,ya\n").replace(",", "; ")
    [wait] = read_file(text.encode("utf-8-sig"), zone=ZONE, now=NOW)
    assert (wait.minutes, wait.compounded) == (90, True)


def test_of_few_patients_it_is_said_that_they_are_few() -> None:
    waits = [
        Wait(clinic="Saraf", compounded=False, came_at=NOW, served_at=NOW + timedelta(minutes=n))
        for n in range(30)
    ]
    everybody, saraf = beside(waits, [])
    assert saraf.stayed is not None
    assert (saraf.stayed.count, saraf.stayed.median, saraf.door) == (30, 14.5, None)
    assert everybody.is_few
    assert beside([], []) == []


def test_a_hospital_sees_only_its_own_counter(cast: Cast) -> None:
    day = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    sent(cast, f"{HEAD}Saraf Utara,{day},08:00,09:45,\n")
    for who, sees in (
        (cast.pharmacist, True),
        (cast.operator, True),
        (cast.other_pharmacist, False),
    ):
        page = client_of(who).get(f"/figures/counter?from={day}").content.decode()
        assert ("Saraf Utara" in page) is sees, who
