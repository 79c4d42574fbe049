"""What is known of a person: told with source and day, derived by itself, asked again when old."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.audit.models import Event
from gancang.regions.facts import Why, kinds_of, read_value
from gancang.residents.facts import derived_facts, known_of
from gancang.residents.models import Resident
from gancang.values import Refused
from tests.cast import BORN, client_of, place

if TYPE_CHECKING:
    from tests.cast import Cast

TODAY = datetime.now(UTC).date()
CARD = "3510162203120007"


def typed(**changed: str) -> dict[str, str]:
    """What Dian notes of somebody who lives alone."""
    told = {"fact": "lives_alone", "value": "ya", "source": "RT 02", "as_of": f"{TODAY:%d-%m-%Y}"}
    return {**told, **changed}


def test_the_officer_notes_a_fact_with_its_source_and_all_see_it(cast: Cast) -> None:
    number = place(cast).resident_id
    answer = client_of(cast.officer).post(f"/residents/{number}/facts", typed())
    assert answer.status_code == 302
    shown = client_of(cast.clerk).get(f"/residents/{number}").content.decode()
    assert "tinggal sendiri" in shown
    assert "RT 02" in shown
    event = Event.objects.get(kind="resident.fact_recorded")
    assert event.subject == f"resident:{number}"
    assert "True" not in event.payload
    assert "RT 02" not in event.payload


def test_what_is_older_than_the_region_allows_is_to_be_asked_again(cast: Cast) -> None:
    number = place(cast).resident_id
    kept = client_of(cast.officer)
    old = TODAY - timedelta(days=400)
    kept.post(f"/residents/{number}/facts", typed(as_of=f"{old:%d-%m-%Y}"))
    assert "terlalu lama" in kept.get(f"/residents/{number}").content.decode()
    kept.post(f"/residents/{number}/facts", typed())
    assert "terlalu lama" not in kept.get(f"/residents/{number}").content.decode()
    answer = kept.post(f"/residents/{number}/facts", typed(as_of=f"{old:%d-%m-%Y}"))
    assert answer.status_code == 400
    assert "lebih baru" in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"fact": "desil", "value": "11"}, "0 sampai 10"),
        ({"fact": "school_level", "value": "TK"}, "SD, SMP, SMA"),
        ({"value": "mungkin"}, "ya atau tidak"),
        ({"fact": "age", "value": "70"}, "Masukkan pilihan yang valid"),
        ({"as_of": "31-12-2100"}, "masa depan"),
    ],
)
def test_what_is_no_value_is_told_beside_the_field(
    cast: Cast, changed: dict[str, str], said: str
) -> None:
    number = place(cast).resident_id
    answer = client_of(cast.officer).post(f"/residents/{number}/facts", typed(**changed))
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Event.objects.filter(kind="resident.fact_recorded").exists()


def test_age_place_and_household_follow_from_the_registry(cast: Cast) -> None:
    numbers = [
        place(cast).resident_id,
        place(cast, number="R-2", nik="", full_name="Ahmad").resident_id,
    ]
    for row in Resident.objects.filter(pk__in=numbers):
        row.family_card = CARD
        row.save(update_fields=["family_card", "family_card_index"])
    known = known_of(cast.region, numbers, on=TODAY)[numbers[0]]
    assert known["household_size"].value == 2
    assert known["village"].value == cast.village.code
    assert known["district"].value == cast.village.district.code
    eve = date(2031, 3, 8)
    assert derived_facts(BORN, cast.village.code, on=eve)["age"].value == 79
    assert derived_facts(BORN, cast.village.code, on=eve + timedelta(1))["age"].value == 80


def test_a_pack_without_facts_knows_the_five_and_what_follows() -> None:
    kinds = kinds_of([])
    assert list(kinds)[:5] == [
        "pbi_active",
        "village_letter",
        "local_list",
        "judged_in_need",
        "desil",
    ]
    assert {code for code, kind in kinds.items() if kind.derived} == {
        "age",
        "village",
        "district",
        "household_size",
    }
    with pytest.raises(Refused) as refusal:
        read_value(kinds["desil"], "1" * 400)
    assert refusal.value.reason is Why.NOT_A_NUMBER
