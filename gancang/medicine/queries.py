"""Reading prescriptions. Each question knows who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from gancang.accounts.models import Membership, Role
from gancang.medicine.desk_items import lines_of, paper_of
from gancang.medicine.models import Bag, Preparation, Prescription, Release, Review
from gancang.orders import lifecycle
from gancang.orders.models import Order
from gancang.orders.queries import visible_to
from gancang.regions.models import Village
from gancang.residents.queries import (
    Person,
    are_described,
    numbers_of,
    read_people,
    reader_for,
)
from gancang.residents.rules import number_of_local_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from gancang.medicine.desk import Line
    from gancang.medicine.rules import Draft
    from gancang.regions.models import Organisation

# Who works with the patient, and so sees the name in lists.
CARES = {Role.COUNTER_CLERK, Role.PHARMACIST, Role.OPERATOR, Role.ADMIN}


def orders_found(asker: Membership, *, typed: str, state: str) -> QuerySet[Order]:
    """The orders that the asker may see: by code, prescription number or village, and by state."""
    rows = visible_to(asker).select_related("prescription")
    if state in lifecycle.STATES:
        rows = rows.filter(state=state)
    typed = typed.strip()[:80].replace("\0", "")
    return rows.filter(_meant(asker, typed)) if typed else rows


def _meant(asker: Membership, typed: str) -> Q:
    """Which orders somebody means. Looked up in each index by itself: an OR would read them all."""
    if resident := number_of_local_id(typed):
        return Q(resident__in=numbers_of(resident))
    upper = typed.upper()
    exact = Order.objects.filter(Q(code=upper) | Q(bag_code=upper)).values_list("pk", flat=True)
    by_number = Prescription.objects.filter(number__in={typed, upper})
    numbers = by_number.values_list("order_id", flat=True)
    found = {*exact[:50], *numbers[:50]}
    if found:
        return Q(pk__in=found)
    places = Village.objects.filter(region=asker.region, name__icontains=typed)
    return Q(village__in=list(places.values_list("pk", flat=True)))


def last_papers(asker: Membership, people: Sequence[Person]) -> dict[int, Prescription]:
    """The last prescription of each of these people at the asker's pharmacy, by his number."""
    numbers = [person.number for person in people]
    mine = Prescription.objects.filter(
        origin=asker.organisation_id, order__resident__in=numbers
    ).order_by("order__resident", "-pk")
    rows = mine.distinct("order__resident").select_related("order").defer("items")
    return {row.order.resident_id: row for row in rows}


def find_again(asker: Membership, number: str, resident: int) -> dict[str, str]:
    """What to type where the same is prescribed again: medicines, clinic and prescriber."""
    if not number.isdigit():
        return {}
    mine = Prescription.objects.filter(origin=asker.organisation_id, pk=int(number[:18]))
    row = mine.filter(order__resident__in=numbers_of(resident)).first()
    if row is None:
        return {}
    return {"items": row.items, "clinic": row.clinic, "prescriber": row.prescriber}


_WAITS = Q(state=lifecycle.PLACED, frozen_at=None)
# Which orders of the queue have a step as their next one; desk_lists.py names it for each row.
NEXT_IS = {
    "review": _WAITS & Q(prescription__reviewed_at=None),
    "prepare": _WAITS & Q(prescription__reviewed_at__isnull=False, prescription__ready_at=None),
    "check": _WAITS
    & Q(prescription__reviewed_at__isnull=False, prescription__ready_at__isnull=False),
    "came_back": Q(state=lifecycle.FAILED, frozen_at=None),
    "stopped": Q(frozen_at__isnull=False),
}


def find_oldest(asker: Membership) -> int | None:
    """The order that has waited longest for this pharmacy; of those that came at once the first."""
    rows = visible_to(asker).filter(state=lifecycle.PLACED)
    return rows.order_by("placed_at", "pk").values_list("pk", flat=True).first()


def queue(asker: Membership, *, typed: str = "", step: str = "") -> QuerySet[Order]:
    """What waits for this pharmacy: to be released, taken back, or stopped; or the meant of it."""
    waits = Q(state__in=[lifecycle.PLACED, lifecycle.FAILED])
    stopped = Q(frozen_at__isnull=False, state__in=sorted(lifecycle.OPEN))
    rows = visible_to(asker).filter(waits | stopped, NEXT_IS.get(step, Q()))
    rows = rows.select_related("prescription").defer("prescription__items")
    typed = typed.strip()[:80].replace("\0", "")
    return rows.filter(_meant(asker, typed)) if typed else rows


def people_of(
    asker: Membership, orders: Sequence[Order], *, purpose: str, now: datetime
) -> Mapping[int, Person]:
    """The patients of these orders, each reading logged; nobody for roles that do not care."""
    if asker.role not in CARES:
        return {}
    return read_people(reader_for(asker, purpose=purpose, now=now), [o.resident_id for o in orders])


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """A prescription as somebody may see it: its items for the pharmacy alone."""

    number: str
    clinic: str
    prescriber: str
    door: str
    entered_by: str
    received_at: datetime
    prescribed_at: datetime | None
    reviewed_at: datetime | None
    ready_at: datetime | None
    compounded: bool
    lines: Sequence[Line]


def papers_of(asker: Membership, order: Order, *, now: datetime) -> Papers | None:
    """The prescription of an order; None where there is none or it is none of his business."""
    if asker.role not in CARES | {Role.AUDITOR}:
        return None
    if asker.role == Role.COUNTER_CLERK and asker.organisation_id != order.origin_id:
        return None  # the bag waits at his counter; the prescription is none of his business
    if not Prescription.objects.filter(order=order).exists():
        return None
    sees_items = asker.role in {Role.PHARMACIST, Role.COUNTER_CLERK}
    row = paper_of(order) if sees_items else Prescription.objects.defer("items").get(order=order)
    return Papers(
        number=row.number,
        clinic=row.clinic,
        prescriber=row.prescriber,
        door=row.door,
        entered_by=row.entered_by,
        received_at=row.received_at,
        prescribed_at=row.prescribed_at,
        reviewed_at=row.reviewed_at,
        ready_at=row.ready_at,
        compounded=row.compounded,
        lines=lines_of(row, order, now=now) if sees_items else [],
    )


@dataclass(frozen=True, slots=True)
class DeskWork:
    """Who did what at the desk for an order, oldest first."""

    reviews: Sequence[Review]
    preparations: Sequence[Preparation]
    releases: Sequence[Release]
    bags: Sequence[Bag]


def desk_work_of(order: Order) -> DeskWork:
    """The reviews, preparations and releases of an order with their people, and its bags now."""
    related = {"order": order}
    told = Release.objects.filter(**related).select_related("pharmacist", "told_by")
    return DeskWork(
        list(Review.objects.filter(**related).select_related("pharmacist").order_by("pk")),
        list(Preparation.objects.filter(**related).select_related("by").order_by("pk")),
        list(told.order_by("pk")),
        bags_of(order),
    )


def bags_of(order: Order) -> list[Bag]:
    """The bags of an order as it was released last, in their places."""
    rows = Bag.objects.filter(order=order, freed_at=None).select_related("pharmacy")
    return list(rows.order_by("place"))


def orders_by_number(origin: Organisation, numbers: Sequence[str]) -> dict[str, Order]:
    """The orders of a hospital's prescriptions that were entered before."""
    rows = Prescription.objects.filter(origin=origin, number__in=numbers)
    related = ("order__region", "order__programme", "order__origin", "order__village__district")
    return {row.number: row.order for row in rows.select_related(*related)}


def orders_of_others(origin: Organisation, drafts: Sequence[Draft]) -> dict[str, str]:
    """The numbers of drafts under which another patient's order stands, with its code."""
    by_number = {draft.number: draft for draft in drafts}
    rows = Prescription.objects.filter(origin=origin, number__in=list(by_number))
    found = list(rows.values_list("number", "order__code", "order__resident"))
    told = [(who, by_number[n].nik, by_number[n].full_name) for n, _code, who in found]
    same = are_described(told) if told else []
    return {n: code for (n, code, _who), is_same in zip(found, same, strict=True) if not is_same}


def numbers_known(origin: Organisation, numbers: Collection[str]) -> set[str]:
    """Those of these prescription numbers that a hospital has entered before."""
    rows = Prescription.objects.filter(origin=origin, number__in=numbers)
    return set(rows.values_list("number", flat=True))


def find_order_of(origin: Organisation, number: str) -> Order | None:
    """The order of an organisation's own prescription, or None."""
    if "\0" in number:
        return None
    rows = Prescription.objects.filter(origin=origin, number=number)
    found = rows.select_related("order__programme").first()
    return found.order if found else None
