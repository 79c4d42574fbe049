"""What buyers pay at the door for a seller's goods: kept in trust, owed to the seller."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Sum

from gancang.ledger import reversing
from gancang.ledger.models import Account, Budget, Fund, Transfer
from gancang.ledger.moving import Move, account_of, move_all
from gancang.ledger.queries import next_part_of
from gancang.ledger.rules import Why, shares_of_sale
from gancang.regions.models import Organisation
from gancang.regions.queries import today_in
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from gancang.ledger.fares import Passed
    from gancang.regions.models import Region

Kind = Account.Kind
BUYERS = "buyers"  # the fund that keeps in trust what buyers paid; no pack's fund is called so


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """Goods of a seller that were paid at the door together with the order that brought them."""

    order: str
    seller: Organisation
    amount: Money
    area: str = ""


def find_rule(region: Region, on: date) -> dict[str, Any] | None:
    """By which rule of the pack sellers get what buyers pay: the newest that has begun."""
    rows = region.config.get("money", {}).get("goods", [])  # by their first days
    begun: list[dict[str, Any]] = [row for row in rows if row["from"] <= on.isoformat()]
    return begun[-1] if begun else None


def rule_on(region: Region, on: date) -> dict[str, Any]:
    """The same; refused where there is none: then nothing is sold at the door."""
    if (found := find_rule(region, on)) is None:
        raise Refused(Why.NO_GOODS_RULE, region=region.name)
    return found


@transaction.atomic
def sell(sale: Sale, *, region: Region, by: str, now: datetime) -> None:
    """The buyer has paid: the seller is owed it, less the commission. Once an order."""
    on = today_in(region, now)
    rule = rule_on(region, on)
    budget = _budget_of(region, rule, on)
    granted = Account.objects.get(budget=budget, kind=Kind.GRANTED)
    came = Move(
        kind=Transfer.Kind.SALE,
        source=granted,
        target=reversing.available_of(budget),
        amount=sale.amount,
        about=sale.order,
        key=f"sale:{sale.order}",
    )
    move_all([came], region=region, by=by, now=now)
    _owe(sale, budget, rule, (region, on), by=by, now=now)


def _budget_of(region: Region, rule: dict[str, Any], on: date) -> Budget:
    told = {"name": rule["name"], "owner": rule["name"], "is_trust": True}
    fund, _ = Fund.objects.get_or_create(region=region, code=BUYERS, defaults=told)
    budget, _ = Budget.objects.get_or_create(
        fund=fund, programme=BUYERS, year=on.year, defaults={"decree": rule["decree"]}
    )
    for kind in (Kind.GRANTED, Kind.AVAILABLE, Kind.RESERVED):
        Account.objects.get_or_create(region=region, kind=kind, budget=budget)
    return budget


def _owe(
    sale: Sale,
    budget: Budget,
    rule: dict[str, Any],
    told: tuple[Region, date],
    *,
    by: str,
    now: datetime,
) -> None:
    """From what is there for the goods: so much to the seller, and the commission."""
    region, on = told
    part = next_part_of(sale.order)
    aside = Move(
        kind=Transfer.Kind.RESERVE,
        source=reversing.available_of(budget),
        target=Account.objects.get(budget=budget, kind=Kind.RESERVED),
        amount=sale.amount,
        about=sale.order,
        key=f"reserve:{sale.order}:{budget.pk}:{part}",
        charged_on=on,
        area=sale.area,
    )
    move_all([aside], region=region, by=by, now=now)
    shares = [
        replace(
            aside,
            kind=Transfer.Kind.SETTLE,
            source=aside.target,
            target=account_of(region, Kind.PAYABLE, payee=payee),
            amount=amount,
            key=f"settle:{sale.order}:{budget.pk}:{part}:{payee.code}",
        )
        for payee, amount in _payees_of(sale, rule, region)
    ]
    move_all(shares, region=region, by=by, now=now)


def _payees_of(
    sale: Sale, rule: dict[str, Any], region: Region
) -> list[tuple[Organisation, Money]]:
    shares = shares_of_sale(sale.amount, rule["percent"])
    payees = [(sale.seller, shares.seller)]
    if shares.commission:
        house = Organisation.objects.get(region=region, code=rule["organisation"])
        payees.append((house, shares.commission))
    return [(payee, amount) for payee, amount in payees if amount]


@transaction.atomic
def sell_less(
    lines: Sequence[Transfer], sale: Sale, *, region: Region, by: str, now: datetime
) -> None:
    """Of a sale only `sale.amount` stands: its lines are taken back, and the rest is owed anew.

    What the buyer gets back is nobody's here any more. Whoever calls has seen that none is paid.
    """
    whole = sum(line.amount_rp for line in lines)
    assert 0 <= sale.amount.rupiah < whole, (sale.amount, whole)
    budget = lines[0].source.budget
    assert budget is not None, sale.order
    for line in lines:
        reversing.reverse(line, is_paid=False, region=region, by=by, now=now)
    back = Move(
        kind=Transfer.Kind.UNSELL,
        source=reversing.available_of(budget),
        target=Account.objects.get(budget=budget, kind=Kind.GRANTED),
        amount=Money(whole - sale.amount.rupiah),
        about=sale.order,
        key=f"unsell:{sale.order}:{lines[0].pk}",
    )
    move_all([back], region=region, by=by, now=now)
    if sale.amount:
        on = today_in(region, lines[0].at)  # by the rule under which it was sold
        _owe(sale, budget, rule_on(region, on), (region, on), by=by, now=now)


@transaction.atomic
def bring(told: Passed, *, region: Region, by: str, now: datetime) -> None:
    """A till brings the treasury what sellers are paid from. Refused beyond what it holds."""
    one = Move(
        kind=Transfer.Kind.BRING,
        source=account_of(region, Kind.TILL, payee=told.till),
        target=account_of(region, Kind.FARES, payee=told.fleet),
        amount=told.amount,
        about=told.receipt,
        key=f"bring:{told.receipt}",
    )
    move_all([one], region=region, by=by, now=now)


def goods_by_order(region: Region) -> dict[str, int]:
    """What buyers paid for the goods of each order, in rupiah. One query."""
    rows = Transfer.objects.filter(region=region, kind=Transfer.Kind.SALE).order_by()
    return dict(rows.values_list("about").annotate(Sum("amount_rp")))
