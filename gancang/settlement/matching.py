"""Whether orders, ledger and payments say the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from gancang.ledger.models import Account, Transfer
from gancang.servings.queries import all_unproved
from gancang.settlement.models import Payment, PaymentLine, Recovery
from gancang.settlement.queries import SETTLED, all_lines
from gancang.values import Money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from gancang.regions.models import Region


@dataclass(frozen=True, slots=True)
class Match:
    """Orders, ledger and payments of one payee, which must say the same."""

    payee: str
    orders: int
    proved: Money
    owed: Money
    paid: Money
    set_off: Money
    unpaid: Money
    balance: Money

    @property
    def fits(self) -> bool:
        """Whether every rupiah has a proved order, and is either paid or still on the account."""
        return (
            self.proved == self.owed
            and self.owed == self.paid + self.set_off + self.unpaid
            and self.balance == self.unpaid
        )


def matches(region: Region) -> list[Match]:
    """The three-way match of each payee, over all months. A fixed number of queries."""
    lines = Transfer.objects.filter(region=region, kind=Transfer.Kind.SETTLE).order_by()
    lines = lines.exclude(reversed_by__kind=Transfer.Kind.REVERSE)  # owed no more
    unproved = all_unproved(region, lines.values_list("about", flat=True).distinct())
    proved = ~Q(about__in=unproved)
    rows = lines.values("target", "target__payee__name").annotate(
        orders=Count("about", distinct=True),
        rp=Sum("amount_rp"),
        ok=Sum("amount_rp", filter=proved),
    )
    pays = _stands(region).order_by()
    in_book = dict(pays.values_list("source").annotate(Sum("amount_rp")))
    back = Transfer.objects.filter(region=region, kind=Transfer.Kind.RECOVER).order_by()
    set_off = dict(back.values_list("source").annotate(Sum("amount_rp")))
    unpaid = _unpaid(region)
    balances = dict(
        Account.objects.filter(region=region, kind=Account.Kind.PAYABLE).values_list(
            "pk", "balance_rp"
        )
    )
    return [
        Match(
            row["target__payee__name"],
            row["orders"],
            Money(row["ok"] or 0),
            Money(row["rp"]),
            Money(in_book.get(row["target"], 0)),
            Money(set_off.get(row["target"], 0)),
            Money(unpaid.get(row["target"], 0)),
            Money(balances.get(row["target"], 0)),
        )
        for row in rows.order_by("target__payee__name")
    ]


def _unpaid(region: Region) -> dict[int, int]:
    """By account what no payment has paid yet, by the payments themselves."""
    rows = all_lines(region).exclude(state__in=(*SETTLED, "returned")).order_by()
    unpaid = Counter(dict(rows.values_list("target").annotate(Sum("amount_rp"))))
    # Of what came back, that which the bank had paid: what was set off stays set off.
    back = Payment.objects.filter(batch__region=region, state=Payment.State.RETURNED).order_by()
    newer = Payment.objects.filter(repeats=OuterRef("pk"), state=Payment.State.RETURNED)
    left = Sum(F("amount_rp") - F("taken_out_rp"))
    sums = dict(back.exclude(Exists(newer)).values_list("payee").annotate(left=left))
    accounts = Account.objects.filter(region=region, kind=Account.Kind.PAYABLE, payee__in=sums)
    unpaid.update({pk: sums[payee] for pk, payee in accounts.values_list("pk", "payee")})
    return unpaid


def differences(region: Region) -> Iterable[str]:
    """Where orders, ledger and payments disagree: nothing, or somebody's hand was in it."""
    for each in matches(region):
        if each.owed != each.paid + each.set_off + each.unpaid or each.balance != each.unpaid:
            yield (
                f"{each.payee}: owed {each.owed}, paid {each.paid}, set off {each.set_off}, "
                f"unpaid {each.unpaid}, on the account {each.balance}"
            )
    for reversal in _odd_recoveries(region):
        yield f"movement {reversal}: what came back of it is not what the book says"
    sums = PaymentLine.objects.filter(payment__batch__region=region).order_by()
    whole = F("payment__amount_rp") + F("payment__set_off_rp")
    rows = sums.values("payment__reference", whole=whole)
    for row in rows.annotate(rp=Sum("line__amount_rp")).exclude(rp=F("whole")):
        yield f"payment {row['payment__reference']}: its lines are not what it pays"
    for odd in _odd_repeats(region):
        yield f"payment {odd}: pays again another amount than came back"
    keys = _stands(region)
    paid = Payment.objects.filter(batch__region=region, state=Payment.State.PAID, amount_rp__gt=0)
    for reference in paid.exclude(reference__in=keys.values("about")).values_list("reference"):
        yield f"payment {reference[0]}: marked as paid, which the book does not know"
    for about in keys.exclude(about__in=paid.values("reference")).values_list("about"):
        yield f"payment {about[0]}: paid in the book and not by the bank"


def _odd_repeats(region: Region) -> list[str]:
    """Payments that pay one again that came back, and not to the rupiah; or twice."""
    rows = Payment.objects.filter(batch__region=region, repeats__isnull=False)
    whole = F("amount_rp") + F("set_off_rp")
    came_back = F("repeats__amount_rp") - F("repeats__taken_out_rp")
    rows = rows.exclude(state=Payment.State.REFUSED).annotate(whole=whole, came_back=came_back)
    odd = rows.exclude(came_back=F("whole")) | rows.filter(repeats__state="paid")
    paid_again = rows.filter(state=Payment.State.PAID).exclude(repeats__state="repaid")
    return sorted({each.reference for each in (*odd, *paid_again)})


def _stands(region: Region) -> QuerySet[Transfer]:
    """What the bank paid and what did not come back."""
    rows = Transfer.objects.filter(region=region, kind=Transfer.Kind.PAY)
    return rows.exclude(reversed_by__kind=Transfer.Kind.BOUNCE)


def _odd_recoveries(region: Region) -> list[int]:
    """Reversals of which more came back than was taken back, or other than the book says."""
    rows = Transfer.objects.filter(region=region, kind=Transfer.Kind.OWE_BACK)
    rows = rows.annotate(back=Coalesce(Sum("recoveries__amount_rp"), 0))
    odd = set(rows.filter(back__gt=F("amount_rp")).values_list("pk", flat=True))
    lines = Transfer.objects.filter(region=region, kind=Transfer.Kind.RECOVER).order_by()
    told = {f"recover:{pk}": rp for pk, rp in _done(region)}
    book = dict(lines.values_list("key", "amount_rp"))
    return sorted(odd | {int(key.split(":")[1]) for key, _ in told.items() ^ book.items()})


def _done(region: Region) -> QuerySet[Recovery, tuple[int, int]]:
    rows = Recovery.objects.filter(reversal__region=region, done_at__isnull=False)
    return rows.values_list("pk", "amount_rp")
