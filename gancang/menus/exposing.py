"""How often each seller stood in a list, by day; who looked is not kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Sum

from gancang.menus.models import Exposure, Listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from gancang.menus.ranking import Weights
    from gancang.regions.models import Region


# One statement, rows in one order: a hundred lists at once wait for none of each other.
COUNT = """
INSERT INTO menus_exposure (seller_id, "on", shown)
SELECT seller, %s, 1 FROM unnest(%s::bigint[]) AS seller ORDER BY seller
ON CONFLICT ("on", seller_id) DO UPDATE SET shown = menus_exposure.shown + 1
"""


def count(sellers: Sequence[int], *, on: date) -> None:
    """Each of these stood in a list once more."""
    if sellers:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [on, sorted(sellers)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Sellers that are alike, and how often they were shown."""

    name: str
    sellers: int
    shown: int

    @property
    def each(self) -> float:
        """How often one of them was shown, in the mean."""
        return self.shown / self.sellers if self.sellers else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """How fairly sellers were shown in some days: newcomers, the small, each village."""

    of_kind: list[Group]
    of_village: list[Group]
    never: int  # sellers that nobody saw


def fairness_of(region: Region, *, first: date, last: date, weights: Weights) -> Fairness:
    """How often sellers were shown from a day to another, the last included. Two queries."""
    counted = Exposure.objects.filter(seller__region=region, on__range=(first, last))
    shown = dict(counted.values_list("seller").annotate(Sum("shown")))
    rows = Listing.objects.filter(region=region)
    sellers = [
        (
            kind_of((last - row["since"].date()).days, row["dishes"], weights),
            row["village__name"] or "",
            shown.get(row["seller"], 0),
        )
        for row in rows.values("seller", "since", "dishes", "village__name")
    ]
    return Fairness(
        of_kind=_groups((kind, times) for kind, _village, times in sellers),
        of_village=_groups((village, times) for _kind, village, times in sellers),
        never=sum(1 for _kind, _village, times in sellers if not times),
    )


def kind_of(days: int, dishes: int, weights: Weights) -> str:
    """To which group of the published rule a seller belongs."""
    if days < weights.new_days:
        return "new"
    return "small" if dishes <= weights.small_dishes else "large"


def _groups(told: Iterable[tuple[str, int]]) -> list[Group]:
    counts: defaultdict[str, list[int]] = defaultdict(list)
    for name, shown in told:
        counts[name].append(shown)
    made = [Group(name=name, sellers=len(of), shown=sum(of)) for name, of in counts.items()]
    return sorted(made, key=lambda each: (each.each, each.name))
