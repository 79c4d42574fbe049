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
