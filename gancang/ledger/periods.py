"""Closing a month of the book: frozen sums, sealed in the chain, kept shut by the database."""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Count, Q, Sum

from gancang.audit.actions import record
from gancang.ledger.models import Account, Period, Transfer
from gancang.ledger.rules import Why
from gancang.regions.queries import zone_of
from gancang.values import Refused
from gancang.web.months import month_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from gancang.accounts.models import User
    from gancang.regions.models import Region

State = Period.State


@transaction.atomic
def ask_to_close(
    region: Region, month: str, differences: Sequence[Mapping[str, str]], *, by: User, now: datetime
) -> Period:
    """The first of two stands for a month that is over, each open difference with its reason."""
    told = month_of(month, zone_of(region))
    if told.ends > now:
        raise Refused(Why.MONTH_GOES_ON, month=told.name)
    if Period.objects.filter(region=region, month=told.name).exists():
        raise Refused(Why.CLOSED_ALREADY, month=told.name)
    if earlier := _open_before(region, told.begins):
        raise Refused(Why.EARLIER_MONTH_OPEN, month=earlier)
    for each in differences:
        if not each["why"].strip():
            raise Refused(Why.DIFFERENCE_UNNAMED, what=each["what"])
    made = Period.objects.create(
        region=region,
        month=told.name,
        begins=told.begins,
        ends=told.ends,
        differences=[dict(each) for each in differences],
        asked_by=by,
        asked_at=now,
    )
    _tell("period.asked", made, by=by, now=now)
    return made


def _open_before(region: Region, begins: datetime) -> str | None:
    """The earliest month before this moment that holds movements and is not closed."""
    closed = Period.objects.filter(region=region, state=State.CLOSED).order_by("-ends").first()
    rows = Transfer.objects.filter(region=region, at__lt=begins)
    if closed is not None:
        rows = rows.filter(at__gte=closed.ends)
    first = rows.order_by("at").first()
    return first.at.astimezone(zone_of(region)).strftime("%Y-%m") if first else None


@transaction.atomic
def close(
    period: Period, differences: Callable[[Region], Sequence[str]], *, by: User, now: datetime
) -> None:
    """The second of two closes it. Movements under way end first; later ones find it shut."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ledger_transfer IN SHARE MODE")
    held = _still_asked(period)
    if held.asked_by_id == by.pk:
        raise Refused(Why.CLOSED_BY_TWO)
    if sorted(differences(held.region)) != sorted(each["what"] for each in held.differences):
        raise Refused(Why.DIFFERENCES_CHANGED)
    held.totals, held.lines, held.digest = totals_of(held)
    held.state, held.closed_by, held.closed_at = State.CLOSED, by, now
    held.save()
    told = {"lines": held.lines, "digest": held.digest, "totals": held.totals["kinds"]}
    _tell("period.closed", held, by=by, now=now, **told)


@transaction.atomic
def take_back(period: Period, *, by: User, now: datetime) -> None:
    """Whoever asked, or the other, finds it too early: the month stays open."""
    held = _still_asked(period)
    _tell("period.taken_back", held, by=by, now=now)
    held.delete()


def _still_asked(period: Period) -> Period:
    rows = Period.objects.select_for_update(of=("self",)).select_related("region")
    held = rows.filter(pk=period.pk, state=State.ASKED).first()
    if held is None:
        raise Refused(Why.CLOSED_ALREADY, month=period.month)
    return held


def _tell(kind: str, period: Period, *, by: User, now: datetime, **facts: object) -> None:
    code = period.region.code
    record(kind, period.month, region=code, by=by.username, now=now, facts=facts)


def lines_in(period: Period) -> QuerySet[Transfer]:
    """The movements that carry a date in it, oldest first."""
    rows = Transfer.objects.filter(
        region=period.region_id, at__gte=period.begins, at__lt=period.ends
    )
    return rows.order_by("pk")


def totals_of(period: Period) -> tuple[dict[str, Any], int, str]:
    """Its sums by kind, payee and budget line; how many lines; and the digest of them all."""
    rows = lines_in(period).order_by()
    kinds = rows.values_list("kind").annotate(n=Count("pk"), rp=Sum("amount_rp")).order_by("kind")
    owed: dict[str, int] = defaultdict(int)
    spent: dict[str, int] = defaultdict(int)
    for code, kind, rp in _by_payee(rows):
        owed[code] += rp if kind == Account.Kind.PAYABLE else -rp
    line = ("fund__code", "programme", "year")
    settled = rows.filter(kind=Transfer.Kind.SETTLE)
    for *told, rp in settled.values_list(*(f"source__budget__{each}" for each in line)).annotate(
        rp=Sum("amount_rp")
    ):
        spent["/".join(map(str, told))] += rp
    back = rows.filter(kind__in=(Transfer.Kind.REVERSE, Transfer.Kind.RECOVER))
    for *told, rp in back.values_list(*(f"target__budget__{each}" for each in line)).annotate(
        rp=Sum("amount_rp")
    ):
        spent["/".join(map(str, told))] -= rp
    digest, count = sha256(), 0
    fields = ("pk", "kind", "source", "target", "amount_rp", "about", "at", "by")
    for count, row in enumerate(rows.order_by("pk").values_list(*fields).iterator(), 1):  # noqa: B007
        digest.update("|".join(map(str, row)).encode() + b"\n")
    told = {
        "kinds": {kind: [n, rp] for kind, n, rp in kinds},
        "owed": dict(sorted(owed.items())),
        "spent": dict(sorted(spent.items())),
    }
    return told, count, digest.hexdigest()


def _by_payee(rows: QuerySet[Transfer]) -> list[tuple[str, str, int]]:
    """What payees earned, and what of it was taken back."""
    kind = Transfer.Kind
    earned = rows.filter(kind=kind.SETTLE).values_list("target__payee__code")
    unpaid = rows.filter(kind=kind.REVERSE).values_list("source__payee__code")
    paid = rows.filter(kind=kind.OWE_BACK).values_list("target__payee__code")
    sums = [(row, Account.Kind.PAYABLE) for row in earned.annotate(Sum("amount_rp"))]
    sums += [(row, Account.Kind.OWED_BACK) for row in unpaid.annotate(Sum("amount_rp"))]
    sums += [(row, Account.Kind.OWED_BACK) for row in paid.annotate(Sum("amount_rp"))]
    return [(code, side, rp) for (code, rp), side in sums]


def faults_of(region: Region) -> list[str]:
    """Closed months whose lines are not what they were when two people closed them."""
    said = []
    for period in Period.objects.filter(region=region, state=State.CLOSED).order_by("begins"):
        totals, lines, digest = totals_of(period)
        if (totals, lines, digest) != (period.totals, period.lines, period.digest):
            said.append(f"month {period.month}: its lines are not those with which it was closed")
    return said


def list_periods(region: Region) -> list[Period]:
    """The months that are closed or asked to be, the newest first."""
    rows = Period.objects.filter(region=region).select_related("asked_by", "closed_by")
    return list(rows.order_by("-month"))


def is_closed(region: Region, moment: datetime) -> bool:
    """Whether a moment lies in a closed month."""
    return Period.objects.filter(
        Q(begins__lte=moment, ends__gt=moment), region=region, state=State.CLOSED
    ).exists()
