"""What an order costs and when it comes; orders as buyer, kitchen and office see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, Sum
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Role
from gancang.food import rules
from gancang.food.links import find_code
from gancang.food.models import FoodOrder
from gancang.food.rules import Why
from gancang.menus.queries import price_of
from gancang.menus.rules import Line, total
from gancang.orders import lifecycle
from gancang.parcels.actions import quote
from gancang.parcels.queries import programmes_from
from gancang.qris.queries import newest_bills
from gancang.qris.rules import PAID, REFUNDED
from gancang.regions.models import SELLERS, Organisation
from gancang.regions.queries import today_in, zone_of
from gancang.shops.queries import Promise, promise_of, why_not_open
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang.accounts.models import Membership
    from gancang.menus.rules import Wanted
    from gancang.programmes.models import Programme
    from gancang.qris.models import Bill
    from gancang.regions.models import Region, Village


OPENER = "food"  # of bills


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A basket with all that it costs, as the buyer is shown before he orders."""

    lines: Sequence[Line]
    goods: Money
    fare: Money
    promise_at: datetime
    minutes: int
    at: datetime

    @property
    def total(self) -> Money:
        """All that is paid at the door."""
        return self.goods + self.fare


def get_seller(slug: str, code: str) -> Organisation:
    """A kitchen or shop by the address of its page, or 404."""
    rows = Organisation.objects.filter(kind__in=SELLERS, region__slug=slug)
    return get_object_or_404(rows.select_related("region", "village"), code=code)


def programme_for(seller: Organisation) -> Programme:
    """By which programme its goods are brought: one that names the seller, else that for food."""
    found = programmes_from(seller)
    named = [row for row in found if seller.code in row.terms.get("from_organisations", ())]
    food = [row for row in found if row.terms["item_class"] == lifecycle.FOOD]
    if not (named or food):
        raise Refused(Why.NOT_BROUGHT, seller=seller.name)
    return (named or food)[0]


def offer_for(
    seller: Organisation, wanted: Sequence[Wanted], village: Village, *, now: datetime
) -> Offer:
    """What the basket costs now, brought to a village. Refused where it can't be had or brought."""
    if closed := why_not_open(seller, now):
        raise closed
    if not wanted:
        raise Refused(Why.EMPTY)
    lines = price_of(seller, wanted, now=now)
    minutes = minutes_for(promise_of(seller, now), lines)
    told = quote(programme_for(seller), seller, village, now=now)
    ready = now + timedelta(minutes=minutes)
    return Offer(
        lines=lines,
        goods=total(lines),
        fare=told.fare,
        promise_at=max(told.promise_at, ready + told.travel),
        minutes=minutes,
        at=now,
    )


def minutes_for(promise: Promise, lines: Sequence[Line]) -> int:
    """How long the kitchen needs: its usual time or the slowest dish's, and more while busy."""
    slowest = max((line.prepares_minutes or 0 for line in lines), default=0)
    return max(promise.usual_minutes, slowest) + promise.busy_minutes


def find_by_token(token: str) -> FoodOrder | None:
    """The order of a buyer's link, or None."""
    rows = FoodOrder.objects.select_related("region", "seller", "village__district", "delivery")
    return rows.filter(code=find_code(token) or "").first()


def find_number(code: str) -> int | None:
    """By which number an order of that code is locked, or None."""
    return FoodOrder.objects.filter(code=code).values_list("pk", flat=True).first()


def paid_for_nothing(region: Region) -> list[int]:
    """What is paid and comes to nobody, of which nobody has been told yet."""
    came_to_nothing = Q(state__in=[rules.REFUSED, rules.CANCELLED, rules.LAPSED])
    not_brought = Q(delivery__state__in=[lifecycle.RETURNED, lifecycle.CANCELLED])
    rows = FoodOrder.objects.filter(region=region, paid_at__isnull=False, asked_back_at=None)
    return list(rows.filter(came_to_nothing | not_brought).values_list("pk", flat=True)[:500])


def differences(region: Region) -> list[str]:
    """Where an order and its payment do not agree. Two queries."""
    rows = list(FoodOrder.objects.filter(region=region, pays_by=rules.QRIS).order_by("pk"))
    bills = newest_bills(OPENER, [row.code for row in rows])
    said = []
    for row in rows:
        bill = bills.get(row.code)
        was_paid = bill is not None and bill.state in {PAID, REFUNDED}
        is_begun = row.state in {rules.COOKING, rules.READY}
        if (is_begun or row.paid_at) and not was_paid:
            said.append(f"food {row.code}: begun or noted as paid, and its bill is not paid")
        if is_begun and bill is not None and bill.amount_rp != row.goods_rp:
            said.append(f"food {row.code}: {row.goods_rp} ordered, a bill of {bill.amount_rp}")
    return said


def waits_for_payment(asker: Membership) -> list[tuple[FoodOrder, Bill | None]]:
    """What the kitchen has said yes to and nobody has paid yet, with the bills. Two queries."""
    rows = list(visible_to(asker).filter(state=rules.UNPAID).order_by("pk"))
    bills = newest_bills(OPENER, [row.code for row in rows])
    return [(row, bills.get(row.code)) for row in rows]


def visible_to(asker: Membership) -> QuerySet[FoodOrder]:
    """A stall's own orders; all of the region for its operators."""
    rows = FoodOrder.objects.filter(region=asker.region)
    if asker.role == Role.STALL:
        rows = rows.filter(seller=asker.organisation_id)
    return rows.select_related("region", "seller", "village", "delivery")


def get_order(asker: Membership, code: str) -> FoodOrder:
    """An order that the asker may see, or 404."""
    return get_object_or_404(visible_to(asker), code=code)


def ringing(asker: Membership) -> list[FoodOrder]:
    """What waits for an answer, the oldest first."""
    return list(visible_to(asker).filter(state=rules.ASKED).order_by("pk"))


def in_the_kitchen(asker: Membership) -> list[FoodOrder]:
    """What is cooked or waits for its rider, what is due first first; and what came back."""
    rows = visible_to(asker).filter(state__in=[rules.COOKING, rules.READY])
    gone = [lifecycle.COLLECTED, lifecycle.DELIVERED, lifecycle.RETURNED, lifecycle.CANCELLED]
    return list(rows.exclude(delivery__state__in=gone).order_by("ready_by", "pk"))


def sold_today(asker: Membership, *, now: datetime) -> tuple[int, Money]:
    """How many orders of today were brought, and what their goods come to."""
    today = today_in(asker.region, now)
    begins = datetime.combine(today, time(), zone_of(asker.region))
    rows = visible_to(asker).filter(
        delivery__state=lifecycle.DELIVERED, delivery__changed_at__gte=begins
    )
    return rows.count(), Money(rows.aggregate(rp=Sum("goods_rp"))["rp"] or 0)


def lines_of(row: FoodOrder) -> list[tuple[int, Line, bool]]:
    """The lines with their places, and whether the kitchen has them."""
    lines = [Line.of(told) for told in row.lines]
    return [(place, line, place not in row.left_out) for place, line in enumerate(lines)]


def waiting_too_long(region: Region, state: str, before: datetime) -> list[int]:
    """The orders that stand in a state since before a moment, the oldest first."""
    since = "placed_at__lt" if state == rules.UNCONFIRMED else "asked_at__lt"
    rows = FoodOrder.objects.filter(region=region, state=state, **{since: before})
    return list(rows.order_by("pk").values_list("pk", flat=True)[:500])
