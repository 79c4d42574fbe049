"""Other aid on the same family card, and what is found in the field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from gancang.enrolment.actions import Deed, apply_all
from gancang.enrolment.models import Enrolment
from gancang.enrolment.tests.fixtures import MEALS, meals, now, somebody, today
from gancang.residents.actions import KnownFact, Particulars, register_all
from gancang.residents.models import Resident
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast

POOR: dict[str, Any] = {"lives_alone": True, "desil": 1}
CARD = "3510162203120007"


def applied(cast: Cast, person: Resident) -> Enrolment:
    """The application of somebody, by the officer."""
    deed = Deed(by=cast.officer.username, now=now())
    row = apply_all([person.pk], MEALS, cast.region, deed)[0]
    assert isinstance(row, Enrolment), row
    return row


def family(*people: Resident) -> None:
    """They stand on one family card."""
    for row in people:
        row.family_card = CARD
        row.save(update_fields=["family_card", "family_card_index"])


def test_a_family_with_other_aid_is_flagged_and_an_officer_decides(cast: Cast) -> None:
    meals(cast, documents=[], not_with=["receives_bpnt"], per="family")
    sari, son = somebody(cast, "Sari", **POOR), somebody(cast, "Budi", receives_bpnt=True)
    family(sari, son)
    row = applied(cast, sari)
    officer = client_of(cast.officer)
    page = officer.get(f"/enrolment/{row.code}").content.decode()
    assert row.state == "flagged"
    assert "BPNT" in page
    assert "kartu keluarga yang sama" in page
    assert "Budi" not in page
    officer.post(f"/enrolment/{row.code}/decide", {"answer": "uphold", "note": "Sudah cukup"})
    row.refresh_from_db()
    assert (row.state, row.why) == ("refused", "other_aid")
    assert row.appeal_until is not None


def test_of_the_person_alone_the_family_does_not_count(cast: Cast) -> None:
    meals(cast, documents=[], not_with=["receives_bpnt"], per="person")
    sari, son = somebody(cast, "Sari", **POOR), somebody(cast, "Budi", receives_bpnt=True)
    family(sari, son)
    assert applied(cast, sari).state == "enrolled"


def test_a_programme_without_the_rule_flags_nobody(cast: Cast) -> None:
    meals(cast, documents=[])
    sari, son = somebody(cast, "Sari", **POOR), somebody(cast, "Budi", receives_bpnt=True)
    family(sari, son)
    assert applied(cast, sari).state == "enrolled"


def test_of_300_proposals_269_stay_and_31_go_with_reason_and_referral(cast: Cast) -> None:
    meals(cast, documents=[], verify=True)
    told = {name: KnownFact(value, "UGDK", today()) for name, value in POOR.items()}
    born = today().replace(year=today().year - 70, day=1)
    people = [
        Particulars(
            full_name=f"Warga {place}",
            village=cast.village,
            address=f"RT 0{place % 9 + 1}/RW 01",
            birth_date=born,
            facts=told,
        )
        for place in range(300)
    ]
    numbers = [row.pk for row in register_all(people, region=cast.region, now=now())]
    proposed = apply_all(numbers, MEALS, cast.region, Deed(by="wahid", now=now()))
    rows = [row for row in proposed if isinstance(row, Enrolment)]
    assert {row.state for row in rows} == {"to_verify"}
    outcomes = ["usaha tutup"] * 15 + ["pindah"] * 8 + ["meninggal"] * 3 + ["rujuk"] * 5
    lines = [
        f"{row.code};{outcome};{'BPNT' if outcome == 'rujuk' else ''}"
        for row, outcome in zip(rows, outcomes + ["sah"] * 269, strict=True)
    ]
    officer = client_of(cast.officer)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = officer.post(
            f"/enrolment/of/{MEALS}/verify", {"lines": "kode;hasil;rujukan\n" + "\n".join(lines)}
        )
    assert answer.status_code == 302, answer.content.decode()
    assert len(asked) < 60
    assert Enrolment.objects.filter(state="enrolled").count() == 269
    gone = Enrolment.objects.filter(state="refused")
    assert gone.count() == 31
    assert set(gone.values_list("why", flat=True)) == {"business_gone", "moved", "dead", "referred"}
    assert set(gone.filter(why="referred").values_list("referral", flat=True)) == {"BPNT"}
    page = officer.get(f"/enrolment/{gone.filter(why='referred')[0].code}").content.decode()
    assert "BPNT" in page


def test_a_list_with_a_wrong_line_changes_nothing_and_names_all_of_them(cast: Cast) -> None:
    meals(cast, documents=[], verify=True)
    row = applied(cast, somebody(cast, "Sari", **POOR))
    lines = f"{row.code};sah\n{row.code};sah\nP-XXXX;sah\n{row.code};entah\n{row.code};rujuk"
    desk = client_of(cast.village_clerk)
    answer = desk.post(f"/enrolment/of/{MEALS}/verify", {"lines": lines})
    page = answer.content.decode()
    assert answer.status_code == 400
    for said in ("Baris 2", "Baris 3", "Baris 4", "Baris 5", "entah"):
        assert said in page, said
    row.refresh_from_db()
    assert row.state == "to_verify"
    assert desk.post(f"/enrolment/of/{MEALS}/verify", {"lines": ""}).status_code == 400
    assert desk.post(f"/enrolment/of/{MEALS}/verify", {"lines": 'a;"b'}).status_code == 400
