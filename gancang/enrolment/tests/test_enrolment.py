"""Applying, what is lacking, waiting, being refused, appealing, being let in all the same."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from gancang.enrolment.actions import Deed, apply_all
from gancang.enrolment.deciding import lapse
from gancang.enrolment.models import Enrolment, Step
from gancang.enrolment.queries import served_on
from gancang.enrolment.tests.fixtures import MEALS, meals, now, somebody, today
from gancang.residents.models import Reading
from gancang.residents.rules import local_id
from tests.cast import client_of
from tests.pdf_text import text_of

if TYPE_CHECKING:
    from django.test import Client

    from gancang.residents.models import Resident
    from tests.cast import Cast

POOR: dict[str, Any] = {"lives_alone": True, "desil": 1}


def applied(client: Client, person: Resident) -> Enrolment:
    """The application that somebody's desk writes down."""
    typed = {"person": local_id(person.pk), "programme": MEALS, "note": "Tidak bisa memasak."}
    answer = client.post("/enrolment/apply", typed)
    assert answer.status_code == 302, answer.content.decode()
    return Enrolment.objects.get(resident=person, code=answer["Location"].rpartition("/")[2])


def do(client: Client, row: Enrolment, what: str, **typed: object) -> str:
    """What the page says after a deed; the row is read anew."""
    answer = client.post(f"/enrolment/{row.code}/{what}", typed, follow=True)
    row.refresh_from_db()
    return answer.content.decode()


def test_the_village_clerk_is_told_what_lacks_and_then_the_person_is_in(cast: Cast) -> None:
    meals(cast)
    sari = somebody(cast, "Sari", desil=1)
    desk = client_of(cast.village_clerk)
    row = applied(desk, sari)
    page = desk.get(f"/enrolment/{row.code}").content.decode()
    assert row.state == "incomplete"
    assert "tinggal sendiri tanpa keluarga" in page
    assert "KTP" in page
    assert f"{today() + timedelta(days=14):%d-%m-%Y}" in page
    do(desk, row, "look", papers="KTP")
    assert row.state == "incomplete"
    told = {"fact": "lives_alone", "value": "ya", "source": "RT 02", "as_of": f"{today():%d-%m-%Y}"}
    page = do(desk, row, "fact", **told)
    assert row.state == "enrolled"
    assert "lansia miskin yang tinggal sendiri" in page
    assert "RT 02" in page
    assert Reading.objects.filter(resident_number=sari.pk, purpose="enrolment").exists()
    assert [step.deed for step in row.steps.order_by("pk")][-2:] == ["judge", "enrol"]


def applied_days_ago(cast: Cast, person: Resident, days: int) -> Enrolment:
    """The application that the officer wrote down some days ago."""
    deed = Deed(by=cast.officer.username, now=now() - timedelta(days=days))
    row = apply_all([person.pk], MEALS, cast.region, deed)[0]
    assert isinstance(row, Enrolment)
    return row


def test_facts_of_91_days_ago_are_asked_again_and_never_used_silently(cast: Cast) -> None:
    meals(cast, documents=[])
    then = today() - timedelta(days=91)
    row = applied_days_ago(cast, somebody(cast, "Sari", as_of=then, **POOR), 91)
    row.refresh_from_db()
    assert row.state == "enrolled"
    assert served_on(cast.region, MEALS, today() - timedelta(days=1)).exists()
    assert not served_on(cast.region, MEALS, today()).exists()
    desk = client_of(cast.officer)
    assert row.code in desk.get("/enrolment/recheck").content.decode()
    page = do(desk, row, "look")
    assert row.state == "enrolled"
    assert "terlalu lama" in page
    for fact, value in (("lives_alone", "ya"), ("desil", "2")):
        day = f"{today():%d-%m-%Y}"
        do(desk, row, "fact", fact=fact, value=value, source="RT 02", as_of=day)
    assert served_on(cast.region, MEALS, today()).get() == row
    assert row.code not in desk.get("/enrolment/recheck").content.decode()


def test_an_old_fact_does_not_shut_anybody_out_either(cast: Cast) -> None:
    meals(cast, documents=[])
    old = today() - timedelta(days=91)
    row = applied(
        client_of(cast.officer), somebody(cast, "Sari", as_of=old, lives_alone=True, desil=9)
    )
    assert row.state == "incomplete"
    assert {lack["kind"] for lack in row.lacks} == {"stale"}


def test_who_was_wrongly_shut_out_is_let_in_the_same_day(cast: Cast) -> None:
    meals(cast, documents=[])
    desk, officer = client_of(cast.village_clerk), client_of(cast.officer)
    # The registry says desil 8; her neighbours know better.
    row = applied(desk, somebody(cast, "Sari", lives_alone=True, desil=8))
    page = desk.get(f"/enrolment/{row.code}").content.decode()
    assert row.state == "refused"
    assert "lansia miskin yang tinggal sendiri" in page
    assert f"{today() + timedelta(days=14):%d-%m-%Y}" in page
    do(desk, row, "appeal", note="")
    assert row.state == "refused"
    do(desk, row, "appeal", note="Datanya tertukar dengan adiknya.")
    assert row.state == "appealed"
    assert desk.post(f"/enrolment/{row.code}/decide").status_code == 403
    page = do(officer, row, "decide", answer="override", note="Dilihat sendiri", until="")
    assert "hari terakhir" in page
    until = today() + timedelta(days=60)
    page = do(
        officer, row, "decide", answer="override", note="Dilihat sendiri", until=f"{until:%d-%m-%Y}"
    )
    assert row.state == "enrolled"
    assert (row.overridden_by, row.ends_on) == (cast.officer.username, until)
    assert "Dilihat sendiri" in page
    assert served_on(cast.region, MEALS, today()).exists()
    assert not served_on(cast.region, MEALS, until + timedelta(days=1)).exists()
    lapse(cast.region, now=now() + timedelta(days=61))
    row.refresh_from_db()
    assert row.state == "refused"


def test_an_appeal_comes_too_late_after_its_days_and_a_refusal_can_stand(cast: Cast) -> None:
    meals(cast, documents=[])
    desk, officer = client_of(cast.village_clerk), client_of(cast.officer)
    late = applied_days_ago(cast, somebody(cast, "Ahmad", lives_alone=False, desil=8), 15)
    assert "sudah berakhir" in do(desk, late, "appeal", note="Salah")
    assert late.state == "refused"
    row = applied(desk, somebody(cast, "Sari", lives_alone=False, desil=8))
    do(desk, row, "appeal", note="Salah")
    do(officer, row, "decide", answer="uphold", note="Sudah dicek ke desa")
    assert row.state == "refused"
    assert row.appeal_until is None


def test_places_go_by_the_published_order_and_on_to_the_next(cast: Cast) -> None:
    meals(cast, documents=[], capacity=1, waiting_order=["desil", "-age"])
    officer = client_of(cast.officer)
    first = applied(officer, somebody(cast, "Sari", **POOR))
    second = applied(officer, somebody(cast, "Ahmad", lives_alone=True, desil=2))
    third = applied(officer, somebody(cast, "Warsinah", **POOR))
    assert [first.state, second.state, third.state] == ["enrolled", "waiting", "waiting"]
    do(officer, first, "move", deed="pause", note="Di rumah sakit")
    second.refresh_from_db()
    assert (first.state, second.state) == ("paused", "waiting")
    do(officer, first, "move", deed="end", note="Tinggal dengan anak")
    second.refresh_from_db()
    third.refresh_from_db()
    assert [first.state, second.state, third.state] == ["ended", "waiting", "enrolled"]


def test_what_is_never_brought_ends_with_its_deadline(cast: Cast) -> None:
    meals(cast)
    row = applied(client_of(cast.village_clerk), somebody(cast, "Sari", **POOR))
    assert lapse(cast.region, now=now() + timedelta(days=14)) == 0
    assert lapse(cast.region, now=now() + timedelta(days=15)) == 1
    row.refresh_from_db()
    assert (row.state, row.why) == ("refused", "too_late")


def test_each_decision_keeps_the_version_by_which_it_was_made(cast: Cast) -> None:
    meals(cast, documents=[])
    officer = client_of(cast.officer)
    row = applied(officer, somebody(cast, "Sari", **POOR))
    meals(cast, version=2, documents=[], facts_max_age_days=30)
    page = officer.get(f"/enrolment/{row.code}").content.decode()
    assert "v1" in page
    do(officer, row, "look")
    assert row.programme.version == 2
    assert set(row.steps.values_list("programme_version", flat=True)) == {1, 2}


def test_the_letter_tells_rule_facts_and_appeal(cast: Cast) -> None:
    meals(cast, documents=[])
    desk = client_of(cast.village_clerk)
    row = applied(desk, somebody(cast, "Sari", lives_alone=True, desil=8))
    answer = desk.get(f"/enrolment/{row.code}/letter")
    told = text_of(answer.content)
    for word in (
        "Sari",
        row.code,
        "ditolak",
        "verifikasi desa",
        f"{today() + timedelta(14):%d-%m-%Y}",
    ):
        assert word in told, word


@pytest.mark.parametrize(
    ("person", "said"), [("Nobody", "NIK"), ("", "tidak boleh kosong"), ("Sari", "sudah terdaftar")]
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(
    cast: Cast, person: str, said: str
) -> None:
    meals(cast, documents=[])
    desk = client_of(cast.officer)
    applied(desk, somebody(cast, "Sari", **POOR))
    answer = desk.post("/enrolment/apply", {"person": person, "programme": MEALS, "note": "Sakit"})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert "Sakit" in answer.content.decode()
    assert Enrolment.objects.count() == 1


def test_a_clerk_of_another_village_sees_and_applies_for_nobody_here(cast: Cast) -> None:
    meals(cast, documents=[])
    sari = somebody(cast, "Sari", **POOR)
    other = type(cast.village).objects.exclude(pk=cast.village.pk).filter(region=cast.region)[0]
    row = applied(client_of(cast.officer), sari)
    sari.village = other
    sari.save()
    Enrolment.objects.update(village=other)
    desk = client_of(cast.village_clerk)
    assert desk.get(f"/enrolment/{row.code}").status_code == 404
    answer = desk.post("/enrolment/apply", {"person": local_id(sari.pk), "programme": MEALS})
    assert answer.status_code == 400
    assert "desa lain" in answer.content.decode()


def test_the_list_is_searched_filtered_and_taken_along(cast: Cast) -> None:
    meals(cast, documents=[])
    officer = client_of(cast.officer)
    sari = applied(officer, somebody(cast, "Sari", **POOR))
    ahmad = applied(officer, somebody(cast, "Ahmad", lives_alone=False, desil=9))
    page = officer.get(f"/enrolment/of/{MEALS}?state=refused").content.decode()
    assert ahmad.code in page
    assert sari.code not in page
    chosen = f"village={cast.village.code}&q={sari.code.lower()}"
    assert sari.code in officer.get(f"/enrolment/of/{MEALS}?{chosen}").content.decode()
    table = officer.get(f"/enrolment/of/{MEALS}/csv").content.decode("utf-8-sig")
    assert len(table.splitlines()) == 3


def test_the_history_cannot_be_rewritten(cast: Cast) -> None:
    meals(cast, documents=[])
    row = applied(client_of(cast.officer), somebody(cast, "Sari", **POOR))
    for sql in ("UPDATE enrolment_step SET by = 'x'", "DELETE FROM enrolment_step"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert Step.objects.filter(enrolment=row).exists()
