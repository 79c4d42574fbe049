"""Reading bills, notices and mismatches. Each question knows who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet, Sum
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Role
from gancang.ledger import sales
from gancang.qris.adapters.roads import gateway_of
from gancang.qris.models import Bill, Mismatch, Notice, Outcome, PayOut, ShopCode
from gancang.qris.rules import BY_SHOP, OPEN, PAID, REFUNDED, Where, needs_second
from gancang.regions.models import SELLERS, Organisation
from gancang.regions.queries import today_in
from gancang.values import Money

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from gancang.accounts.models import Membership
    from gancang.regions.models import Region

READERS = (Role.OPERATOR, Role.TREASURER, Role.AUDITOR, Role.ADMIN)
DECIDERS = (Role.OPERATOR, Role.TREASURER, Role.ADMIN)


def money_in(bill: Bill) -> Money:
    """What a bill asks for."""
    return Money(bill.amount_rp)


def code_of(shop: Organisation) -> ShopCode | None:
    """The code that hangs on a shop's wall, if we know it."""
    return ShopCode.objects.filter(shop=shop, ended_at=None).first()


def takes_qris(shop: Organisation) -> bool:
    """Whether a buyer may pay this shop by QRIS: by a gateway, or by the code on its wall."""
    return gateway_of(shop.region) is not None or code_of(shop) is not None


def number_known_of(shop: Organisation, *, now: datetime) -> str:
    """The national merchant ID that the region's bank list names for a shop, or ""."""
    day = today_in(shop.region, now).isoformat()
    rows: list[dict[str, Any]] = shop.region.config.get("money", {}).get("bank_accounts", [])
    mine = [row for row in rows if row["organisation"] == shop.code and row["from"] <= day]
    return str(mine[-1].get("qris", "")) if mine else ""


def shop_of(asker: Membership) -> Organisation | None:
    """The shop that somebody keeps."""
    house = asker.organisation
    return house if house and house.kind in SELLERS else None


def find_bill(code: str) -> Bill | None:
    """A bill by its code, for whoever holds its link."""
    rows = Bill.objects.select_related("region", "shop")
    return rows.filter(code=code).first()


def get_living_bill(opener: str, about: str) -> Bill | None:
    """The bill that lives for something, or None."""
    rows = Bill.objects.filter(opener=opener, about=about, state__in=[*OPEN, PAID])
    return rows.select_related("region", "shop").first()


def newest_bills(opener: str, about: Collection[str]) -> dict[str, Bill]:
    """The newest bill for each of some things. One query."""
    rows = Bill.objects.filter(opener=opener, about__in=about).order_by("pk")
    return {row.about: row for row in rows}


def bills_visible_to(asker: Membership) -> QuerySet[Bill]:
    """The bills that somebody may see, newest first: a shop's keeper those of the shop."""
    rows = Bill.objects.filter(region=asker.region_id)
    if asker.role == Role.STALL:
        rows = rows.filter(shop=asker.organisation_id)
    return rows.select_related("shop", "region", "confirmed_by").order_by("-pk")


def get_bill(asker: Membership, code: str) -> Bill:
    """A bill that the asker may see, or 404."""
    return get_object_or_404(bills_visible_to(asker), code=code)


def to_confirm(asker: Membership) -> QuerySet[Bill]:
    """Of a shop's keeper: bills paid to the shop's own code, which only the shop can tell of."""
    return bills_visible_to(asker).filter(way=BY_SHOP, state__in=OPEN)


def notices_of(bill: Bill) -> list[Notice]:
    """What gateways told of a bill, oldest first."""
    return list(Notice.objects.filter(bill=bill).order_by("pk")[:100])


def mismatches_of(bill: Bill) -> list[Mismatch]:
    """What did not agree about a bill, oldest first. Two queries."""
    rows = Mismatch.objects.filter(bill=bill).select_related("notice", "asked_by", "decided_by")
    return list(rows.prefetch_related("notes").order_by("pk")[:100])


def mismatches_visible_to(
    asker: Membership, *, problem: str = "", is_open: bool = True
) -> QuerySet[Mismatch]:
    """What did not agree in a region, newest first."""
    rows = Mismatch.objects.filter(region=asker.region_id, ended_at__isnull=is_open)
    if problem:
        rows = rows.filter(problem=problem)
    found = rows.select_related("bill__shop", "notice", "asked_by", "decided_by", "region")
    return found.prefetch_related("notes").order_by("-pk")


def mismatches_to_decide(asker: Membership) -> QuerySet[Mismatch]:
    """What waits for somebody."""
    rows = Mismatch.objects.filter(region=asker.region_id, ended_at=None)
    return rows.exclude(state=Mismatch.State.SENDING)


def get_mismatch(asker: Membership, number: int) -> Mismatch:
    """Something that did not agree, in the asker's region, or 404."""
    rows = Mismatch.objects.filter(region=asker.region_id)
    return get_object_or_404(rows.select_related("region", "bill__shop", "notice"), pk=number)


def limit_of(region: Region) -> int:
    """Above how much a second person must stand for it, in rupiah."""
    return int(region.config.get("money", {}).get("second_approval_above_rp", 0))


def is_much(mismatch: Mismatch) -> bool:
    """Whether two people decide it."""
    return needs_second(Money(mismatch.amount_rp), limit_rp=limit_of(mismatch.region))


def outcomes_for(opener: str, *, most: int = 100) -> list[Outcome]:
    """What became of bills that a capability opened and has not taken yet, oldest first."""
    rows = Outcome.objects.filter(opener=opener, taken_at=None).order_by("pk")
    return list(rows.select_related("bill__region", "bill__shop")[:most])


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the gateway holds for a shop, and what of it somebody may want back."""

    shop: Organisation
    amount: Money
    kept: Money

    @property
    def free(self) -> Money:
        """What the shop may get now."""
        return max(self.amount - self.kept, Money(0))


def list_held(region: Region) -> list[Held]:
    """What is held for each shop of a region, by name. Three queries."""
    sums = sales.held_for_shops(region)
    shops = Organisation.objects.filter(pk__in=sums).order_by("name")
    rows = _may_go_back().filter(region=region).order_by()
    kept: dict[int, int] = dict(rows.values_list("bill__shop").annotate(Sum("amount_rp")))
    return [
        Held(shop=shop, amount=sums[shop.pk], kept=Money(kept.get(shop.pk, 0))) for shop in shops
    ]


def free_of(shop: Organisation, *, besides: Mismatch | None = None) -> Money:
    """What is held for a shop, less what may go back to buyers. Whoever moves it locks the shop."""
    held = sales.held_for_shops(shop.region).get(shop.pk, Money(0))
    rows = _may_go_back().filter(bill__shop=shop)
    if besides is not None:
        rows = rows.filter(state=Mismatch.State.SENDING).exclude(pk=besides.pk)
    return max(held - Money(_sum(rows)), Money(0))


def _may_go_back() -> QuerySet[Mismatch]:
    return Mismatch.objects.filter(where=Where.HELD, ended_at=None)


def pay_outs_visible_to(asker: Membership) -> QuerySet[PayOut]:
    """What shops got, newest first: of a shop's keeper his own."""
    rows = PayOut.objects.filter(region=asker.region_id)
    if asker.role == Role.STALL:
        rows = rows.filter(shop=asker.organisation_id)
    return rows.select_related("shop", "by").order_by("-pk")


def get_seller(asker: Membership, code: str) -> Organisation:
    """A shop of the asker's region, or 404."""
    rows = Organisation.objects.filter(region=asker.region_id, kind__in=SELLERS)
    return get_object_or_404(rows.select_related("region"), code=code)


def differences(region: Region) -> list[str]:
    """Where bills, mismatches and the book do not agree."""
    booked = sales.paid_by_bill(region)
    paid = dict(
        Bill.objects.filter(region=region, state__in=[PAID, REFUNDED]).values_list(
            "code", "amount_rp"
        )
    )
    said = [
        f"bill {code}: {paid.get(code, 0)} is paid, the book has {booked.get(code, 0)}"
        for code in sorted(paid.keys() | booked.keys())
        if paid.get(code, 0) != booked.get(code, 0)
    ]
    money = sales.buyers_money(region)
    where = money["stray"] + money["held"] + money["passed"]
    if money["buyers"] != where:
        said.append(f"buyers paid {money['buyers']}, of which only {where} can be found")
    told = Money(_sum(Mismatch.objects.filter(region=region, where=Where.STRAY, ended_at=None)))
    if told != money["stray"]:
        said.append(f"{money['stray']} is not clear for what, the operators' list has {told}")
    return said


def _sum(rows: QuerySet[Mismatch]) -> int:
    found: dict[str, int | None] = rows.aggregate(rp=Sum("amount_rp"))
    return found["rp"] or 0


def bills_to_ask_about(*, now: datetime, most: int) -> QuerySet[Bill]:
    """Open bills of which it is time to do something, the longest waiting first."""
    rows = Bill.objects.filter(state__in=OPEN, ask_at__lte=now)
    return rows.select_related("region", "shop").order_by("ask_at")[:most]


def refunds_to_send(*, now: datetime, most: int) -> QuerySet[Mismatch]:
    """What gateways are to give back, the longest waiting first."""
    sending = Q(state=Mismatch.State.SENDING, ask_at__lte=now)
    rows = Mismatch.objects.filter(sending)
    return rows.select_related("region", "bill__shop", "notice").order_by("ask_at")[:most]
