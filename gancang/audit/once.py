"""What is told of once: rows that are late are marked as told in the deed that tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model, QuerySet

    Row = TypeVar("Row", bound=Model)


def mark_told(rows: QuerySet[Row], column: str, *, now: datetime) -> list[Row]:
    """The rows, locked and with the moment in a column; those that another process has are left.

    For the caller's transaction. `rows` are those in which the column is still empty.
    """
    found = list(rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
    rows.model._default_manager.filter(pk__in=[row.pk for row in found]).update(**{column: now})
    return found
