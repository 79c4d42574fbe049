"""Laws of shared money."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.values import Money, Reason, Refused, in_words, read_rupiah, shares_of


@st.composite
def percents(draw: st.DrawFn) -> list[int]:
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=0, max_size=4)))
    edges = [0, *cuts, 100]
    return [high - low for low, high in pairwise(edges)]


@given(st.integers(0, 10**12), percents())
def test_no_rupiah_is_lost_or_made_when_funders_share(amount: int, shares: list[int]) -> None:
    assert sum(share.rupiah for share in shares_of(Money(amount), shares)) == amount


@given(st.integers(0, 10**12), percents())
def test_nobody_but_the_first_funder_pays_more_than_his_share(
    amount: int, shares: list[int]
) -> None:
    for paid, percent in list(zip(shares_of(Money(amount), shares), shares, strict=True))[1:]:
        assert paid.rupiah == amount * percent // 100


def test_the_first_funder_pays_the_odd_rupiah() -> None:
    assert shares_of(Money(12_345), [50, 50]) == [Money(6_173), Money(6_172)]


@pytest.mark.parametrize("wrong", [[50, 49], [101, -1], []])
def test_shares_that_do_not_make_a_whole_are_our_bug(wrong: list[int]) -> None:
    with pytest.raises(ValueError, match="add up to 100"):
        shares_of(Money(100), wrong)


def test_half_a_rupiah_does_not_exist() -> None:
    with pytest.raises(TypeError):
        Money(0.5)  # type: ignore[arg-type]  # the very mistake under test


def test_money_reads_as_indonesia_writes_it() -> None:
    assert str(Money(1_234_567)) == "Rp 1.234.567"
    assert str(Money(-500)) == "-Rp 500"


def test_a_refusal_says_its_sentence_with_its_facts() -> None:
    class Why(Reason):
        TOO_FAR = "too_far", "{km} km is too far."

    refusal = Refused(Why.TOO_FAR, km=80)
    assert str(refusal) == "80 km is too far."
    assert refusal.reason == "too_far"


@pytest.mark.parametrize(
    ("told", "rupiah"),
    [
        ("12000", 12_000),
        ("12.000", 12_000),
        ("1.250.000", 1_250_000),
        ("12,000", 12_000),
        ("Rp12.000,00", 12_000),
        ("Rp. 12.000,-", 12_000),
        ("IDR 12,000.00", 12_000),
        (" 0 ", 0),
        ("20.00", 20),
        ("", None),
        ("12.5", None),
        ("12,5", None),
        ("1.00.000", None),
        ("-5", None),
        ("1e3", None),
        ("\u0663\u0660\u0660\u0660", None),
        ("dua ribu", None),
        ("9" * 40, None),
    ],
)
def test_rupiah_are_read_as_people_and_banks_write_them(told: str, rupiah: int | None) -> None:
    assert read_rupiah(told) == rupiah


@given(st.integers(0, 10**15))
def test_what_is_written_in_words_is_read_again(rupiah: int) -> None:
    assert read_rupiah(in_words(rupiah)) == rupiah
