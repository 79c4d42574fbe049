"""A budget line, and what was told of its end, as parts of addresses."""

from __future__ import annotations

from datetime import UTC, datetime

from gancang.accounts.models import Role
from gancang.forecast.models import Notice
from gancang.ledger.models import Budget
from gancang.orders.models import Order


def of_budget(order: Order) -> dict[str, dict[str, object]]:
    """A budget line of this year of an order's region, of which the treasurer was told."""
    year = datetime.now(UTC).year
    budget = Budget.objects.filter(fund__region=order.region, year=year).order_by("pk")[0]
    told = {"at": order.placed_at, "free_rp": 0, "region": order.region}
    who = {"budget": budget, "role": Role.TREASURER, "days": 0}
    notice, _ = Notice.objects.get_or_create(**who, defaults=told)
    return {"forecast": {"number": budget.pk}, "forecast:see": {"number": notice.pk}}
