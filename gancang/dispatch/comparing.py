"""Reading what was tried in the shadow: day by day, and tick by tick for those who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate

from gancang.accounts.queries import names_of
from gancang.dispatch.models import Comparison
from gancang.dispatch.shadow import FIGURES
from gancang.orders.queries import visible_to
from gancang.regions.queries import zone_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from gancang.accounts.models import Membership
    from gancang.regions.models import Region

DAYS_SHOWN = 14
COUNTS = ("considered", "moved", "served", "served_instead")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of both plans: `part` names it as the planner's terms do, or `served`."""

    part: str
    running: int
    instead: int

    @property
    def gap(self) -> int:
        """What the plan in the shadow has more."""
        return self.instead - self.running


@dataclass(frozen=True, slots=True)
class Day:
    """All comparisons of one day between the same two planners."""

    on: date
    running: str
    instead: str
    ticks: int
    considered: int
    moved: int
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Moved:
    """An order that another rider would get: names, "" where it would wait for another tick."""

    code: str
    rider: str
    instead: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One tick, planned twice. `hidden`: moved orders that the reader may not see."""

    row: Comparison
    figures: Sequence[Figure]
    moved: Sequence[Moved]
    hidden: int


def list_days(region: Region) -> list[Day]:
    """What both planners did in the last days, the newest first. One query."""
    names = [*COUNTS, *FIGURES, *(f"{name}_instead" for name in FIGURES)]
    rows = (
        Comparison.objects.filter(region=region)
        .annotate(on=TruncDate("at", tzinfo=zone_of(region)))
        .values("on", "running", "instead")
        .annotate(ticks=Count("pk"), **{f"sum_{name}": Sum(name) for name in names})
        .order_by("-on", "running", "instead")
    )
    return [_day(row) for row in rows[:DAYS_SHOWN]]


def _day(row: Mapping[str, Any]) -> Day:
    sums = {name.removeprefix("sum_"): value for name, value in row.items()}
    return Day(
        on=row["on"],
        running=row["running"],
        instead=row["instead"],
        ticks=row["ticks"],
        considered=sums["considered"],
        moved=sums["moved"],
        figures=_figures(sums),
    )


def _figures(values: Mapping[str, Any]) -> list[Figure]:
    return [Figure(name, values[name], values[f"{name}_instead"]) for name in ("served", *FIGURES)]


def comparisons_of(region: Region) -> QuerySet[Comparison]:
    """The ticks that were planned twice with orders that would go to another rider, or none."""
    return Comparison.objects.filter(region=region, moved__gt=0)


def compared(rows: Sequence[Comparison], asker: Membership) -> list[Compared]:
    """Comparisons as the page shows them, orders only if the asker may see them. Two queries."""
    codes = {code for row in rows for code, _, _ in row.orders}
    seen = set(visible_to(asker).filter(code__in=codes).values_list("code", flat=True))
    names = names_of(name for row in rows for _, *both in row.orders for name in both if name)
    told = []
    for row in rows:
        moved = [
            Moved(code, names.get(rider, rider or ""), names.get(instead, instead or ""))
            for code, rider, instead in row.orders
            if code in seen
        ]
        told.append(Compared(row, _figures(vars(row)), moved, len(row.orders) - len(moved)))
    return told
