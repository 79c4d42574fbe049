"""The clock of welfare checks: whom the village did not look after in time is told on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.audit.once import mark_told
from gancang.servings import rules
from gancang.servings.models import Welfare

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Region


@transaction.atomic
def tell_of_overdue_checks(region: Region, *, now: datetime) -> int:
    """Tell the officers of each check that nobody answered in time, once; how many."""
    late = Welfare.objects.filter(
        region=region,
        answered_at=None,
        told_at=None,
        opened_at__lt=now - rules.LOOKED_AFTER_WITHIN,
    )
    rows = mark_told(late.select_related("village"), "told_at", now=now)
    for row in rows:
        facts: dict[str, object] = {"village": row.village.code}
        about = f"diner:{row.diner_id}"
        record("welfare.overdue", about, region=region.code, by="system", now=now, facts=facts)
    return len(rows)
