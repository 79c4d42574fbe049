"""The month's statement: what the treasurer prints, signs and takes along."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gancang.cash.tests.door import at_the_door, hand_over
from gancang.cash.tests.test_at_the_door import hand_in
from gancang.ledger.actions import settle
from gancang.ledger.models import Transfer
from gancang.ledger.queries import list_funds
from gancang.overview.month import month_told
from gancang.overview.statement import Wanted
from gancang.regions.queries import today_in
from gancang.values import Money
from tests.cast import client_of, delivered, place, release

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
STATEMENT = "/overview/statement"


def page(user: User, address: str = STATEMENT) -> str:
    """The statement as somebody reads it."""
    return client_of(user).get(address).content.decode()


def this_month(cast: Cast) -> Wanted:
    """Everything of the month that it is in the region."""
    today = today_in(cast.region, datetime.now(UTC))
    return Wanted(region=cast.region, month=f"{today:%Y-%m}")


def test_each_fund_and_each_fleet_stand_in_it_with_their_sums(cast: Cast) -> None:
    order = delivered(cast)
    told = month_told(this_month(cast))
    assert told.total.rupiah == order.price_rp
    assert sum(part.amount.rupiah for part in told.funds) == order.price_rp
    assert all(part.spent == part.amount for part in told.funds), "nothing was paid before"
    assert [(part.name, part.orders) for part in told.fleets] == [(cast.fleet.name, 1)]
    read = page(cast.treasurer)
    for part in (*told.funds, *told.fleets):
        assert part.name in read
        assert str(part.amount) in read
    assert f"/overview/orders/{order.code}" in read
    assert cast.treasurer.full_name in read


def test_the_statement_of_one_fund_holds_its_lines_and_no_money_of_patients(cast: Cast) -> None:
    delivered(cast)
    fund = list_funds(cast.region)[0]
    read = page(cast.treasurer, f"{STATEMENT}?funder={fund.code}")
    paid = Transfer.objects.filter(kind="settle", source__budget__fund=fund)
    assert f"<h2>Uang publik: {month_told(this_month(cast)).total}</h2>" not in read
    assert all(f"Rp {row.amount_rp:,}".replace(",", ".") in read for row in paid)
    assert 'id="patients"' not in read


def test_what_riders_handed_in_and_what_was_missing_stands_in_it(cast: Cast) -> None:
    order = at_the_door(cast)
    assert hand_over(order, paid="cash") == 302
    cash = order.patient_pays_rp
    assert hand_in(cast, cash - 2_000, seen=cash, note="uang kembali salah") == 302
    (told,) = month_told(this_month(cast)).deposits
    assert (told.deposits, told.counted.rupiah, told.missing.rupiah) == (1, cash - 2_000, 2_000)
    read = page(cast.treasurer)
    assert str(told.missing) in read
    assert order.code not in read, "no public money was spent on it"


def test_a_line_without_proof_is_not_to_be_paid(cast: Cast) -> None:
    delivered(cast)
    assert "Jangan dibayar" not in page(cast.treasurer)
    waiting = release(cast, place(cast, number="R-2", nik=""))
    settle(
        waiting.code,
        payee=cast.fleet,
        cost=Money(waiting.price_rp),
        region=cast.region,
        by="tests",
        now=datetime.now(UTC),
    )
    assert month_told(this_month(cast)).without_proof > 0
    assert "Jangan dibayar" in page(cast.treasurer)


def test_the_spreadsheet_has_the_same_lines_to_the_rupiah(cast: Cast) -> None:
    order = delivered(cast)
    answer = client_of(cast.treasurer).get(f"{STATEMENT}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["order"] for row in rows} == {order.code}
    assert sum(int(row["amount_rp"]) for row in rows) == order.price_rp
    assert all(row["handed_over_by"] == cast.rider.username for row in rows)
    assert answer["Content-Disposition"].endswith('.csv"')
    assert answer["Cache-Control"] == "no-store"


def test_what_is_no_month_is_told_and_an_empty_one_says_what_will_stand_there(cast: Cast) -> None:
    for wrong in ("bulan", "9999-12", "0001-01"):
        answer = client_of(cast.treasurer).get(f"{STATEMENT}?month={wrong}")
        assert answer.status_code == 400
        assert f"{wrong} bukan bulan; tulis seperti 2026-11." in answer.content.decode()
    assert client_of(cast.treasurer).get(f"{STATEMENT}.csv?month=bulan").status_code == 409
    assert 'class="empty"' in page(cast.treasurer, f"{STATEMENT}?month=2001-01")


def test_a_month_that_is_not_over_says_so(cast: Cast) -> None:
    words = "Bulan ini belum selesai"
    assert words in page(cast.treasurer)
    assert words not in page(cast.treasurer, f"{STATEMENT}?month=2001-01")


def test_the_book_leads_to_the_statement_of_what_it_shows(cast: Cast) -> None:
    fund = list_funds(cast.region)[0].code
    read = page(cast.treasurer, f"/overview/book?month=2001-01&funder={fund}")
    assert f"{STATEMENT}?month=2001-01&amp;fleet=&amp;funder={fund}" in read
