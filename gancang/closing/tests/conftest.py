"""Two funds of a year that is over: one carries its rest over, one returns it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gancang.ledger.actions import load, reserve_all, settle
from gancang.ledger.models import Account, Budget
from gancang.ledger.queries import verify
from gancang.ledger.waterfall import Payer, Reservation
from gancang.regions.pack import BudgetTerms, FundTerms, read_pack
from gancang.regions.queries import today_in
from gancang.values import Money
from tests.cast import PACK

if TYPE_CHECKING:
    from gancang.regions.models import Region
    from tests.cast import Cast

PROGRAMME = "jamu"
CARRIES, RETURNS = "pembawa", "pengembali"
EACH = 1_000_000
THIS_YEAR = 300_000


@dataclass(frozen=True, slots=True)
class OldYear:
    """Last year's lines of both funds; only the second has a line this year."""

    cast: Cast
    year: int

    @property
    def region(self) -> Region:
        """Where they are."""
        return self.cast.region

    def reserve(self, order: str, amount: int, fund: str) -> None:
        """Set aside for an order of last year."""
        want = Reservation(
            order=order,
            programme=PROGRAMME,
            year=self.year,
            amount=Money(amount),
            payers=(Payer(fund),),
            area="",
        )
        reserve_all([want], region=self.region, by="tests", now=datetime.now(UTC))

    def settle(self, order: str, cost: int) -> None:
        """The fleet has earned it."""
        now = datetime.now(UTC)
        owed = Money(cost)
        fleet = self.cast.fleet
        settle(order, payee=fleet, cost=owed, region=self.region, by="tests", now=now)

    def stands(self, fund: str, year: int) -> tuple[int, int, int]:
        """What a line has: granted, free, set aside."""
        rows = Account.objects.filter(budget__fund__code=fund, budget__year=year)
        held = dict(rows.values_list("kind", "balance_rp"))
        return -held["granted"], held["available"], held["reserved"]

    def line(self, fund: str, year: int) -> Budget:
        """A line."""
        return Budget.objects.get(fund__code=fund, year=year)

    def problems(self) -> list[str]:
        """What the book's own proof finds."""
        return verify(self.region)[1]


@pytest.fixture
def old(cast: Cast) -> OldYear:
    """Both funds with their lines and the pack's rules for them."""
    now = datetime.now(UTC)
    year = today_in(cast.region, now).year - 1
    rules = [
        {"fund": CARRIES, "from": "2020-01-01", "rest": "carry", "decree": "Perbup 1"},
        {"fund": RETURNS, "from": "2020-01-01", "rest": "return", "decree": "Perbup 1"},
    ]
    cast.region.config["money"] = {**cast.region.config.get("money", {}), "year_end": rules}
    cast.region.save()
    granted = [(CARRIES, year, EACH), (RETURNS, year, EACH), (RETURNS, year + 1, THIS_YEAR)]
    pack = replace(
        read_pack(PACK),
        funds=tuple(
            FundTerms(code=code, name=code.title(), owner=code) for code in (CARRIES, RETURNS)
        ),
        budgets=tuple(
            BudgetTerms(fund=code, programme=PROGRAMME, year=on, amount_rp=rp, decree="SK 1")
            for code, on, rp in granted
        ),
    )
    load(pack, region=cast.region, by="tests", now=now)
    return OldYear(cast, year)
