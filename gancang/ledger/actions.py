"""Moving public money: grant, reserve, settle, release. Only it and `fares` write the book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import Happening, record, record_all
from gancang.ledger.models import Account, Budget, Fund, Transfer
from gancang.ledger.moving import Move, account_of, move_all
from gancang.ledger.purses import lock_purse, refusal_of
from gancang.ledger.queries import held_for
from gancang.ledger.rules import Why, settle_shares
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from gancang.ledger.purses import Accounts
    from gancang.ledger.waterfall import Reservation, Split
    from gancang.regions.models import Organisation, Region
    from gancang.regions.pack import BudgetTerms, Pack

Kind = Account.Kind


@transaction.atomic
def reserve_all(
    wanted: Sequence[Reservation], *, region: Region, by: str, now: datetime
) -> list[Split]:
    """Set money aside for orders, all or none; who pays what of each.

    The book decides, with the budgets locked: whoever comes at the same time waits here. Refused
    where nobody can pay the rest, with what ended the last fund that was asked.
    """
    purse, accounts = lock_purse(wanted, region=region, now=now)
    splits = [purse.pay(want) for want in wanted]
    moves = []
    for want, split in zip(wanted, splits, strict=True):
        if split.unpaid:
            raise refusal_of(want, split, region=region, on=purse.on)
        moves += [
            _reserving(want, fund, share, accounts, on=purse.on) for fund, share in split.paid
        ]
    move_all(moves, region=region, by=by, now=now)
    told = [(want, split) for want, split in zip(wanted, splits, strict=True) if split.passed]
    if told:
        record_all(_passed_over(*each, purse.on, region=region, by=by, now=now) for each in told)
    return splits


def _reserving(want: Reservation, fund: str, share: Money, accounts: Accounts, *, on: date) -> Move:
    available, reserved = accounts[fund, want.programme, want.year]
    part = f":{want.part}" if want.part else ""
    return Move(
        kind=Transfer.Kind.RESERVE,
        source=available,
        target=reserved,
        amount=share,
        about=want.order,
        key=f"reserve:{want.order}:{available.budget_id}{part}",
        charged_on=on,
        area=want.area,
    )


def _passed_over(
    want: Reservation, split: Split, on: date, *, region: Region, by: str, now: datetime
) -> Happening:
    """Why a fund that comes first did not pay, or not all: part of the order's story."""
    facts: dict[str, object] = {
        "passed": [
            {
                "fund": each.fund,
                "why": each.why.value,
                "left_rp": each.left.rupiah,
                "needed_rp": each.needed.rupiah,
                "ceiling_rp": each.ceiling.rupiah if each.ceiling else None,
                "area": each.area,
                "on": on.isoformat(),
            }
            for each in split.passed
        ],
        "paid_by": {fund: share.rupiah for fund, share in split.paid},
    }
    return Happening(
        region=region.code,
        kind="budget.passed_over",
        subject=want.order,
        by=by,
        now=now,
        facts=facts,
    )


@transaction.atomic
def settle(
    order: str, *, payee: Organisation, cost: Money, region: Region, by: str, now: datetime
) -> None:
    """Owe `cost` to the carrier from what was reserved; give the rest back to the budgets."""
    held = held_for(order)
    if not held and cost:
        raise Refused(Why.NOTHING_RESERVED, order=order)
    payable = account_of(region, Kind.PAYABLE, payee=payee)
    moves = []
    for item, paid, back in settle_shares(held, cost):
        pairs = [(Transfer.Kind.SETTLE, payable, paid)]
        available, reserved = _pair_of(item.budget_id)
        pairs.append((Transfer.Kind.RELEASE, available, back))
        moves += [
            Move(
                kind=kind,
                source=reserved,
                target=target,
                amount=amount,
                about=order,
                key=f"{kind}:{order}:{item.budget_id}{item.part}",
                charged_on=item.charged_on,
                area=item.area,
            )
            for kind, target, amount in pairs
            if amount
        ]
    move_all(moves, region=region, by=by, now=now)


@transaction.atomic
def release(order: str, *, region: Region, by: str, now: datetime) -> Money:
    """Give all that is still reserved for an order back to its budgets; how much."""
    held = held_for(order)
    moves = []
    for item in held:
        available, reserved = _pair_of(item.budget_id)
        moves.append(
            Move(
                kind=Transfer.Kind.RELEASE,
                source=reserved,
                target=available,
                amount=item.amount,
                about=order,
                key=f"release:{order}:{item.budget_id}{item.part}",
                charged_on=item.charged_on,
                area=item.area,
            )
        )
    move_all(moves, region=region, by=by, now=now)
    return Money(sum(item.amount.rupiah for item in held))


def _pair_of(budget_id: int) -> tuple[Account, Account]:
    rows = Account.objects.filter(budget_id=budget_id, kind__in=(Kind.AVAILABLE, Kind.RESERVED))
    by_kind = {row.kind: row for row in rows}
    return by_kind[Kind.AVAILABLE], by_kind[Kind.RESERVED]


@transaction.atomic
def pay(
    reference: str, *, payee: Organisation, amount: Money, region: Region, by: str, now: datetime
) -> None:
    """The bank has paid what was owed; the same reference twice is refused by the book's key."""
    one = Move(
        kind=Transfer.Kind.PAY,
        source=account_of(region, Kind.PAYABLE, payee=payee),
        target=account_of(region, Kind.PAID, payee=payee),
        amount=amount,
        about=reference,
        key=f"pay:{reference}",
    )
    move_all([one], region=region, by=by, now=now)


@transaction.atomic
def load(pack: Pack, *, region: Region, by: str, now: datetime) -> list[str]:
    """Open the funds and budgets of a pack; say what changed. A budget only ever grows here."""
    said = []
    for fund in pack.funds:
        _, made = Fund.objects.update_or_create(
            region=region, code=fund.code, defaults={"name": fund.name, "owner": fund.owner}
        )
        said += [f"fund {fund.code}: new"] if made else []
    return [*said, *grant_all(pack.budgets, region=region, by=by, now=now)]


@transaction.atomic
def grant_all(lines: Sequence[BudgetTerms], *, region: Region, by: str, now: datetime) -> list[str]:
    """Budget lines that grow up to their amounts, by their decrees; say what was added."""
    said = []
    for line in lines:
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
    one = Move(
        kind=Transfer.Kind.GRANT,
        source=accounts[Kind.GRANTED],
        target=accounts[Kind.AVAILABLE],
        amount=missing,
        about=decree[:60],
        key=f"grant:{budget.pk}:{amount.rupiah}",
    )
    move_all([one], region=region, by=by, now=now)
    record(
        "budget.granted",
        f"{budget.fund.code}/{budget.programme}/{budget.year}",
        region=region.code,
        by=by,
        now=now,
        facts={"amount_rp": missing.rupiah, "decree": decree},
    )
    return missing
