"""What is owed to whom, what of it is held, sent and paid, and since when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from gancang.accounts.models import Membership
from gancang.callbacks import queries as callbacks
from gancang.callbacks.rules import HELD_FOR
from gancang.ledger.models import Transfer
from gancang.ledger.queries import lines_of, sums_of, taken_back_of
from gancang.orders.models import Leg, Order
from gancang.regions.queries import today_in, zone_of
from gancang.settlement.models import Batch, Bounce, Correction, Payment
from gancang.settlement.rules import DUE_DAY, due_on
from gancang.values import Money
from gancang.web.months import month_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from gancang.accounts.models import User
    from gancang.callbacks.models import Callback
    from gancang.ledger.queries import Totals
    from gancang.regions.models import Organisation, Region

SETTLED = ("paid", "reversed")
STATES = ("open", "held", "batch", "paid", "returned", "reversed")
PAID_TO = (Payment.State.PAID, Payment.State.REPAID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which statement: of a month, of one payee, rider or fund, or all."""

    region: Region
    month: str
    payee: str = ""
    rider: str = ""
    fund: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What one payee has earned in a month, and how far it is paid."""

    code: str
    name: str
    lines: int
    sums: dict[str, Money]

    @property
    def total(self) -> Money:
        """All of it that was not taken back unpaid."""
        return Money(sum(sum_.rupiah for key, sum_ in self.sums.items() if key != "reversed"))

    @property
    def unpaid(self) -> Money:
        """What is still owed."""
        return self.total - self.sums["paid"]


@dataclass(frozen=True, slots=True)
class Due:
    """What of a month is not paid yet, and when it had to be."""

    month: str
    payee: str
    amount: Money
    due_on: date
    days_late: int


def money_of(region: Region) -> dict[str, Any]:
    """What the pack says of paying: due day, bank's files, accounts, account codes."""
    found: dict[str, Any] = region.config.get("money", {})
    return found


def due_day_of(region: Region) -> int:
    """The day of the following month on which a month is to be paid."""
    return int(money_of(region).get("due_day", DUE_DAY))


def lines_wanted(wanted: Wanted) -> QuerySet[Any]:
    """The lines of a statement, each with its `state` and, where it is held, its hold."""
    month = month_of(wanted.month, zone_of(wanted.region))
    rows = all_lines(wanted.region).filter(at__gte=month.begins, at__lt=month.ends)
    if wanted.payee:
        rows = rows.filter(target__payee__code=wanted.payee)
    if wanted.fund:
        rows = rows.filter(source__budget__fund__code=wanted.fund)
    if wanted.rider:
        rows = rows.filter(_carried_by(wanted.region, wanted.rider))
    return rows


def taken_back(wanted: Wanted) -> QuerySet[Any]:
    """What was taken back in the month of a statement, whichever month its line is of."""
    month = month_of(wanted.month, zone_of(wanted.region))
    rows = taken_back_of(wanted.region, begins=month.begins, ends=month.ends)
    if wanted.payee:
        rows = rows.filter(payee_code=wanted.payee)
    if wanted.fund:
        rows = rows.filter(fund_code=wanted.fund)
    if wanted.rider:
        rows = rows.filter(_carried_by(wanted.region, wanted.rider, payee="payee_pk"))
    return rows


def totals(wanted: Wanted) -> Totals:
    """What became owed, what was taken back, and what is left of it. Two queries."""
    return sums_of(lines_wanted(wanted), taken_back(wanted))


def _carried_by(region: Region, rider: str, *, payee: str = "target__payee") -> Q:
    """The lines that a rider has earned for his fleet: of orders or parts that he carried."""
    whole = Order.objects.filter(region=region, carrier__username=rider).values("code")
    parts = Leg.objects.filter(order__region=region, carrier__username=rider)
    fleets = Membership.objects.filter(region=region, user__username=rider).values("organisation")
    carried = Q(about__in=whole) | Q(about__in=parts.values("order__code"))
    return carried & Q((f"{payee}__in", fleets))


def all_lines(region: Region) -> QuerySet[Any]:
    """All that ever became owed in a region, each line with its `state`.

    A line is held by whoever disputes it, and where a call proves it until its receiver was rung.
    """
    unanswered = callbacks.holding()
    rows = Transfer.objects.filter(region=region, kind=Transfer.Kind.SETTLE)
    return rows.annotate(
        paid_in=FilteredRelation("payments", condition=Q(payments__is_live=True)),
        open_hold=FilteredRelation("holds", condition=Q(holds__released_at=None)),
        state=Case(
            When(paid_in__payment__state__in=PAID_TO, then=Value("paid")),
            When(reversed_by__isnull=False, then=Value("reversed")),
            When(paid_in__payment__state=Payment.State.RETURNED, then=Value("returned")),
            When(paid_in__isnull=False, then=Value("batch")),
            When(open_hold__isnull=False, then=Value("held")),
            When(Exists(unanswered), then=Value("held")),
            default=Value("open"),
            output_field=CharField(),
        ),
        held_for=Coalesce("open_hold__reason", _held_for(unanswered)),
        hold_number=F("open_hold__pk"),
        batch_code=F("paid_in__payment__batch__code"),
        payment_number=F("paid_in__payment"),
    )


def _held_for(unanswered: QuerySet[Callback]) -> Subquery:
    """Why a call holds a line, in the reader's language."""
    words = [When(state=state, then=Value(_(said))) for state, said in HELD_FOR.items()]
    said = Case(*words, output_field=CharField())
    return Subquery(unanswered.annotate(said=said).values("said")[:1])


def paid_unanswered(region: Region) -> list[str]:
    """What was paid though its receiver never said that it came, and nobody decided so."""
    rows = all_lines(region).filter(Exists(callbacks.holding()), state="paid")
    return list(rows.order_by("about").values_list("about", flat=True).distinct())


def standings(wanted: Wanted) -> list[Standing]:
    """Each payee's month in sums. One query."""
    rows = lines_wanted(wanted).order_by()
    found: dict[str, Standing] = {}
    sums = rows.values("target__payee__code", "target__payee__name", "state")
    for row in sums.annotate(n=Count("pk"), rp=Sum("amount_rp")):
        code, name = row["target__payee__code"], row["target__payee__name"]
        was = found.get(code) or Standing(code, name, 0, dict.fromkeys(STATES, Money(0)))
        found[code] = Standing(
            code, name, was.lines + row["n"], {**was.sums, row["state"]: Money(row["rp"])}
        )
    return sorted(found.values(), key=lambda each: each.name)


def list_due(
    region: Region, *, now: datetime, rider: User | None = None, payee: str = ""
) -> list[Due]:
    """All that is not paid yet, by month and payee, the oldest first. One query."""
    rows = all_lines(region).exclude(state__in=SETTLED)
    if rider is not None:
        rows = rows.filter(_carried_by(region, rider.username))
    if payee:
        rows = rows.filter(target__payee__code=payee)
    rows = rows.annotate(month=TruncMonth("at", tzinfo=zone_of(region))).order_by()
    sums = rows.values("month", "target__payee__name").annotate(rp=Sum("amount_rp"))
    today, day = today_in(region, now), due_day_of(region)
    found = []
    for row in sums.order_by("month", "target__payee__name"):
        month = row["month"].strftime("%Y-%m")
        due = due_on(month, day)
        late = max(0, (today - due).days)
        found.append(Due(month, row["target__payee__name"], Money(row["rp"]), due, late))
    return found


def line_for(asker: Membership, number: int) -> Transfer:
    """A line that the asker may dispute: any for the office, a rider's or stall's own; or 404."""
    rows = all_lines(asker.region).select_related("target__payee", "source__budget__fund")
    if asker.role == "rider":
        rows = rows.filter(_carried_by(asker.region, asker.user.username))
    elif asker.role == "stall":
        rows = rows.filter(target__payee=asker.organisation_id)
    line: Transfer = get_object_or_404(rows, pk=number)
    return line


def batches_of(region: Region) -> QuerySet[Batch]:
    """The batches of a region with their sums."""
    rows = Batch.objects.filter(region=region).select_related("made_by")
    return rows.annotate(total_rp=Sum("payments__amount_rp"), payees=Count("payments"))


def get_batch(region: Region, code: str) -> Batch:
    """A batch of the region, or 404."""
    return get_object_or_404(batches_of(region), code=code)


def get_payment(region: Region, reference: str) -> Payment:
    """A payment of the region, or 404."""
    rows = Payment.objects.filter(batch__region=region).select_related("batch__region", "payee")
    return get_object_or_404(rows, reference=reference)


def needs_second(line: Transfer) -> bool:
    """Whether taking a movement back needs another person: above the amount of the pack."""
    most: int = money_of(line.region).get("second_approval_above_rp", 0)
    return line.amount_rp > most


def come_back_of(line: Transfer) -> Money:
    """What of a reversal came back already, or is being set off in a batch."""
    back: dict[str, int | None] = line.recoveries.aggregate(rp=Sum("amount_rp"))
    return Money(back["rp"] or 0)


@dataclass(frozen=True, slots=True)
class OwedBack:
    """A reversal of what was paid, and what of it has not come back yet."""

    reversal: Transfer
    left: Money


def owed_back(region: Region, *, payee: Organisation | None = None) -> list[OwedBack]:
    """All that payees owe back and that no batch sets off yet, the oldest first. One query."""
    rows = Transfer.objects.filter(
        region=region, kind=Transfer.Kind.OWE_BACK, reversed_by__isnull=True
    )
    if payee is not None:
        rows = rows.filter(target__payee=payee)
    rows = rows.annotate(back=Coalesce(Sum("recoveries__amount_rp"), 0)).order_by("pk")
    rows = rows.filter(back__lt=F("amount_rp")).select_related("target__payee")
    return [OwedBack(row, Money(row.amount_rp - row.back)) for row in rows]


def bounces_of(region: Region) -> QuerySet[Bounce]:
    """Payments that came back."""
    rows = Bounce.objects.filter(payment__batch__region=region)
    return rows.select_related("payment__batch__region", "payment__payee", "asked_by", "decided_by")


def get_bounce(region: Region, number: int) -> Bounce:
    """One of them, or 404."""
    return get_object_or_404(bounces_of(region), pk=number)


def bounces_to_decide(asker: Membership) -> QuerySet[Bounce]:
    """What others say came back, and the asker may decide."""
    rows = bounces_of(asker.region).filter(state=Bounce.State.ASKED)
    return rows.exclude(asked_by=asker.user)


def came_back_unpaid(region: Region) -> QuerySet[Payment]:
    """Payments that came back and that no other pays again."""
    rows = Payment.objects.filter(batch__region=region, state=Payment.State.RETURNED)
    rows = rows.filter(taken_out_rp__lt=F("amount_rp"))
    again = Payment.objects.exclude(state=Payment.State.REFUSED).filter(repeats=OuterRef("pk"))
    return rows.exclude(Exists(again))


def to_pay_again(region: Region) -> list[Payment]:
    """The same, the oldest first, with their payees. One query."""
    return list(came_back_unpaid(region).select_related("payee").order_by("pk"))


def first_of(payment: Payment) -> Payment:
    """The payment that has the lines: the one that came back first."""
    while payment.repeats is not None:
        payment = payment.repeats
    return payment


def last_of(payment: Payment) -> tuple[Payment, Payment | None]:
    """Of a payment that came back: its last repetition that did, and which pays that again."""
    back = payment
    while (again := back.repeated_by.exclude(state=Payment.State.REFUSED).first()) is not None:
        if again.state != Payment.State.RETURNED:
            return back, again
        back = again
    return back, None


def accounts_to_mend(region: Region, *, on: date) -> set[int]:
    """Payees whose money came back from the very account that they have on a day. One query."""
    told = accounts_on(region, on)
    rows = Bounce.objects.filter(
        payment__batch__region=region,
        payment__state=Payment.State.RETURNED,
        state=Bounce.State.DONE,
        account_seen_by=None,
    )
    return {
        each.payment.payee_id
        for each in rows.select_related("payment__payee")
        if _is_account(each.payment, told.get(each.payment.payee.code, {}))
    }


def _is_account(payment: Payment, account: dict[str, str]) -> bool:
    was = (payment.bank, payment.account, payment.holder)
    return was == tuple(account.get(key) for key in ("bank", "number", "holder"))


def accounts_on(region: Region, day: date) -> dict[str, dict[str, str]]:
    """The bank account of each payee on a day: of those that have begun the newest."""
    rows = money_of(region).get("bank_accounts", [])  # by their first days
    return {row["organisation"]: row for row in rows if row["from"] <= day.isoformat()}


def corrections_of(region: Region) -> QuerySet[Correction]:
    """All that was asked to be taken back."""
    rows = Correction.objects.filter(line__region=region)
    return rows.select_related("line", "asked_by", "decided_by")


def corrections_to_decide(asker: Membership) -> QuerySet[Correction]:
    """What others asked for and the asker may decide."""
    rows = Correction.objects.filter(line__region=asker.region, state=Correction.State.ASKED)
    return rows.exclude(asked_by=asker.user)


def get_correction(region: Region, number: int) -> Correction:
    """One of them, or 404."""
    return get_object_or_404(corrections_of(region), pk=number)


def get_movement(region: Region, number: int) -> Transfer:
    """A movement of the region's book with its accounts, or 404."""
    return get_object_or_404(lines_of(region).select_related("reverses"), pk=number)


def find_reversal(row: Transfer) -> Transfer | None:
    """The movement that took this one back."""
    return Transfer.objects.filter(reverses=row).first()
