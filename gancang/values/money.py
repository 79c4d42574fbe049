"""Whole rupiah, and the one rule by which an amount is shared among funders."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """Whole rupiah. Never a fraction, never a float; may be negative only as a difference."""

    rupiah: int

    def __post_init__(self) -> None:
        if type(self.rupiah) is not int:
            raise TypeError(f"money is whole rupiah, not {self.rupiah!r}")

    def __add__(self, other: Money) -> Money:
        return Money(self.rupiah + other.rupiah)

    def __sub__(self, other: Money) -> Money:
        return Money(self.rupiah - other.rupiah)

    def __bool__(self) -> bool:
        return self.rupiah != 0

    def __str__(self) -> str:
        return in_words(self.rupiah)


def in_words(rupiah: int) -> str:
    """The amount as Indonesia writes it: Rp 12.345."""
    sign = "-" if rupiah < 0 else ""
    return f"{sign}Rp {abs(rupiah):,}".replace(",", ".")


def read_rupiah(told: str) -> int | None:
    """Whole rupiah as people and banks write them: 12000, 12.000, Rp12.000,00; else None."""
    plain = re.sub(r"^(rp|idr)\.?\s*", "", told.strip().lower())
    whole = re.sub(r"[.,](00|-)$", "", plain)
    if re.fullmatch(r"[0-9]+|[0-9]{1,3}([., ][0-9]{3})+", whole) is None or len(whole) > 30:
        return None
    return int(re.sub(r"[., ]", "", whole))


def shares_of(amount: Money, percents: Sequence[int]) -> list[Money]:
    """Split `amount` by whole percents that add up to 100, exact to the rupiah.

    Every share is rounded down; the rupiah left over go to the first funder, so that the
    same order always costs each funder the same.
    """
    if sum(percents) != 100 or any(percent < 0 for percent in percents):
        raise ValueError(f"shares must be whole percents that add up to 100, not {percents}")
    if amount.rupiah < 0:
        raise ValueError(f"only an amount of zero or more can be shared, not {amount}")
    floors = [amount.rupiah * percent // 100 for percent in percents]
    floors[0] += amount.rupiah - sum(floors)
    return [Money(share) for share in floors]
