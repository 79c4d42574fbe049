"""Numbers of papers: what is taken, what is refused, and how the refusal helps."""

from __future__ import annotations

from datetime import date

import pytest

from gancang.shops.paper_rules import Kind, Typed, is_of_regency, judge
from gancang.shops.rules import Why
from gancang.values import Refused

TODAY = date(2026, 11, 30)


def kind(number: str, *, expires: bool = True) -> Kind:
    told = {"code": number, "title": "P-IRT", "bars": "expired", "rule": "a rule"}
    return Kind(**told, number=number, expires=expires, assisted=False)


def kept(
    of: Kind, number: str, expires_on: date | None = None, issued_on: date | None = None
) -> Typed:
    return judge(of, Typed(number=number, issued_on=issued_on, expires_on=expires_on), today=TODAY)


def refused(of: Kind, number: str, *days: date | None) -> str:
    with pytest.raises(Refused) as told:
        kept(of, number, *days)
    return told.value.reason


def test_a_p_irt_of_15_digits_tells_the_year_in_which_it_ends() -> None:
    assert kept(kind("p-irt"), "P-IRT No. 2063510010123-29").number == "206351001012329"
    assert kept(kind("p-irt"), "206351001012329").expires_on == date(2029, 12, 31)
    assert kept(kind("p-irt"), "206351001012329", date(2029, 5, 3)).expires_on == date(2029, 5, 3)
    assert refused(kind("p-irt"), "206351001012329", date(2028, 5, 3)) == Why.P_IRT_YEAR


def test_an_old_p_irt_of_12_digits_tells_no_year_so_its_last_day_has_to_be_typed() -> None:
    assert refused(kind("p-irt"), "206351001012") == Why.NO_END
    assert kept(kind("p-irt"), "206351001012", TODAY).expires_on == TODAY


@pytest.mark.parametrize(
    ("of", "number", "why"),
    [
        ("p-irt", "20635100101232", Why.NOT_P_IRT),
        ("p-irt", "2063510010123290", Why.NOT_P_IRT),
        ("p-irt", "20635100101232x", Why.NOT_DIGITS),
        ("p-irt", "٢٠٦٣٥١٠٠١٠١٢٣٢٩", Why.NOT_DIGITS),
        ("nib", "123456789012", Why.NOT_NIB),
        ("nib", "  ", Why.NO_NUMBER),
        ("free", "", Why.NO_NUMBER),
    ],
)
def test_a_number_of_another_shape_is_refused(of: str, number: str, why: Why) -> None:
    assert refused(kind(of), number, TODAY) == why


def test_a_nib_has_13_digits_and_never_ends() -> None:
    typed = kept(kind("nib", expires=False), "NIB 1234 5678 9012 3", TODAY)
    assert (typed.number, typed.expires_on) == ("1234567890123", None)


def test_days_that_cannot_be_are_refused() -> None:
    later = date(2026, 12, 1)
    assert refused(kind("free"), "A", later, later) == Why.ISSUED_AHEAD
    assert refused(kind("free"), "A", date(2025, 1, 1), date(2025, 1, 2)) == Why.ENDS_BEFORE


def test_the_digits_of_the_regency_are_4_to_7() -> None:
    assert is_of_regency("206351001012329", "35.10")
    assert not is_of_regency("206357801012329", "35.10")
