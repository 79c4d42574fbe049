"""How each budget line was used, and how long it will last."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from gancang.forecast.models import Notice
from gancang.ledger.forecast import AS_IT_GOES, WEEK, WEEKS_MAX, Change, Forecast, Use, forecast
from gancang.ledger.models import Account, Budget, Drawn, Revision
from gancang.orders.models import Order
from gancang.regions.models import Holiday
from gancang.regions.queries import today_in

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from gancang.accounts.models import Membership
    from gancang.regions.models import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A budget line of this year: what is free, how it was used, how long it will last."""

    budget: Budget
    free_rp: int
    use: Use
    today: date
    told: Forecast | None

    def if_only(self, change: Change) -> Forecast | None:
        """The same with a change, by the same chances."""
        return _foresee(self.budget, self.use, self.free_rp, today=self.today, change=change)


def lines_of(region: Region, *, now: datetime) -> list[Line]:
    """All budget lines of this year, by fund and programme. Three queries."""
    today = today_in(region, now)
    rows = Account.objects.filter(
        region=region, kind=Account.Kind.AVAILABLE, budget__year=today.year
    ).exclude(budget__fund__is_trust=True)
    rows = rows.select_related("budget__fund").order_by("budget__fund__code", "budget__programme")
    days_off = frozenset(Holiday.objects.filter(region=region).values_list("on", flat=True))
    used = _used_by_day(region, today)
    lines = []
    for row in rows:
        assert row.budget is not None
        days = used.get(row.budget.pk, {})
        use = Use(used=days, since=min(days, default=today), days_off=days_off)
        told = _foresee(row.budget, use, row.balance_rp, today=today, change=AS_IT_GOES)
        line = Line(budget=row.budget, free_rp=row.balance_rp, use=use, today=today, told=told)
        lines.append(line)
    return lines


def _foresee(
    budget: Budget, use: Use, free: int, *, today: date, change: Change
) -> Forecast | None:
    # The same on every page of a day, and another the next day.
    seed = budget.pk * 1_000_003 + today.toordinal()
    ends = date(budget.year, 12, 31)
    return forecast(use, free, today=today, until=ends, seed=seed, change=change)


def _used_by_day(region: Region, today: date) -> dict[int, dict[date, int]]:
    """What was set aside on each day and did not come back, by budget. One query."""
    rows = Drawn.objects.filter(budget__fund__region=region, day__gte=today - WEEKS_MAX * WEEK)
    used: dict[int, dict[date, int]] = defaultdict(dict)
    sums = rows.order_by().values_list("budget", "day").annotate(total=Sum("amount_rp"))
    for budget, day, rupiah in sums:
        assert day is not None, budget
        used[budget][day] = rupiah
    return used


def get_line(asker: Membership, number: int, *, now: datetime) -> Line:
    """One budget line of this year of the asker's region, or 404."""
    rows = Budget.objects.filter(
        fund__region=asker.region, year=today_in(asker.region, now).year
    ).select_related("fund")
    budget = get_object_or_404(rows, pk=number)
    return next(line for line in lines_of(asker.region, now=now) if line.budget == budget)


def people_served(region: Region, programme: str, *, now: datetime) -> int:
    """How many people had an order of a programme in the last eight weeks."""
    rows = Order.objects.filter(
        region=region, programme__code=programme, placed_at__gte=now - timedelta(weeks=8)
    )
    told: dict[str, int] = rows.aggregate(people=Count("resident", distinct=True))
    return told["people"]


def notices_to_see(asker: Membership) -> QuerySet[Notice]:
    """What the asker's role was told and nobody of it has seen yet."""
    rows = Notice.objects.filter(region=asker.region, role=asker.role, seen_at=None)
    return rows.filter(_of_its_amount())


def _of_its_amount() -> Q:
    """What was told before a document changed the budget does not hold any more."""
    of = Revision.objects.filter(budget=OuterRef("budget")).order_by().values("budget")
    many = Coalesce(Subquery(of.annotate(n=Count("pk")).values("n")), 0)
    return Q(kind=Notice.Kind.NO_NEXT_YEAR) | Q(revisions=many)


def revisions_by_budget(region: Region) -> dict[int, int]:
    """How many documents changed each budget. One query."""
    rows = Revision.objects.filter(budget__fund__region=region).order_by().values_list("budget")
    return dict(rows.annotate(Count("pk")))


def without_successor(region: Region, year: int) -> list[Budget]:
    """The lines of a year whose fund has none for the same programme in the next. One query."""
    next_one = Budget.objects.filter(
        fund=OuterRef("fund"), programme=OuterRef("programme"), year=year + 1
    )
    rows = Budget.objects.filter(~Exists(next_one), fund__region=region, year=year)
    rows = rows.exclude(fund__is_trust=True)
    return list(rows.select_related("fund").order_by("pk"))


def get_notice(asker: Membership, number: int) -> Notice:
    """One notice of the asker's region, to whichever role, or 404."""
    return get_object_or_404(Notice, region=asker.region, pk=number)


def notices_of(asker: Membership) -> list[Notice]:
    """The same, the nearest end first, with the budget lines."""
    return list(notices_to_see(asker).select_related("budget__fund").order_by("days", "pk"))


def told_before(region: Region, kind: Notice.Kind) -> dict[int, int]:
    """The lowest threshold that was told of each budget line, as its amount is now."""
    rows = Notice.objects.filter(_of_its_amount(), region=region, kind=kind).order_by()
    return dict(rows.values_list("budget").annotate(Min("days")))
