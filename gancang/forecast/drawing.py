"""A forecast as a drawing that reads without colour: a band, a line, a broken line, words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.values import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gancang.ledger.forecast import Forecast, Point

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 90, 16, 16, 32


@dataclass(frozen=True, slots=True)
class Mark:
    """Something written at a place."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Points of lines as SVG writes them, and what stands beside."""

    band: str
    line: str
    other: str
    months: Sequence[Mark]
    amounts: Sequence[Mark]
    ends: Mark | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def draw(told: Forecast, other: Forecast | None = None) -> Drawing:
    """What is left, week by week; beside it what would be left with a change."""
    curve, first = told.curve, told.curve[0].on
    days = max(1, (told.until - first).days)
    most = max(1, *(point.high for point in curve))

    def x(on: date) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (on - first).days / days

    def y(rupiah: int) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - rupiah / most)

    def line(points: Sequence[Point], part: str) -> list[str]:
        return [f"{x(point.on):.1f},{y(getattr(point, part)):.1f}" for point in points]

    halves = (0, most // 2, most)
    return Drawing(
        band=" ".join([*line(curve, "high"), *reversed(line(curve, "low"))]),
        line=" ".join(line(curve, "likely")),
        other=" ".join(line(other.curve, "likely")) if other else "",
        months=[
            Mark(round(x(on), 1), HEIGHT - 10, f"{on:%m-%Y}")
            for on in _month_starts(curve)
            if x(on) < WIDTH - 70
        ],
        amounts=[Mark(LEFT - 6, round(y(each), 1), _million(each)) for each in halves],
        ends=Mark(round(x(told.likely), 1), y(0), f"{told.likely:%d-%m-%Y}")
        if told.likely
        else None,
    )


def _month_starts(curve: Sequence[Point]) -> list[date]:
    """Where months begin, at most six of them, evenly."""
    first, last = curve[0].on, curve[-1].on
    months = [
        first.replace(year=first.year, month=month, day=1)
        for month in range(first.month + 1, last.month + 1)
    ]
    return months[:: max(1, -(-len(months) // 6))]


def _million(rupiah: int) -> str:
    if rupiah < 10**6:
        return in_words(rupiah)
    return f"Rp {rupiah / 10**6:.1f} jt".replace(".", ",")


def month_ends(told: Forecast) -> list[Point]:
    """What is left at the last known week's end of each month."""
    last: dict[tuple[int, int], Point] = {}
    for point in told.curve:
        last[point.on.year, point.on.month] = point
    return list(last.values())
