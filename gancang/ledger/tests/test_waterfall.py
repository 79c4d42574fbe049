"""Several funds for one order: by percent, one after another, up to their ceilings."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from gancang.audit.models import Event
from gancang.ledger.models import Drawn
from gancang.ledger.queries import held_for, verify
from gancang.ledger.rules import Why
from gancang.ledger.waterfall import Ceiling, Deal, Payer, Per
from gancang.regions.queries import today_in
from gancang.values import Money, Refused

from .conftest import EACH, NOW

if TYPE_CHECKING:
    from .conftest import Purse

FIRST, SECOND = "bersama", "sahabat"
VILLAGE = "99.01.01.2001"


def paid(purse: Purse, order: str) -> list[int]:
    """What each fund holds for an order, in the order of asking."""
    return [held.amount.rupiah for held in held_for(order)]


def test_two_halves_of_an_odd_amount_are_exact_and_the_first_bears_the_odd_rupiah(
    purse: Purse,
) -> None:
    split = purse.ask("O-1", 12_345, Payer(FIRST, 50), Payer(SECOND, 50))
    assert split.paid == ((FIRST, Money(6_173)), (SECOND, Money(6_172)))


def test_what_the_first_cannot_pay_whole_falls_to_the_next_to_the_rupiah(purse: Purse) -> None:
    turns = Payer(FIRST, order=1), Payer(SECOND, order=2)
    purse.ask("O-1", EACH - 4_000, Payer(FIRST))
    assert purse.ask("O-2", 12_345, *turns).paid == ((FIRST, Money(4_000)), (SECOND, Money(8_345)))
    assert purse.ask("O-3", 12_345, *turns).paid == ((SECOND, Money(12_345)),)
    story = Event.objects.get(kind="budget.passed_over", subject="O-3")
    assert '"why":"budget_empty"' in story.payload
    with pytest.raises(Refused) as refusal:
        purse.ask("O-4", EACH, *turns)
    assert "Sahabat" in str(refusal.value), "the last that was asked says why"
    assert paid(purse, "O-4") == []


def test_a_ceiling_of_an_order_counts_all_parts_of_its_way(purse: Purse) -> None:
    capped = Payer(FIRST, ceilings=(Ceiling(Per.ORDER, Money(10_000)),))
    rest = Payer(SECOND, order=2)
    assert purse.ask("O-1", 8_000, capped, rest).paid == ((FIRST, Money(8_000)),)
    again = purse.ask("O-1", 8_000, capped, rest, part=1)
    assert again.paid == ((FIRST, Money(2_000)), (SECOND, Money(6_000)))
    [passed] = again.passed
    assert (passed.why, passed.left) == (Why.ORDER_CEILING, Money(2_000))


def test_a_ceiling_of_a_month_is_free_again_in_the_next_and_by_what_comes_back(
    purse: Purse,
) -> None:
    capped = Payer(FIRST, ceilings=(Ceiling(Per.MONTH, Money(10_000)),))
    purse.ask("O-1", 9_000, capped)
    with pytest.raises(Refused) as refusal:
        purse.ask("O-2", 2_000, capped)
    assert refusal.value.reason is Why.MONTH_CEILING
    assert str(refusal.value) == (
        "Bersama pays Rp 10.000 a month at most: Rp 1.000 is left, this needs Rp 2.000."
    )
    purse.ask("O-2", 2_000, capped, now=NOW + timedelta(days=30))
    assert purse.release("O-1") == 9_000
    purse.ask("O-3", 10_000, capped)
    assert verify(purse.region)[1] == []


def test_a_ceiling_of_a_district_stops_that_district_alone(purse: Purse) -> None:
    capped = Payer(FIRST, ceilings=(Ceiling(Per.YEAR, Money(5_000), "99.01.01"),))
    purse.ask("O-1", 5_000, capped, area=VILLAGE)
    with pytest.raises(Refused) as refusal:
        purse.ask("O-2", 1, capped, area=VILLAGE)
    assert refusal.value.reason is Why.AREA_YEAR_CEILING
    purse.ask("O-3", 5_000, capped, area="99.01.02.2001")


def test_the_day_after_an_agreement_ends_the_next_funder_pays_or_it_is_refused(
    purse: Purse,
) -> None:
    today = today_in(purse.region, NOW)
    year = Deal(starts=today - timedelta(days=30), ends=today)
    bound, next_one = Payer(FIRST, deals=(year,)), Payer(SECOND, order=2)
    assert purse.ask("O-1", 9_000, bound, next_one).paid == ((FIRST, Money(9_000)),)
    after = NOW + timedelta(days=1)
    assert purse.ask("O-2", 9_000, bound, next_one, now=after).paid == ((SECOND, Money(9_000)),)
    with pytest.raises(Refused) as refusal:
        purse.ask("O-3", 9_000, bound, now=after)
    assert refusal.value.reason is Why.NO_FUND_AGREEMENT
    purse.settle("O-1", 9_000)
    assert purse.owed() == 9_000, "what was promised before is paid"


def test_the_cap_of_an_agreement_ends_what_its_fund_gives(purse: Purse) -> None:
    today = today_in(purse.region, NOW)
    deal = Deal(starts=today, ends=today + timedelta(days=400), cap=Money(15_000))
    bound = Payer(FIRST, deals=(deal,))
    purse.ask("O-1", 9_000, bound)
    split = purse.ask("O-2", 9_000, bound, Payer(SECOND, order=2), now=NOW + timedelta(days=9))
    assert split.paid == ((FIRST, Money(6_000)), (SECOND, Money(3_000)))


def test_a_sum_that_somebody_changed_is_found(purse: Purse) -> None:
    purse.ask("O-1", 9_000, Payer(FIRST), area=VILLAGE)
    assert verify(purse.region)[1] == []
    Drawn.objects.update(amount_rp=8_000)
    [problem] = verify(purse.region)[1]
    assert "the sum is off by -1000" in problem


@pytest.mark.django_db(transaction=True)
def test_ten_counters_at_once_never_pass_a_ceiling(purse: Purse) -> None:
    told = Payer(FIRST, ceilings=(Ceiling(Per.MONTH, Money(30_000)),)), Payer(SECOND, order=2)
    splits = []

    def ask(number: int) -> None:
        try:
            splits.append(purse.ask(f"O-{number}", 7_000, *told, now=datetime.now(UTC)))
        finally:
            connection.close()

    counters = [threading.Thread(target=ask, args=(number,)) for number in range(10)]
    for each in counters:
        each.start()
    for each in counters:
        each.join(timeout=30)
    by_fund = {FIRST: 0, SECOND: 0}
    for split in splits:
        for fund, share in split.paid:
            by_fund[fund] += share.rupiah
    assert by_fund == {FIRST: 30_000, SECOND: 40_000}
    assert verify(purse.region)[1] == []
