"""Which hand-overs are asked about again, and what their receivers say."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.audit.queries import seals_of
from gancang.incidents.actions import Report, report
from gancang.inspection.models import Recheck
from gancang.inspection.rules import OUTCOMES, WRONG, Why, is_drawn
from gancang.orders.queries import handed_over_between
from gancang.regions.queries import zone_of
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import date

    from gancang.accounts.models import User
    from gancang.regions.models import Region


@transaction.atomic
def draw_rechecks(region: Region, *, day: date) -> int:
    """Draw, by the seal of a day, which of its hand-overs are asked about. Twice is once."""
    percent = region.config.get("recheck", {}).get("percent", 0)
    seal = seals_of(region.code).filter(day=day).first()
    if not percent or seal is None:
        return 0
    begins = datetime.combine(day, time(), zone_of(region))
    handed_over = handed_over_between(region, begins, begins + timedelta(days=1))
    drawn = [
        Recheck(order_id=number, region=region, drawn_for=day, seed=seal.hash)
        for number, code in handed_over
        if is_drawn(code, seed=seal.hash, percent=percent)
    ]
    Recheck.objects.bulk_create(drawn, ignore_conflicts=True)
    return len(drawn)


@transaction.atomic
def nobody_answered(recheck: Recheck, *, by: User, now: datetime) -> None:
    """One more call was in vain. Refused once somebody was asked."""
    _hold_open(recheck)
    recheck.tries += 1
    recheck.asked_by, recheck.asked_at = by, now
    recheck.save(update_fields=["tries", "asked_by", "asked_at"])


@transaction.atomic
def write_down(
    recheck: Recheck, outcome: str, *, how: str, note: str, by: User, now: datetime
) -> None:
    """What the receiver says; if it is not what was written, a complaint is opened.

    Refused if he was asked before, or if nobody says what differs.
    """
    _hold_open(recheck)
    note = note.strip()
    if outcome in WRONG and not note:
        raise Refused(Why.SAY_WHAT_DIFFERS)
    assert outcome in OUTCOMES, outcome
    recheck.outcome, recheck.how, recheck.note = outcome, how, note
    recheck.asked_by, recheck.asked_at = by, now
    recheck.save(update_fields=["outcome", "how", "note", "asked_by", "asked_at"])
    order = recheck.order
    facts: dict[str, object] = {"outcome": outcome, "how": how}
    region = recheck.region
    record("order.rechecked", order.code, region=region.code, by=by.username, now=now, facts=facts)
    if outcome in WRONG:
        told = Report(kind="complaint", what_happened=note, happened_at=now, order=order)
        report(told, region=region, by=by.username, now=now)


def _hold_open(recheck: Recheck) -> None:
    Recheck.objects.select_for_update(of=("self",)).only("pk").get(pk=recheck.pk)
    recheck.refresh_from_db()
    if recheck.outcome:
        raise Refused(Why.ASKED_BEFORE, order=recheck.order.code)
