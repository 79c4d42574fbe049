"""Parts of an order's way that are carried and paid by themselves: their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.orders.lifecycle import Why
from gancang.orders.models import Leg
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.orders.models import Order
    from gancang.regions.models import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Who carries an order a part of its way, for how much of public money."""

    kind: Leg.Kind
    fleet: Organisation
    carrier: User
    cost: Money
    reference: str = ""


@transaction.atomic
def begin(order: Order, part: Part, *, now: datetime) -> Leg:
    """Write down that a part of the way begins. A consignment number counts once a carrier."""
    reference = part.reference.strip().upper()
    if reference:
        used = Leg.objects.filter(fleet=part.fleet, reference=reference).select_related("order")
        if other := used.first():
            told = {"fleet": part.fleet.name, "number": reference, "order": other.order.code}
            raise Refused(Why.NUMBER_USED, **told)
    return Leg.objects.create(
        order=order,
        number=Leg.objects.filter(order=order).count() + 1,
        kind=part.kind,
        fleet=part.fleet,
        carrier=part.carrier,
        reference=reference,
        cost_rp=part.cost.rupiah,
        began_at=now,
    )


def note_paid(leg: Leg, *, now: datetime) -> None:
    """It is done: from now on its cost is owed. Once."""
    assert Leg.objects.filter(pk=leg.pk, paid_at=None).update(paid_at=now), leg
