"""What stands in the way of closing a month, and what a closed one holds."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from gancang.ledger.models import Budget, Period, Revision, YearEnd
from gancang.ledger.periods import lines_in, list_periods
from gancang.programmes.models import Programme
from gancang.regions.models import Organisation
from gancang.regions.queries import today_in
from gancang.servings.queries import all_proofs
from gancang.settlement.matching import differences, matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.db.models import QuerySet

    from gancang.ledger.year_end import Bound, Ending, Plan
    from gancang.regions.models import Region

LINES_AT_ONCE = 5_000


def open_differences(region: Region) -> list[str]:
    """Where orders, ledger and payments do not say the same, each in a sentence."""
    found = list(differences(region))
    found += [
        f"{each.payee}: owed {each.owed}, of which {each.proved} has a proof"
        for each in matches(region)
        if each.proved != each.owed
    ]
    return found


def month_to_close(region: Region, *, now: datetime) -> str:
    """The month after the last one that is closed or asked to be; the last month if none is."""
    known = list_periods(region)
    if not known:
        first = today_in(region, now).replace(day=1)
        return (first - timedelta(days=1)).strftime("%Y-%m")
    year, month = (int(part) for part in known[0].month.split("-"))
    return f"{year + month // 12}-{month % 12 + 1:02d}"


def is_over(region: Region, month: str, *, now: datetime) -> bool:
    """Whether a month has passed, so that it can be closed."""
    return month < today_in(region, now).strftime("%Y-%m")


def names_in(region: Region, totals: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    """How the payees and budget lines of a month's sums are called, by their codes."""
    payees = Organisation.objects.filter(region=region, code__in=totals.get("owed", {}))
    found = {each.code: each.name for each in payees}
    rows = Programme.objects.filter(region=region).order_by("version")
    programmes = dict(rows.values_list("code", "name"))
    for line in Budget.objects.filter(fund__region=region).select_related("fund"):
        code, name = line.programme, programmes.get(line.programme, line.programme)
        told = f"{line.fund.name}, {name}, {line.year}"
        found[f"{line.fund.code}/{code}/{line.year}"] = told
    return found


def get_period(region: Region, number: int) -> Period:
    """A month of the region that is closed or asked to be, or 404."""
    rows = Period.objects.select_related("region", "asked_by", "closed_by")
    return get_object_or_404(rows, region=region, pk=number)


def written_lines(period: Period) -> Iterator[tuple[Any, ...]]:
    """A closed month's movements as plain values, streamed; each with its proof's own moment."""
    rows = lines_in(period).annotate(
        out_of=Coalesce("source__payee__code", "source__budget__fund__code"),
        into=Coalesce("target__payee__code", "target__budget__fund__code"),
    )
    fields = ("pk", "at", "about", "kind", "out_of", "into", "amount_rp", "by")
    stream = rows.values_list(*fields).iterator(chunk_size=LINES_AT_ONCE)
    while some := list(islice(stream, LINES_AT_ONCE)):
        proofs = all_proofs(period.region, {row[2] for row in some})
        for row in some:
            proof = proofs.get(row[2])
            yield (*row, proof.handed_over_at if proof else None)


def get_budget(region: Region, number: int) -> Budget:
    """A budget line of the region, or 404."""
    rows = Budget.objects.select_related("fund__region")
    return get_object_or_404(rows, fund__region=region, pk=number)


def revisions_of(budget: Budget) -> list[Revision]:
    """What documents made of a budget, the newest first."""
    return list(budget.revisions.select_related("by").order_by("-pk"))


def year_ends_of(region: Region, year: int) -> QuerySet[YearEnd]:
    """What was asked and done at the end of a year, fund by fund."""
    rows = YearEnd.objects.filter(fund__region=region, year=year)
    return rows.select_related("fund", "asked_by", "done_by").order_by("-pk")


class Left(NamedTuple):
    """An order that the next year's line cannot bear, and its line."""

    bound: Bound
    line: Ending


def left_behind(plans: Iterable[Plan]) -> list[Left]:
    """Orders that would stay bound to the lines of a year, the oldest first."""
    rows = [Left(bound, line) for plan in plans for line in plan.lines for bound in line.stays]
    return sorted(rows, key=lambda row: (row.bound.since, row.bound.order))
