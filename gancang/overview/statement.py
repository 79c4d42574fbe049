"""The monthly statement: what is owed to whom, line by line, with order and proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from gancang.ledger.queries import (
    fares_of,
    patients_money,
    refunds_of,
    settlements_of,
    sums_of,
    taken_back_of,
)
from gancang.regions.queries import zone_of
from gancang.servings.queries import all_proofs
from gancang.web.months import month_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from gancang.ledger.models import Transfer
    from gancang.ledger.queries import Totals
    from gancang.orders.queries import Proven
    from gancang.regions.models import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which statement: of a month, for one fleet or one fund or all."""

    region: Region
    month: str
    fleet: str = ""
    funder: str = ""


class Line(NamedTuple):
    """A settlement as a statement tells it; a month may have a hundred thousand."""

    number: int
    at: datetime
    order: str
    amount_rp: int
    programme: str
    fund: str
    fund_name: str
    payee: str
    payee_name: str


def lines_wanted(wanted: Wanted) -> QuerySet[Transfer]:
    """The settlements that a statement lists."""
    month = month_of(wanted.month, zone_of(wanted.region))
    rows = settlements_of(wanted.region, begins=month.begins, ends=month.ends)
    if wanted.fleet:
        rows = rows.filter(target__payee__code=wanted.fleet)
    if wanted.funder:
        rows = rows.filter(source__budget__fund__code=wanted.funder)
    return rows


def totals(wanted: Wanted) -> Totals:
    """What became owed in the month, what was taken back in it, and what is left. Two queries."""
    month = month_of(wanted.month, zone_of(wanted.region))
    back = taken_back_of(wanted.region, begins=month.begins, ends=month.ends)
    if wanted.fleet:
        back = back.filter(payee_code=wanted.fleet)
    if wanted.funder:
        back = back.filter(fund_code=wanted.funder)
    return sums_of(lines_wanted(wanted), back)


def lines_told(wanted: Wanted, *order: str) -> list[tuple[Line, Proven | None]]:
    """All lines of a statement in an order, each with its proof. Four queries."""
    rows = lines_wanted(wanted).order_by(*order)
    told = rows.values_list(
        "pk",
        "at",
        "about",
        "amount_rp",
        "source__budget__programme",
        "source__budget__fund__code",
        "source__budget__fund__name",
        "target__payee__code",
        "target__payee__name",
    )
    lines = [Line(*row) for row in told]
    proofs = all_proofs(wanted.region, {line.order for line in lines})
    return [(line, proofs.get(line.order)) for line in lines]


def statement(wanted: Wanted) -> dict[str, Any]:
    """The whole statement as plain values, in a fixed number of queries."""
    lines, sums = lines_told(wanted, "pk"), totals(wanted)
    payees: dict[str, int] = {}
    funders: dict[str, int] = {}
    for line, _ in lines:
        payees[line.payee] = payees.get(line.payee, 0) + line.amount_rp
        funders[line.fund] = funders.get(line.fund, 0) + line.amount_rp
    return {
        "region": wanted.region.code,
        "month": wanted.month,
        "fleet": wanted.fleet or None,
        "funder": wanted.funder or None,
        "lines": [_line(*each) for each in lines],
        "owed_to": dict(sorted(payees.items())),
        "paid_by": dict(sorted(funders.items())),
        "total_rp": sum(payees.values()),
        "taken_back_rp": sums.taken_back.rupiah,
        "net_rp": sums.net.rupiah,
        "patients": _patients(wanted),
    }


def fares_wanted(wanted: Wanted) -> QuerySet[Transfer]:
    """What patients paid in the month, of all fleets or one. Nothing of one fund's statement."""
    month = month_of(wanted.month, zone_of(wanted.region))
    rows = fares_of(wanted.region, begins=month.begins, ends=month.ends)
    if wanted.fleet:
        rows = rows.filter(source__payee__code=wanted.fleet)
    return rows.none() if wanted.funder else rows


def refunds_wanted(wanted: Wanted) -> QuerySet[Transfer]:
    """What patients got back in the month, of all fleets or one. Nothing of one fund's."""
    month = month_of(wanted.month, zone_of(wanted.region))
    rows = refunds_of(wanted.region, begins=month.begins, ends=month.ends)
    if wanted.fleet:
        rows = rows.filter(target__payee__code=wanted.fleet)
    return rows.none() if wanted.funder else rows


def _patients(wanted: Wanted) -> dict[str, Any]:
    """The money of patients: each payment, what fleets got so, and where all of it is now."""
    rows = list(fares_wanted(wanted).order_by("pk"))
    proofs = all_proofs(wanted.region, {row.about for row in rows})
    fleets: dict[str, int] = {}
    lines = []
    for row in rows:
        assert row.source.payee is not None, row.pk
        fleet = row.source.payee.code
        fleets[fleet] = fleets.get(fleet, 0) + row.amount_rp
        lines.append(
            {
                "number": row.pk,
                "at": row.at.isoformat(),
                "order": row.about,
                "paid_to": fleet,
                "how": row.kind,
                "amount_rp": row.amount_rp,
                "proof": _proof(proofs.get(row.about)),
            }
        )
    where = patients_money(wanted.region)
    return {
        "lines": lines,
        "paid_to": dict(sorted(fleets.items())),
        "total_rp": sum(fleets.values()),
        "paid_back": [
            {"number": row.pk, "at": row.at.isoformat(), "order": row.about, "rp": row.amount_rp}
            for row in refunds_wanted(wanted).order_by("pk")
        ],
        "now_rp": {kind: where[kind].rupiah for kind in ("in_hand", "till", "short", "lost")},
    }


def _line(line: Line, proof: Proven | None) -> dict[str, Any]:
    return {
        "number": line.number,
        "at": line.at.isoformat(),
        "order": line.order,
        "owed_to": line.payee,
        "paid_by": line.fund,
        "amount_rp": line.amount_rp,
        "proof": _proof(proof),
    }


def _proof(proof: Proven | None) -> dict[str, Any] | None:
    if proof is None:
        return None
    return {
        "handed_over_at": proof.handed_over_at.isoformat(),
        "factor": proof.factor,
        "relation": proof.relation,
        "rider": proof.username,
    }
