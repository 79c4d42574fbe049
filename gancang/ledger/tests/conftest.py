"""A small fund that belongs to no pack, so that the stories can name its amounts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from gancang.ledger.actions import load, release, reserve_all, settle
from gancang.ledger.models import Account
from gancang.ledger.waterfall import Payer, Reservation
from gancang.regions.pack import BudgetTerms, FundTerms, read_pack
from gancang.values import Money
from tests.cast import PACK

if TYPE_CHECKING:
    from gancang.ledger.waterfall import Split
    from gancang.regions.models import Region
    from tests.cast import Cast

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
PROGRAMME = "jamu"
EACH = 1_000_000


@dataclass(frozen=True, slots=True)
class Purse:
    """Two funds that share one programme's cost."""

    cast: Cast
    funds: tuple[str, str] = ("bersama", "sahabat")

    @property
    def region(self) -> Region:
        """Where the funds are."""
        return self.cast.region

    def reserve(self, order: str, amount: int, percents: tuple[int, int] = (50, 50)) -> None:
        """Set an amount aside for an order, shared by both funds."""
        payers = tuple(
            Payer(fund, percent) for fund, percent in zip(self.funds, percents, strict=True)
        )
        self.ask(order, amount, *payers)

    def ask(
        self, order: str, amount: int, *payers: Payer, now: datetime = NOW, **further: Any
    ) -> Split:
        """Set an amount aside for an order, paid by these."""
        want = Reservation(
            order=order,
            programme=PROGRAMME,
            year=2026,
            amount=Money(amount),
            payers=payers,
            **{"area": "", **further},
        )
        return reserve_all([want], region=self.region, by="tests", now=now)[0]

    def settle(self, order: str, cost: int) -> None:
        """The fleet has earned it."""
        settle(
            order,
            payee=self.cast.fleet,
            cost=Money(cost),
            region=self.region,
            by="tests",
            now=NOW,
        )

    def release(self, order: str) -> int:
        """What was set aside is free again."""
        return release(order, region=self.region, by="tests", now=NOW).rupiah

    def balances(self, kind: str) -> list[int]:
        """What both funds hold in accounts of a kind."""
        rows = Account.objects.filter(budget__fund__code__in=self.funds, kind=kind)
        return list(rows.order_by("budget__fund__code").values_list("balance_rp", flat=True))

    def owed(self) -> int:
        """What the fleet has earned."""
        found = Account.objects.filter(kind="payable", payee=self.cast.fleet).first()
        return found.balance_rp if found else 0


@pytest.fixture
def purse(cast: Cast) -> Purse:
    """Two funds with a million rupiah each, granted as a pack grants them."""
    purse = Purse(cast)
    funds = tuple(FundTerms(code=code, name=code.title(), owner=code) for code in purse.funds)
    budgets = tuple(
        BudgetTerms(fund=code, programme=PROGRAMME, year=2026, amount_rp=EACH, decree="SK 1/2026")
        for code in purse.funds
    )
    pack = replace(read_pack(PACK), funds=funds, budgets=budgets)
    load(pack, region=cast.region, by="tests", now=NOW)
    return purse
