"""One operator hands the shift over to the next: what is open by itself, the words by himself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, transaction

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role, User
from gancang.contact.models import PatientMessage
from gancang.contact.receiving import say_wrong
from gancang.fleet.models import Shift
from gancang.incidents.models import ShiftNote
from gancang.orders.models import Order
from gancang.vault.fields import SealedField
from tests.cast import PASSWORD, at_work, client_of, collected, delivered, failed, place

if TYPE_CHECKING:
    from gancang.regions.models import Organisation
    from tests.cast import Cast

WORDS = "Bu Sum ditelepon dulu jam tiga; Slamet sudah berangkat."


@pytest.fixture
def evening(cast: Cast) -> User:
    """Pak Dedi, who has the evening."""
    return operator_of(cast, "dedi", "Dedi", None)


def operator_of(cast: Cast, username: str, name: str, house: Organisation | None) -> User:
    """One more operator."""
    newcomer = Newcomer(
        username=username,
        full_name=name,
        password=PASSWORD,
        role=Role.OPERATOR,
        organisation=house,
    )
    return add_person(newcomer, region=cast.region, by="tests", now=datetime.now(UTC))


def hand_over(by: User, words: str = WORDS) -> ShiftNote:
    """Somebody goes home and writes his note."""
    answer = client_of(by).post("/watch/notes/new", {"words": words})
    assert answer.status_code == 302, answer.content.decode()
    note = ShiftNote.objects.latest("pk")
    assert answer["Location"] == f"/watch/notes/{note.pk}"
    return note


def change(order: Order, **values: object) -> None:
    """Time has passed for an order."""
    Order.objects.filter(pk=order.pk).update(**values)


def test_what_is_open_is_gathered_by_itself_each_under_its_weightiest_kind(cast: Cast) -> None:
    now = datetime.now(UTC)
    kinds = ("late", "risk", "stopped", "back", "fine")
    orders = {
        kind: place(cast, number=f"R-{kind}", nik=f"351016490350000{n}")
        for n, kind in enumerate(kinds)
    }
    past, soon = now - timedelta(minutes=5), now + timedelta(minutes=5)
    change(orders["late"], promise_at=past)
    change(orders["risk"], promise_at=soon)
    change(orders["stopped"], promise_at=past, frozen_at=now, frozen_why="banjir")
    change(orders["back"], promise_at=past, state="failed", back_by=past, carrier=cast.rider)
    change(orders["fine"], promise_at=now + timedelta(hours=5))
    at_work(cast, cast.rider, cast.second_rider)
    Shift.objects.update(seen_at=now)
    Shift.objects.filter(rider=cast.rider.rider).update(seen_at=now - timedelta(hours=1))
    say_wrong(orders["fine"], "Pindah rumah.", now=now)
    client = client_of(cast.operator)
    typed = {"kind": "complaint", "what_happened": "Kantong basah"}
    client.post("/incidents/new", typed)
    page = client.get("/watch/notes/new").content.decode()
    assert page.count("<h1>") == 1
    note = hand_over(cast.operator)
    left = {kind: told["count"] for kind, told in note.left_open.items()}
    assert left == dict.fromkeys(
        ("incident", "back", "late", "risk", "stopped", "silent", "message"), 1
    )
    page = client.get(f"/watch/notes/{note.pk}").content.decode()
    for kind in kinds[:-1]:
        assert note.left_open[kind]["things"][0][0] == orders[kind].code
        assert orders[kind].code in page
    assert "Toni" in page
    assert "Slamet" not in page.replace(WORDS.split(";")[1], "")
    assert WORDS in page


def test_the_next_one_reads_ticks_and_has_the_watch(cast: Cast, evening: User) -> None:
    order = collected(cast)
    change(order, promise_at=datetime.now(UTC) - timedelta(minutes=5))
    note = hand_over(cast.operator)
    link = f'href="/watch/notes/{note.pk}"'
    assert link not in client_of(cast.operator).get("/dispatch/board").content.decode()
    client = client_of(evening)
    assert link in client.get("/dispatch/board").content.decode()
    page = client.get(f"/watch/notes/{note.pk}").content.decode()
    assert WORDS in page
    assert order.code in page
    take = f"/watch/notes/{note.pk}/take"
    client.post(take)  # without the tick
    note.refresh_from_db()
    assert note.taken_at is None
    for _twice in range(2):
        assert client.post(take, {"read": "yes"}).status_code == 302
    note.refresh_from_db()
    assert (note.taken_by, note.taken_at is None) == ("dedi", False)
    assert link not in client.get("/dispatch/board").content.decode()
    page = client_of(cast.auditor).get(f"/watch/notes/{note.pk}").content.decode()
    assert "dedi mengambil alih" in page


def test_of_two_who_take_over_one_has_it_and_the_other_hears_who(cast: Cast, evening: User) -> None:
    note = hand_over(cast.operator)
    client_of(evening).post(f"/watch/notes/{note.pk}/take", {"read": "yes"})
    answer = client_of(cast.admin).post(f"/watch/notes/{note.pk}/take", {"read": "yes"})
    assert answer.status_code == 409
    assert "dedi" in answer.content.decode()


def test_nobody_takes_over_from_himself(cast: Cast) -> None:
    note = hand_over(cast.operator)
    client = client_of(cast.operator)
    assert client.post(f"/watch/notes/{note.pk}/take", {"read": "yes"}).status_code == 409
    note.refresh_from_db()
    assert note.taken_at is None


def test_a_note_without_a_word_is_refused(cast: Cast) -> None:
    assert client_of(cast.operator).post("/watch/notes/new", {"words": "  "}).status_code == 400
    assert not ShiftNote.objects.exists()


def test_the_note_tells_how_it_stands_now(cast: Cast, evening: User) -> None:
    order = failed(cast)
    say_wrong(order, "Pindah rumah.", now=datetime.now(UTC))
    note = hand_over(cast.operator)
    change(order, state="returned")
    PatientMessage.objects.update(state="answered")
    page = client_of(evening).get(f"/watch/notes/{note.pk}").content.decode()
    assert "kini: Kembali ke asalnya" in page
    assert '<span class="pill good">sudah dijawab</span>' in page


def test_notes_are_found_by_word_order_and_person_and_are_never_deleted(
    cast: Cast, evening: User
) -> None:
    assert "Belum ada" in client_of(cast.operator).get("/watch/notes").content.decode()
    order = failed(cast)
    note = hand_over(cast.operator)
    other = hand_over(evening, "Sepi.")
    client = client_of(cast.auditor)
    for asked in ("bu sum", order.code.lower(), cast.operator.username):
        page = client.get("/watch/notes", {"q": asked}).content.decode()
        assert f'href="/watch/notes/{note.pk}"' in page, asked
    page = client.get("/watch/notes", {"q": "sepi"}).content.decode()
    assert f'href="/watch/notes/{note.pk}"' not in page
    assert f'href="/watch/notes/{other.pk}"' in page
    assert isinstance(ShiftNote._meta.get_field("words"), SealedField)
    with pytest.raises(DatabaseError), transaction.atomic():
        note.delete()


def test_a_fleets_operator_sees_and_hands_over_only_what_is_his_fleets(cast: Cast) -> None:
    order = failed(cast)
    strange = operator_of(cast, "tono", "Tono", cast.other_fleet)
    regional = hand_over(cast.operator)
    note = hand_over(strange)
    assert order.code not in str(note.left_open)
    assert client_of(strange).get(f"/watch/notes/{regional.pk}").status_code == 404


def test_a_shift_that_leaves_nothing_open_is_handed_over_too(cast: Cast) -> None:
    delivered(cast)
    Shift.objects.update(seen_at=datetime.now(UTC))
    page = client_of(cast.operator).get("/watch/notes/new").content.decode()
    assert "Sekarang tidak ada yang terbuka" in page
    note = hand_over(cast.operator, "Semua beres.")
    assert {told["count"] for told in note.left_open.values()} == {0}
