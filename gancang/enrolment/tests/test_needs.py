"""A neighbour in need: told without a log-in, answered within four hours, told on once if not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.test import Client

from gancang.audit.models import Event
from gancang.enrolment.models import NeedReport
from gancang.enrolment.needs import Told, escalate, report
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast


def typed(cast: Cast, **changed: str) -> dict[str, str]:
    """What a neighbour tells of Mbah Sarinah."""
    told = {"place": cast.village.code, "words": "Mbah Sarinah RT 02 tidak makan dua hari."}
    return {**told, "phone": "", **changed}


def test_anybody_tells_and_the_village_answers(cast: Cast) -> None:
    answer = Client().post("/lapor", typed(cast, phone="0812 3456 7890"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Balai Desa" in page
    assert "Sarinah" not in page
    assert "812" not in page
    row = NeedReport.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT words, phone FROM enrolment_needreport")
        assert "Sarinah" not in str(cursor.fetchall())
    desk = client_of(cast.village_clerk)
    assert f"/enrolment/needs/{row.pk}" in desk.get("/enrolment/needs").content.decode()
    assert "Sarinah" in desk.get(f"/enrolment/needs/{row.pk}").content.decode()
    assert client_of(cast.clerk).get("/enrolment/needs").status_code == 403
    done = {"outcome": "visited", "words": "Dibawakan makanan, diusulkan Rantang."}
    assert desk.post(f"/enrolment/needs/{row.pk}/answer", done).status_code == 302
    again = desk.post(f"/enrolment/needs/{row.pk}/answer", done)
    assert "sudah menjawab" in again.content.decode()
    row.refresh_from_db()
    assert row.answered_by == cast.village_clerk.username


def test_what_nobody_answers_in_time_is_told_on_once_and_stands_in_the_report(cast: Cast) -> None:
    now = datetime.now(UTC)
    late = report(Told(village=cast.village, words="Sakit"), now=now - timedelta(hours=5))
    report(Told(village=cast.village, words="Sendiri"), now=now)
    officer = client_of(cast.officer)
    assert [escalate(cast.region, now=now), escalate(cast.region, now=now)] == [1, 0]
    assert Event.objects.filter(kind="need.escalated", subject=f"need:{late.pk}").count() == 1
    assert "terlambat" in officer.get("/enrolment/needs").content.decode()
    page = officer.get("/enrolment/needs/units").content.decode()
    assert "Balai Desa" in page
    assert re.findall(r'<td class="right"[^>]*>(\d+)<', page) == ["2", "0", "0", "2", "1"]


def test_one_address_cannot_flood_the_village(cast: Cast) -> None:
    for _ in range(5):
        assert Client().post("/lapor", typed(cast)).status_code == 200
    answer = Client().post("/lapor", typed(cast))
    assert answer.status_code == 400
    assert "Mbah Sarinah" in answer.content.decode()
    assert Client().post("/lapor", typed(cast), REMOTE_ADDR="10.0.0.9").status_code == 200
    assert NeedReport.objects.count() == 6


def test_a_village_that_nobody_knows_is_told_beside_the_field(cast: Cast) -> None:
    answer = Client().post("/lapor", typed(cast, place="Atlantis"))
    assert answer.status_code == 400
    assert "Tidak jelas desa" in answer.content.decode()
