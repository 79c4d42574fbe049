"""What addresses of goods, visits and transfers may name, made of one order and its house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.fulfilment.models import BankList, Case
from gancang.orders.models import Order
from gancang.parcels.models import Parcel
from gancang.programmes.queries import get_programme
from gancang.regions.queries import today_in

if TYPE_CHECKING:
    from gancang.accounts.models import User


def case_of(order: Order, worker: User | None) -> Case:
    """A visit by the order's own house, which its rider has taken on."""
    if found := Case.objects.filter(resident=order.resident).first():
        return found
    return Case.objects.create(
        region=order.region,
        code=f"{order.code}V",
        programme=get_programme(order.region, "jemput-bola"),
        resident=order.resident,
        kind="visit",
        item="kunjungan",
        performer=order.origin,
        worker=worker,
        day=today_in(order.region, order.placed_at),
        clause="tests",
        price_rp=0,
        planned_by="tests",
        planned_at=order.placed_at,
        changed_at=order.placed_at,
    )


def bank_list_of(order: Order) -> BankList:
    """A list of transfers that went to the bank of the order's region."""
    told = {"made_by": "tests", "made_at": order.placed_at}
    rows = BankList.objects
    return rows.get_or_create(region=order.region, programme_code="x", defaults=told)[0]


def delivery_of(order: Order) -> Order:
    """The same as a delivery of goods: a row of its own that no pharmacist answers for."""
    made = Order.objects.filter(region=order.region, item_class="parcel", origin=order.origin)
    if found := made.first():
        return found
    row = Order.objects.get(pk=order.pk)
    row.pk, row.code, row.bag_code, row.item_class = None, f"{order.code}G", "", "parcel"
    row.save()
    Parcel.objects.create(order=row, contents="Akta", entered_by="tests", received_at=row.placed_at)
    return row
