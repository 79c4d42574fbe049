"""Why money does not move, and how a reservation is used up. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.values import N_, Money, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence


class Why(Reason):
    """Refusals of the ledger."""

    NO_BUDGET = "no_budget", N_("{fund} has no budget for this programme in {year}.")
    BUDGET_EMPTY = (
        "budget_empty",
        N_("The budget of {fund} for {year} has {left} left; this needs {needed}."),
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


@dataclass(frozen=True, slots=True)
class Held:
    """What one budget still holds in reserve for one order."""

    budget_id: int
    amount: Money
    part: str = ""  # for which part of the order's way, as its keys in the book name it


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
