"""Moving public money: grant, reserve, settle, release. Only it and `fares` write the book."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, Sum

from gancang.audit.actions import Happening, record, record_all
from gancang.ledger.models import Account, Budget, Fund, Revision, Transfer
from gancang.ledger.moving import Move, account_of, move_all, move_one
from gancang.ledger.purses import open_purse, refusal_of
from gancang.ledger.queries import held_for, held_for_all
from gancang.ledger.rules import Why, settle_shares
from gancang.ledger.waterfall import hangs_on_balances_alone
from gancang.regions.queries import today_in
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from gancang.ledger.purses import Accounts
    from gancang.ledger.rules import Held
    from gancang.ledger.waterfall import Reservation, Split
    from gancang.regions.models import Organisation, Region
    from gancang.regions.pack import BudgetTerms, Pack

Kind = Account.Kind


@transaction.atomic
def reserve_all(
    wanted: Sequence[Reservation], *, region: Region, by: str, now: datetime
) -> list[Split]:
    """Set money aside for orders, all or none; who pays what of each.

    Refused where nobody can pay the rest, with what ended the last fund that was asked.
    """
    splits = _set_aside(wanted, locked=False, region=region, by=by, now=now)
    if splits is None:
        splits = _set_aside(wanted, locked=True, region=region, by=by, now=now) or []
    told = [(want, split) for want, split in zip(wanted, splits, strict=True) if split.passed]
    on = today_in(region, now)
    if told:
        record_all(_passed_over(*each, on, region=region, by=by, now=now) for each in told)
    return splits


def _set_aside(
    wanted: Sequence[Reservation], *, locked: bool, region: Region, by: str, now: datetime
) -> list[Split] | None:
    """Let the book decide, and move the money; None: that must be done with the budgets locked.

    With them locked, whoever comes at the same time waits. So first it is tried without: that
    stands where nothing counts but that the money is still there, as moving it makes sure.
    """
    purse, accounts = open_purse(wanted, region=region, now=now, locked=locked)
    splits = [purse.pay(want) for want in wanted]
    if not (locked or hangs_on_balances_alone(wanted, splits)):
        return None
    moves = []
    for want, split in zip(wanted, splits, strict=True):
        if split.unpaid:
            raise refusal_of(want, split, region=region, on=purse.on)
        moves += [
            _reserving(want, fund, share, accounts, on=purse.on) for fund, share in split.paid
        ]
    try:
        move_all(moves, region=region, by=by, now=now)
    except Refused as refusal:
        # Somebody was faster. All accounts that are locked next are held by now: no ring.
        if locked or refusal.reason is Why.PERIOD_CLOSED:
            raise
        return None
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


@dataclass(frozen=True, slots=True)
class Done:
    """An order that was brought: who is owed how much for it."""

    order: str
    payee: Organisation
    cost: Money


def settle(
    order: str, *, payee: Organisation, cost: Money, region: Region, by: str, now: datetime
) -> None:
    """Owe `cost` to the carrier from what was reserved; give the rest back to the budgets."""
    settle_all([Done(order, payee, cost)], region=region, by=by, now=now)


@transaction.atomic
def settle_all(done: Sequence[Done], *, region: Region, by: str, now: datetime) -> None:
    """The same for many orders, all or none, in a number of statements that does not grow."""
    held = held_for_all([each.order for each in done])
    budgets = {item.budget_id for items in held.values() for item in items}
    accounts, payable = _accounts_of(budgets, {each.payee for each in done}, region=region)
    moves = []
    for each in done:
        items = held.get(each.order, [])
        if not items and each.cost:
            raise Refused(Why.NOTHING_RESERVED, order=each.order)
        for item, paid, back in settle_shares(items, each.cost):
            available, reserved = accounts[item.budget_id]
            owed = payable[each.payee.pk]
            settled = _giving_out(each.order, item, paid, reserved, owed, Transfer.Kind.SETTLE)
            back_again = _giving_out(
                each.order, item, back, reserved, available, Transfer.Kind.RELEASE
            )
            moves += [move for move in (settled, back_again) if move.amount]
    move_all(moves, region=region, by=by, now=now)


def _giving_out(
    order: str, item: Held, amount: Money, reserved: Account, target: Account, kind: Transfer.Kind
) -> Move:
    return Move(
        kind=kind,
        source=reserved,
        target=target,
        amount=amount,
        about=order,
        key=f"{kind}:{order}:{item.budget_id}{item.part}",
        charged_on=item.charged_on,
        area=item.area,
    )


@transaction.atomic
def release(order: str, *, region: Region, by: str, now: datetime) -> Money:
    """Give all that is still reserved for an order back to its budgets; how much."""
    held = held_for(order)
    accounts, _ = _accounts_of({item.budget_id for item in held}, set(), region=region)
    moves = []
    for item in held:
        available, reserved = accounts[item.budget_id]
        kind = Transfer.Kind.RELEASE
        moves.append(_giving_out(order, item, item.amount, reserved, available, kind))
    move_all(moves, region=region, by=by, now=now)
    return Money(sum(item.amount.rupiah for item in held))


@transaction.atomic
def take_portion(
    whole: str, portion: str, amount: Money, *, region: Region, by: str, now: datetime
) -> None:
    """Set `amount` aside for `portion` out of what is held for `whole`, fund by fund as held.

    It counts against the same day's ceilings. Whoever calls has locked what `whole` stands for.
    """
    held = held_for(whole)
    if sum(item.amount.rupiah for item in held) < amount.rupiah:
        raise Refused(Why.NOTHING_RESERVED, order=whole)
    accounts, _payable = _accounts_of({item.budget_id for item in held}, set(), region=region)
    back, apart = [], []
    for item, taken, _stays in settle_shares(held, amount):
        if not taken:
            continue
        available, reserved = accounts[item.budget_id]
        one = _giving_out(whole, item, taken, reserved, available, Transfer.Kind.RELEASE)
        back.append(replace(one, key=f"{one.key}:{portion}"))
        turned = replace(one, kind=Transfer.Kind.RESERVE, source=available, target=reserved)
        key = f"reserve:{portion}:{item.budget_id}"
        apart.append(replace(turned, about=portion, key=key))
    # The accounts stay locked from the first to the second: nobody takes it in between.
    move_all(back, region=region, by=by, now=now)
    move_all(apart, region=region, by=by, now=now)


def _accounts_of(
    budgets: set[int], payees: set[Organisation], *, region: Region
) -> tuple[dict[int, tuple[Account, Account]], dict[int, Account]]:
    """The accounts (available, reserved) of budgets, and those on which payees are owed."""
    rows = Account.objects.filter(
        Q(budget__in=budgets, kind__in=(Kind.AVAILABLE, Kind.RESERVED))
        | Q(payee__in=payees, kind=Kind.PAYABLE)
    )
    found = {(row.budget_id or row.payee_id, row.kind): row for row in rows}
    pairs = {pk: (found[pk, Kind.AVAILABLE], found[pk, Kind.RESERVED]) for pk in budgets}
    return pairs, {
        payee.pk: found.get((payee.pk, Kind.PAYABLE))
        or account_of(region, Kind.PAYABLE, payee=payee)
        for payee in payees
    }


@transaction.atomic
def pay(
    reference: str, *, payee: Organisation, amount: Money, region: Region, by: str, now: datetime
) -> None:
    """The bank has paid what was owed; the same reference twice is refused by the book's key."""
    move_one(
        Transfer.Kind.PAY,
        account_of(region, Kind.PAYABLE, payee=payee),
        account_of(region, Kind.PAID, payee=payee),
        amount,
        about=reference,
        region=region,
        by=by,
        now=now,
    )


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
    if Revision.objects.filter(budget=budget).exists():
        return Money(0)  # since a document changed it, it grows by documents alone
    rows = Transfer.objects.filter(kind=Transfer.Kind.GRANT, target=accounts[Kind.AVAILABLE])
    granted: int | None = rows.aggregate(rp=Sum("amount_rp"))["rp"]
    missing = amount - Money(granted or 0)
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
