"""A programme's own letters: what may stand in them, seen before they are sent, taken along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gancang.outbox.models import Letter
from gancang.programmes.changes import changes
from gancang.programmes.hole_reasons import Why
from gancang.programmes.lettering import faults_of
from gancang.programmes.models import Draft
from gancang.programmes.queries import get_programme
from gancang.programmes.tests.test_drafts import typed, uploaded
from tests.cast import PACK, client_of

if TYPE_CHECKING:
    from tests.cast import Cast

GOODS: dict[str, Any] = {"kind": "deliver", "item_class": "document"}
COMES = {"event": "collected", "text": "{rider} sedang mengantar {item}: {link}"}


def why(row: dict[str, object], **more: Any) -> list[tuple[Why, str]]:
    """What is wrong with one letter."""
    told = {**GOODS, **more, "letter": [row]}
    spoken = ("Indonesia", "Osing")
    return [
        (fault.why, fault.key) for fault in faults_of(told, languages=spoken, never=["insulin"])
    ]


@pytest.mark.parametrize(
    ("row", "more", "expected"),
    [
        (COMES, {}, []),
        ({**COMES, "language": "Osing"}, {}, []),
        ({**COMES, "language": "Klingon"}, {}, [(Why.NOT_SPOKEN, "language")]),
        ({**COMES, "text": "{riderr} datang"}, {}, [(Why.UNKNOWN_NAME, "text")]),
        ({**COMES, "text": "{rider.password} datang"}, {}, [(Why.UNKNOWN_NAME, "text")]),
        ({**COMES, "text": "{rider!r} datang"}, {}, [(Why.BRACE_ALONE, "text")]),
        ({**COMES, "text": "datang {"}, {}, [(Why.BRACE_ALONE, "text")]),
        ({**COMES, "text": "Insulin Anda datang"}, {}, [(Why.TELLS_HEALTH, "text")]),
        (COMES, {"item_class": "medicine"}, [(Why.UNKNOWN_NAME, "text")]),
        ({"event": "collected"}, {}, [(Why.MISSING, "text")]),
        ({"event": "collected", "off": True}, {}, []),
        ({**COMES, "off": True}, {}, [(Why.BOTH_OFF_AND_TEXT, "off")]),
        ({"event": "held", "off": True}, {}, [(Why.NEEDED_LETTER, "off")]),
        ({"event": "placed", "text": "Diantar."}, {}, [(Why.LETTER_LACKS, "text")]),
        ({"event": "placed", "text": "{code}"}, {}, []),
        (
            {"event": "placed", "text": "{code}"},
            {"patient_pays_rp": 5000},
            [(Why.LETTER_LACKS, "text")],
        ),
        ({"event": "refused", "text": "Ditolak."}, {}, [(Why.LETTER_LACKS, "text")]),
        ({"event": "issued", "text": "{amount} {last}"}, {}, [(Why.NOT_WRITTEN, "event")]),
        (
            {"event": "accepted", "language": "Osing", "text": "Diterima"},
            {},
            [(Why.NOT_FOR_ALL, "language")],
        ),
    ],
)
def test_each_fault_of_a_letter_is_named(
    row: dict[str, object], more: dict[str, Any], expected: list[tuple[Why, str]]
) -> None:
    assert why(row, **more) == expected


def test_all_faults_are_told_at_once_and_one_event_stands_once_a_language() -> None:
    rows = [COMES, COMES, {"event": "held", "text": "{nobody}"}]
    found = list(faults_of({**GOODS, "letter": rows}, languages=(), never=()))
    assert [fault.why for fault in found] == [Why.ROW_TWICE, Why.UNKNOWN_NAME, Why.LETTER_LACKS]
    assert {fault.place for fault in found} == {1, 2}


def draft_of(cast: Cast, more: str = "") -> Draft:
    """The pack's documents as a draft of the officer."""
    text = (PACK / "programmes" / "dokumen.toml").read_text("utf-8") + more
    assert uploaded(client_of(cast.officer), text).status_code in (200, 302)
    return Draft.objects.order_by("-pk")[0]


def test_the_officer_sees_what_people_get_and_gets_one_herself(cast: Cast) -> None:
    off = '\n[[letter]]\nevent = "delivered"\noff = true\n'
    client, draft = client_of(cast.officer), draft_of(cast, off)
    page = client.get(f"/programmes/drafts/{draft.pk}/pages/letters").content.decode()
    assert "Slamet Riyadi sedang mengantar dokumen Anda" in page
    assert "karakter, 1 SMS" in page
    assert "Tidak dikirim." in page  # the hand-over is switched off
    url = f"/programmes/drafts/{draft.pk}/letters/1"
    assert "Nomor HP Anda belum tercatat" in client.post(url, follow=True).content.decode()
    cast.officer.phone = "081234567890"
    cast.officer.save()
    for _again in range(2):
        client.post(url)
    assert "Slamet Riyadi" in Letter.objects.get(kind="programme.trial").body
    client.post(f"/programmes/drafts/{draft.pk}/letters/9999")
    assert Letter.objects.filter(kind="programme.trial").count() == 1


def test_a_typing_error_in_a_letter_is_a_hole_with_its_page(cast: Cast) -> None:
    client, draft = client_of(cast.officer), draft_of(cast)
    told = {"letter-rows": "1", "letter-0-event": "failed", "letter-0-text": "Ring {fone} now"}
    assert typed(client, draft, "letters", **told).status_code == 302
    page = client.get(f"/programmes/drafts/{draft.pk}/").content.decode()
    assert "{fone} tidak dikenal dalam surat ini" in page
    assert f"/programmes/drafts/{draft.pk}/pages/letters#id_letter-0-text" in page
    rubbish = {**told, "letter-0-event": "moon", "letter-0-text": "x" * 900}
    assert typed(client, draft, "letters", **rubbish).status_code == 400


def test_two_versions_tell_which_letter_changed(cast: Cast) -> None:
    told = get_programme(cast.region, "dokumen").told
    rows = [{**row, "text": "Lain"} if row["event"] == "placed" else row for row in told["letter"]]
    [change] = changes(told, {**told, "letter": rows})
    assert (change.table, change.row, change.after) == ("letter", "placed", "Lain")
    page = client_of(cast.officer).get("/programmes/dokumen/").content.decode()
    assert "{rider} sedang mengantar {item}" in page
