"""Reading purchases: an office its own, the regency's money people all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Max, QuerySet, Sum
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Role
from gancang.purchases.models import Purchase
from gancang.purchases.rules import must_go_on, times_in_a_row
from gancang.regions.models import Organisation
from gancang.values import Money, Point, metres_between

if TYPE_CHECKING:
    from datetime import date

    from gancang.accounts.models import Membership
    from gancang.regions.models import Region

SELLERS = (Organisation.Kind.KITCHEN,)


def visible_to(asker: Membership) -> QuerySet[Purchase]:
    """The purchases that somebody may see, newest first."""
    rows = Purchase.objects.filter(region=asker.region_id)
    if asker.role == Role.COUNTER_CLERK:
        rows = rows.filter(office=asker.organisation_id)
    return rows.select_related("office", "seller", "by", "region").order_by("-pk")


def get_purchase(asker: Membership, number: int) -> Purchase:
    """One purchase that the asker may see, or 404."""
    return get_object_or_404(visible_to(asker), pk=number)


def sellers_of(region: Region) -> QuerySet[Organisation]:
    """Who sells to offices, by name."""
    return Organisation.objects.filter(region=region, kind__in=SELLERS).order_by("name")


def newest_sellers(office: Organisation, *, most: int) -> list[int]:
    """At whom an office bought, newest first. One query."""
    rows = Purchase.objects.filter(office=office, taken_back_at=None).order_by("-on", "-pk")
    return list(rows.values_list("seller_id", flat=True)[:most])


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """A seller as an office that chooses sees him."""

    organisation: Organisation
    metres: int | None
    in_a_row: int
    last: date | None
    is_due: bool  # to be left: the next purchase is at another


def sellers_near(office: Organisation, *, after: int | None) -> list[Seller]:
    """All sellers with how far they are, the nearest first. Three queries."""
    newest = newest_sellers(office, most=after or 0)
    bought = Purchase.objects.filter(office=office, taken_back_at=None)
    last = dict(bought.order_by().values_list("seller").annotate(Max("on")))
    found = [
        Seller(
            organisation=each,
            metres=_metres(office, each),
            in_a_row=times_in_a_row(newest, each.pk),
            last=last.get(each.pk),
            is_due=bool(after) and must_go_on(newest, each.pk, after=after or 0),
        )
        for each in sellers_of(office.region)
    ]
    return sorted(found, key=lambda each: (each.metres is None, each.metres or 0))


def _metres(one: Organisation, other: Organisation) -> int | None:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    return round(metres_between(Point(one.lat, one.lon), Point(other.lat, other.lon)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """What offices bought at one seller in a year."""

    seller: str
    purchases: int
    offices: int
    amount: Money
    stayed: int  # purchases for which an office stayed although it should have gone on


def income_of(asker: Membership, year: int) -> list[Income]:
    """What each seller took in a year, the largest first. One query."""
    rows = visible_to(asker).filter(on__year=year, taken_back_at=None).order_by()
    sums = rows.values("seller__name").annotate(
        n=Count("pk"), offices=Count("office", distinct=True), rp=Sum("amount_rp")
    )
    stayed = dict(rows.exclude(stayed_because="").values_list("seller__name").annotate(Count("pk")))
    return [
        Income(
            seller=row["seller__name"],
            purchases=row["n"],
            offices=row["offices"],
            amount=Money(row["rp"]),
            stayed=stayed.get(row["seller__name"], 0),
        )
        for row in sums.order_by("-rp", "seller__name")
    ]
