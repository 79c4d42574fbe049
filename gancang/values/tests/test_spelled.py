"""What a receipt writes in words is the amount in figures, for every amount."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.values.spelled import MOST, spelled

WORDS = "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas"
WORTH = {word: at for at, word in enumerate(WORDS.split())}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (19, "sembilan belas"),
        (100, "seratus"),
        (1_000, "seribu"),
        (1_100, "seribu seratus"),
        (12_345, "dua belas ribu tiga ratus empat puluh lima"),
        (101_000, "seratus satu ribu"),
        (1_000_000, "satu juta"),
        (1_001_000, "satu juta seribu"),
        (21_000_011, "dua puluh satu juta sebelas"),
        (150_000_000, "seratus lima puluh juta"),
        (2_000_000_000_001, "dua triliun satu"),
    ],
)
def test_a_treasurer_would_write_it_so(number: int, words: str) -> None:
    assert spelled(number) == words


@given(st.integers(0, MOST - 1))
def test_the_words_read_back_are_the_number(number: int) -> None:
    assert read_back(spelled(number)) == number


def read_back(words: str) -> int:
    """A number out of its words, read as a child reads them."""
    total = part = 0
    for word in words.split():
        if word in WORTH:
            part += WORTH[word]
        elif word in ("seratus", "seribu"):
            step = {"seratus": 100, "seribu": 1_000}[word]
            total, part = (total + step, part) if step == 1_000 else (total, part + step)
        elif word == "belas":
            part += 10
        elif word in ("puluh", "ratus"):
            unit = part % 10
            part += unit * ({"puluh": 10, "ratus": 100}[word] - 1)
        else:
            total += part * {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}[word]
            part = 0
    return total + part


def test_less_than_nothing_and_far_too_much_have_no_words() -> None:
    for number in (-1, MOST):
        with pytest.raises(ValueError, match="only whole numbers"):
            spelled(number)
