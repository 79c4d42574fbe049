"""Laws of codes and cycles."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from gancang.cards.rules import check_digit, in_groups, new_secret, read_code
from gancang.values.codes import ALPHABET
from gancang.vouchers.rules import MONTHS, Offer, cycle_on

BODIES = st.text(ALPHABET, min_size=15, max_size=15)


@given(BODIES, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_every_single_wrong_sign_is_found(body: str, place: int, sign: str) -> None:
    code = body + check_digit(body)
    assert read_code(in_groups(code).lower()) == code
    changed = code[:place] + sign + code[place + 1 :]
    assert (read_code(changed) == code) == (changed == code)
    assert changed == code or read_code(changed) is None


@given(BODIES, st.integers(0, 13))
def test_two_neighbours_swapped_are_found(body: str, place: int) -> None:
    code = body + check_digit(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or read_code(swapped) is None


def test_a_new_code_can_be_read() -> None:
    secret = new_secret()
    assert read_code(in_groups(secret)) == secret


@given(st.dates(date(2026, 1, 1), date(2031, 12, 31)), st.sampled_from(sorted(MONTHS)))
def test_every_day_lies_in_its_cycle_and_cycles_do_not_overlap(day: date, every: str) -> None:
    offer = Offer(cycle=every, count=1, unit="", unit_rp=1)
    cycle = cycle_on(day, offer)
    assert cycle.first <= day <= cycle.last
    assert cycle_on(cycle.first, offer) == cycle_on(cycle.last, offer) == cycle
