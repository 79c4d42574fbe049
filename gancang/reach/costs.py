"""What an order costs by a way, and by which rule. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.regions.tariffs import Part, Reckoning, price, reckon
from gancang.values import Money

if TYPE_CHECKING:
    from gancang.reach.rules import Way
    from gancang.regions.tariffs import Price

NOTHING = Money(0)


def costs_of(way: Way, tariff: Price | None, metres: int) -> tuple[Money, Money]:
    """What an order is expected to cost on a way, and at most."""
    if tariff is None:
        return NOTHING, NOTHING
    if way.price is not None:
        return way.price, way.price
    alone = price(tariff, metres)
    shared = alone.rupiah + way.stop_price.rupiah * (way.stops - 1)
    return min(alone, Money(-(-shared // way.stops))), alone


def reckoning_of(way: Way, tariff: Price, metres: int) -> dict[str, object]:
    """How the most that a way costs came about, as it is kept with an order."""
    if way.price is None:
        return reckon(tariff, metres).told(tariff)
    flat = Reckoning(way.price, (Part("way", way.price.rupiah),))
    return {**flat.told(tariff), "way": way.code}
