"""How often each seller stood in a list, by day; who looked is not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


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
