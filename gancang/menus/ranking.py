"""In which order sellers stand, by a published rule. Pure: nothing here knows of money.

The order is made of what fits, what is near, what is open, a share for newcomers and for small
sellers, and a draw that is made anew each day. Nobody can pay for a place.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import md5
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

NEAR_M = 10_000  # from here on, farther is not worse


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How many points each part of the rule gives at most, since when, by whose decision."""

    fits: int = 100
    near: int = 30
    is_open: int = 40
    is_new: int = 10
    is_small: int = 10
    draw: int = 20
    new_days: int = 90
    small_dishes: int = 10
    rule: str = ""
    since: str = ""

    @classmethod
    def of(cls, told: Iterable[Mapping[str, Any]], *, on: date) -> Self:
        """Those that a region has published and that hold on a day; else the usual ones."""
        held = [each for each in told if each["from"] <= on.isoformat()]
        if not held:
            return cls()
        newest = dict(max(held, key=lambda each: str(each["from"])))
        return cls(since=newest.pop("from"), **newest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """All that the rule knows of a seller."""

    number: int
    fits: float = 1.0  # 0 to 1
    metres: float | None = None
    is_open: bool = False
    days_here: int | None = None  # since it joined; None: nobody knows
    dishes: int = 0


def draw_of(number: int, *, seed: str) -> float:
    """A seller's lot of the day, from 0 to 1. The same for all who look on that day."""
    told = md5(f"{seed}:{number}".encode(), usedforsecurity=False).hexdigest()
    return int(told[:8], 16) / 0xFFFFFFFF


def points_of(seller: Candidate, weights: Weights, *, seed: str) -> float:
    """What the rule gives to one seller."""
    near = 0.0 if seller.metres is None else max(0.0, 1 - seller.metres / NEAR_M)
    is_new = seller.days_here is not None and seller.days_here < weights.new_days
    return (
        weights.fits * seller.fits
        + weights.near * near
        + weights.is_open * seller.is_open
        + weights.is_new * is_new
        + weights.is_small * (seller.dishes <= weights.small_dishes)
        + weights.draw * draw_of(seller.number, seed=seed)
    )


def in_order(sellers: Iterable[Candidate], weights: Weights, *, seed: str) -> list[Candidate]:
    """The sellers by their points, the most first; the same for everybody on one day."""
    return sorted(sellers, key=lambda each: (-points_of(each, weights, seed=seed), each.number))
