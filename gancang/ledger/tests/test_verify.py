"""The book is written forward only, and whoever changes it by another hand is found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from gancang.ledger.models import Account, Transfer
from gancang.ledger.queries import verify
from tests.cast import delivered, place

if TYPE_CHECKING:
    from tests.cast import Cast

    from .conftest import Purse


@pytest.mark.parametrize(
    "change",
    ["UPDATE ledger_transfer SET amount_rp = 1", "DELETE FROM ledger_transfer"],
)
def test_no_line_of_the_book_can_be_changed_or_torn_out(purse: Purse, change: str) -> None:
    purse.reserve("JJJ-1", 20_000)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(change)
    assert purse.balances("reserved") == [10_000, 10_000]


def test_the_database_itself_keeps_accounts_above_zero(purse: Purse) -> None:
    with (
        pytest.raises(IntegrityError, match="nobody_spends_what_is_not_there"),
        transaction.atomic(),
    ):
        Account.objects.filter(kind="available").update(balance_rp=-1)


def test_the_book_of_a_day_adds_up(cast: Cast) -> None:
    delivered(cast)
    place(cast, number="R-2")
    lines, problems = verify(cast.region)
    assert problems == []
    assert lines == Transfer.objects.count()


def test_a_balance_that_somebody_raised_is_found(purse: Purse) -> None:
    account = Account.objects.filter(kind="available", budget__fund__code="bersama").get()
    run("UPDATE ledger_account SET balance_rp = balance_rp + 5 WHERE id = %s", account.pk)
    [problem] = verify(purse.region)[1]
    assert f"account {account.pk} (available)" in problem


def test_an_altered_line_is_found(purse: Purse) -> None:
    purse.reserve("JJJ-1", 20_000)
    line = Transfer.objects.filter(about="JJJ-1").earliest("pk")
    by_force("UPDATE ledger_transfer SET amount_rp = amount_rp + 1 WHERE id = %s", line.pk)
    problems = verify(purse.region)[1]
    assert any(f"account {line.source_id}" in problem for problem in problems)
    assert any(f"account {line.target_id}" in problem for problem in problems)


def test_a_torn_out_line_is_found(purse: Purse) -> None:
    purse.reserve("JJJ-1", 20_000)
    line = Transfer.objects.filter(about="JJJ-1").earliest("pk")
    by_force("DELETE FROM ledger_transfer WHERE id = %s", line.pk)
    assert verify(purse.region)[1]


def test_money_that_took_a_way_of_its_own_is_found_even_if_the_sums_agree(purse: Purse) -> None:
    purse.reserve("JJJ-1", 20_000)
    line = Transfer.objects.filter(about="JJJ-1").earliest("pk")
    by_force("UPDATE ledger_transfer SET kind = 'settle' WHERE id = %s", line.pk)
    problems = verify(purse.region)[1]
    assert any(problem.startswith(f"transfer {line.pk} ") for problem in problems)


def run(statement: str, *values: int) -> None:
    """A statement that no deed makes."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def by_force(statement: str, *values: int) -> None:
    """A statement of somebody who may do anything in the database."""
    # As replication does it: no trigger of ours runs.
    run("SET LOCAL session_replication_role = replica")
    run(statement, *values)
    run("SET LOCAL session_replication_role = origin")
