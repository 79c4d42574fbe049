"""A pharmacist reviews a prescription and decides what becomes of each item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from gancang.audit.actions import record
from gancang.ledger import actions as ledger
from gancang.medicine.desk import (
    Decided,
    Line,
    Why,
    refusal_of,
    why_not_decide,
    why_not_review,
)
from gancang.medicine.desk_items import lines_of, paper_of, why_not_replace
from gancang.medicine.models import Item, ItemDecision, Owed, Preparation, Prescription, Review
from gancang.orders import actions as orders
from gancang.orders import lifecycle
from gancang.outbox.actions import Note, post_all
from gancang.residents.queries import Reader, read_person
from gancang.trips.actions import part
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.orders.models import Order

AT_THE_DESK = frozenset({lifecycle.PLACED, lifecycle.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a pharmacist found: the points that were checked, a note, and each item's fate."""

    points: Sequence[str]
    note: str = ""
    decisions: Sequence[Decided] = ()


@transaction.atomic
def review(order: Order, found: Found, *, by: User, now: datetime) -> None:
    """Write a review down, and what was decided of the items. Refused where a rule forbids it."""
    orders.hold(order)
    if refusal := why_not_review(found.points):
        raise refusal
    _refuse_unless_here(order)
    paper = paper_of(order)
    rows = _rows(paper)
    lines = {line.number: line for line in lines_of(paper, order, now=now)}
    decided = {}
    for told in found.decisions:
        line = lines.get(told.line)
        if line is None:
            raise Refused(Why.NO_SUCH_DECISION, line=told.line)
        if _is_news(line, told):
            _decide(order, rows[told.line], line, told, by=by, now=now)
            decided[told.line] = told.kind
    Review.objects.create(
        order=order, pharmacist=by, at=now, points=sorted(found.points), note=found.note
    )
    Prescription.objects.filter(pk=paper.pk).update(reviewed_at=now)
    # Lines and kinds, never a medicine's name: the audit is read by many.
    facts = {"items": {str(line): kind for line, kind in decided.items()}}
    _tell(order, "order.reviewed", facts, by=by, now=now)


def _rows(paper: Prescription) -> dict[int, Item]:
    """The items by their lines; those of prescriptions from before are written down now."""
    found = {row.line: row for row in paper.lines.all()}
    return found or _written_down(paper)


def _written_down(paper: Prescription) -> dict[int, Item]:
    names = [line.strip() for line in paper.items.splitlines() if line.strip()]
    made = Item.objects.bulk_create(
        Item(prescription=paper, line=line, name=name) for line, name in enumerate(names, 1)
    )
    return {row.line: row for row in made}


def _is_news(line: Line, told: Decided) -> bool:
    return told.kind != "as_written" if line.decided is None else told != line.decided


def _decide(order: Order, row: Item, line: Line, told: Decided, *, by: User, now: datetime) -> None:
    if refusal := why_not_decide(line, told):
        raise refusal
    if told.kind == "replaced" and (verdict := why_not_replace(order, told.given, now=now)):
        raise refusal_of(told.line, verdict)
    ItemDecision.objects.create(
        item=row,
        kind=told.kind,
        reason=told.reason,
        given=told.given,
        owed=told.owed,
        by=by,
        at=now,
    )
    if told.owed and told.kind in {"partial", "missing"}:
        Owed.objects.get_or_create(item=row, defaults={"origin": order.origin, "since": now})
    else:
        Owed.objects.filter(item=row, closed_at=None).delete()


@transaction.atomic
def prepare(order: Order, *, compounded: bool, by: User, now: datetime) -> None:
    """The medicine is put together and waits for the final check. Twice is told twice."""
    orders.hold(order)
    _refuse_unless_here(order)
    reviewed = Prescription.objects.filter(order=order, reviewed_at__isnull=False)
    if not reviewed.update(ready_at=now, compounded=compounded):
        raise Refused(Why.REVIEW_INCOMPLETE)
    Preparation.objects.create(order=order, by=by, at=now)
    _tell(order, "order.prepared", {"compounded": compounded}, by=by, now=now)


@transaction.atomic
def fetch_all(order: Order, *, by: User, seen_version: int | None, now: datetime) -> None:
    """All of it is fetched at the counter: the order ends, its money is free, the patient hears."""
    orders.hold(order)
    if seen_version in {None, order.version}:
        seen_version = None
        part(order, why="fetched", by=by.username, now=now)
    freed = ledger.release(order.code, region=order.region, by=by.username, now=now)
    facts = {"reason": "fetched at the counter", "freed_rp": freed.rupiah}
    step = orders.Step(to=lifecycle.CANCELLED, facts=facts, seen_version=seen_version)
    orders.move(order, step, by=by.username, now=now)
    reader = Reader(
        region=order.region, by=by.username, role="pharmacist", purpose="letter", now=now
    )
    note = Note(
        key=f"fetch:{order.code}",
        kind="order.fetch",
        subject=order.code,
        address=read_person(reader, order.resident_id).phone,
        body=_(
            "Your medicine cannot be brought. Please fetch it at the pharmacy of %(hospital)s; "
            "it is kept for you. Order %(code)s."
        )
        % {"hospital": order.origin.name, "code": order.code},
    )
    post_all([note], region=order.region.code, now=now)


def _refuse_unless_here(order: Order) -> None:
    order.refresh_from_db(fields=["state", "version"])
    if order.state not in AT_THE_DESK:
        raise Refused(Why.AFTER_RELEASE, order=order.code)


def _tell(order: Order, kind: str, facts: Mapping[str, object], *, by: User, now: datetime) -> None:
    region = order.region.code
    record(kind, order.code, region=region, by=by.username, now=now, facts=dict(facts))
