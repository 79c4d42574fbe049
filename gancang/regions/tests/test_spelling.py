"""A village is found however it is spelt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.regions.queries import find_clear_village, find_villages, villages_by_code
from gancang.regions.spelling import Named, find_by_spelling, is_clear

if TYPE_CHECKING:
    from gancang.regions.models import Region

# Invented codes; the names are such as stand on many maps.
PLACES = [
    Named("1", "Kebaman", "Srono"),
    Named("2", "Kebalenan", "Banjar"),
    Named("3", "Kebondalem", "Bangorejo"),
    Named("4", "Kalibaru Wetan", "Kalibaru"),
    Named("5", "Kalibaru Kulon", "Kalibaru"),
    Named("6", "Sumberjati", "Siliragung"),
    Named("7", "Sumbersari", "Srono"),
    Named("8", "Tamansari", "Licin"),
    Named("9", "Tamansari", "Tegalsari"),
]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("kebaman srono", "1"),
        ("Ds. Kebaman Kec. Srono", "1"),
        ("desa kebaman", "1"),
        ("kebman", "1"),
        ("kebamna", "1"),
        ("keb aman", "1"),
        ("kali baru wetan", "4"),
        ("kalibaru wetn", "4"),
        ("sumber sari", "7"),
        ("soembersari", "7"),
        ("tamansari licin", "8"),
        ("TAMANSARI tegalsari", "9"),
    ],
)
def test_a_village_is_found_as_people_spell_it(typed: str, code: str) -> None:
    found = find_by_spelling(typed, PLACES)
    assert found[0].code == code
    assert is_clear(found, typed)


def test_where_two_villages_have_the_name_both_are_offered_and_none_is_taken() -> None:
    found = find_by_spelling("tamansari", PLACES)
    assert {each.code for each in found} == {"8", "9"}
    assert not is_clear(found, "tamansari")


def test_a_district_alone_offers_its_villages_and_takes_none() -> None:
    found = find_by_spelling("srono", PLACES)
    assert {each.code for each in found} == {"1", "7"}
    assert not is_clear(found, "srono")


@pytest.mark.parametrize("typed", ["", "  ", "xyzzy", "?", "desa qqq"])
def test_what_is_like_no_village_finds_none(typed: str) -> None:
    assert find_by_spelling(typed, PLACES) == []


@given(st.text(max_size=80))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    assert len(find_by_spelling(typed, PLACES)) <= len(PLACES)


def test_every_village_of_the_region_is_found_by_name_and_district_with_one_letter_lost(
    region: Region,
) -> None:
    places = list(villages_by_code(region).values())
    missed = []
    for place in places:
        word = (
            place.name.replace(" ", "", 1)
            if len(place.name) < 6
            else place.name[:-2] + place.name[-1]
        )
        if place not in find_villages(region, f"{word} {place.district.name}")[:3]:
            missed.append(word)
    assert len(missed) <= len(places) // 50, missed


def test_a_code_means_its_village(region: Region) -> None:
    place = next(iter(villages_by_code(region).values()))
    assert find_clear_village(region, place.code) == place
    assert find_clear_village(region, "xyzzy") is None
