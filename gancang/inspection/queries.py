"""Reading what became owed, from the total down to its proof; each question knows who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet, Sum
from django.shortcuts import get_object_or_404

from gancang.audit import queries as audit
from gancang.callbacks.queries import states_of
from gancang.inspection.models import Recheck, Sample, SampleLine
from gancang.inspection.rules import Judged, Opinion, Why, weigh
from gancang.ledger.queries import settlements_of
from gancang.programmes.queries import list_programmes
from gancang.regions.queries import zone_of
from gancang.residents.queries import read_people, reader_for
from gancang.servings.queries import all_proofs
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gancang.accounts.models import Membership
    from gancang.audit.models import Seal
    from gancang.ledger.models import Transfer
    from gancang.orders.queries import Proven
    from gancang.regions.models import Region
    from gancang.residents.queries import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines: from the first to the last day, of one programme, fund, payee or of all."""

    first: date
    last: date
    programme: str = ""
    fund: str = ""
    payee: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What one programme took from one fund for one payee."""

    programme: str
    programme_name: str
    fund: str
    fund_name: str
    payee: str
    payee_name: str
    lines: int
    amount: Money


def lines_wanted(region: Region, wanted: Wanted) -> QuerySet[Transfer]:
    """What became owed then, by the region's calendar. Refused if it ends before it begins."""
    if wanted.last < wanted.first:
        raise Refused(Why.WRONG_WAY_ROUND)
    zone = zone_of(region)
    begins = datetime.combine(wanted.first, time(), zone)
    ends = datetime.combine(wanted.last + timedelta(days=1), time(), zone)
    rows = settlements_of(region, begins=begins, ends=ends)
    chosen = {
        "source__budget__programme": wanted.programme,
        "source__budget__fund__code": wanted.fund,
        "target__payee__code": wanted.payee,
    }
    return rows.filter(**{field: code for field, code in chosen.items() if code})


def sums_of(region: Region, wanted: Wanted) -> list[Total]:
    """The totals by programme, fund and payee, the largest first. Two queries."""
    names = {each.code: each.name for each in list_programmes(region)}
    fields = {
        "programme": "source__budget__programme",
        "fund": "source__budget__fund__code",
        "fund_name": "source__budget__fund__name",
        "payee": "target__payee__code",
        "payee_name": "target__payee__name",
    }
    rows = lines_wanted(region, wanted).order_by().values_list(*fields.values())
    found = rows.annotate(n=Count("pk"), rp=Sum("amount_rp")).order_by("-rp", *fields.values())
    return [
        Total(
            **dict(zip(fields, told, strict=True)),
            programme_name=names.get(told[0], told[0]),
            lines=lines,
            amount=Money(rupiah),
        )
        for *told, lines, rupiah in found
    ]


def with_proofs(
    region: Region, rows: Iterable[Transfer]
) -> list[tuple[Transfer, Proven | None, str]]:
    """Lines of the book, the proof that each rests on, what its receiver was rung for and said."""
    lines = list(rows)
    codes = {line.about for line in lines}
    proofs, calls = all_proofs(region, codes), states_of(region, codes)
    return [(line, proofs.get(line.about), calls.get(line.about, "")) for line in lines]


def samples_of(asker: Membership) -> QuerySet[Sample]:
    """The samples of the asker's region, newest first."""
    rows = Sample.objects.filter(region=asker.region_id).select_related("drawn_by", "region")
    return rows.order_by("-pk")


def get_sample(asker: Membership, number: int) -> Sample:
    """One sample of the asker's region, or 404."""
    return get_object_or_404(samples_of(asker), pk=number)


def lines_of(sample: Sample) -> QuerySet[SampleLine]:
    """What was drawn, in the order of the book."""
    rows = sample.lines.select_related(
        "transfer__source__budget__fund", "transfer__target__payee", "judged_by"
    )
    return rows.order_by("pk")


def get_line(asker: Membership, number: int) -> SampleLine:
    """One line that was drawn in the asker's region, or 404."""
    rows = SampleLine.objects.filter(sample__region=asker.region_id)
    return get_object_or_404(rows.select_related("sample__region", "transfer"), pk=number)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sample was looked at, and what it says so far."""

    drawn: int
    open: int
    unclear: int
    wrong: int
    opinion: Opinion | None  # only once every line was judged


def progress_of(sample: Sample) -> Progress:
    """What was found so far; the projection once nothing is open. One query."""
    rows = list(sample.lines.values_list("found", "transfer__amount_rp", "wrong_rp"))
    count = {word: sum(found == word for found, _, _ in rows) for word in ("", "unclear", "wrong")}
    opinion = None
    if rows and not count[""] and not count["unclear"]:
        judged = [Judged(rupiah, wrong) for _, rupiah, wrong in rows]
        opinion = weigh(judged, interval=sample.interval_rp, total=sample.total_rp)
    return Progress(len(rows), count[""], count["unclear"], count["wrong"], opinion)


def rechecks_to_ask(asker: Membership) -> QuerySet[Recheck]:
    """The hand-overs of the asker's region whose receivers are still to be asked."""
    rows = Recheck.objects.filter(region=asker.region_id, outcome="")
    return rows.select_related("order__village__district", "order__programme", "region")


def get_recheck(asker: Membership, code: str) -> Recheck:
    """The recheck of one order in the asker's region, or 404."""
    rows = Recheck.objects.filter(region=asker.region_id).select_related("order", "region")
    return get_object_or_404(rows, order__code=code)


def receivers_to_ask(
    asker: Membership, rechecks: Sequence[Recheck], *, now: datetime
) -> Mapping[int, Person]:
    """The people who are asked, by number, each reading logged."""
    reader = reader_for(asker, purpose="recheck", now=now)
    return read_people(reader, [each.order.resident_id for each in rechecks])


def rechecks_told(region: Region, wanted: Wanted) -> dict[str, int]:
    """Of the hand-overs of a period: how many were drawn, by what their receivers say."""
    rows = Recheck.objects.filter(
        region=region, drawn_for__gte=wanted.first, drawn_for__lte=wanted.last
    )
    return dict(rows.order_by().values_list("outcome").annotate(Count("pk")))


def seals_for(region: Region) -> QuerySet[Seal]:
    """The daily seals of a region: everybody may read them."""
    return audit.seals_of(region.code)


def chain_holds(region: Region) -> Sequence[str]:
    """Which seals the chain does not bear out; nothing where all is well."""
    return audit.faults_against(region.code, audit.seal_copies(region.code))
