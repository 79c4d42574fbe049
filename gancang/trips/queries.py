"""Reading trips, and what else could go along to a house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.orders import lifecycle
from gancang.orders.models import Order
from gancang.orders.queries import visible_to
from gancang.reach.rules import DIRECT
from gancang.residents.queries import numbers_of, of_one_house
from gancang.trips.models import Joined
from gancang.trips.rules import WAITS_IN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from gancang.accounts.models import Membership

_WITH = ("region", "programme", "origin", "village__district", "carrier", "fleet", "hold_at")
LOOKED_AT_MAX = 200  # open orders of a village: more are never looked through


def mates_of(order: Order) -> list[Order]:
    """The other orders of an order's trip."""
    trips = Joined.objects.filter(order=order).values("trip")
    rows = Order.objects.filter(joined__trip__in=trips).exclude(pk=order.pk)
    return list(rows.select_related(*_WITH, "joined").order_by("pk"))


def along_with(order: Order) -> list[Order]:
    """Those of its trip that are where it is: in the same hands, or at the same counter."""
    return [
        mate
        for mate in mates_of(order)
        if mate.state == order.state
        and mate.frozen_at is None
        and mate.carrier_id == order.carrier_id
        and mate.hold_at_id == order.hold_at_id
    ]


def others_at_the_door(order: Order) -> list[Order]:
    """Of what is handed over with it one order of each further patient of the house."""
    first: dict[int, Order] = {}
    for mate in along_with(order):
        first.setdefault(mate.resident_id, mate)
    return [mate for resident, mate in first.items() if resident != order.resident_id]


def mates_in_hand(order: Order) -> list[Order]:
    """Those of its trip that the same rider has or is to fetch; nothing before somebody took it."""
    if order.carrier_id is None:
        return []
    held = {lifecycle.ASSIGNED, lifecycle.COLLECTED}
    mates = mates_of(order)
    return [mate for mate in mates if mate.carrier_id == order.carrier_id and mate.state in held]


def along_from(order: Order) -> list[Order]:
    """Those along with it whose bags lie at the same counter."""
    return [mate for mate in along_with(order) if mate.origin_id == order.origin_id]


def share_of(order: Order) -> int | None:
    """What an order bears of its trip's price in rupiah; None where it goes by itself."""
    return Joined.objects.filter(order=order).values_list("share_rp", flat=True).first()


def members_of(trips: Iterable[int]) -> list[Joined]:
    """All orders of some trips, also those that nobody plans yet. One query."""
    rows = Joined.objects.filter(trip__in=set(trips)).select_related("order__region")
    return list(rows.order_by("order_id"))


@dataclass(frozen=True, slots=True)
class CouldGo:
    """Another order that could go along, and whether it is of the same patient."""

    order: Order
    is_same_person: bool


def could_go_with(asker: Membership, order: Order) -> list[CouldGo]:
    """What else waits for this house: of the same patient wherever it lies, of others here.

    Nobody's name is read here. Nothing for an order that is under way, or goes by departure.
    """
    if order.state not in WAITS_IN or order.way != DIRECT or order.frozen_at:
        return []
    mine = {mate.pk for mate in mates_of(order)}
    same = numbers_of(order.resident_id)
    waits = _waiting(Order.objects.filter(region=order.region_id, resident__in=same))
    found = [CouldGo(each, is_same_person=True) for each in waits]
    others = _waiting(visible_to(asker)).filter(village=order.village_id)
    near = list(others.exclude(resident__in=same)[:LOOKED_AT_MAX])
    at_home = of_one_house(order.resident_id, [each.resident_id for each in near])
    found += [CouldGo(each, is_same_person=False) for each in near if each.resident_id in at_home]
    return [each for each in found if each.order.pk not in mine and each.order.pk != order.pk]


def _waiting(rows: QuerySet[Order]) -> QuerySet[Order]:
    rows = rows.filter(state__in=sorted(WAITS_IN), way=DIRECT, frozen_at=None)
    return rows.select_related(*_WITH, "prescription").order_by("pk")


def get_mate(asker: Membership, order: Order, code: str) -> Order | None:
    """The order of that code that may go along with one; None where it is not among them."""
    found = [each.order for each in could_go_with(asker, order) if each.order.code == code]
    return found[0] if found else None
