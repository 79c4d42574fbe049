"""What the counter may type about a person."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.residents.rules import (
    Why,
    find_day,
    normal_phone,
    same_day,
    why_not_birth_date,
    why_not_nik,
    why_not_phone,
)


def nik(day: int, month: int = 3) -> str:
    """The NIK of somebody with these digits for the day and the month of birth."""
    return f"351016{day:02}{month:02}510001"


@given(st.integers(0, 99))
def test_a_nik_names_a_day_of_the_month_or_that_day_and_forty_for_a_woman(day: int) -> None:
    is_a_day = 1 <= day <= 31 or 41 <= day <= 71
    assert why_not_nik(nik(day)) == (None if is_a_day else Why.NIK_NO_SUCH_DAY)


@pytest.mark.parametrize("month", [0, 13, 99])
def test_a_nik_of_no_month_is_refused(month: int) -> None:
    assert why_not_nik(nik(9, month)) is Why.NIK_NO_SUCH_DAY


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "351016090351000",
        "35101609035100011",
        "35101609O3510001",
        "351016090351\u0660\u0660\u0660\u0661",
    ],
)
def test_a_nik_has_sixteen_plain_digits(typed: str) -> None:
    assert why_not_nik(typed) is Why.NIK_NOT_16_DIGITS


@pytest.mark.parametrize(
    "typed",
    ["0812 3456 7890", "0812-3456-7890", "+62 812 3456 7890", "62812.3456.7890", "(0812) 34567890"],
)
def test_a_phone_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert normal_phone(typed) == "+6281234567890"
    assert why_not_phone(normal_phone(typed)) is None


@pytest.mark.parametrize("typed", ["", "12", "0812", "call me", "+1 212 555 0100", "0" * 15])
def test_what_cannot_be_rung_is_no_phone_number(typed: str) -> None:
    assert why_not_phone(normal_phone(typed)) is Why.PHONE_NOT_A_MOBILE


@pytest.mark.parametrize(
    "typed", ["1951-03-09", "09-03-1951", "9/3/1951", "09.03.1951", "09031951", " 9 3 1951 "]
)
def test_a_day_is_the_same_whichever_way_it_is_written(typed: str) -> None:
    assert same_day(typed, date(1951, 3, 9))


@pytest.mark.parametrize("typed", ["", "31-02-1951", "9-3-51", "March 9", "1951", "03-09-1951-1"])
def test_what_is_no_day_is_not_guessed(typed: str) -> None:
    assert find_day(typed) is None


@given(st.dates(date(1000, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]))
def test_every_day_is_read_back_as_it_was_written(day: date, form: str) -> None:
    assert find_day(day.strftime(form)) == day


def test_nobody_is_born_tomorrow_or_before_the_oldest_who_lives() -> None:
    today = date(2026, 11, 24)
    assert why_not_birth_date(date(2026, 11, 25), today=today) is Why.BIRTH_DATE_AHEAD
    assert why_not_birth_date(date(1895, 12, 31), today=today) is Why.BIRTH_DATE_TOO_OLD
    assert why_not_birth_date(today, today=today) is None
