"""Why money does not move, and how a reservation is used up. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.values import N_, Money, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


class Why(Reason):
    """Refusals of the ledger."""

    NO_BUDGET = "no_budget", N_("{fund} has no budget for this programme in {year}.")
    BUDGET_EMPTY = (
        "budget_empty",
        N_("The budget of {fund} for {year} has {left} left; this needs {needed}."),
    )
    NO_FUND_AGREEMENT = (
        "no_fund_agreement",
        N_(
            "{fund} has no agreement in force for this village on {on}; its parties renew it first."
        ),
    )
    ORDER_CEILING = (
        "order_ceiling",
        N_("{fund} pays {ceiling} of one order at most: {left} is left, this needs {needed}."),
    )
    MONTH_CEILING = (
        "month_ceiling",
        N_("{fund} pays {ceiling} a month at most: {left} is left, this needs {needed}."),
    )
    YEAR_CEILING = (
        "year_ceiling",
        N_("{fund} pays {ceiling} a year at most: {left} is left, this needs {needed}."),
    )
    AGREEMENT_CAP = (
        "agreement_cap",
        N_("The agreement of {fund} is for {ceiling} in all: {left} is left, this needs {needed}."),
    )
    AREA_MONTH_CEILING = (
        "area_month_ceiling",
        N_(
            "{fund} pays {ceiling} a month for {area} at most: {left} is left, this needs {needed}."
        ),
    )
    AREA_YEAR_CEILING = (
        "area_year_ceiling",
        N_("{fund} pays {ceiling} a year for {area} at most: {left} is left, this needs {needed}."),
    )
    NOT_THAT_MUCH = (
        "not_that_much",
        N_("{holder} has {left} to hand in, not {needed}; count again."),
    )
    TILL_HAS_LESS = (
        "till_has_less",
        N_(
            "The till of {till} holds {left} of patients' money, and this needs {needed}. "
            "Take in first what riders and clerks still carry."
        ),
    )
    HELD_HAS_LESS = (
        "held_has_less",
        N_("Only {left} is still held for {shop}, and this needs {needed}; the shop has the rest."),
    )
    HOLDS_LESS = (
        "holds_less",
        N_(
            "By the book {payee} holds only {left}, since some was paid back: "
            "clear this up with the payee and the bank first."
        ),
    )
    NOT_REVERSIBLE = (
        "not_reversible",
        N_(
            "Only what became owed is taken back here. Money set aside is freed by calling its "
            "order off; patients' money is put right at the till; a budget by its document."
        ),
    )
    ALREADY_REVERSED = (
        "already_reversed",
        N_("This movement was taken back already; nothing is taken back twice."),
    )
    COME_BACK = (
        "come_back",
        N_("{amount} of it came back already, or is being set off; it can't be owed again."),
    )
    NOT_SO_MUCH_BACK = "not_so_much_back", N_("{left} of it is still owed back, not {amount}.")
    PERIOD_CLOSED = (
        "period_closed",
        N_("This month of the book is closed by now; press again, and it counts for the open one."),
    )
    MONTH_GOES_ON = "month_goes_on", N_("{month} is not over by the region's calendar.")
    CLOSED_ALREADY = "closed_already", N_("{month} is closed or asked to be by now; look again.")
    EARLIER_MONTH_OPEN = (
        "earlier_month_open",
        N_("{month} holds movements and is still open; months are closed one after the other."),
    )
    DIFFERENCE_UNNAMED = (
        "difference_unnamed",
        N_("Say of each difference why it is left open: {what}"),
    )
    CLOSED_BY_TWO = "closed_by_two", N_("You asked for it; another person must confirm it.")
    DIFFERENCES_CHANGED = (
        "differences_changed",
        N_("The differences are others than when it was asked; take it back and ask again."),
    )
    DOCUMENT_AHEAD = (
        "document_ahead",
        N_("The document holds from {on}; write it down on that day or later."),
    )
    DOCUMENT_KNOWN = "document_known", N_("{number} has changed this budget already.")
    SAME_AMOUNT = "same_amount", N_("The budget is {amount} already; write the new amount.")
    BELOW_BOUND = (
        "below_bound",
        N_("{least} is spent or set aside; the budget can't be {amount}."),
    )
    YEAR_GOES_ON = "year_goes_on", N_("The year {year} is not over by the region's calendar.")
    NO_YEAR_END = (
        "no_year_end",
        N_("Nothing of {year} is left to carry over or to return by now."),
    )
    YEAR_END_ASKED = "year_end_asked", N_("It is asked already; another person confirms it.")
    NO_GOODS_RULE = (
        "no_goods_rule",
        N_("{region} has no rule yet by which sellers get what buyers pay (money.toml, goods)."),
    )
    NOTHING_RESERVED = "nothing_reserved", N_("No money is reserved for order {order}.")


# Why a fund does not pay, or not all: the next turn is asked, and a refusal names the last of them.
CANNOT_PAY = (
    Why.NO_BUDGET,
    Why.BUDGET_EMPTY,
    Why.NO_FUND_AGREEMENT,
    Why.ORDER_CEILING,
    Why.MONTH_CEILING,
    Why.YEAR_CEILING,
    Why.AGREEMENT_CAP,
    Why.AREA_MONTH_CEILING,
    Why.AREA_YEAR_CEILING,
)


@dataclass(frozen=True, slots=True)
class Held:
    """What one budget still holds in reserve for one order."""

    budget_id: int
    amount: Money
    part: str = ""  # for which part of the order's way, as its keys in the book name it
    charged_on: date | None = None  # the day against whose ceilings it counts
    area: str = ""  # code of the village that the order goes to


@dataclass(frozen=True, slots=True)
class SaleShares:
    """What the seller gets of what a buyer paid, and what the commission is."""

    seller: Money
    commission: Money


def shares_of_sale(amount: Money, percent: int) -> SaleShares:
    """The commission is rounded down: the odd rupiah is the seller's."""
    commission = amount.rupiah * percent // 100
    return SaleShares(Money(amount.rupiah - commission), Money(commission))


def settle_shares(held: Sequence[Held], cost: Money) -> list[tuple[Held, Money, Money]]:
    """Of each reservation: what is paid, and what goes back. Exact to the rupiah.

    A cost below the reservation is shared as the reservation was; odd rupiah are paid by the
    first, as far as its reservation reaches, then by the next.
    """
    total = sum(item.amount.rupiah for item in held)
    assert 0 <= cost.rupiah <= total, (cost, total)
    paid = [item.amount.rupiah * cost.rupiah // total if total else 0 for item in held]
    for place, item in enumerate(held):
        odd = min(cost.rupiah - sum(paid), item.amount.rupiah - paid[place])
        paid[place] += odd
    return [
        (item, Money(amount), Money(item.amount.rupiah - amount))
        for item, amount in zip(held, paid, strict=True)
    ]
