"""Many draw on the same two budgets at once: no ring, and no rupiah too much goes."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from gancang.ledger.queries import verify
from gancang.ledger.rules import Why
from gancang.ledger.waterfall import Payer
from gancang.values import Refused

if TYPE_CHECKING:
    from gancang.ledger.tests.conftest import Purse

pytestmark = pytest.mark.django_db(transaction=True)
COUNTERS, EACH_ASKS = 6, 12
FIRST_WAY = Payer("bersama", 50), Payer("sahabat", 50)
OTHER_WAY = Payer("sahabat", 50), Payer("bersama", 50)


def one_order(purse: Purse, counter: int, number: int) -> None:
    """Money is set aside for it; of three, one is brought and one called off."""
    order, payers = f"O-{counter}-{number}", FIRST_WAY if counter % 2 else OTHER_WAY
    purse.ask(order, 50_000, *payers, now=datetime.now(UTC))
    if number % 3 == 0:
        purse.settle(order, 41_000)
    elif number % 3 == 1:
        purse.release(order)


def test_counters_that_ask_settle_and_give_back_at_once_never_pass_what_there_is(
    purse: Purse,
) -> None:
    start, refused, broken = Barrier(COUNTERS), [], []

    def work(counter: int) -> None:
        start.wait()
        for number in range(EACH_ASKS):
            try:
                one_order(purse, counter, number)
            except Refused as refusal:
                refused.append(refusal.reason)
            except Exception as error:  # noqa: BLE001 - whatever it is, the story looks at it
                broken.append(error)
        connection.close()

    counters = [Thread(target=work, args=(counter,)) for counter in range(COUNTERS)]
    for each in counters:
        each.start()
    for each in counters:
        each.join(timeout=120)
    assert broken == []
    assert refused
    assert set(refused) == {Why.BUDGET_EMPTY}
    # 72 asked for 50,000 of 2,000,000; each fund paid its half of what was given.
    free, held = purse.balances("available"), purse.balances("reserved")
    assert free[0] == free[1] < 25_000
    assert held[0] == held[1]
    assert verify(purse.region)[1] == []
