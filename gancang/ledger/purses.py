"""What funds can still give, read from the book: locked to set aside, unlocked to foresee."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db.models import Case, F, IntegerField, Q, Sum, When

from gancang.ledger.models import Account, Drawn, Fund, Transfer
from gancang.ledger.rules import Why
from gancang.ledger.waterfall import Per, Purse, windows_of
from gancang.regions.models import District
from gancang.regions.queries import today_in
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from gancang.ledger.waterfall import Passed, Reservation, Split, Window
    from gancang.regions.models import Region

Kind = Account.Kind
Line = tuple[str, str, int]
Accounts = dict[Line, tuple[Account, Account]]


def open_purse(
    wanted: Sequence[Reservation], *, region: Region, now: datetime, locked: bool
) -> tuple[Purse, Accounts]:
    """What may be asked for these reservations; `locked`: held until the transaction ends."""
    return _purse(wanted, region=region, on=today_in(region, now), locked=locked)


@dataclass(slots=True)
class Foresight:
    """Whether the funds will reach for many reservations, told chunk by chunk. Holds nothing."""

    region: Region
    now: datetime
    purse: Purse | None = None
    given: dict[Line, int] = field(default_factory=dict)
    short: dict[Line, tuple[Passed, Reservation, int]] = field(default_factory=dict)

    def add(self, wanted: Sequence[Reservation]) -> None:
        """Count these too."""
        on = today_in(self.region, self.now)
        purse, _ = _purse(wanted, region=self.region, on=on, locked=False)
        if self.purse:  # what was counted before stays counted
            purse.free |= self.purse.free
            purse.used |= self.purse.used
        self.purse = purse
        for want in wanted:
            self._count(want, purse.pay(want))

    def _count(self, want: Reservation, split: Split) -> None:
        for fund, share in split.paid:
            line = fund, want.programme, want.year
            self.given[line] = self.given.get(line, 0) + share.rupiah
        for each in _of_last_turn(want, split) if split.unpaid else ():
            line = each.fund, want.programme, want.year
            first, whose, missing = self.short.get(line, (each, want, 0))
            self.short[line] = first, whose, missing + (each.needed - each.left).rupiah

    def refusals(self) -> list[Refused]:
        """The funds that do not reach for all of them together, each with what it would need."""
        on = today_in(self.region, self.now)
        found = []
        for line, (first, want, missing) in self.short.items():
            left = self.given.get(line, 0)
            whole = replace(first, left=Money(left), needed=Money(left + missing))
            found.append(Refused(first.why, **told(whole, want, region=self.region, on=on)))
        return found


def _purse(
    wanted: Sequence[Reservation], *, region: Region, on: date, locked: bool
) -> tuple[Purse, Accounts]:
    windows = windows_of(wanted, on=on)
    if locked and any(window.first.year != window.last.year for window in windows):
        # A cap over two years lies on two budgets: whoever draws on either waits at the fund.
        funds = Fund.objects.select_for_update(no_key=True).order_by("pk")
        list(funds.filter(region=region, code__in={window.fund for window in windows}))
    lines = {(p.fund, want.programme, want.year) for want in wanted for p in want.payers}
    accounts = _accounts(lines, region=region, locked=locked)
    free = {line: pair[0].balance_rp for line, pair in accounts.items()}
    return Purse(on, free, _used(windows, region), _of_orders(wanted)), accounts


def _accounts(lines: set[Line], *, region: Region, locked: bool) -> Accounts:
    """The accounts (available, reserved) of budget lines, where there is a budget."""
    rows = Account.objects.filter(
        budget__fund__region=region,
        budget__fund__code__in={fund for fund, _, _ in lines},
        budget__programme__in={programme for _, programme, _ in lines},
        budget__year__in={year for _, _, year in lines},
        kind__in=(Kind.AVAILABLE, Kind.RESERVED),
    ).order_by("pk")  # the one order in which all lock them
    if locked:
        rows = rows.select_for_update(of=("self",))
    found: dict[Line, dict[str, Account]] = {}
    for row in rows.select_related("budget__fund"):
        assert row.budget is not None, row.pk
        line = row.budget.fund.code, row.budget.programme, row.budget.year
        found.setdefault(line, {})[row.kind] = row
    return {
        line: (pair[Kind.AVAILABLE], pair[Kind.RESERVED])
        for line, pair in found.items()
        if line in lines
    }


def _used(windows: Iterable[Window], region: Region) -> dict[Window, int]:
    """What was set aside and did not come back within each window. One query, or none."""
    named = {f"w{place}": window for place, window in enumerate(windows)}
    if not named:
        return {}
    sums = {
        name: Sum(Case(When(_within(window), then=F("amount_rp")), output_field=IntegerField()))
        for name, window in named.items()
    }
    rows = Drawn.objects.filter(
        budget__fund__region=region, budget__programme__in={w.programme for w in named.values()}
    )
    totals = rows.aggregate(**sums)
    return {window: totals[name] or 0 for name, window in named.items()}


def _within(window: Window) -> Q:
    within = Q(
        budget__fund__code=window.fund,
        budget__programme=window.programme,
        day__gte=window.first,
        day__lte=window.last,
    )
    return within & Q(area=window.area) if window.area else within


def _of_orders(wanted: Sequence[Reservation]) -> dict[tuple[str, str], int]:
    """What each fund set aside for orders before this part of their way. One query, or none."""
    orders = {
        want.order
        for want in wanted
        if want.part and any(c.per is Per.ORDER for p in want.payers for c in p.ceilings)
    }
    if not orders:
        return {}
    signed = Case(
        When(kind=Transfer.Kind.RESERVE, then=F("amount_rp")),
        default=-F("amount_rp"),
        output_field=IntegerField(),
    )
    fund = Case(
        When(kind=Transfer.Kind.RESERVE, then=F("target__budget__fund__code")),
        default=F("source__budget__fund__code"),
    )
    rows = Transfer.objects.filter(
        about__in=orders, kind__in=(Transfer.Kind.RESERVE, Transfer.Kind.RELEASE)
    ).order_by()
    sums = rows.annotate(fund=fund).values_list("about", "fund").annotate(rupiah=Sum(signed))
    return {(order, code): rupiah for order, code, rupiah in sums}


def refusal_of(want: Reservation, split: Split, *, region: Region, on: date) -> Refused:
    """Why nobody pays the rest: what ended the first fund of the last turn that was asked."""
    first = _of_last_turn(want, split)[0]
    return Refused(first.why, **told(first, want, region=region, on=on))


def _of_last_turn(want: Reservation, split: Split) -> list[Passed]:
    """The funds behind which no other is asked."""
    last = max(payer.order for payer in want.payers)
    turn = {payer.fund for payer in want.payers if payer.order == last}
    return [each for each in split.passed if each.fund in turn]


def told(passed: Passed, want: Reservation, *, region: Region, on: date) -> dict[str, object]:
    """What the sentence of a fund that could not pay names."""
    fund = Fund.objects.filter(region=region, code=passed.fund).first()
    district = District.objects.filter(code=passed.area).first() if passed.area else None
    name = fund.name if fund and passed.why is not Why.NO_BUDGET else passed.fund
    return {
        "fund": name,
        "year": want.year,
        "left": passed.left,
        "needed": passed.needed,
        "ceiling": passed.ceiling,
        "area": district.name if district else passed.area,
        "on": on.isoformat(),
    }
