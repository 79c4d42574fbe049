"""How money moves: accounts locked in one order, balances and lines written together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import F

from gancang.ledger.models import Account, Transfer
from gancang.ledger.rules import Why
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Organisation, Region

Kind = Account.Kind
SOURCES = {Kind.GRANTED, Kind.FARES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Money that is to go from one account to another; the key is good for one time."""

    kind: Transfer.Kind
    source: Account
    target: Account
    amount: Money
    about: str
    key: str
    charged_on: date | None = None  # against which day's ceilings it counts
    area: str = ""


def account_of(
    region: Region, kind: Kind, *, payee: Organisation, holder: User | None = None
) -> Account:
    """Somebody's account of a kind, opened if he has none."""
    row, _ = Account.objects.get_or_create(region=region, kind=kind, payee=payee, holder=holder)
    return row


def move_all(moves: Sequence[Move], *, region: Region, by: str, now: datetime) -> None:
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
            charged_on=move.charged_on,
            area=move.area,
        )
        for move in moves
    )
    _draw(moves)


def move_one(  # noqa: PLR0913 - a way of money, and whose deed it is
    kind: Transfer.Kind,
    source: Account,
    target: Account,
    amount: Money,
    *,
    about: str,
    region: Region,
    by: str,
    now: datetime,
) -> None:
    """Carry one transfer out, once: its kind and what it is about are its key."""
    one = Move(
        kind=kind,
        source=source,
        target=target,
        amount=amount,
        about=about,
        key=f"{kind}:{about}",
    )
    move_all([one], region=region, by=by, now=now)


def _draw(moves: Sequence[Move]) -> None:
    """Keep the sums that ceilings count. The budgets' accounts are locked by now."""
    change: dict[tuple[int, date | None, str], int] = defaultdict(int)
    for move in moves:
        district = move.area.rpartition(".")[0]
        if move.kind == Transfer.Kind.RESERVE and move.target.budget_id:
            change[move.target.budget_id, move.charged_on, district] += move.amount.rupiah
        elif move.kind == Transfer.Kind.RELEASE and move.source.budget_id:
            change[move.source.budget_id, move.charged_on, district] -= move.amount.rupiah
    if not change:
        return
    rows = [(*key, rupiah) for key, rupiah in change.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_drawn (budget_id, day, area, amount_rp)
            SELECT * FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::bigint[])
            ON CONFLICT (budget_id, day, area)
            DO UPDATE SET amount_rp = ledger_drawn.amount_rp + excluded.amount_rp
            """,
            [list(column) for column in zip(*rows, strict=True)],
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
