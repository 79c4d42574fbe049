"""Closing a month: what stands open is looked at anew by each of the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.closing.queries import open_differences
from gancang.ledger import periods

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.ledger.models import Period
    from gancang.regions.models import Region


@transaction.atomic
def ask_to_close(
    region: Region, month: str, reasons: Mapping[str, str], *, by: User, now: datetime
) -> Period:
    """The first stands for a month; each open difference needs its reason."""
    told = [{"what": what, "why": reasons.get(what, "")} for what in open_differences(region)]
    return periods.ask_to_close(region, month, told, by=by, now=now)


@transaction.atomic
def close(period: Period, *, by: User, now: datetime) -> None:
    """The second closes it. Refused if what stands open is not what the first named."""
    periods.close(period, open_differences, by=by, now=now)
