"""A budget's amount, changed in mid-year by a document: up or down, never below what is bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.ledger.models import Account, Revision, Transfer
from gancang.ledger.moving import Move, move_all
from gancang.ledger.rules import Why
from gancang.regions.queries import today_in
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from datetime import date, datetime

    from gancang.accounts.models import User
    from gancang.ledger.models import Budget

Kind = Account.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What changes a budget's amount: its number, its date and why."""

    number: str
    on: date
    after: Money
    reason: str


@transaction.atomic
def revise(budget: Budget, document: Document, *, by: User, now: datetime) -> Revision:
    """Change a budget to the document's amount. Refused below what is spent and set aside."""
    region = budget.fund.region
    if document.on > today_in(region, now):
        raise Refused(Why.DOCUMENT_AHEAD, on=document.on.isoformat())
    rows = Account.objects.select_for_update().filter(budget=budget).order_by("pk")
    held = {row.kind: row for row in rows}
    if Revision.objects.filter(budget=budget, number=document.number).exists():
        raise Refused(Why.DOCUMENT_KNOWN, number=document.number)
    before = Money(-held[Kind.GRANTED].balance_rp)
    more = document.after.rupiah - before.rupiah
    if not more:
        raise Refused(Why.SAME_AMOUNT, amount=before)
    free = Money(held[Kind.AVAILABLE].balance_rp)
    if -more > free.rupiah:
        raise Refused(Why.BELOW_BOUND, amount=document.after, least=before - free)
    way = (Kind.GRANTED, Kind.AVAILABLE) if more > 0 else (Kind.AVAILABLE, Kind.GRANTED)
    kind = Transfer.Kind.REVISE if more > 0 else Transfer.Kind.CUT
    made = Revision.objects.create(
        budget=budget,
        number=document.number,
        on=document.on,
        before_rp=before.rupiah,
        after_rp=document.after.rupiah,
        reason=document.reason,
        by=by,
        at=now,
    )
    one = Move(
        kind=kind,
        source=held[way[0]],
        target=held[way[1]],
        amount=Money(abs(more)),
        about=document.number,
        key=f"revision:{made.pk}",
    )
    move_all([one], region=region, by=by.username, now=now)
    _tell(made, by=by, now=now)
    return made


def _tell(made: Revision, *, by: User, now: datetime) -> None:
    budget = made.budget
    subject = f"{budget.fund.code}/{budget.programme}/{budget.year}"[:60]
    facts: dict[str, object] = {
        "number": made.number,
        "on": made.on.isoformat(),
        "before_rp": made.before_rp,
        "after_rp": made.after_rp,
    }
    region = budget.fund.region.code
    record("budget.revised", subject, region=region, by=by.username, now=now, facts=facts)
