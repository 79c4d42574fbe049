"""What each order of a shared route pays of it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.values import Money

if TYPE_CHECKING:
    from collections.abc import Sequence


def shares_of_route(route: Money, alone: Sequence[Money]) -> list[Money]:
    """What each order of a round pays of its route: by what it would cost alone, to the rupiah.

    Never more than alone: a route that costs more than its trips one by one is paid like them.
    """
    total = sum(each.rupiah for each in alone)
    paid = min(route.rupiah, total)
    if total == 0:
        return [Money(0) for _ in alone]
    floors = [paid * each.rupiah // total for each in alone]
    # The rupiah left over go where the most was cut off, the first of equals first.
    cut = sorted(range(len(alone)), key=lambda n: -(paid * alone[n].rupiah % total))
    for place in cut[: paid - sum(floors)]:
        floors[place] += 1
    return [Money(share) for share in floors]
