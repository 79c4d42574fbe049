"""What a thief of the database learns: nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.vault.seal import Unreadable, blind_index, opened, sealed


@given(st.text())
def test_what_is_sealed_can_be_opened_again(text: str) -> None:
    assert opened(sealed(text, column="a.b"), column="a.b") == text


def test_the_same_person_sealed_twice_looks_like_two_people() -> None:
    assert sealed("3510161234560001", column="a.b") != sealed("3510161234560001", column="a.b")


def test_a_seal_moved_to_another_column_does_not_open() -> None:
    with pytest.raises(Unreadable):
        opened(sealed("secret", column="a.b"), column="a.c")


@pytest.mark.parametrize("rubbish", ["", "x", "1.", "1.!!", "9.AAAA", "1.AAAA"])
def test_rubbish_does_not_open_and_names_no_content(rubbish: str) -> None:
    with pytest.raises(Unreadable, match=r"a\.b"):
        opened(rubbish, column="a.b")


def test_equal_texts_are_found_and_other_columns_are_not() -> None:
    assert blind_index("081234", column="phone") == blind_index("081234", column="phone")
    assert blind_index("081234", column="phone") != blind_index("081234", column="nik")
