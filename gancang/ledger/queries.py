"""Reading the book, and proving that it adds up."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Sum, When

from gancang.ledger.models import Account, Budget, Drawn, Fund, Transfer
from gancang.ledger.rules import Held
from gancang.values import Money

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Organisation, Region

PAID_BY_PATIENTS = (Transfer.Kind.CASH, Transfer.Kind.QRIS)
_IN_RESERVE = (Transfer.Kind.RESERVE, Transfer.Kind.SETTLE, Transfer.Kind.RELEASE)
_OF_A_PART = ("key", "charged_on", "area")


def held_for(order: str) -> list[Held]:
    """What each budget still holds in reserve for an order, in the order of reserving."""
    return held_for_all([order]).get(order, [])


def held_for_all(orders: Sequence[str]) -> dict[str, list[Held]]:
    """The same of each of many orders for which anything is held. One query."""
    left: dict[tuple[str, int], int] = defaultdict(int)
    last: dict[tuple[str, int], tuple[str, date | None, str]] = {}
    rows = Transfer.objects.filter(about__in=orders, kind__in=_IN_RESERVE).order_by("pk")
    of_each = ("about", "kind", "source__budget", "target__budget", "amount_rp")
    for about, kind, source, target, rupiah, *rest in rows.values_list(*of_each, *_OF_A_PART):
        if kind == Transfer.Kind.RESERVE:
            left[about, target] += rupiah
            last[about, target] = tuple(rest)
        else:
            left[about, source] -= rupiah
    held: dict[str, list[Held]] = defaultdict(list)
    for (about, budget), rupiah in left.items():
        if rupiah:
            # Of several, they go by the name of the last.
            key, charged_on, area = last[about, budget]
            part = "".join(f":{part}" for part in _parts_of(key))
            held[about].append(Held(budget, Money(rupiah), part, charged_on, area))
    return dict(held)


def next_part_of(order: str) -> int:
    """The number of an order's next setting-aside: none before it, of any budget, has it."""
    keys = Transfer.objects.filter(about=order, kind=Transfer.Kind.RESERVE).values_list("key")
    return max((int(part) for (key,) in keys for part in _parts_of(key) or ["0"]), default=-1) + 1


def _parts_of(key: str) -> list[str]:
    """Behind "reserve:order:budget": the number of a further setting-aside, if it was one."""
    return key.split(":")[3:]


def lines_of(region: Region, *, order: str | None = None) -> QuerySet[Transfer]:
    """The lines of a region's book, oldest first; of one order if named."""
    rows = Transfer.objects.filter(region=region)
    if order is not None:
        rows = rows.filter(about=order)
    return rows.select_related(
        "source__budget__fund",
        "target__budget__fund",
        "source__payee",
        "target__payee",
        "source__holder",
        "target__holder",
    ).order_by("pk")


def settlements_of(region: Region, *, begins: datetime, ends: datetime) -> QuerySet[Transfer]:
    """What became owed between two moments."""
    rows = Transfer.objects.filter(region=region, kind=Transfer.Kind.SETTLE)
    rows = rows.filter(at__gte=begins, at__lt=ends)
    return rows.select_related("source__budget__fund", "target__payee")


def fares_of(region: Region, *, begins: datetime, ends: datetime) -> QuerySet[Transfer]:
    """What patients paid between two moments, in cash or by QRIS."""
    rows = Transfer.objects.filter(region=region, kind__in=PAID_BY_PATIENTS)
    rows = rows.filter(at__gte=begins, at__lt=ends)
    return rows.select_related("source__payee", "target__payee", "target__holder")


def refunds_of(region: Region, *, begins: datetime, ends: datetime) -> QuerySet[Transfer]:
    """What patients got back between two moments."""
    rows = Transfer.objects.filter(region=region, kind=Transfer.Kind.REFUND)
    rows = rows.filter(at__gte=begins, at__lt=ends)
    return rows.select_related("source__payee", "target__payee")


def fares_by_order(region: Region) -> dict[str, int]:
    """What was paid by the patient of each order and not paid back, in rupiah. One query."""
    return _sum_by_order(region, [*PAID_BY_PATIENTS, Transfer.Kind.REFUND])


def refunds_by_order(region: Region) -> dict[str, int]:
    """What the patient of each order got back, in rupiah. One query."""
    back = _sum_by_order(region, [Transfer.Kind.REFUND])
    return {order: -rupiah for order, rupiah in back.items()}


def _sum_by_order(region: Region, kinds: Sequence[str]) -> dict[str, int]:
    signed = Case(
        When(kind=Transfer.Kind.REFUND, then=-F("amount_rp")),
        default=F("amount_rp"),
        output_field=BigIntegerField(),
    )
    rows = Transfer.objects.filter(region=region, kind__in=kinds).order_by()
    sums = rows.values("about").annotate(paid=Sum(signed))
    return {row["about"]: row["paid"] for row in sums if row["paid"]}


def cash_accounts(region: Region) -> QuerySet[Account]:
    """What riders of a region carry or owe, where it is anything."""
    rows = Account.objects.filter(
        region=region, kind__in=[Account.Kind.IN_HAND, Account.Kind.SHORT]
    )
    return rows.filter(balance_rp__gt=0).select_related("holder", "payee")


def cash_of(holder: User) -> list[tuple[Organisation, Money]]:
    """The cash that somebody carries, by the fleet for which he took it."""
    rows = Account.objects.filter(holder=holder, kind=Account.Kind.IN_HAND, balance_rp__gt=0)
    found = rows.select_related("payee").order_by("pk")
    return [(row.payee, Money(row.balance_rp)) for row in found if row.payee]


def tills_of(region: Region) -> dict[int, tuple[str, int]]:
    """What each till holds by the book: its house's name and rupiah, by the house's number."""
    rows = Account.objects.filter(region=region, kind=Account.Kind.TILL)
    return {
        row.payee.pk: (row.payee.name, row.balance_rp)
        for row in rows.select_related("payee")
        if row.payee
    }


def patients_money(region: Region) -> dict[str, Money]:
    """All that patients ever paid, and where it is now, by kind of account."""
    kind_of = Account.Kind
    kinds = [kind_of.FARES, kind_of.IN_HAND, kind_of.TILL, kind_of.SHORT, kind_of.LOST]
    rows = Account.objects.filter(region=region, kind__in=kinds).order_by().values_list("kind")
    sums = dict(rows.annotate(total=Sum("balance_rp")))
    return {kind: Money(abs(sums.get(kind, 0))) for kind in kinds}


def orders_settled(region: Region) -> set[str]:
    """The orders that were ever paid for."""
    rows = Transfer.objects.filter(region=region, kind=Transfer.Kind.SETTLE)
    return set(rows.order_by().values_list("about", flat=True).distinct())


def settled_by_order(region: Region) -> dict[str, int]:
    """What the public funds owe or paid for each order, in rupiah. One query."""
    rows = Transfer.objects.filter(region=region, kind=Transfer.Kind.SETTLE).order_by()
    return dict(rows.values_list("about").annotate(Sum("amount_rp")))


def orders_held(region: Region) -> dict[str, Money]:
    """The orders for which money is set aside, and how much. One query."""
    signed = Case(When(kind=Transfer.Kind.RESERVE, then=F("amount_rp")), default=-F("amount_rp"))
    rows = Transfer.objects.filter(region=region, kind__in=_IN_RESERVE).order_by()
    sums = rows.values("about").annotate(held=Sum(signed)).exclude(held=0)
    return {row["about"]: Money(row["held"]) for row in sums}


def list_funds(region: Region) -> list[Fund]:
    """Whose money there is, by name."""
    return list(Fund.objects.filter(region=region).order_by("name"))


def list_budgets(region: Region) -> list[tuple[Budget, dict[str, Money]]]:
    """Each budget with what was granted, is available, is reserved, and was spent. Two queries."""
    balances: dict[int, dict[str, Money]] = defaultdict(dict)
    budgets: dict[int, Budget] = {}
    rows = Account.objects.filter(region=region, budget__isnull=False)
    for account in rows.select_related("budget__fund").order_by(
        "budget__fund__code", "budget__year"
    ):
        assert account.budget is not None
        budgets[account.budget.pk] = account.budget
        balances[account.budget.pk][account.kind] = Money(account.balance_rp)
    spent = dict(
        Transfer.objects.filter(region=region, kind=Transfer.Kind.SETTLE)
        .values_list("source__budget")
        .annotate(total=Sum("amount_rp"))
    )
    for pk, found in balances.items():
        found["granted"] = Money(-found["granted"].rupiah)
        found["spent"] = Money(spent.get(pk, 0))
    return [(budgets[pk], balances[pk]) for pk in budgets]


def verify(region: Region) -> tuple[int, list[str]]:
    """Recompute every balance from the transfers: how many lines, and what is wrong."""
    problems = []
    given = dict(_sums(region, "source"))
    taken = dict(_sums(region, "target"))
    for account in Account.objects.filter(region=region).order_by("pk"):
        balance = taken.get(account.pk, 0) - given.get(account.pk, 0)
        if balance != account.balance_rp:
            problems.append(
                f"account {account.pk} ({account.kind}): holds {account.balance_rp}, "
                f"its lines say {balance}"
            )
    problems += _odd_routes(region) + _odd_sums(region)
    return Transfer.objects.filter(region=region).count(), problems


def _odd_sums(region: Region) -> list[str]:
    """Days whose sum, which ceilings count, is not what the lines say."""
    kind = Transfer.Kind
    rows = Transfer.objects.filter(region=region, kind__in=(kind.RESERVE, kind.RELEASE))
    signed = Case(When(kind=kind.RESERVE, then=F("amount_rp")), default=-F("amount_rp"))
    budget = Case(When(kind=kind.RESERVE, then=F("target__budget")), default=F("source__budget"))
    lines: dict[tuple[int, date | None, str], int] = defaultdict(int)
    sums = rows.annotate(of=budget).order_by().values_list("of", "charged_on", "area")
    for pk, day, area, rupiah in sums.annotate(rupiah=Sum(signed)):
        lines[pk, day, area.rpartition(".")[0]] += rupiah
    kept = Drawn.objects.filter(budget__fund__region=region)
    for pk, day, area, rupiah in kept.values_list("budget", "day", "area", "amount_rp"):
        lines[pk, day, area] -= rupiah
    return [
        f"budget {pk} on {day} in {area or 'no district'}: the sum is off by {-off}"
        for (pk, day, area), off in lines.items()
        if off
    ][:20]


def _sums(region: Region, side: str) -> QuerySet[Transfer, tuple[int, int]]:
    rows = Transfer.objects.filter(region=region).order_by().values_list(side)
    return rows.annotate(total=Sum("amount_rp"))


def _odd_routes(region: Region) -> list[str]:
    """Transfers that took a way that no deed takes: the book was written by another hand."""
    ways = {
        Transfer.Kind.GRANT: ("granted", "available"),
        Transfer.Kind.RESERVE: ("available", "reserved"),
        Transfer.Kind.SETTLE: ("reserved", "payable"),
        Transfer.Kind.RELEASE: ("reserved", "available"),
        Transfer.Kind.PAY: ("payable", "paid"),
        Transfer.Kind.CASH: ("fares", "in_hand"),
        Transfer.Kind.QRIS: ("fares", "till"),
        Transfer.Kind.DEPOSIT: ("in_hand", "till"),
        Transfer.Kind.SHORT: ("in_hand", "short"),
        Transfer.Kind.REPAY: ("short", "till"),
        Transfer.Kind.WRITE_OFF: ("short", "lost"),
        Transfer.Kind.PASS_ON: ("till", "till"),
        Transfer.Kind.REFUND: ("till", "fares"),
    }
    known = Q()
    for kind, (source, target) in ways.items():
        known |= Q(kind=kind, source__kind=source, target__kind=target)
    odd = Transfer.objects.filter(region=region).exclude(known).order_by("pk")[:20]
    return [f"transfer {row.pk} ({row.key}): moves money by no known way" for row in odd]
