"""Taking a movement back by another that names it: what was written stays as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.ledger.models import Account, Transfer
from gancang.ledger.moving import Move, account_of, move_all
from gancang.ledger.queries import next_part_of
from gancang.ledger.rules import Why
from gancang.regions.queries import today_in
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.ledger.models import Budget
    from gancang.regions.models import Organisation, Region

Kind = Account.Kind
REVERSIBLE = (Transfer.Kind.SETTLE, Transfer.Kind.REVERSE, Transfer.Kind.OWE_BACK)


@dataclass(frozen=True, slots=True)
class Recovered:
    """So much of a reversal of what was paid comes back; by which key the book knows it."""

    reversal: Transfer
    amount: Money
    key: str


def why_not_reversible(first: Transfer) -> Why | None:
    """Why a movement can't be taken back, or None."""
    if first.kind not in REVERSIBLE:
        return Why.NOT_REVERSIBLE
    if Transfer.objects.filter(reverses=first).exists():
        return Why.ALREADY_REVERSED
    return None


@transaction.atomic
def reverse(first: Transfer, *, is_paid: bool, region: Region, by: str, now: datetime) -> Transfer:
    """Take a movement back, once; the movement that does it.

    What was owed is free again for its budget; what has reached its payee is owed back by him. A
    taking back is itself taken back by owing the same again.
    """
    if why := why_not_reversible(first):
        raise Refused(why)
    if first.kind == Transfer.Kind.SETTLE:
        moves = _owed_back(first, region) if is_paid else _owed_no_more(first)
    elif first.kind == Transfer.Kind.REVERSE:
        moves = _owed_again(first, region, now=now)
    else:
        moves = [_mirrored(first, Transfer.Kind.SET_OFF)]
    for move in moves:  # one after the other: the second moves what the first brought
        move_all([move], region=region, by=by, now=now)
    return Transfer.objects.get(reverses=first)


@transaction.atomic
def bounce(
    paid: Transfer, owed_back: Sequence[Recovered], *, region: Region, by: str, now: datetime
) -> Transfer:
    """What the bank had paid came back: it is owed to its payee again, once.

    But for what he owed back of it: that is with its budgets again, and he owes it no more.
    """
    assert paid.kind == Transfer.Kind.PAY, paid.pk
    if Transfer.objects.filter(reverses=paid).exists():
        raise Refused(Why.ALREADY_REVERSED)
    ways = [_recovered(each, region, is_set_off=True) for each in owed_back]
    move_all([kept for kept, _back in ways], region=region, by=by, now=now)
    holds = Account.objects.get(pk=paid.target_id).balance_rp
    if holds < paid.amount_rp:
        raise Refused(Why.HOLDS_LESS, payee=paid.target.payee, left=Money(holds))
    move_all([_mirrored(paid, Transfer.Kind.BOUNCE)], region=region, by=by, now=now)
    move_all([back for _kept, back in ways], region=region, by=by, now=now)
    return Transfer.objects.get(reverses=paid)


def _mirrored(first: Transfer, kind: Transfer.Kind) -> Move:
    return Move(
        kind=kind,
        source=first.target,
        target=first.source,
        amount=Money(first.amount_rp),
        about=first.about,
        key=f"{kind}:{first.pk}",
        charged_on=first.charged_on,
        area=first.area,
        reverses=first,
    )


def _owed_no_more(first: Transfer) -> list[Move]:
    """Back into the reserve that it came from; and since its order is done, back to the budget."""
    assert first.source.budget is not None, first.pk
    back = Move(
        kind=Transfer.Kind.RELEASE,
        source=first.source,
        target=available_of(first.source.budget),
        amount=Money(first.amount_rp),
        about=first.about,
        key=f"release:reversed:{first.pk}",
        charged_on=first.charged_on,
        area=first.area,
    )
    return [_mirrored(first, Transfer.Kind.REVERSE), back]


def _owed_back(first: Transfer, region: Region) -> list[Move]:
    """The payee has it: he owes it until it is set off or paid back."""
    assert first.target.payee is not None, first.pk
    kind = Transfer.Kind.OWE_BACK
    return [
        Move(
            kind=kind,
            source=account_of(region, Kind.PAID, payee=first.target.payee),
            target=account_of(region, Kind.OWED_BACK, payee=first.target.payee),
            amount=Money(first.amount_rp),
            about=first.about,
            key=f"{kind}:{first.pk}",
            reverses=first,
        )
    ]


def _owed_again(first: Transfer, region: Region, *, now: datetime) -> list[Move]:
    """Set aside anew, as far as the budget still has it, and owed as it was."""
    assert first.target.budget is not None, first.pk
    part = next_part_of(first.about)
    told = f"{first.about}:{first.target.budget_id}:{part}"
    aside = Move(
        kind=Transfer.Kind.RESERVE,
        source=available_of(first.target.budget),
        target=first.target,
        amount=Money(first.amount_rp),
        about=first.about,
        key=f"reserve:{told}",
        charged_on=first.charged_on or today_in(region, now),
        area=first.area,
    )
    return [aside, _mirrored(first, Transfer.Kind.SETTLE)]


@transaction.atomic
def set_aside_again(
    lines: Sequence[Transfer], *, about: str, region: Region, by: str, now: datetime
) -> None:
    """What was owed by these lines, and was taken back, is set aside anew: for `about`."""
    part, moves = next_part_of(about), []
    for line in lines:
        assert line.source.budget is not None, line.pk
        moves.append(
            Move(
                kind=Transfer.Kind.RESERVE,
                source=available_of(line.source.budget),
                target=line.source,
                amount=Money(line.amount_rp),
                about=about,
                key=f"reserve:{about}:{line.source.budget_id}:{part}",
                charged_on=line.charged_on,
                area=line.area,
            )
        )
    move_all(moves, region=region, by=by, now=now)


def available_of(budget: Budget) -> Account:
    """What a budget line can still give."""
    return Account.objects.get(budget=budget, kind=Kind.AVAILABLE)


@transaction.atomic
def recover(owed: Recovered, *, is_set_off: bool, region: Region, by: str, now: datetime) -> None:
    """What a payee owed back is with the budget again: kept from his pay, or paid back by him."""
    kept, back = _recovered(owed, region, is_set_off=is_set_off)
    move_all([kept, back] if is_set_off else [back], region=region, by=by, now=now)


def _recovered(owed: Recovered, region: Region, *, is_set_off: bool) -> tuple[Move, Move]:
    """What he keeps of it, which he had before; and what comes to the budget."""
    reversal, first = owed.reversal, owed.reversal.reverses
    payee: Organisation | None = reversal.target.payee
    assert first is not None, reversal.pk
    assert first.source.budget is not None, reversal.pk
    assert payee is not None, reversal.pk
    back = Move(
        kind=Transfer.Kind.RECOVER,
        source=account_of(region, Kind.PAYABLE, payee=payee) if is_set_off else reversal.target,
        target=available_of(first.source.budget),
        amount=owed.amount,
        about=reversal.about,
        key=f"recover:{owed.key}",
        charged_on=first.charged_on,
        area=first.area,
    )
    kept = Move(
        kind=Transfer.Kind.SET_OFF,
        source=reversal.target,
        target=account_of(region, Kind.PAID, payee=payee),
        amount=owed.amount,
        about=reversal.about,
        key=f"set_off:{owed.key}",
    )
    return kept, back
