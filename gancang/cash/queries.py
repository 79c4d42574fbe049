"""Reading who carries how much of patients' money. Each question knows who asks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Membership, Role, User
from gancang.cash.models import (
    BankLine,
    Brought,
    Deposit,
    FollowUp,
    PassedOn,
    Payment,
    Refund,
    Shortfall,
    WriteOff,
)
from gancang.ledger.goods import goods_by_order
from gancang.ledger.queries import cash_accounts, cash_of, refunds_by_order, tills_of
from gancang.orders import lifecycle
from gancang.regions.models import Organisation
from gancang.values import Money

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.ledger.models import Account
    from gancang.orders.models import Order
    from gancang.regions.models import Region

# At whose till a rider hands in: his fleet's, the hospital's, or the treasurer's.
CASHIERS = (Role.OPERATOR, Role.TREASURER, Role.COUNTER_CLERK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody with patients' money: what he carries, since when, and what he owes."""

    user: User
    fleet: Organisation
    account: Account
    since: datetime | None

    @property
    def is_short(self) -> bool:
        """Whether it is what he still owes, not what he carries."""
        return self.account.kind == "short"


def accounts_visible_to(asker: Membership) -> QuerySet[Account]:
    """The cash and the shortfalls of riders: of his own fleet for a fleet's operator."""
    rows = cash_accounts(asker.region)
    return rows.filter(payee=asker.organisation_id) if _of_fleet(asker) else rows


def _of_fleet(asker: Membership) -> bool:
    return asker.role == Role.OPERATOR and asker.organisation_id is not None


def holders_of(accounts: Sequence[Account]) -> list[Holder]:
    """Each account with the day of its oldest payment that was not handed in. One query."""
    waiting = Payment.objects.filter(
        how=Payment.How.CASH, deposit=None, taken_by__in=[a.holder_id for a in accounts]
    )
    oldest = {
        (row["taken_by"], row["fleet"]): row["since"]
        for row in waiting.order_by().values("taken_by", "fleet").annotate(since=Min("at"))
    }
    return [
        Holder(
            user=account.holder,
            fleet=account.payee,
            account=account,
            since=oldest.get((account.holder.pk, account.payee.pk))
            if account.kind == "in_hand"
            else None,
        )
        for account in accounts
        if account.holder and account.payee
    ]


def get_holder(asker: Membership, username: str) -> User:
    """Somebody who may carry patients' money and whom the asker may see, or 404."""
    member = Q(memberships__region=asker.region_id, memberships__role=Role.RIDER)
    if _of_fleet(asker):
        member &= Q(memberships__organisation=asker.organisation_id)
    took = Q(deposits__region=asker.region_id) | Q(payment__order__region=asker.region_id)
    if _of_fleet(asker):
        took &= Q(deposits__fleet=asker.organisation_id) | Q(payment__fleet=asker.organisation_id)
    found = User.objects.filter(member | took, username=username).distinct()
    return get_object_or_404(found)


def purses_of(holder: User, asker: Membership | None = None) -> list[tuple[Organisation, Money]]:
    """What somebody carries by fleet, as far as the asker may see it."""
    found = cash_of(holder)
    if asker is not None and _of_fleet(asker):
        return [(fleet, has) for fleet, has in found if fleet.pk == asker.organisation_id]
    return found


def get_fleet(asker: Membership, code: str) -> Organisation:
    """The fleet whose fares are handed in, if the asker may take them, or 404."""
    rows = Organisation.objects.filter(region=asker.region, code=code)
    if _of_fleet(asker):
        rows = rows.filter(membership=asker.pk)
    return get_object_or_404(rows.select_related("region"))


def not_handed_in(holder: User) -> QuerySet[Payment]:
    """The cash payments that somebody took and still carries, oldest first."""
    rows = Payment.objects.filter(taken_by=holder, how=Payment.How.CASH, deposit=None)
    return rows.select_related("order", "fleet").order_by("pk")


def deposits_of(holder: User) -> QuerySet[Deposit]:
    """What somebody handed in, newest first."""
    rows = Deposit.objects.filter(rider=holder).order_by("-pk")
    return rows.select_related("till", "fleet", "shortfall", "cashier")


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositsOfRider:
    """What a rider handed in within some time, and what was missing of it."""

    name: str
    deposits: int
    counted: Money
    missing: Money


def deposits_between(
    region: Region, *, begins: datetime, ends: datetime, fleet: str = ""
) -> list[DepositsOfRider]:
    """What each rider handed in between two moments, by name. One query."""
    rows = Deposit.objects.filter(region=region, at__gte=begins, at__lt=ends)
    if fleet:
        rows = rows.filter(fleet__code=fleet)
    sums = (
        rows.order_by()
        .values("rider", "rider__full_name")
        .annotate(n=Count("pk"), counted=Sum("counted_rp"), expected=Sum("expected_rp"))
    )
    return [
        DepositsOfRider(
            name=row["rider__full_name"],
            deposits=row["n"],
            counted=Money(row["counted"]),
            missing=Money(row["expected"] - row["counted"]),
        )
        for row in sums.order_by("rider__full_name", "rider")
    ]


def list_open_shortfalls(holder: User) -> list[Shortfall]:
    """What somebody still owes, oldest first, with what was done about each."""
    rows = Shortfall.objects.filter(deposit__rider=holder)
    rows = rows.filter(amount_rp__gt=F("repaid_rp") + F("written_off_rp"))
    rows = rows.select_related("deposit__till", "deposit__fleet", "deposit__rider")
    return list(rows.prefetch_related("follow_ups__by", "write_offs__asked_by").order_by("pk"))


def get_deposit(asker: Membership, number: int) -> Deposit:
    """One deposit that the asker may see; his own for a rider. Or 404."""
    rows = Deposit.objects.filter(region=asker.region).select_related(
        "rider", "fleet", "till", "cashier", "region", "shortfall"
    )
    if asker.role == Role.RIDER:
        rows = rows.filter(rider=asker.user_id)
    elif _of_fleet(asker):
        rows = rows.filter(fleet=asker.organisation_id)
    return get_object_or_404(rows, pk=number)


def get_shortfall(asker: Membership, number: int) -> Shortfall:
    """One shortfall that the asker may see, or 404."""
    rows = Shortfall.objects.filter(deposit__region=asker.region)
    if _of_fleet(asker):
        rows = rows.filter(deposit__fleet=asker.organisation_id)
    return get_object_or_404(rows.select_related("deposit__rider"), pk=number)


def still_due(order: Order) -> int:
    """What the patient has to pay when he gets it; nothing where he has paid already."""
    if not order.at_door_rp or Payment.objects.filter(order=order).exists():
        return 0
    return order.at_door_rp


def find_payment(code: str) -> Payment | None:
    """What the patient of an order paid, if he did."""
    rows = Payment.objects.filter(order__code=code)
    return rows.select_related("order__region", "order__origin", "fleet", "taken_by").first()


def get_payment(asker: Membership, code: str) -> Payment:
    """The payment of an order that the asker may see; his own for a rider. Or 404."""
    rows = Payment.objects.filter(order__region=asker.region)
    if asker.role == Role.RIDER:
        rows = rows.filter(taken_by=asker.user_id)
    elif asker.role == Role.COUNTER_CLERK:
        rows = rows.filter(order__origin=asker.organisation_id)
    elif _of_fleet(asker):
        rows = rows.filter(fleet=asker.organisation_id)
    rows = rows.select_related("order__region", "order__origin", "fleet", "taken_by")
    return get_object_or_404(rows, order__code=code)


def owed_back(asker: Membership) -> QuerySet[Payment]:
    """What was paid for nothing and was not paid back, as far as he may see it."""
    owed = Q(order__state=lifecycle.RETURNED) | ~Q(owed_back="")
    rows = Payment.objects.filter(owed, _may_see(asker), refund__paid_at=None)
    return rows.select_related("order__region", "fleet", "refund__approved_by")


def _may_see(asker: Membership) -> Q:
    seen = Q(order__region=asker.region)
    if asker.role == Role.COUNTER_CLERK:
        seen &= Q(order__origin=asker.organisation_id)
    elif _of_fleet(asker):
        seen &= Q(fleet=asker.organisation_id)
    return seen


def get_refund(asker: Membership, code: str) -> Refund:
    """What the patient of an order got back, for its receipt, or 404."""
    seen = Payment.objects.filter(_may_see(asker))
    rows = Refund.objects.filter(payment__in=seen, paid_at__isnull=False)
    related = ("payment__order__region", "payment__order__origin", "till", "paid_by", "approved_by")
    return get_object_or_404(rows.select_related(*related), payment__order__code=code)


def refund_differences(region: Region) -> list[str]:
    """Orders of which receipts and book say different sums that the patient got back."""
    rows = Refund.objects.filter(payment__order__region=region, paid_at__isnull=False)
    told = dict(rows.values_list("payment__order__code", "amount_rp"))
    booked = refunds_by_order(region)
    return sorted(code for code in {*told, *booked} if told.get(code) != booked.get(code))


def goods_differences(region: Region) -> list[str]:
    """Orders of which receipts and book say different sums for the goods. Two queries."""
    rows = Payment.objects.filter(order__region=region, goods_rp__gt=0)
    told = dict(rows.values_list("order__code", "goods_rp"))
    booked = goods_by_order(region)
    return sorted(code for code in {*told, *booked} if told.get(code) != booked.get(code))


def cash_differences(region: Region) -> list[tuple[str, int, int]]:
    """Riders whose receipts and whose account do not agree: who, receipts, account. Two queries."""
    rows = Payment.objects.filter(order__region=region, how=Payment.How.CASH, deposit=None)
    sums = rows.order_by().values("taken_by__username", "fleet").annotate(total=Sum("amount_rp"))
    told = {(row["taken_by__username"], row["fleet"]): row["total"] for row in sums}
    carried = cash_accounts(region).filter(kind="in_hand")
    has = {(a.holder.username, a.payee.pk): a.balance_rp for a in carried if a.holder and a.payee}
    return [
        (key[0], told.get(key, 0), has.get(key, 0))
        for key in sorted({*told, *has}, key=str)
        if told.get(key, 0) != has.get(key, 0)
    ]


def due_at(till: Organisation, fleet: Organisation) -> Money:
    """What a till holds of a fleet's fares: handed in and brought later, less what it passed on."""
    return Money(_due(Q(till=till, fleet=fleet)).get((till.pk, fleet.pk), 0))


def _due(which: Q) -> dict[tuple[int, int], int]:
    """What tills hold for fleets other than their own, in rupiah. Five queries."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    handed = Deposit.objects.filter(which).exclude(till=F("fleet")).order_by()
    for till, fleet, rupiah in handed.values_list("till", "fleet").annotate(Sum("counted_rp")):
        found[till, fleet] += rupiah
    later = FollowUp.objects.filter(shortfall__deposit__in=handed, repaid_rp__gt=0).order_by()
    pairs = later.values_list("shortfall__deposit__till", "shortfall__deposit__fleet")
    for till, fleet, rupiah in pairs.annotate(Sum("repaid_rp")):
        found[till, fleet] += rupiah
    gone = PassedOn.objects.filter(which).order_by().values_list("till", "fleet")
    for till, fleet, rupiah in gone.annotate(Sum("amount_rp")):
        found[till, fleet] -= rupiah
    to_treasury = Brought.objects.filter(which).exclude(till=F("fleet")).order_by()
    for till, fleet, rupiah in to_treasury.values_list("till", "fleet").annotate(Sum("amount_rp")):
        found[till, fleet] -= rupiah
    back = Refund.objects.filter(paid_at__isnull=False).exclude(till=F("payment__fleet"))
    paid_out = back.order_by().values_list("till", "payment__fleet")
    for till, fleet, rupiah in paid_out.annotate(Sum("amount_rp")):
        if (till, fleet) in found:
            found[till, fleet] -= rupiah
    return {pair: rupiah for pair, rupiah in found.items() if rupiah}


def held_by_pair(region: Region) -> dict[tuple[int, int], int]:
    """What each till of a region holds for each other house's fleet, in rupiah. Five queries."""
    return _due(Q(region=region))


@dataclass(frozen=True, slots=True)
class Held:
    """What a till holds of a fleet's fares."""

    till: Organisation
    fleet: Organisation
    amount: Money


def list_held(asker: Membership) -> list[Held]:
    """What tills hold for fleets, as far as the asker may see it: his till, his fleet, or all."""
    due = _due(Q(region=asker.region))
    rows = Organisation.objects.filter(pk__in={pk for pair in due for pk in pair})
    houses = {row.pk: row for row in rows}
    held = [
        Held(houses[till], houses[fleet], Money(rupiah)) for (till, fleet), rupiah in due.items()
    ]
    if asker.organisation_id:
        held = [h for h in held if asker.organisation_id in (h.till.pk, h.fleet.pk)]
    return sorted(held, key=lambda each: (each.till.name, each.fleet.name))


def get_held(asker: Membership, till: str, fleet: str) -> Held:
    """What a till holds for a fleet, if the asker may pass it on, or 404. It may be nothing."""
    rows = Organisation.objects.filter(region=asker.region).select_related("region")
    tills = rows.filter(pk=asker.organisation_id) if asker.organisation_id else rows
    house = get_object_or_404(tills, code=till)
    whose = get_object_or_404(rows, code=fleet)
    return Held(house, whose, due_at(house, whose))


def passed_on_visible_to(asker: Membership) -> QuerySet[PassedOn]:
    """What tills passed on, newest first."""
    rows = PassedOn.objects.filter(region=asker.region)
    if asker.organisation_id:
        rows = rows.filter(Q(till=asker.organisation_id) | Q(fleet=asker.organisation_id))
    return rows.select_related("till", "fleet", "by", "region")


def get_passed_on(asker: Membership, number: int) -> PassedOn:
    """One receipt of a fleet that the asker may see, or 404."""
    return get_object_or_404(passed_on_visible_to(asker), pk=number)


def till_differences(region: Region) -> list[tuple[str, int, int]]:
    """Tills that hold less in the book than receipts say of other houses' money."""
    owed: dict[int, int] = defaultdict(int)
    for (till, _fleet), rupiah in held_by_pair(region).items():
        owed[till] += rupiah
    has = tills_of(region)
    return [
        (has[pk][0] if pk in has else str(pk), rupiah, has[pk][1] if pk in has else 0)
        for pk, rupiah in owed.items()
        if rupiah > (has[pk][1] if pk in has else 0)
    ]


def get_write_off(asker: Membership, number: int) -> WriteOff:
    """One write-off of the asker's region, or 404."""
    rows = WriteOff.objects.filter(shortfall__deposit__region=asker.region)
    related = ("shortfall__deposit__rider", "asked_by")
    return get_object_or_404(rows.select_related(*related), pk=number)


def write_offs_to_decide(asker: Membership) -> QuerySet[WriteOff]:
    """What others asked to write off and nobody has decided yet."""
    rows = WriteOff.objects.filter(shortfall__deposit__region=asker.region, decided_at=None)
    return rows.exclude(asked_by=asker.user_id)


def unmatched_payments(asker: Membership) -> QuerySet[Payment]:
    """The QRIS payments that stand on no statement of a bank yet."""
    rows = Payment.objects.filter(order__region=asker.region, how=Payment.How.QRIS, bankline=None)
    if _of_fleet(asker):
        rows = rows.filter(fleet=asker.organisation_id)
    return rows.select_related("order", "fleet", "taken_by")


def unmatched_lines(asker: Membership) -> QuerySet[BankLine]:
    """The lines of banks that are no payment of a patient that we know."""
    rows = BankLine.objects.filter(region=asker.region, payment=None)
    if _of_fleet(asker):
        rows = rows.filter(fleet=asker.organisation_id)
    return rows.select_related("fleet")


def fleets_of(asker: Membership) -> list[Organisation]:
    """The fleets whose bank's statement the asker may take in."""
    rows = Organisation.objects.filter(region=asker.region, kind=Organisation.Kind.FLEET)
    if _of_fleet(asker):
        rows = rows.filter(membership=asker.pk)
    return list(rows.select_related("region").order_by("name"))
