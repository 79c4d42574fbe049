"""A budget line, and what was told of its end, as parts of addresses."""

from __future__ import annotations

from datetime import UTC, datetime

from gancang.accounts.models import Role, User
from gancang.forecast.models import Notice
from gancang.ledger.models import Budget, Period
from gancang.orders.models import Order


def of_budget(order: Order) -> dict[str, dict[str, object]]:
    """A budget line of this year of an order's region, of which the treasurer was told."""
    year = datetime.now(UTC).year
    budget = Budget.objects.filter(fund__region=order.region, year=year).order_by("pk")[0]
    told = {"at": order.placed_at, "free_rp": 0, "region": order.region}
    who = {"budget": budget, "role": Role.TREASURER, "days": 0}
    notice, _ = Notice.objects.get_or_create(**who, defaults=told)
    year_of: dict[str, object] = {"year": year}
    period: dict[str, object] = {"number": period_of(order).pk}
    return {
        **dict.fromkeys(PERIOD_PAGES, period),
        **dict.fromkeys(YEAR_PAGES, year_of),
        "closing:budget": {"number": budget.pk},
        **_of_forecast(budget, notice),
    }


PERIOD_PAGES = ("closing:month", "closing:confirm", "closing:take_back", "closing:workbook")
YEAR_PAGES = ("closing:year", "closing:left", "closing:confirm_year", "closing:take_back_year")
NO_BOOK: dict[str, dict[str, object]] = {
    **{page: {"number": 987654} for page in (*PERIOD_PAGES, "closing:budget")},
    **{page: {"year": 1900} for page in YEAR_PAGES},
}


def period_of(order: Order) -> Period:
    """A month of a year long ago, asked to be closed."""
    begins = datetime(2020, 1, 1, tzinfo=UTC)
    told = {
        "begins": begins,
        "ends": begins,
        "asked_at": begins,
        "asked_by": User.objects.order_by("pk")[0],
    }
    key = {"region": order.region, "month": "2020-01"}
    return Period.objects.get_or_create(**key, defaults=told)[0]


def _of_forecast(budget: Budget, notice: Notice) -> dict[str, dict[str, object]]:
    return {"forecast": {"number": budget.pk}, "forecast:see": {"number": notice.pk}}
