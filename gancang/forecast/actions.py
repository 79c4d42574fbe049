"""Telling in time that a budget line will be used up, and noting that it was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.accounts.models import Role
from gancang.audit.actions import Happening, record, record_all
from gancang.forecast.models import Notice
from gancang.forecast.queries import (
    lines_of,
    notices_to_see,
    revisions_by_budget,
    told_before,
    without_successor,
)
from gancang.ledger.forecast import notice_due, successor_due
from gancang.regions.models import Region
from gancang.regions.queries import today_in

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import Membership
    from gancang.forecast.queries import Line

TOLD = (Role.TREASURER, Role.PROGRAMME_OFFICER)


@transaction.atomic
def tell_of_ends(region: Region, *, by: str, now: datetime) -> int:
    """Tell treasurer and officer which budget lines near their end; how many lines.

    Once a budget line and threshold, however often this runs; a nearer threshold is told anew.
    """
    # Two jobs at once: the second waits here, and then finds everything told.
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    before = told_before(region, Notice.Kind.ENDS)
    revisions = revisions_by_budget(region)
    due = [
        (line, days)
        for line in lines_of(region, now=now)
        if (days := notice_due(line.told, line.free_rp, today=line.today)) is not None
        and days < before.get(line.budget.pk, days + 1)
    ]
    Notice.objects.bulk_create(
        _notice(region, line, days, role, now, revisions.get(line.budget.pk, 0))
        for line, days in due
        for role in TOLD
    )
    record_all(
        Happening(
            region=region.code,
            kind="budget.nears_end",
            subject=_name(line),
            by=by,
            now=now,
            facts={"days": days, "free_rp": line.free_rp},
        )
        for line, days in due
    )
    return len(due)


@transaction.atomic
def tell_of_successors(region: Region, *, by: str, now: datetime) -> int:
    """Tell them which lines the next year lacks, before it begins; how many."""
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    today = today_in(region, now)
    days = successor_due(today)
    if days is None:
        return 0
    before = told_before(region, Notice.Kind.NO_NEXT_YEAR)
    lines = without_successor(region, today.year)
    due = [budget for budget in lines if days < before.get(budget.pk, days + 1)]
    told = {"region": region, "kind": Notice.Kind.NO_NEXT_YEAR, "days": days, "at": now}
    Notice.objects.bulk_create(
        Notice(**told, budget=budget, role=role, free_rp=0) for budget in due for role in TOLD
    )
    record_all(
        Happening(
            region=region.code,
            kind="budget.no_next_year",
            subject=f"{budget.fund.code}/{budget.programme}/{budget.year}",
            by=by,
            now=now,
            facts={"days": days},
        )
        for budget in due
    )
    return len(due)


def _notice(
    region: Region, line: Line, days: int, role: Role, now: datetime, revisions: int
) -> Notice:
    told = line.told
    return Notice(
        region=region,
        budget=line.budget,
        role=role,
        days=days,
        at=now,
        free_rp=line.free_rp,
        revisions=revisions,
        early=told.early if told else None,
        likely=told.likely if told else None,
    )


def _name(line: Line) -> str:
    return f"{line.budget.fund.code}/{line.budget.programme}/{line.budget.year}"


@transaction.atomic
def see(asker: Membership, notice: Notice, *, now: datetime) -> None:
    """The asker's role has seen what was told of a budget line. Twice is once."""
    rows = notices_to_see(asker).filter(budget=notice.budget_id, days=notice.days)
    by = asker.user.username
    if rows.update(seen_at=now, seen_by=by):
        facts: dict[str, object] = {"notice": notice.pk, "role": asker.role}
        subject, region = str(notice.pk), asker.region.code
        record("budget.notice_seen", subject, region=region, by=by, now=now, facts=facts)
