"""A training is good from its day to its last day, and warns thirty days before."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.fleet.rules import (
    WARN_DAYS,
    Certificate,
    Why,
    may_carry,
    training_state,
    why_not_trained,
)

TODAY = date(2026, 11, 24)
days = st.integers(-500, 500).map(lambda n: TODAY + timedelta(days=n))
certificates = st.lists(
    st.builds(Certificate, st.sampled_from(["medicine", "meals"]), days, days), max_size=4
)


@given(certificates, days)
def test_whoever_may_carry_something_has_no_reason_against_it(
    held: list[Certificate], on: date
) -> None:
    allowed = may_carry(held, on=on)
    for name in ("medicine", "meals"):
        assert (name in allowed) == (why_not_trained(held, item_class=name, on=on) is None)


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (date(2026, 10, 31), Why.NOT_TRAINED),
        (date(2026, 11, 1), None),
        (date(2026, 11, 30), None),
        (date(2026, 12, 1), Why.TRAINING_EXPIRED),
    ],
)
def test_a_training_counts_on_its_first_and_on_its_last_day(on: date, why: Why | None) -> None:
    held = [Certificate("medicine", date(2026, 11, 1), date(2026, 11, 30))]
    assert why_not_trained(held, item_class="medicine", on=on) is why


def test_a_training_for_meals_is_none_for_medicine() -> None:
    held = [Certificate("meals", TODAY, TODAY)]
    assert why_not_trained(held, item_class="medicine", on=TODAY) is Why.NOT_TRAINED


@pytest.mark.parametrize(
    ("days_left", "state"),
    [(-1, "expired"), (0, "soon"), (WARN_DAYS, "soon"), (WARN_DAYS + 1, "valid")],
)
def test_the_warning_comes_thirty_days_before(days_left: int, state: str) -> None:
    assert training_state(TODAY + timedelta(days=days_left), today=TODAY) == state
