"""Recomputing everything that must be true: the chain, the book, and book against proofs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.audit import queries as audit
from gancang.callbacks.queries import faults_of, never_asked
from gancang.cash.queries import (
    cash_differences,
    goods_differences,
    refund_differences,
    till_differences,
)
from gancang.food import queries as food
from gancang.fulfilment import queries as fulfilment
from gancang.ledger import periods
from gancang.ledger import queries as ledger
from gancang.orders.queries import ended_among, fares_due, paid_legs, unproved_among
from gancang.parcels.queries import proved_by_call
from gancang.qris import queries as qris
from gancang.servings import queries as servings
from gancang.settlement import matching as settlement
from gancang.settlement.queries import paid_unanswered
from gancang.vouchers import queries as vouchers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang.audit.rules import Copy
    from gancang.regions.models import Region


@dataclass(frozen=True, slots=True)
class Finding:
    """What `gancang verify` found."""

    events: int
    entries: int
    problems: list[str]


def verify(regions: list[Region], *, copies: Sequence[Copy] = ()) -> Finding:
    """Recompute the audit chain and every invariant of the ledger, region by region.

    The chain must end each day where its seal says, and the `copies` that somebody kept.
    """
    events, entries, problems = 0, 0, []
    for region in regions:
        linked, faults = audit.verify(region.code)
        events += linked
        problems += faults
        problems += audit.faults_against(region.code, audit.seal_copies(region.code))
        problems += audit.faults_against(region.code, copies)
        lines, faults = ledger.verify(region)
        entries += lines
        problems += faults
        problems += _paid_without_proof(region)
        problems += _unanswered_calls(region)
        problems += _ends_with_money(region)
        problems += _parts_of_ways(region)
        problems += _patients_money(region)
        problems += settlement.differences(region)
        problems += vouchers.differences(region)
        problems += qris.differences(region)
        problems += food.differences(region)
        problems += periods.faults_of(region)
    return Finding(events, entries, problems)


def _patients_money(region: Region) -> list[str]:
    """What patients paid: by whom it was owed, with a proof, and all of it somewhere."""
    paid = ledger.fares_by_order(region)
    said = [
        f"order {code}: its patient paid without a proof" for code in unproved_among(region, paid)
    ]
    back = ledger.refunds_by_order(region)
    for code, due in fares_due(region).items():
        gave = paid.get(code, 0) + back.get(code, 0)
        if gave != due:
            said.append(f"order {code}: its patient paid {gave}, agreed were {due}")
    money = ledger.patients_money(region)
    where = money["in_hand"] + money["till"] + money["short"] + money["lost"]
    if money["fares"] != where:
        said.append(f"patients paid {money['fares']}, of which only {where} can be found")
    said += [
        f"order {code}: what its patient got back is not what the receipt says"
        for code in refund_differences(region)
    ]
    said += [
        f"order {code}: what was paid for its goods is not what the receipt says"
        for code in goods_differences(region)
    ]
    for name, told, has in till_differences(region):
        said.append(f"till {name}: holds {has}, of which receipts account for {told}")
    for who, told, has in cash_differences(region):
        said.append(f"{who}: carries {has}, the receipts of patients say {told}")
    return said


def _paid_without_proof(region: Region) -> list[str]:
    paid = ledger.orders_settled(region)
    unproved = servings.all_unproved(region, paid)
    return [f"order {code}: was paid for without a proof" for code in unproved]


def _unanswered_calls(region: Region) -> list[str]:
    """Where a call proves it: one was asked for, its answer is true, nothing was paid before it."""
    rung = [*proved_by_call(region), *fulfilment.proved_by_call(region)]
    return [
        *(f"order {code}: nobody is to ring its receiver" for code in never_asked(region, rung)),
        *(
            f"order {code}: was paid before its receiver said so"
            for code in paid_unanswered(region)
        ),
        *(f"call about {fault}" for fault in faults_of(region)),
    ]


def _parts_of_ways(region: Region) -> list[str]:
    """What the parts of a way cost is owed, each to who carried it."""
    parts = paid_legs(region)
    settled = ledger.settled_by_order(region) if parts else {}
    return [
        f"order {code}: the parts of its way cost {cost}, of which {settled.get(code, 0)} is owed"
        for code, cost in parts.items()
        if settled.get(code, 0) < cost
    ]


def _ends_with_money(region: Region) -> list[str]:
    held = ledger.orders_held(region)
    ended = [*ended_among(region, held), *fulfilment.ended_among(region, held)]
    ended += servings.ended_among(region, held)
    ended += vouchers.ended_among(region, held)
    return [
        f"order {code}: is {state}, yet {held[code]} is still set aside for it"
        for code, state in ended
    ]
