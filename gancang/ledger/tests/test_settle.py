"""What was set aside is owed to the carrier, or free again: once, and to the rupiah."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gancang.ledger.actions import Done, settle_all
from gancang.ledger.models import Transfer
from gancang.ledger.queries import held_for, verify
from gancang.ledger.rules import Why
from gancang.values import Money, Refused

from .conftest import EACH, NOW

if TYPE_CHECKING:
    from .conftest import Purse


def test_the_carrier_is_owed_the_whole_reservation(purse: Purse) -> None:
    purse.reserve("JJJ-1", 20_001)
    purse.settle("JJJ-1", 20_001)
    assert purse.owed() == 20_001
    assert purse.balances("reserved") == [0, 0]
    assert held_for("JJJ-1") == []


def test_what_was_not_needed_goes_back_to_each_funder(purse: Purse) -> None:
    purse.reserve("JJJ-1", 10_000, (60, 40))
    purse.settle("JJJ-1", 5_001)
    assert purse.owed() == 5_001
    assert [EACH - free for free in purse.balances("available")] == [3_001, 2_000]


def test_an_order_is_paid_once(purse: Purse) -> None:
    purse.reserve("JJJ-1", 20_000)
    purse.settle("JJJ-1", 20_000)
    with pytest.raises(Refused) as refusal:
        purse.settle("JJJ-1", 20_000)
    assert refusal.value.reason is Why.NOTHING_RESERVED
    assert purse.owed() == 20_000


def test_an_order_is_given_back_once(purse: Purse) -> None:
    purse.reserve("JJJ-1", 20_000)
    assert purse.release("JJJ-1") == 20_000
    assert purse.release("JJJ-1") == 0
    assert purse.balances("available") == [EACH, EACH]


def test_what_was_given_back_cannot_be_paid(purse: Purse) -> None:
    purse.reserve("JJJ-1", 20_000)
    purse.reserve("JJJ-2", 20_000)
    purse.release("JJJ-1")
    with pytest.raises(Refused):
        purse.settle("JJJ-1", 20_000)
    assert purse.balances("reserved") == [10_000, 10_000]


def test_what_was_paid_cannot_be_given_back(purse: Purse) -> None:
    purse.reserve("JJJ-1", 20_000)
    purse.reserve("JJJ-2", 20_000)
    purse.settle("JJJ-1", 20_000)
    assert purse.release("JJJ-1") == 0
    assert purse.balances("reserved") == [10_000, 10_000]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    orders=st.lists(
        st.tuples(st.integers(1, 40_000), st.integers(0, 100), st.integers(0, 100)), max_size=5
    )
)
def test_money_is_never_made_and_never_lost(
    purse: Purse, orders: list[tuple[int, int, int]]
) -> None:
    granted = sum(purse.balances("granted"))
    first = Transfer.objects.count()
    for number, (amount, share, used) in enumerate(orders):
        order = f"LAW-{first}-{number}"
        owed = purse.owed()
        try:
            purse.reserve(order, amount, (share, 100 - share))
        except Refused:
            continue
        cost = amount * used // 100
        purse.settle(order, cost)
        assert purse.owed() == owed + cost
        assert held_for(order) == []
    everywhere = purse.balances("available") + purse.balances("reserved")
    assert min(everywhere) >= 0
    assert sum(everywhere) + purse.owed() == -granted
    assert verify(purse.region)[1] == []


def test_many_are_paid_at_once_or_none(purse: Purse, django_assert_max_num_queries: Any) -> None:
    """Fifty orders take as many questions as one; one that was never reserved stops all."""
    orders = [f"JJJ-{number}" for number in range(50)]
    for order in orders:
        purse.reserve(order, 10_001)
    fleet = purse.cast.fleet
    done = [Done(order, fleet, Money(9_000 + number)) for number, order in enumerate(orders)]
    unknown = Done("JJJ-X", fleet, Money(1))
    with pytest.raises(Refused) as refusal:
        settle_all([*done, unknown], region=purse.region, by="tests", now=NOW)
    assert refusal.value.reason is Why.NOTHING_RESERVED
    assert purse.owed() == 0
    with django_assert_max_num_queries(20):
        settle_all(done, region=purse.region, by="tests", now=NOW)
    assert purse.owed() == sum(each.cost.rupiah for each in done)
    assert purse.balances("reserved") == [0, 0]
    assert verify(purse.region)[1] == []
