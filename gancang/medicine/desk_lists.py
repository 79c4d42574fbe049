"""The lists a pharmacist works through: the queue, and what is owed to patients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from gancang.formulary.queries import classes_in_force, desk_rules
from gancang.medicine.models import Item, ItemDecision, Owed, Prescription
from gancang.medicine.queries import find_oldest, people_of
from gancang.orders import lifecycle
from gancang.regions.queries import today_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gancang.accounts.models import Membership
    from gancang.orders.models import Order
    from gancang.residents.queries import Person

WORDS_OF = 300  # of so many last prescriptions words are suggested


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An order in the pharmacist's queue: since when, what is next, by when it is to be ready."""

    order: Order
    person: Person | None
    step: str
    due_at: datetime
    is_late: bool
    is_oldest: bool


def waiting_rows(asker: Membership, orders: Sequence[Order], *, now: datetime) -> list[Waiting]:
    """The orders of a page of the queue, in their order, held to the standard of waiting."""
    people = people_of(asker, orders, purpose="queue", now=now)
    rules = desk_rules(asker.region)
    oldest = find_oldest(asker)
    rows = []
    for order in orders:
        paper = order.prescription
        due = paper.received_at + timedelta(
            minutes=rules.ready_minutes(compounded=paper.compounded)
        )
        rows.append(
            Waiting(
                order=order,
                person=people.get(order.resident_id),
                step=_step(order),
                due_at=due,
                is_late=_is_new(order) and (paper.ready_at or now) > due,
                is_oldest=order.pk == oldest,
            )
        )
    return rows


def _is_new(order: Order) -> bool:
    return order.state == lifecycle.PLACED


def _step(order: Order) -> str:
    paper = order.prescription
    if order.frozen_at:
        return "stopped"
    if not _is_new(order):
        return "came_back"
    if paper.reviewed_at is None:
        return "review"
    return "check" if paper.ready_at else "prepare"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskWords:
    """Words that the counter typed before, so that it need not type them whole again."""

    classes: Sequence[tuple[str, str]]
    medicines: Sequence[str]
    clinics: Sequence[str]
    prescribers: Sequence[str]


def words_of(asker: Membership, *, now: datetime) -> DeskWords:
    """The words of a pharmacy's last prescriptions; none of them says whose they were."""
    classes = classes_in_force(asker.region, on=today_in(asker.region, now))
    mine = Prescription.objects.filter(origin=asker.organisation_id).order_by("-pk")
    told = list(mine.values_list("clinic", "prescriber")[:WORDS_OF])
    items = Item.objects.filter(prescription__origin=asker.organisation_id).order_by("-pk")
    return DeskWords(
        classes=[(each.code, each.title) for each in classes],
        medicines=sorted(set(items.values_list("name", flat=True)[:WORDS_OF])),
        clinics=sorted({clinic for clinic, _ in told}),
        prescribers=sorted({prescriber for _, prescriber in told}),
    )


@dataclass(frozen=True, slots=True)
class Debt:
    """Something owed: the row, how much, and to whom."""

    owed: Owed
    amount: str
    person: Person | None


def owed_by(asker: Membership) -> QuerySet[Owed]:
    """What the asker's own pharmacy owes its patients."""
    decisions = Prefetch("item__decisions", ItemDecision.objects.order_by("pk"))
    rows = Owed.objects.filter(origin=asker.organisation_id, closed_at=None)
    rows = rows.exclude(item__prescription__order__state=lifecycle.CANCELLED)
    return rows.select_related("item__prescription__order").prefetch_related(decisions)


def get_owed(asker: Membership, number: int) -> Owed:
    """One thing that the asker's own pharmacy owes or owed, or 404."""
    return get_object_or_404(Owed, origin=asker.organisation_id, pk=number)


def debts(asker: Membership, rows: Sequence[Owed], *, now: datetime) -> list[Debt]:
    """A page of what is owed, each with its patient; every reading is logged."""
    orders = [row.item.prescription.order for row in rows]
    people: Mapping[int, Person] = people_of(asker, orders, purpose="owed", now=now)
    return [
        Debt(row, _amount(row), people.get(order.resident_id))
        for row, order in zip(rows, orders, strict=True)
    ]


def _amount(row: Owed) -> str:
    decisions = list(row.item.decisions.all())
    return decisions[-1].owed if decisions else row.item.quantity


def find_rest(asker: Membership, number: str) -> dict[str, str]:
    """What to type for the rest that is owed: its item, and a number beside the first one's."""
    rows = owed_by(asker).filter(pk=int(number[:18])) if number.isdigit() else owed_by(asker).none()
    row = rows.first()
    if row is None:
        return {}
    name = row.item.name.replace("|", "/")
    paper = row.item.prescription
    return {
        "items": f"{name} | {_amount(row).replace('|', '/')}",
        "number": f"{paper.number[:34]}-S{row.item.line}",
        "clinic": paper.clinic,
        "prescriber": paper.prescriber,
    }
