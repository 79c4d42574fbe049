"""Papers of a settlement: the kuitansi of a payment, its BAST, the recap for the SPJ."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gancang.ledger.queries import list_funds
from gancang.paper.lists import Listing
from gancang.paper.vouchers import Voucher
from gancang.regions.queries import zone_of
from gancang.settlement.queries import lines_wanted, money_of
from gancang.settlement.templatetags.gancang_settlement import settled_words
from gancang.values import Money, in_words
from gancang.values.spelled import spelled

if TYPE_CHECKING:
    from datetime import date

    from gancang.regions.models import Region
    from gancang.settlement.models import Payment
    from gancang.settlement.queries import Wanted

DAYS_MAX = 400  # rows of a paper; a batch that reaches farther back says so in its last row


@dataclass(frozen=True, slots=True)
class Recapped:
    """A row of the recap: under one account code, what one fund owes one payee."""

    code: str
    name: str
    fund: str
    programme: str
    payee: str
    orders: int
    amount: Money


def receipt_of(payment: Payment) -> Voucher:
    """The kuitansi: from whom, how much in figures and in words, what for."""
    batch = payment.batch
    return Voucher(
        house=batch.region.name,
        title=_("Receipt"),
        number=payment.reference,
        facts=[
            (_("Received from"), _("Treasurer of %(region)s") % {"region": batch.region.name}),
            (_("The sum of"), _("%(words)s rupiah") % {"words": spelled(payment.amount_rp)}),
            (
                _("In payment of"),
                _("deliveries up to %(month)s, %(lines)s lines of the book")
                % {"month": batch.month, "lines": payment.lines.count()},
            ),
            (_("Paid to"), f"{payment.payee.name}, {payment.bank} {payment.account}"),
            (_("State"), settled_words(payment.state)),
            (_("The bank's number"), payment.bank_reference or "-"),
        ],
        sum=in_words(payment.amount_rp),
        signatures=[_("Treasurer"), _("Received by")],
        foot=batch.code,
    )


def minutes_of(payment: Payment) -> Voucher:
    """The BAST: what was handed over on which day, each order proved at its door."""
    region = payment.batch.region
    days = (
        payment.lines.annotate(day=TruncDate("line__at", tzinfo=zone_of(region)))
        .order_by()
        .values("day")
        .annotate(n=Count("line__about", distinct=True), rp=Sum("line__amount_rp"))
        .order_by("day")
    )
    rows = [
        [date_format(row["day"], "j F Y"), str(row["n"]), in_words(row["rp"])]
        for row in days[:DAYS_MAX]
    ]
    return Voucher(
        house=region.name,
        title=_("Minutes of hand-over (BAST)"),
        number=payment.reference,
        opening=[
            _(
                "The first party hands over, the second accepts, the deliveries of the days below. "
                "Each has its proof of hand-over in Gancang."
            )
        ],
        facts=[
            (_("First party"), payment.payee.name),
            (_("Second party"), region.name),
            (_("Up to"), payment.batch.month),
        ],
        columns=[(_("Day"), 60), (_("Orders"), 30), (_("Amount"), 0)],
        rows=rows,
        sum=in_words(payment.amount_rp),
        signatures=[_("First party"), _("Second party")],
        foot=payment.batch.code,
    )


def account_code_of(region: Region, *, fund: str, programme: str, on: date) -> tuple[str, str]:
    """The kode rekening in force that day, and its name; a programme's own before a common one."""
    return _code_in(money_of(region).get("account_codes", []), fund, programme, on.isoformat())


def _code_in(rows: list[dict[str, Any]], fund: str, programme: str, on: str) -> tuple[str, str]:
    fitting = [
        row
        for row in rows
        if row["fund"] == fund
        and row.get("programme", programme) == programme
        and row["from"] <= on <= row.get("until", "9999-12-31")
    ]
    if not fitting:
        return "", ""
    best = max(fitting, key=lambda row: ("programme" in row, row["from"]))
    return best["code"], best["name"]


def recap(wanted: Wanted) -> list[Recapped]:
    """A month by account code, fund, programme and payee; a code counts on the line's own day."""
    codes = money_of(wanted.region).get("account_codes", [])
    names = {fund.code: fund.name for fund in list_funds(wanted.region)}
    rows = lines_wanted(wanted).order_by()
    rows = rows.annotate(day=TruncDate("at", tzinfo=zone_of(wanted.region)))
    sums = rows.values(
        "day", "source__budget__fund__code", "source__budget__programme", "target__payee__name"
    ).annotate(n=Count("about", distinct=True), rp=Sum("amount_rp"))
    found: dict[tuple[str, str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in sums:
        fund, programme = row["source__budget__fund__code"], row["source__budget__programme"]
        code, name = _code_in(codes, fund, programme, row["day"].isoformat())
        key = code, name, names.get(fund, fund), programme, row["target__payee__name"]
        found[key][0] += row["n"]
        found[key][1] += row["rp"]
    return [
        Recapped(code, name, fund, programme, payee, orders, Money(rupiah))
        for (code, name, fund, programme, payee), (orders, rupiah) in sorted(found.items())
    ]


def recap_listing(wanted: Wanted) -> Listing:
    """The recap as the paper that goes with the SPJ."""
    rows = recap(wanted)
    total = in_words(sum(row.amount.rupiah for row in rows))
    cells = [
        [row.code or "-", row.name, row.fund, row.payee, str(row.orders), str(row.amount)]
        for row in rows
    ]
    return Listing(
        title=_("Recap for the SPJ, %(month)s") % {"month": wanted.month},
        told=wanted.region.name,
        columns=[
            (_("Account code"), 45),
            (_("Account"), 0),
            (_("Fund"), 45),
            (_("Payee"), 55),
            (_("Orders"), 20),
            (_("Amount"), 35),
        ],
        rows=[*cells, [_("Sum"), "-", "-", "-", str(sum(row.orders for row in rows)), total]],
        foot=_("Treasurer: ____________________"),
    )
