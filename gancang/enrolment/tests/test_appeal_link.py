"""Who is refused appeals from home, by the link of the letter in the programme's own words."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from django.test import Client

from gancang.enrolment.actions import Deed, apply_all
from gancang.enrolment.links import appeal_token
from gancang.enrolment.models import Enrolment
from gancang.enrolment.tests.fixtures import MEALS, meals, now, somebody
from gancang.outbox.models import Letter
from gancang.outbox.queries import desk_for
from tests.cast import client_of
from tests.pdf_text import text_of

if TYPE_CHECKING:
    from gancang.residents.models import Resident
    from tests.cast import Cast

LETTERS = {
    "refused": {"": "{programme}: {number} ditolak. Keberatan sampai {day}: {link}"},
    "waiting": {"": "{number} menunggu."},
    "accepted": {"": "{number} diterima."},
    "upheld": {"": "{number}: tetap ditolak. {phone}"},
}
WHY = "Saya tinggal sendiri dan tidak punya penghasilan."


def applied(cast: Cast, person: Resident) -> Enrolment:
    """An application of somebody who can be written to."""
    person.phone = "081234567890"
    person.save()
    deed = Deed(by=cast.officer.username, now=now())
    row = apply_all([person.pk], MEALS, cast.region, deed)[0]
    assert isinstance(row, Enrolment)
    row.refresh_from_db()
    return row


def texts() -> list[str]:
    """All letters as they leave, without the greeting of the place."""
    letters = list(Letter.objects.order_by("pk"))
    desk = desk_for(letters)
    return [desk.text_of(letter).removeprefix("Salam sehat. ") for letter in letters]


def test_sari_appeals_from_home_and_only_once_at_a_time(cast: Cast) -> None:
    meals(cast, documents=[], letters=LETTERS)
    row = applied(cast, somebody(cast, "Sari", lives_alone=True, desil=8))
    [text] = texts()
    assert f"{row.code} ditolak" in text
    link = re.search(r"/b/(\S+)", text)
    assert link
    url, home = f"/b/{link[1]}", Client()
    page = home.get(url).content.decode()
    assert f"{row.appeal_until:%d-%m-%Y}" in page
    assert "Sari" not in page  # whoever holds the phone learns no name
    assert home.post(url, {"note": "x"}).status_code == 400
    assert home.post(url, {"note": WHY}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.steps.get(deed="appeal").note) == ("appealed", WHY)
    assert "sudah kami terima" in home.get(url).content.decode()
    assert home.post(url, {"note": WHY}).status_code == 400
    assert row.steps.filter(deed="appeal").count() == 1
    officer = client_of(cast.officer)
    officer.post(f"/enrolment/{row.code}/decide", {"answer": "uphold", "note": "Tetap."})
    row.refresh_from_db()
    assert row.state == "refused"
    assert texts()[1:] == [f"{row.code}: tetap ditolak. {cast.region.phone}"]
    assert home.post(url, {"note": WHY}).status_code == 400


def test_a_link_that_nobody_signed_and_days_that_are_over_open_nothing(cast: Cast) -> None:
    meals(cast, documents=[], letters=LETTERS)
    row = applied(cast, somebody(cast, "Sari", lives_alone=True, desil=8))
    for token in ("x", "%00", row.code, appeal_token("P-0000-0000")):
        assert Client().get(f"/b/{token}").status_code == 404
    Enrolment.objects.filter(pk=row.pk).update(appeal_until=now().date() - timedelta(days=2))
    answer = Client().post(f"/b/{appeal_token(row.code)}", {"note": WHY})
    assert answer.status_code == 400
    row.refresh_from_db()
    assert row.state == "refused"


def test_the_printed_letter_says_it_in_the_programmes_words_with_the_link(cast: Cast) -> None:
    meals(cast, documents=[], letters=LETTERS)
    row = applied(cast, somebody(cast, "Sari", lives_alone=True, desil=8))
    answer = client_of(cast.officer).get(f"/enrolment/{row.code}/letter")
    told = re.sub(r"\s+", "", text_of(answer.content))
    assert f"{row.code}ditolak.Keberatansampai" in told
    assert "Ataudarirumah:" in told


def test_who_waits_and_then_comes_in_is_told_of_each_once(cast: Cast) -> None:
    programme = meals(cast, documents=[], capacity=0, letters=LETTERS)
    row = applied(cast, somebody(cast, "Sari", lives_alone=True, desil=1))
    assert row.state == "waiting"
    programme.terms = {**programme.terms, "capacity": 5}
    programme.save()
    for _twice in range(2):
        client_of(cast.officer).post(f"/enrolment/{row.code}/look")
    assert texts() == [f"{row.code} menunggu.", f"{row.code} diterima."]


def test_without_words_of_its_own_nothing_is_sent(cast: Cast) -> None:
    meals(cast, documents=[])
    applied(cast, somebody(cast, "Sari", lives_alone=True, desil=8))
    assert not Letter.objects.exists()
