"""Reading the book, and proving that it adds up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from gancang.ledger.models import Account, Budget, Drawn, Fund, Transfer
from gancang.ledger.rules import Held
from gancang.values import Money

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Organisation, Region

PAID_BY_PATIENTS = (Transfer.Kind.CASH, Transfer.Kind.QRIS)
_INTO_RESERVE = (Transfer.Kind.RESERVE, Transfer.Kind.REVERSE)
_IN_RESERVE = (*_INTO_RESERVE, Transfer.Kind.SETTLE, Transfer.Kind.RELEASE)
_OF_A_PART = ("key", "charged_on", "area")

# Each kind of movement, and the ways that its deeds take.
WAYS = (
    (Transfer.Kind.GRANT, "granted", "available"),
    (Transfer.Kind.RESERVE, "available", "reserved"),
    (Transfer.Kind.SETTLE, "reserved", "payable"),
    (Transfer.Kind.RELEASE, "reserved", "available"),
    (Transfer.Kind.PAY, "payable", "paid"),
    (Transfer.Kind.BOUNCE, "paid", "payable"),
    (Transfer.Kind.CASH, "fares", "in_hand"),
    (Transfer.Kind.QRIS, "fares", "till"),
    (Transfer.Kind.DEPOSIT, "in_hand", "till"),
    (Transfer.Kind.SHORT, "in_hand", "short"),
    (Transfer.Kind.REPAY, "short", "till"),
    (Transfer.Kind.WRITE_OFF, "short", "lost"),
    (Transfer.Kind.PASS_ON, "till", "till"),
    (Transfer.Kind.REFUND, "till", "fares"),
    (Transfer.Kind.REVERSE, "payable", "reserved"),
    (Transfer.Kind.OWE_BACK, "paid", "owed_back"),
    (Transfer.Kind.SET_OFF, "owed_back", "paid"),
    (Transfer.Kind.RECOVER, "payable", "available"),
    (Transfer.Kind.RECOVER, "owed_back", "available"),
    (Transfer.Kind.REVISE, "granted", "available"),
    (Transfer.Kind.CUT, "available", "granted"),
    (Transfer.Kind.CARRY_OUT, "available", "granted"),
    (Transfer.Kind.CARRY_IN, "granted", "available"),
    (Transfer.Kind.RETURN, "available", "granted"),
    (Transfer.Kind.SALE, "granted", "available"),
    (Transfer.Kind.UNSELL, "available", "granted"),
    (Transfer.Kind.BRING, "till", "fares"),
    (Transfer.Kind.BUY, "buyers", "held"),
    (Transfer.Kind.BUY, "buyers", "passed"),
    (Transfer.Kind.STRAY, "buyers", "stray"),
    (Transfer.Kind.ADOPT, "stray", "held"),
    (Transfer.Kind.GIVE_BACK, "stray", "buyers"),
    (Transfer.Kind.GIVE_BACK, "held", "buyers"),
    (Transfer.Kind.GIVE_BACK, "passed", "buyers"),
    (Transfer.Kind.PAY_OUT, "held", "passed"),
)


@dataclass(frozen=True, slots=True)
class Totals:
    """What became owed in a month, and what was taken back in it, of whichever month it was."""

    gross: Money
    taken_back: Money  # below nothing where more was put back than taken

    @property
    def net(self) -> Money:
        """By how much payees have earned more than before."""
        return self.gross - self.taken_back


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
        if kind in _INTO_RESERVE:
            left[about, target] += rupiah
            if kind == Transfer.Kind.RESERVE:
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
    return next_parts_of([order])[order]


def next_parts_of(orders: Sequence[str]) -> dict[str, int]:
    """The same of many orders. One query."""
    following = dict.fromkeys(orders, 0)
    rows = Transfer.objects.filter(about__in=orders, kind=Transfer.Kind.RESERVE)
    for about, key in rows.values_list("about", "key") if orders else ():
        for part in _parts_of(key) or ["0"]:
            following[about] = max(following[about], int(part) + 1)
    return following


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


def taken_back_of(region: Region, *, begins: datetime, ends: datetime) -> QuerySet[Any]:
    """What was taken back between two moments, paid or not, with `payee_code` and `fund_code`.

    `rupiah` is below nothing where somebody took the taking back of what was paid back.
    """
    kind = Transfer.Kind
    undone = Q(kind=kind.SET_OFF, reverses__isnull=False)
    rows = Transfer.objects.filter(undone | Q(kind__in=(kind.REVERSE, kind.OWE_BACK)))
    rows = rows.filter(region=region, at__gte=begins, at__lt=ends)
    fund = "source__budget__fund__code"
    return rows.annotate(
        rupiah=Case(
            When(undone, then=-F("amount_rp")),
            default=F("amount_rp"),
            output_field=BigIntegerField(),
        ),
        payee_code=Coalesce("target__payee__code", "source__payee__code"),
        payee_pk=Coalesce("target__payee", "source__payee"),
        fund_code=Coalesce(
            "target__budget__fund__code", f"reverses__{fund}", f"reverses__reverses__{fund}"
        ),
    )


def sums_of(owed: QuerySet[Transfer], taken_back: QuerySet[Any]) -> Totals:
    """The totals of lines that became owed and of some that were taken back. Two queries."""
    gross = owed.order_by().aggregate(rp=Sum("amount_rp"))["rp"]
    back = taken_back.order_by().aggregate(rp=Sum("rupiah"))["rp"]
    return Totals(Money(gross or 0), Money(back or 0))


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
    signed = Case(When(kind__in=_INTO_RESERVE, then=F("amount_rp")), default=-F("amount_rp"))
    rows = Transfer.objects.filter(region=region, kind__in=_IN_RESERVE).order_by()
    sums = rows.values("about").annotate(held=Sum(signed)).exclude(held=0)
    return {row["about"]: Money(row["held"]) for row in sums}


def list_funds(region: Region) -> list[Fund]:
    """Whose money there is, by name."""
    return list(Fund.objects.filter(region=region).order_by("name"))


def list_budgets(region: Region) -> list[tuple[Budget, dict[str, Money]]]:
    """Each budget with what was granted, is available, is reserved, and was spent. One query."""
    balances: dict[int, dict[str, int]] = defaultdict(dict)
    budgets: dict[int, Budget] = {}
    rows = Account.objects.filter(region=region, budget__isnull=False)
    for account in rows.select_related("budget__fund").order_by(
        "budget__fund__code", "budget__year"
    ):
        assert account.budget is not None
        budgets[account.budget.pk] = account.budget
        balances[account.budget.pk][account.kind] = account.balance_rp
    return [(budgets[pk], _told(balances[pk])) for pk in budgets]


def balances_of(budget: Budget) -> dict[str, Money]:
    """The same of one budget."""
    rows = Account.objects.filter(budget=budget)
    return _told(dict(rows.values_list("kind", "balance_rp")))


def _told(balances: dict[str, int]) -> dict[str, Money]:
    found = {kind: Money(abs(rupiah)) for kind, rupiah in balances.items()}
    # What was granted and is not here any more: owed or paid, less what came back.
    return {**found, "spent": found["granted"] - found["available"] - found["reserved"]}


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
    problems += _odd_routes(region) + _odd_sums(region) + _odd_reversals(region)
    return Transfer.objects.filter(region=region).count(), problems


def _odd_sums(region: Region) -> list[str]:
    """Days whose sum, which ceilings count, is not what the lines say."""
    kind = Transfer.Kind
    counted = (kind.RESERVE, kind.RELEASE, kind.RECOVER)
    rows = Transfer.objects.filter(region=region, kind__in=counted)
    signed = Case(When(kind=kind.RESERVE, then=F("amount_rp")), default=-F("amount_rp"))
    budget = Case(When(kind=kind.RELEASE, then=F("source__budget")), default=F("target__budget"))
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
    known = Q()
    for kind, source, target in WAYS:
        known |= Q(kind=kind, source__kind=source, target__kind=target)
    odd = Transfer.objects.filter(region=region).exclude(known).order_by("pk")[:20]
    return [f"transfer {row.pk} ({row.key}): moves money by no known way" for row in odd]


def _odd_reversals(region: Region) -> list[str]:
    """Movements that take another back and are not its mirror, to the rupiah."""
    kind, first = Transfer.Kind, F("reverses__amount_rp")
    rows = Transfer.objects.filter(region=region)
    mirrored = Q(source=F("reverses__target"), target=F("reverses__source"))
    # What was paid goes another way: from the payee to what he owes.
    paid = Q(kind=kind.OWE_BACK, target__payee=F("reverses__target__payee"))
    same = Q(amount_rp=first, about=F("reverses__about"), region=F("reverses__region"))
    odd = rows.filter(reverses__isnull=False).exclude(same & (mirrored | paid))
    nameless = rows.filter(kind__in=(kind.REVERSE, kind.OWE_BACK, kind.BOUNCE), reverses=None)
    found = [*odd.order_by("pk")[:20], *nameless.order_by("pk")[:20]]
    return [f"transfer {row.pk} ({row.key}): takes back what it does not mirror" for row in found]
