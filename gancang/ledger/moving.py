"""How money moves: accounts locked in one order, balances and lines written together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection

from gancang.ledger.models import Account, Transfer
from gancang.ledger.rules import Why
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Organisation, Region

Kind = Account.Kind
PERIOD_IS_CLOSED = "period_is_closed"
SOURCES = {Kind.GRANTED, Kind.FARES, Kind.BUYERS}


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
    reverses: Transfer | None = None  # the movement that it takes back


def account_of(
    region: Region, kind: Kind, *, payee: Organisation | None, holder: User | None = None
) -> Account:
    """Somebody's account of a kind, opened if he has none; no payee: the region's own."""
    row, _ = Account.objects.get_or_create(region=region, kind=kind, payee=payee, holder=holder)
    return row


# One statement, so that a budget that everybody draws on is held for as short as can be. Accounts
# are locked in one order everywhere: two deeds never wait for each other in a ring. The sums that
# ceilings count (`ledger_drawn`) are changed by whoever holds the budgets' accounts.
_CARRY_OUT = """
    WITH locked AS (
        SELECT account.id, balance_rp + change AS balance_rp,
               kind <> ALL (%(sources)s) AND balance_rp < need AS short
        FROM ledger_account account
        JOIN unnest(%(accounts)s::bigint[], %(changes)s::bigint[], %(needs)s::bigint[])
             AS wanted (id, change, need) USING (id)
        ORDER BY account.id FOR NO KEY UPDATE OF account
    ), short AS (
        SELECT id FROM locked WHERE short
    ), balances AS (
        UPDATE ledger_account account SET balance_rp = locked.balance_rp
        FROM locked WHERE account.id = locked.id AND NOT EXISTS (SELECT FROM short)
    ), sums AS (
        INSERT INTO ledger_drawn (budget_id, day, area, amount_rp)
        SELECT * FROM unnest(%(budgets)s::bigint[], %(days)s::date[], %(districts)s::text[],
                             %(drawn)s::bigint[])
        WHERE NOT EXISTS (SELECT FROM short)
        ON CONFLICT (budget_id, day, area)
        DO UPDATE SET amount_rp = ledger_drawn.amount_rp + excluded.amount_rp
    ), lines AS (
        INSERT INTO ledger_transfer
            (region_id, by, at, kind, source_id, target_id, amount_rp, about, key, charged_on, area,
             reverses_id)
        SELECT %(region)s, %(by)s, %(at)s, line.*
        FROM unnest(%(kinds)s::text[], %(from)s::bigint[], %(to)s::bigint[], %(amounts)s::bigint[],
                    %(abouts)s::text[], %(keys)s::text[], %(charged)s::date[], %(areas)s::text[],
                    %(reversed)s::bigint[])
             AS line
        WHERE NOT EXISTS (SELECT FROM short)
    )
    SELECT id FROM short ORDER BY id LIMIT 1
"""


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
    told: dict[str, Any] = {
        "sources": sorted(SOURCES),
        "accounts": list(change),
        "changes": list(change.values()),
        "needs": [need[account] for account in change],
        "region": region.pk,
        "by": by,
        "at": now,
        **_drawn(moves),
        **_lines(moves),
    }
    short = _carry_out(told)
    if short:
        _refuse(short[0], Money(need[short[0]]))


def _carry_out(told: dict[str, Any]) -> tuple[int] | None:
    """Write it down; the account that lacks money, if one does."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_CARRY_OUT, told)
            short: tuple[int] | None = cursor.fetchone()
    except IntegrityError as error:
        if PERIOD_IS_CLOSED in str(error):  # the database's own word: no deed asks beforehand
            raise Refused(Why.PERIOD_CLOSED) from error
        raise
    return short


def _lines(moves: Sequence[Move]) -> dict[str, Any]:
    """The transfers, column by column."""
    return {
        "kinds": [move.kind.value for move in moves],
        "from": [move.source.pk for move in moves],
        "to": [move.target.pk for move in moves],
        "amounts": [move.amount.rupiah for move in moves],
        "abouts": [move.about for move in moves],
        "keys": [move.key for move in moves],
        "charged": [move.charged_on for move in moves],
        "areas": [move.area for move in moves],
        "reversed": [move.reverses.pk if move.reverses else None for move in moves],
    }


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


def _drawn(moves: Sequence[Move]) -> dict[str, Any]:
    """By how much each sum that ceilings count changes, column by column."""
    change: dict[tuple[int, date | None, str], int] = defaultdict(int)
    for move in moves:
        district = move.area.rpartition(".")[0]
        if move.kind == Transfer.Kind.RESERVE and move.target.budget_id:
            change[move.target.budget_id, move.charged_on, district] += move.amount.rupiah
        elif move.kind == Transfer.Kind.RELEASE and move.source.budget_id:
            change[move.source.budget_id, move.charged_on, district] -= move.amount.rupiah
        elif move.kind == Transfer.Kind.RECOVER and move.target.budget_id:
            change[move.target.budget_id, move.charged_on, district] -= move.amount.rupiah
    return {
        "budgets": [budget for budget, _, _ in change],
        "days": [day for _, day, _ in change],
        "districts": [district for _, _, district in change],
        "drawn": list(change.values()),
    }


def _refuse(pk: int, needed: Money) -> None:
    account = Account.objects.select_related("budget__fund", "holder", "payee").get(pk=pk)
    if account.holder:
        facts = {"holder": account.holder.full_name, "left": Money(account.balance_rp)}
        raise Refused(Why.NOT_THAT_MUCH, needed=needed, **facts)
    if account.kind == Kind.TILL and account.payee:
        told = {"till": account.payee.name, "left": Money(account.balance_rp)}
        raise Refused(Why.TILL_HAS_LESS, needed=needed, **told)
    if account.kind == Kind.HELD and account.payee:
        known = {"shop": account.payee.name, "left": Money(account.balance_rp)}
        raise Refused(Why.HELD_HAS_LESS, needed=needed, **known)
    assert account.kind == Kind.AVAILABLE, f"{account} holds less than it should"
    assert account.budget is not None, account.pk
    raise Refused(
        Why.BUDGET_EMPTY,
        fund=account.budget.fund.name,
        year=account.budget.year,
        left=Money(account.balance_rp),
        needed=needed,
    )
