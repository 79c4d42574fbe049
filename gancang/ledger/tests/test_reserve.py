"""Money is set aside before anything moves, to the rupiah, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gancang.audit.models import Event
from gancang.ledger.models import Transfer
from gancang.ledger.queries import held_for
from gancang.ledger.rules import Why
from gancang.orders.models import Order
from gancang.outbox.models import Letter
from gancang.residents.models import Resident
from gancang.values import Refused
from tests.cast import client_of, leave_in_budgets, place, shares_of_order, typed_prescription

from .conftest import EACH

if TYPE_CHECKING:
    from tests.cast import Cast

    from .conftest import Purse


@pytest.mark.parametrize(
    ("amount", "percents", "expected"),
    [
        (20_000, (50, 50), [10_000, 10_000]),
        (20_001, (50, 50), [10_001, 10_000]),
        (10_000, (60, 40), [6_000, 4_000]),
        (10_001, (60, 40), [6_001, 4_000]),
        (10_003, (60, 40), [6_002, 4_001]),
    ],
)
def test_both_funders_set_their_share_aside_and_the_first_bears_the_odd_rupiah(
    purse: Purse, amount: int, percents: tuple[int, int], expected: list[int]
) -> None:
    purse.reserve("JJJ-1", amount, percents)
    assert purse.balances("reserved") == expected
    assert [EACH - free for free in purse.balances("available")] == expected
    assert [held.amount.rupiah for held in held_for("JJJ-1")] == expected


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(amount=st.integers(1, 3_000_000), first=st.integers(0, 100))
def test_no_amount_and_no_share_loses_a_rupiah_or_spends_what_is_not_there(
    purse: Purse, amount: int, first: int
) -> None:
    before = purse.balances("available")
    order = f"LAW-{Transfer.objects.count()}"
    try:
        purse.reserve(order, amount, (first, 100 - first))
    except Refused:
        assert purse.balances("available") == before
    else:
        assert sum(held.amount.rupiah for held in held_for(order)) == amount
        assert purse.release(order) == amount
    assert min(purse.balances("available") + purse.balances("reserved")) >= 0
    assert purse.balances("available") == before


def test_an_empty_budget_says_whose_it_is_what_is_left_and_what_is_needed(purse: Purse) -> None:
    purse.reserve("JJJ-1", 1_999_000)
    with pytest.raises(Refused) as refusal:
        purse.reserve("JJJ-2", 3_000)
    assert refusal.value.reason is Why.BUDGET_EMPTY
    assert str(refusal.value) == (
        "The budget of Bersama for 2026 has Rp 500 left; this needs Rp 1.500."
    )


def test_one_empty_funder_leaves_the_other_untouched(purse: Purse) -> None:
    purse.reserve("JJJ-1", EACH, (100, 0))
    before = purse.balances("available")
    lines = Transfer.objects.count()
    with pytest.raises(Refused):
        purse.reserve("JJJ-2", 2_000)
    assert purse.balances("available") == before
    assert Transfer.objects.count() == lines


def test_the_last_rupiah_can_be_set_aside(purse: Purse) -> None:
    purse.reserve("JJJ-1", 2 * EACH)
    assert purse.balances("available") == [0, 0]


def test_a_year_without_budget_is_refused_and_not_an_error(purse: Purse) -> None:
    with_a_stranger = replace(purse, funds=("bersama", "tidak-ada"))
    with pytest.raises(Refused) as refusal:
        with_a_stranger.reserve("JJJ-1", 2_000)
    assert refusal.value.reason is Why.NO_BUDGET


def test_an_empty_budget_leaves_no_trace_of_the_patient_at_the_counter(cast: Cast) -> None:
    known = shares_of_order(place(cast).code)
    short = {fund: share - 1 for fund, share in known.items()}
    leave_in_budgets(cast, short)
    before = counted()
    typed = typed_prescription(cast, number="R-2", full_name="Budi", nik="3510160101800002")
    response = client_of(cast.clerk).post("/medicine/new", typed)
    assert response.status_code == 400
    page = response.content.decode()
    year = datetime.now(UTC).year
    assert f"{year}" in page
    assert 'value="Budi"' in page
    assert counted() == before


def test_exactly_enough_money_is_enough(cast: Cast) -> None:
    leave_in_budgets(cast, shares_of_order(place(cast).code))
    place(cast, number="R-2")
    refused = client_of(cast.clerk).post("/medicine/new", typed_prescription(cast, number="R-3"))
    assert refused.status_code == 400


def counted() -> list[int]:
    """How many of everything that a placing leaves behind."""
    return [kind.objects.count() for kind in (Order, Resident, Letter, Event, Transfer)]
