"""Patients' money: from the door to a till, and what was missing on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.ledger.models import Account, Transfer
from gancang.ledger.moving import Move, account_of, move_all, move_one

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Organisation, Region
    from gancang.values import Money

Kind = Account.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Fare:
    """What a patient paid for an order: to a rider in cash, or to the fleet's bank account."""

    order: str
    fleet: Organisation
    amount: Money
    rider: User | None  # None: not in cash


@transaction.atomic
def take_fare(fare: Fare, *, region: Region, by: str, now: datetime) -> None:
    """A patient has paid; the same order twice is refused by the book's own key."""
    cash = fare.rider is not None
    source = account_of(region, Kind.FARES, payee=fare.fleet)
    target = account_of(
        region, Kind.IN_HAND if cash else Kind.TILL, payee=fare.fleet, holder=fare.rider
    )
    kind = Transfer.Kind.CASH if cash else Transfer.Kind.QRIS
    one = Move(
        kind=kind,
        source=source,
        target=target,
        amount=fare.amount,
        about=fare.order,
        key=f"fare:{fare.order}",
    )
    move_all([one], region=region, by=by, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """Cash that a rider hands in at a till, and what is missing of what he should have."""

    receipt: str
    rider: User
    fleet: Organisation
    till: Organisation
    counted: Money
    missing: Money


@transaction.atomic
def hand_in(told: HandedIn, *, region: Region, by: str, now: datetime) -> None:
    """Cash comes in; what is missing is written down as owed. Refused beyond what he carries."""
    in_hand = account_of(region, Kind.IN_HAND, payee=told.fleet, holder=told.rider)
    pairs = [
        (Transfer.Kind.DEPOSIT, account_of(region, Kind.TILL, payee=told.till), told.counted),
        (
            Transfer.Kind.SHORT,
            account_of(region, Kind.SHORT, payee=told.fleet, holder=told.rider),
            told.missing,
        ),
    ]
    moves = [
        Move(
            kind=kind,
            source=in_hand,
            target=target,
            amount=amount,
            about=told.receipt,
            key=f"{kind}:{told.receipt}",
        )
        for kind, target, amount in pairs
        if amount
    ]
    move_all(moves, region=region, by=by, now=now)


@transaction.atomic
def repay(told: HandedIn, *, region: Region, by: str, now: datetime) -> None:
    """What was missing comes in later, as `counted`. Refused beyond what the rider owes."""
    move_one(
        Transfer.Kind.REPAY,
        account_of(region, Kind.SHORT, payee=told.fleet, holder=told.rider),
        account_of(region, Kind.TILL, payee=told.till),
        told.counted,
        about=told.receipt,
        region=region,
        by=by,
        now=now,
    )


@transaction.atomic
def write_off(told: HandedIn, *, region: Region, by: str, now: datetime) -> None:
    """What a rider owes is owed no more, as `missing`: it is lost. Refused beyond what he owes."""
    move_one(
        Transfer.Kind.WRITE_OFF,
        account_of(region, Kind.SHORT, payee=told.fleet, holder=told.rider),
        account_of(region, Kind.LOST, payee=told.fleet),
        told.missing,
        about=told.receipt,
        region=region,
        by=by,
        now=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Cash that a till gives a fleet, of what was handed in there for it."""

    receipt: str
    till: Organisation
    fleet: Organisation
    amount: Money


@transaction.atomic
def pass_on(told: Passed, *, region: Region, by: str, now: datetime) -> None:
    """The fleet's own till has it from now on. Refused beyond what the other till holds."""
    move_one(
        Transfer.Kind.PASS_ON,
        account_of(region, Kind.TILL, payee=told.till),
        account_of(region, Kind.TILL, payee=told.fleet),
        told.amount,
        about=told.receipt,
        region=region,
        by=by,
        now=now,
    )


@transaction.atomic
def pay_back(told: Fare, *, till: Organisation, region: Region, by: str, now: datetime) -> None:
    """A patient gets his fare back, once an order. Refused beyond what the till holds."""
    move_one(
        Transfer.Kind.REFUND,
        account_of(region, Kind.TILL, payee=till),
        account_of(region, Kind.FARES, payee=told.fleet),
        told.amount,
        about=told.order,
        region=region,
        by=by,
        now=now,
    )
