"""The month's statement as the treasurer signs it: sums by fund and fleet, and each line."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum

from gancang.cash.queries import DepositsOfRider, deposits_between
from gancang.ledger.queries import list_budgets, patients_money
from gancang.overview.statement import Wanted, fares_wanted, lines_told, totals
from gancang.regions.queries import zone_of
from gancang.values import Money
from gancang.web.files import csv_of
from gancang.web.months import month_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from gancang.ledger.queries import Totals
    from gancang.orders.queries import Proven
    from gancang.overview.statement import Line

HEADS = (
    "number",
    "at",
    "order",
    "fleet",
    "fund",
    "programme",
    "amount_rp",
    "handed_over_at",
    "handed_over_by",
    "factor",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one fund pays, or one fleet is owed: over how many orders, how much.

    `spent` and `free` tell where a fund's money of the year stands today; None for a fleet.
    """

    name: str
    orders: int
    amount: Money
    spent: Money | None = None
    free: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What patients paid one way."""

    how: str
    orders: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """All that stands in the statement of a month."""

    begins: datetime
    ends: datetime
    lines: Sequence[tuple[Line, Proven | None]]
    totals: Totals
    funds: Sequence[Part]
    fleets: Sequence[Part]
    paid: Sequence[Paid]
    deposits: Sequence[DepositsOfRider]
    where: Mapping[str, Money]

    @property
    def total(self) -> Money:
        """What is owed of public money."""
        return _sum(row for row, _proof in self.lines)

    @property
    def paid_in_all(self) -> Money:
        """What patients paid."""
        return Money(sum(each.amount.rupiah for each in self.paid))

    @property
    def without_proof(self) -> int:
        """How many lines nobody can prove."""
        return sum(proof is None for _row, proof in self.lines)


def month_told(wanted: Wanted) -> Month:
    """The statement of a month, of one fund or fleet or all. Refused if it is no month."""
    asked = month_of(wanted.month, zone_of(wanted.region))
    lines = lines_told(wanted, "at", "pk")
    rows = [line for line, _ in lines]
    # Patients' money belongs to no fund.
    deposits = deposits_between(
        wanted.region, begins=asked.begins, ends=asked.ends, fleet=wanted.fleet
    )
    return Month(
        begins=asked.begins,
        ends=asked.ends,
        lines=lines,
        totals=totals(wanted),
        funds=_by_fund(rows, wanted),
        fleets=_by_fleet(rows),
        paid=_paid(wanted),
        deposits=[] if wanted.funder else deposits,
        where=patients_money(wanted.region),
    )


def _by_fund(rows: Sequence[Line], wanted: Wanted) -> list[Part]:
    year = int(wanted.month[:4])
    spent: dict[str, int] = {}
    free: dict[str, int] = {}
    for budget, balances in list_budgets(wanted.region):
        if budget.year == year:
            name = budget.fund.name
            spent[name] = spent.get(name, 0) + balances["spent"].rupiah
            free[name] = free.get(name, 0) + balances["available"].rupiah
    return [
        Part(
            name=name,
            orders=len({row.order for row in group}),
            amount=_sum(group),
            spent=Money(spent.get(name, 0)),
            free=Money(free.get(name, 0)),
        )
        for name, group in _grouped(rows, attrgetter("fund_name"))
    ]


def _by_fleet(rows: Sequence[Line]) -> list[Part]:
    return [
        Part(name=name, orders=len({row.order for row in group}), amount=_sum(group))
        for name, group in _grouped(rows, attrgetter("payee_name"))
    ]


def _grouped(rows: Iterable[Line], name_of: Callable[[Line], str]) -> list[tuple[str, list[Line]]]:
    groups: dict[str, list[Line]] = {}
    for row in rows:
        groups.setdefault(name_of(row), []).append(row)
    return sorted(groups.items())


def _sum(rows: Iterable[Line]) -> Money:
    return Money(sum(row.amount_rp for row in rows))


def _paid(wanted: Wanted) -> list[Paid]:
    rows = fares_wanted(wanted).order_by().values("kind")
    sums = rows.annotate(n=Count("pk"), rp=Sum("amount_rp"))
    return [
        Paid(how=row["kind"], orders=row["n"], amount=Money(row["rp"]))
        for row in sorted(sums, key=lambda row: row["kind"])
    ]


def as_csv(month: Month, *, zone: str) -> bytes:
    """A line a settlement, times by the region's clock."""
    here = ZoneInfo(zone)
    return csv_of(HEADS, (_cells(row, proof, here) for row, proof in month.lines))


def _cells(row: Line, proof: Proven | None, here: ZoneInfo) -> list[object]:
    return [
        row.number,
        _clock(row.at, here),
        row.order,
        row.payee_name,
        row.fund_name,
        row.programme,
        row.amount_rp,
        _clock(proof.handed_over_at, here) if proof else "",
        proof.username if proof else "",
        proof.factor if proof else "",
    ]


def _clock(moment: datetime, here: ZoneInfo) -> str:
    return moment.astimezone(here).strftime("%Y-%m-%d %H:%M:%S")
