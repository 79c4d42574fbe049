"""Reading the items of a prescription as they lie at the pharmacist's desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch

from gancang.formulary import rules
from gancang.formulary.queries import classes_in_force
from gancang.medicine.desk import Decided, Line
from gancang.medicine.item_lines import read_lines
from gancang.medicine.models import Item, ItemDecision, Prescription
from gancang.regions.queries import today_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.orders.models import Order


def paper_of(order: Order) -> Prescription:
    """The prescription of an order, with its items and all that was decided of them."""
    decisions = Prefetch("decisions", ItemDecision.objects.order_by("pk"))
    lines = Prefetch("lines", Item.objects.order_by("line").prefetch_related(decisions))
    return Prescription.objects.select_related("origin").prefetch_related(lines).get(order=order)


def lines_of(paper: Prescription, order: Order, *, now: datetime) -> list[Line]:
    """The items with what the rules of today say of each, and what was decided last."""
    classes = classes_in_force(order.region, on=today_in(order.region, now))
    rows = list(paper.lines.all())
    told = [_told(row) for row in rows] or read_lines(paper.items)
    decided = [_last(row) for row in rows] or [None] * len(told)
    judged = [_replaced(item, last) for item, last in zip(told, decided, strict=True)]
    verdicts = rules.judge(judged, classes).verdicts
    return [
        Line(number, item, verdict, last)
        for number, (item, verdict, last) in enumerate(
            zip(told, verdicts, decided, strict=True), start=1
        )
    ]


def _told(row: Item) -> rules.Item:
    return rules.Item(row.name, row.quantity, row.supply_days, row.chosen_class)


def _last(row: Item) -> Decided | None:
    decisions = list(row.decisions.all())
    if not decisions:
        return None
    last = decisions[-1]
    return Decided(
        line=row.line, kind=last.kind, reason=last.reason, given=last.given, owed=last.owed
    )


def _replaced(item: rules.Item, last: Decided | None) -> rules.Item:
    """What really is in the bag is what the rules have to judge."""
    return rules.Item(last.given) if last and last.kind == "replaced" else item


def why_not_replace(order: Order, name: str, *, now: datetime) -> rules.ItemVerdict | None:
    """The verdict that forbids the medicine that is to stand in for another; None: it may go."""
    classes = classes_in_force(order.region, on=today_in(order.region, now))
    [verdict] = rules.judge([rules.Item(name)], classes).verdicts
    return verdict if verdict.why else None


def cold_minutes_of(lines: Sequence[Line]) -> int | None:
    """The fewest minutes that any item of the bag may be outside the cold."""
    found = [c.cold_minutes for line in lines for c in line.verdict.classes if line.goes]
    return min((minutes for minutes in found if minutes), default=None)


def needs_of(lines: Sequence[Line]) -> set[str]:
    """The further training that the items of the bag ask of a rider."""
    return {
        found.training_class
        for line in lines
        if line.goes
        for found in line.verdict.classes
        if found.training_class
    }
