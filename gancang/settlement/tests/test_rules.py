"""What a row of the bank's answer means, whatever was said before; and when a month is due."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from gancang.settlement.rules import Answered, Fate, Sent, due_on, judge
from gancang.values import Money

rows = st.builds(
    Answered,
    st.just(2),
    st.just("R"),
    st.none() | st.builds(Money, st.integers(0, 3)),
    st.none() | st.booleans(),
)
payments = st.none() | st.builds(
    Sent,
    st.builds(Money, st.integers(1, 3)),
    st.booleans(),
    st.sampled_from(["open", "paid", "refused"]),
)


@given(rows, payments)
def test_money_moves_only_by_a_clear_row_of_the_same_sum_for_an_open_payment_that_was_sent(
    row: Answered, sent: Sent | None
) -> None:
    fate = judge(row, sent)
    if fate in (Fate.PAID, Fate.REFUSED):
        assert sent is not None
        assert sent.is_sent
        assert sent.state == "open"
        assert row.amount == sent.amount
        assert row.is_paid is (fate is Fate.PAID)


def test_december_is_due_in_january() -> None:
    assert due_on("2026-12", 10) == date(2027, 1, 10)
    assert due_on("2026-11", 28) == date(2026, 12, 28)
