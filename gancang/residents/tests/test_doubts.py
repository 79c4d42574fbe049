"""What is odd about a NIK is told, and nobody is refused for it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.residents.duplicates import is_similar_name
from gancang.residents.rules import Doubt, doubts_about_nik, is_child, why_not_nik

AREA = "99.01"


def nik_of(born: date, sex: str, serial: str = "0001") -> str:
    """The NIK that was given to somebody here."""
    day = born.day + (40 if sex == "f" else 0)
    return f"990101{day:02}{born.month:02}{born.year % 100:02}{serial}"


@given(st.dates(date(1900, 1, 1), date(2026, 11, 24)), st.sampled_from("fm"))
def test_a_nik_that_agrees_raises_no_doubt(born: date, sex: str) -> None:
    assert doubts_about_nik(nik_of(born, sex), birth_date=born, sex=sex, area=AREA) == []


@given(st.dates(date(1900, 1, 1), date(2026, 11, 24)), st.dates(date(1900, 1, 1)))
def test_another_birth_date_is_a_doubt_and_never_a_refusal(given: date, corrected: date) -> None:
    nik = nik_of(given, "m")
    found = doubts_about_nik(nik, birth_date=corrected, sex="m", area=AREA)
    assert why_not_nik(nik) is None
    same = (given.day, given.month, given.year % 100) == (
        corrected.day,
        corrected.month,
        corrected.year % 100,
    )
    assert found == ([] if same else [Doubt.NIK_OTHER_DAY])


@pytest.mark.parametrize(
    ("nik", "sex", "doubt"),
    [
        ("9901014903510001", "m", Doubt.NIK_OTHER_SEX),
        ("9902014903510001", "f", Doubt.NIK_OTHER_PLACE),
        ("9901014903510000", "f", Doubt.NIK_NO_SERIAL),
        ("9901013102510001", "m", Doubt.NIK_NO_CALENDAR_DAY),
    ],
)
def test_what_else_is_odd_is_told(nik: str, sex: str, doubt: Doubt) -> None:
    born = date(1951, 3, 9) if nik[8:10] == "03" else None
    assert doubts_about_nik(nik, birth_date=born, sex=sex, area=AREA) == [doubt]


def test_a_child_is_one_until_the_eighteenth_birthday() -> None:
    born = date(2008, 11, 24)
    assert is_child(born, today=date(2026, 11, 23))
    assert not is_child(born, today=date(2026, 11, 24))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Moch. Sholeh", "Muhammad Soleh", True),
        ("Hj. Siti Aminah", "SITI AMINAH", True),
        ("Soekarno", "Sukarno", True),
        ("Ni Made Sari", "Sari", True),
        ("Budi", "Siti", False),
        ("", "Siti", False),
    ],
)
def test_names_are_alike_however_they_are_written(one: str, other: str, same: bool) -> None:
    assert is_similar_name(one, other) is same
