"""What goes on labels and lists. Whoever prints a name has read it, and is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gancang.fleet.models import Rider
from gancang.medicine.models import Bag
from gancang.medicine.queries import people_of
from gancang.orders import lifecycle
from gancang.orders.models import Order
from gancang.orders.queries import visible_to
from gancang.paper.labels import Label
from gancang.paper.lists import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from gancang.accounts.models import Membership
    from gancang.regions.models import Region
    from gancang.residents.queries import Person

LABELS_MAX = 200
ON_PAPER = (lifecycle.PLACED, lifecycle.RELEASED, lifecycle.ASSIGNED, lifecycle.COLLECTED)


def open_orders(asker: Membership) -> QuerySet[Order]:
    """The orders of a house that a day on paper is about, the earliest promise first."""
    rows = (
        visible_to(asker)
        .filter(state__in=ON_PAPER, item_class=lifecycle.MEDICINE)
        .select_related("prescription")
    )
    return rows.order_by("promise_at", "id")


def riders_of(region: Region) -> dict[str, Rider]:
    """All riders of a region by number: on paper, whoever was there carried."""
    rows = Rider.objects.filter(region=region).select_related("user", "organisation")
    return {str(row.pk): row for row in rows.order_by("user__full_name", "pk")}


def labels_of(asker: Membership, orders: Sequence[Order], *, now: datetime) -> list[Label]:
    """A label for each bag of these orders; before they are packed, one an order. Four queries."""
    people = people_of(asker, orders, purpose="label", now=now)
    bags: dict[int, list[Bag]] = {}
    for bag in Bag.objects.filter(order__in=orders, freed_at=None).order_by("place"):
        bags.setdefault(bag.order_id, []).append(bag)
    return [
        label
        for order in orders
        if (person := people.get(order.resident_id))
        for label in _of(order, person, bags.get(order.pk, []))
    ]


def _of(order: Order, person: Person, bags: Sequence[Bag]) -> list[Label]:
    if bags:
        return [
            _label(order, person, code=bag.code, number=bag.number, place=(bag.place, len(bags)))
            for bag in bags
        ]
    code, count = order.bag_code or order.code, order.bags or 1
    number = order.prescription.number
    places = range(1, count + 1)
    return [_label(order, person, code=code, number=number, place=(n, count)) for n in places]


def _label(
    order: Order, person: Person, *, code: str, number: str, place: tuple[int, int]
) -> Label:
    cold = ""
    if order.cold_minutes:
        cold = _("Keep cold, at most %(n)s minutes") % {"n": order.cold_minutes}
    return Label(
        order=order.code,
        bag_code=code,
        name=person.full_name,
        second=_("Prescription %(number)s") % {"number": number},
        place=f"{person.village}, {person.district}",
        bag=place[0],
        bags=place[1],
        pharmacy=order.origin.name,
        phone=order.origin.phone or order.region.phone,
        cold=cold,
        attention=_("Into a hand, never at the door"),
        not_for_rider=_("Questions about the medicine: ring the pharmacy"),
    )


def day_list(asker: Membership, *, when: str, now: datetime) -> Listing:
    """All that is open in a house, to go on with on paper."""
    orders = list(open_orders(asker).select_related("carrier")[:LABELS_MAX])
    people = people_of(asker, orders, purpose="day list", now=now)
    return Listing(
        title=_("Day list"),
        told=f"{asker.organisation or asker.region}, {when}",
        columns=_columns(),
        rows=[_row(order, people) for order in orders],
        foot=_("Keep it locked up; key it in and destroy it when the system is back."),
    )


def blank_list(asker: Membership, *, when: str) -> Listing:
    """The same with nothing in it, for prescriptions that come in while the system is down."""
    return Listing(
        title=_("Prescriptions while the system is down"),
        told=f"{asker.organisation or asker.region}, {when}",
        columns=[
            (_("Number"), 24),
            (_("Name, date of birth"), 50),
            (_("Phone"), 28),
            (_("Village, address, landmark"), 0),
            (_("PBI seen"), 14),
            (_("Counselled by, when"), 36),
            (_("Bags, codes"), 30),
        ],
        rows=[[""] * 7 for _line in range(24)],
        foot=_("Key it in and destroy it when the system is back."),
    )


def _columns() -> list[tuple[str, int]]:
    return [
        (_("Order"), 30),
        (_("Patient"), 34),
        (_("Phone"), 28),
        (_("Where to"), 0),
        (_("Rider, fetched at"), 30),
        (_("Codes on the bags"), 32),
        (_("Received by, who is that"), 36),
        (_("Date of birth said"), 26),
        (_("At, signature"), 28),
    ]


def _row(order: Order, people: Mapping[int, Person]) -> list[str]:
    person = people.get(order.resident_id)
    carrier = order.carrier.full_name if order.carrier else ""
    if person is None:
        return [order.code, "", "", "", carrier, "", "", "", ""]
    where = ", ".join(
        part for part in (person.address, person.landmark, person.village, person.district) if part
    )
    return [order.code, person.full_name, person.phone, where, carrier, "", "", "", ""]
