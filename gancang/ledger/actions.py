"""Moving public money: grant, reserve, settle, release. The only code that writes the book."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from gancang.audit.actions import record
from gancang.ledger.models import Account, Budget, Fund, Transfer
from gancang.ledger.queries import held_for
from gancang.ledger.rules import Why, settle_shares
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Organisation, Region
    from gancang.regions.pack import Pack

Kind = Account.Kind
SOURCES = {Kind.GRANTED, Kind.FARES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Money that an order will need from one fund."""

    order: str
    fund: str
    programme: str
    year: int
    amount: Money
    part: int = 0  # which setting-aside of the order it is; after the first `next_part_of`


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    kind: Transfer.Kind
    source: Account
    target: Account
    amount: Money
    about: str
    key: str


@transaction.atomic
def reserve_all(wanted: Sequence[Reservation], *, region: Region, by: str, now: datetime) -> None:
    """Set money aside for orders, all or none. Refused where a budget does not reach."""
    accounts = _budget_accounts({(w.fund, w.programme, w.year) for w in wanted}, region=region)
    moves = []
    for want in wanted:
        available, reserved = accounts[want.fund, want.programme, want.year]
        if want.amount:
            part = f":{want.part}" if want.part else ""
            key = f"reserve:{want.order}:{available.budget_id}{part}"
            moves.append(
                _Move(
                    kind=Transfer.Kind.RESERVE,
                    source=available,
                    target=reserved,
                    amount=want.amount,
                    about=want.order,
                    key=key,
                )
            )
    _move(moves, region=region, by=by, now=now)


@transaction.atomic
def settle(
    order: str, *, payee: Organisation, cost: Money, region: Region, by: str, now: datetime
) -> None:
    """Owe `cost` to the carrier from what was reserved; give the rest back to the budgets."""
    held = held_for(order)
    if not held and cost:
        raise Refused(Why.NOTHING_RESERVED, order=order)
    payable, _ = Account.objects.get_or_create(region=region, kind=Kind.PAYABLE, payee=payee)
    moves = []
    for item, paid, back in settle_shares(held, cost):
        pairs = [(Transfer.Kind.SETTLE, payable, paid)]
        available, reserved = _pair_of(item.budget_id)
        pairs.append((Transfer.Kind.RELEASE, available, back))
        moves += [
            _Move(
                kind=kind,
                source=reserved,
                target=target,
                amount=amount,
                about=order,
                key=f"{kind}:{order}:{item.budget_id}{item.part}",
            )
            for kind, target, amount in pairs
            if amount
        ]
    _move(moves, region=region, by=by, now=now)


@transaction.atomic
def release(order: str, *, region: Region, by: str, now: datetime) -> Money:
    """Give all that is still reserved for an order back to its budgets; how much."""
    held = held_for(order)
    moves = []
    for item in held:
        available, reserved = _pair_of(item.budget_id)
        moves.append(
            _Move(
                kind=Transfer.Kind.RELEASE,
                source=reserved,
                target=available,
                amount=item.amount,
                about=order,
                key=f"release:{order}:{item.budget_id}{item.part}",
            )
        )
    _move(moves, region=region, by=by, now=now)
    return Money(sum(item.amount.rupiah for item in held))


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
    source = _account(region, Kind.FARES, payee=fare.fleet)
    target = _account(
        region, Kind.IN_HAND if cash else Kind.TILL, payee=fare.fleet, holder=fare.rider
    )
    kind = Transfer.Kind.CASH if cash else Transfer.Kind.QRIS
    move = _Move(
        kind=kind,
        source=source,
        target=target,
        amount=fare.amount,
        about=fare.order,
        key=f"fare:{fare.order}",
    )
    _move([move], region=region, by=by, now=now)


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
    in_hand = _account(region, Kind.IN_HAND, payee=told.fleet, holder=told.rider)
    pairs = [
        (Transfer.Kind.DEPOSIT, _account(region, Kind.TILL, payee=told.till), told.counted),
        (
            Transfer.Kind.SHORT,
            _account(region, Kind.SHORT, payee=told.fleet, holder=told.rider),
            told.missing,
        ),
    ]
    moves = [
        _Move(
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
    _move(moves, region=region, by=by, now=now)


@transaction.atomic
def repay(told: HandedIn, *, region: Region, by: str, now: datetime) -> None:
    """What was missing comes in later, as `counted`. Refused beyond what the rider owes."""
    move = _Move(
        kind=Transfer.Kind.REPAY,
        source=_account(region, Kind.SHORT, payee=told.fleet, holder=told.rider),
        target=_account(region, Kind.TILL, payee=told.till),
        amount=told.counted,
        about=told.receipt,
        key=f"repay:{told.receipt}",
    )
    _move([move], region=region, by=by, now=now)


@transaction.atomic
def write_off(told: HandedIn, *, region: Region, by: str, now: datetime) -> None:
    """What a rider owes is owed no more, as `missing`: it is lost. Refused beyond what he owes."""
    move = _Move(
        kind=Transfer.Kind.WRITE_OFF,
        source=_account(region, Kind.SHORT, payee=told.fleet, holder=told.rider),
        target=_account(region, Kind.LOST, payee=told.fleet),
        amount=told.missing,
        about=told.receipt,
        key=f"write_off:{told.receipt}",
    )
    _move([move], region=region, by=by, now=now)


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
    move = _Move(
        kind=Transfer.Kind.PASS_ON,
        source=_account(region, Kind.TILL, payee=told.till),
        target=_account(region, Kind.TILL, payee=told.fleet),
        amount=told.amount,
        about=told.receipt,
        key=f"pass_on:{told.receipt}",
    )
    _move([move], region=region, by=by, now=now)


@transaction.atomic
def pay_back(told: Fare, *, till: Organisation, region: Region, by: str, now: datetime) -> None:
    """A patient gets his fare back, once an order. Refused beyond what the till holds."""
    move = _Move(
        kind=Transfer.Kind.REFUND,
        source=_account(region, Kind.TILL, payee=till),
        target=_account(region, Kind.FARES, payee=told.fleet),
        amount=told.amount,
        about=told.order,
        key=f"refund:{told.order}",
    )
    _move([move], region=region, by=by, now=now)


def _account(
    region: Region, kind: Kind, *, payee: Organisation, holder: User | None = None
) -> Account:
    row, _ = Account.objects.get_or_create(region=region, kind=kind, payee=payee, holder=holder)
    return row


def _move(moves: Sequence[_Move], *, region: Region, by: str, now: datetime) -> None:
    """Carry transfers out together, or refuse them together."""
    if not moves:
        return
    change: dict[int, int] = defaultdict(int)
    need: dict[int, int] = defaultdict(int)
    for move in moves:
        change[move.source.pk] -= move.amount.rupiah
        change[move.target.pk] += move.amount.rupiah
        need[move.source.pk] += move.amount.rupiah
    # Locked in one order everywhere, so that two deeds never wait for each other in a ring.
    locked = Account.objects.select_for_update(of=("self",)).filter(pk__in=change).order_by("pk")
    for account in locked.select_related("budget__fund", "holder", "payee"):
        if account.kind not in SOURCES and account.balance_rp < need[account.pk]:
            _refuse(account, Money(need[account.pk]))
    for pk, difference in change.items():
        Account.objects.filter(pk=pk).update(balance_rp=F("balance_rp") + difference)
    Transfer.objects.bulk_create(
        Transfer(
            region=region,
            kind=move.kind,
            source=move.source,
            target=move.target,
            amount_rp=move.amount.rupiah,
            about=move.about,
            key=move.key,
            by=by,
            at=now,
        )
        for move in moves
    )


def _refuse(account: Account, needed: Money) -> None:
    if account.holder:
        facts = {"holder": account.holder.full_name, "left": Money(account.balance_rp)}
        raise Refused(Why.NOT_THAT_MUCH, needed=needed, **facts)
    if account.kind == Kind.TILL and account.payee:
        told = {"till": account.payee.name, "left": Money(account.balance_rp)}
        raise Refused(Why.TILL_HAS_LESS, needed=needed, **told)
    assert account.kind == Kind.AVAILABLE, f"{account} holds less than it should"
    assert account.budget is not None, account.pk
    raise Refused(
        Why.BUDGET_EMPTY,
        fund=account.budget.fund.name,
        year=account.budget.year,
        left=Money(account.balance_rp),
        needed=needed,
    )


def _budget_accounts(
    lines: set[tuple[str, str, int]], *, region: Region
) -> dict[tuple[str, str, int], tuple[Account, Account]]:
    """The accounts (available, reserved) of budget lines given by fund, programme and year."""
    rows = Account.objects.filter(
        budget__fund__region=region,
        budget__fund__code__in={fund for fund, _, _ in lines},
        kind__in=(Kind.AVAILABLE, Kind.RESERVED),
    ).select_related("budget__fund")
    found = {
        (a.budget.fund.code, a.budget.programme, a.budget.year, a.kind): a for a in rows if a.budget
    }
    for fund, programme, year in sorted(lines):
        if (fund, programme, year, Kind.AVAILABLE) not in found:
            raise Refused(Why.NO_BUDGET, fund=fund, year=year)
    return {line: (found[*line, Kind.AVAILABLE], found[*line, Kind.RESERVED]) for line in lines}


def _pair_of(budget_id: int) -> tuple[Account, Account]:
    rows = Account.objects.filter(budget_id=budget_id, kind__in=(Kind.AVAILABLE, Kind.RESERVED))
    by_kind = {row.kind: row for row in rows}
    return by_kind[Kind.AVAILABLE], by_kind[Kind.RESERVED]


@transaction.atomic
def load(pack: Pack, *, region: Region, by: str, now: datetime) -> list[str]:
    """Open the funds and budgets of a pack; say what changed. A budget only ever grows here."""
    said = []
    for fund in pack.funds:
        _, made = Fund.objects.update_or_create(
            region=region, code=fund.code, defaults={"name": fund.name, "owner": fund.owner}
        )
        said += [f"fund {fund.code}: new"] if made else []
    for line in pack.budgets:
        budget, _ = Budget.objects.get_or_create(
            fund=Fund.objects.get(region=region, code=line.fund),
            programme=line.programme,
            year=line.year,
            defaults={"decree": line.decree},
        )
        added = _grant_up_to(
            budget, Money(line.amount_rp), decree=line.decree, region=region, by=by, now=now
        )
        said += (
            [f"budget {line.fund} {line.programme} {line.year}: {added} granted"] if added else []
        )
    return said


def _grant_up_to(
    budget: Budget, amount: Money, *, decree: str, region: Region, by: str, now: datetime
) -> Money:
    """Grant what is missing up to `amount`. A pack that names less takes nothing back."""
    accounts = {
        kind: Account.objects.get_or_create(region=region, kind=kind, budget=budget)[0]
        for kind in (Kind.GRANTED, Kind.AVAILABLE, Kind.RESERVED)
    }
    granted = Money(-accounts[Kind.GRANTED].balance_rp)
    missing = amount - granted
    if missing.rupiah <= 0:
        return Money(0)
    move = _Move(
        kind=Transfer.Kind.GRANT,
        source=accounts[Kind.GRANTED],
        target=accounts[Kind.AVAILABLE],
        amount=missing,
        about=decree[:60],
        key=f"grant:{budget.pk}:{amount.rupiah}",
    )
    _move([move], region=region, by=by, now=now)
    record(
        "budget.granted",
        f"{budget.fund.code}/{budget.programme}/{budget.year}",
        region=region.code,
        by=by,
        now=now,
        facts={"amount_rp": missing.rupiah, "decree": decree},
    )
    return missing
