"""Reading deliveries of goods. Each question knows who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.orders import lifecycle
from gancang.orders.queries import visible_to
from gancang.parcels.models import Parcel, Shown
from gancang.parcels.rules import CALLBACK
from gancang.programmes.queries import list_programmes, terms_of
from gancang.regions.models import SELLERS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from gancang.accounts.models import Membership
    from gancang.orders.models import Order
    from gancang.programmes.models import Programme
    from gancang.regions.models import Organisation, Region


def parcels_of(asker: Membership, *, typed: str = "", state: str = "") -> QuerySet[Order]:
    """The deliveries that the asker may see: all, or by code and state."""
    rows = visible_to(asker).exclude(item_class=lifecycle.MEDICINE)
    if state in lifecycle.STATES:
        rows = rows.filter(state=state)
    code = typed.strip().upper()[:20].replace("\0", "")
    return rows.filter(code=code) if code else rows


def programmes_from(origin: Organisation) -> list[Programme]:
    """The programmes whose goods may start from here; cooked food starts at sellers. One query."""
    others = (
        {lifecycle.MEDICINE} if origin.kind in SELLERS else {lifecycle.MEDICINE, lifecycle.FOOD}
    )
    found = []
    for row in list_programmes(origin.region):
        terms = terms_of(row)
        here = not terms.origins or origin.code in terms.origins
        if here and terms.tariff and terms.kind == "deliver" and terms.item_class not in others:
            found.append(row)
    return found


def find_parcel(order: Order) -> Parcel | None:
    """What its sender wrote down of a delivery."""
    return Parcel.objects.filter(order=order).first()


def find_shown(order: Order) -> Shown | None:
    """By which proof it was handed over, if it was."""
    return Shown.objects.filter(order=order).first()


def proved_by_call(region: Region) -> list[str]:
    """The deliveries that were handed over by the word that their receivers are rung."""
    rows = Shown.objects.filter(order__region=region, level=CALLBACK)
    return list(rows.order_by("order__code").values_list("order__code", flat=True))
