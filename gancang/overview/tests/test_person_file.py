"""Whoever asks what is kept of him gets all of it, by one command, and that is written down."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from gancang.audit.models import Event
from gancang.enrolment.tests.fixtures import let_in
from gancang.fulfilment.tests.test_cases import planned, somebody
from gancang.overview.person_file import file_of
from gancang.overview.templatetags.gancang_person import NAMES
from gancang.regions.queries import today_in
from gancang.residents.actions import KnownFact, Particulars, register_all
from gancang.residents.models import Reading
from gancang.residents.rules import Why, local_id
from gancang.values import Refused
from tests.cast import NIK, client_of, delivered, place

if TYPE_CHECKING:
    from tests.cast import Cast


def file_about(cast: Cast, typed: str) -> dict[str, Any]:
    """What the command gives."""
    return file_of(typed, region=cast.region, now=datetime.now(UTC))


def test_one_call_gives_a_person_all_that_is_kept_of_him(cast: Cast) -> None:
    order = delivered(cast)
    told = file_about(cast, local_id(order.resident_id))
    text = json.dumps(told, ensure_ascii=False)
    for known in (NIK, "Sari", "1951-03-09", "+6281234567890", "Amlodipine", order.code):
        assert known in text, known
    assert told["orders"][0]["handed_over"]["receiver"] == "Sari"
    assert told["facts"][0]["name"] == "pbi_active"
    assert told["letters"]
    assert {row["by"] for row in told["read_by"]} >= {"rider", "person"}
    assert Reading.objects.filter(purpose="own file").exists()
    assert Event.objects.filter(kind="resident.file_given").exists()


def test_staff_see_the_household_and_what_each_of_it_gets(cast: Cast) -> None:
    today = today_in(cast.region, datetime.now(UTC))
    on_cards = {"Mbah Sumi": "3510160101010001", "Mbah Jo": "3510160101010001"}
    people = register_all(
        [
            Particulars(
                full_name=name,
                village=cast.village,
                address="Dusun Krajan",
                birth_date=date(1950, 1, 1),
                family_card=card,
                facts={"local_list": KnownFact(True, "desa", today)},
            )
            for name, card in {**on_cards, "Tetangga": "3510160101010002"}.items()
        ],
        region=cast.region,
        now=datetime.now(UTC),
    )
    let_in(cast, "kupon-belanja", [people[1]])
    page = client_of(cast.officer).get(f"/overview/residents/{people[0].pk}").content.decode()
    assert "Mbah Jo" in page
    assert "Kupon" in page
    assert "Tetangga" not in page
    read = Reading.objects.filter(resident_number=people[1].pk, by=cast.officer.username)
    assert read.filter(purpose="registry").exists()


def test_nobody_else_stands_in_the_file(cast: Cast) -> None:
    mine = place(cast)
    place(cast, number="R-2", nik="", full_name="Made", phone="0819 9999 9999")
    text = json.dumps(file_about(cast, NIK))
    assert mine.code in text
    assert "Made" not in text
    assert "9999" not in text


@pytest.mark.parametrize("typed", ["", "0", "L-999999-9", "Sari", "9" * 16, "9" * 30])
def test_who_is_not_there_is_said_so(cast: Cast, typed: str) -> None:
    place(cast)
    with pytest.raises(Refused) as refused:
        file_about(cast, typed)
    assert refused.value.reason is Why.NO_SUCH_PERSON


def test_meals_rides_and_enrolments_stand_in_the_file_and_on_the_page_of_staff(
    cast: Cast,
) -> None:
    patient = somebody(cast, on_dialysis=True, pbi_active=True, lives_alone=True, local_list=True)
    (entry,) = let_in(cast, "cuci-darah", [patient])
    (ride,) = planned(cast, cast.officer, "cuci-darah", patient.pk, at="06:30", pickup="Rumah")
    let_in(cast, "rantang-kasih", [patient])
    first = today_in(cast.region, datetime.now(UTC)).strftime("%d-%m-%Y")
    typed = {"meals": ["pagi"], "first": first, "diet": "soft", "person": patient.pk}
    assert client_of(cast.officer).post("/servings/diners", typed).status_code == 302
    told = file_about(cast, local_id(patient.pk))
    (case,) = told["cases"]
    assert (case["code"], case["from"], case["enrolment"]) == (ride.code, "Rumah", entry.code)
    assert [meal["diet"] for meal in told["meals"]] == ["soft"]
    history = {row["code"]: row["history"] for row in told["programmes"]}
    assert history[entry.code][0]["deed"] == "apply"
    assert any(letter["kind"].startswith("case") for letter in told["letters"])
    address = f"/overview/residents/{patient.pk}"
    page = client_of(cast.officer).get(address).content.decode()
    assert ride.code in page
    assert entry.code in page
    assert "Rantang Kasih" in page
    assert client_of(cast.officer).post(f"{address}/file").status_code == 403
    paper = client_of(cast.admin).post(f"{address}/file", {"as": "paper"}).content.decode()
    assert "Rumah" in paper
    assert "Kunjungan, antar jemput, transfer" in paper
    file = client_of(cast.admin).post(f"{address}/file", {"as": "file"})
    assert json.loads(file.content)["person"]["full_name"] == "Sumiati"
    given = Event.objects.filter(kind="resident.file_given").order_by("pk")
    assert given.count() == 3


def test_whatever_is_held_has_a_name_that_people_read(cast: Cast) -> None:
    order = delivered(cast)
    told = file_about(cast, local_id(order.resident_id))

    def names(part: object) -> set[str]:
        if isinstance(part, dict):
            return set(part) | {name for each in part.values() for name in names(each)}
        return {name for each in part for name in names(each)} if isinstance(part, list) else set()

    assert names(told) <= set(NAMES)


def test_a_prescription_stands_on_the_paper_that_is_given(cast: Cast) -> None:
    order = delivered(cast)
    address = f"/overview/residents/{order.resident_id}/file"
    paper = client_of(cast.admin).post(address, {"as": "paper"}).content.decode()
    assert "Amlodipine" in paper
