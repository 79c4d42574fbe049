"""Recomputing everything that must be true: the chain, the book, and book against proofs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.audit import queries as audit
from gancang.ledger import queries as ledger
from gancang.orders.queries import ended_among, unproved_among

if TYPE_CHECKING:
    from gancang.regions.models import Region


@dataclass(frozen=True, slots=True)
class Finding:
    """What `gancang verify` found."""

    events: int
    entries: int
    problems: list[str]


def verify(regions: list[Region]) -> Finding:
    """Recompute the audit chain and every invariant of the ledger, region by region."""
    events, entries, problems = 0, 0, []
    for region in regions:
        linked, faults = audit.verify(region.code)
        events += linked
        problems += faults
        lines, faults = ledger.verify(region)
        entries += lines
        problems += faults
        problems += _paid_without_proof(region)
        problems += _ends_with_money(region)
    return Finding(events, entries, problems)


def _paid_without_proof(region: Region) -> list[str]:
    paid = ledger.orders_settled(region)
    return [f"order {code}: was paid for without a proof" for code in unproved_among(region, paid)]


def _ends_with_money(region: Region) -> list[str]:
    held = ledger.orders_held(region)
    return [
        f"order {code}: is {state}, yet {held[code]} is still set aside for it"
        for code, state in ended_among(region, held)
    ]
