"""A month in three sums: what became owed, what was taken back, what is left. Exact, everywhere."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gancang.ledger.models import Account, Transfer
from gancang.overview import statement
from gancang.regions.queries import today_in
from gancang.settlement.models import Batch, Payment
from gancang.settlement.queries import Wanted, totals
from gancang.settlement.tests.months import earned, earned_again, month_of_past
from gancang.settlement.tests.test_bounces import is_exact, returned, settle_newest
from gancang.settlement.tests.test_corrections import ask, second_above
from gancang.values import in_words
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast


def month_now(cast: Cast) -> str:
    return today_in(cast.region, datetime.now(UTC)).strftime("%Y-%m")


def sums(cast: Cast, month: str, **of: str) -> tuple[int, int, int]:
    """The three sums; the book's page and the settlement's must agree on them."""
    found = totals(Wanted(region=cast.region, month=month, **of))
    names = {"payee": "fleet", "fund": "funder"}
    same = {names[key]: value for key, value in of.items() if key in names}
    if len(same) == len(of):
        assert found == statement.totals(statement.Wanted(region=cast.region, month=month, **same))
    return found.gross.rupiah, found.taken_back.rupiah, found.net.rupiah


def lines_of(cast: Cast) -> list[Transfer]:
    rows = Transfer.objects.filter(region=cast.region, kind="settle")
    return list(rows.select_related("source__budget__fund", "target__payee").order_by("-amount_rp"))


def fund_of(line: Transfer) -> str:
    assert line.source.budget is not None
    return line.source.budget.fund.code


def pay(cast: Cast) -> None:
    """What is open is drafted, approved, sent and paid."""
    before = Batch.objects.count()
    client_of(cast.treasurer).post("/settlement/batches", {"month": month_of_past(cast)})
    if Batch.objects.count() > before:
        settle_newest(cast)


def foot_of(cast: Cast, month: str) -> list[int]:
    """The sums under the lines of the workbook, as they stand in the file."""
    data = client_of(cast.auditor).get(f"/settlement/statement.xlsx?month={month}").content
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "xl/worksheets/sheet2.xml" in book.namelist()
    return [int(value) for value in re.findall(r"<f>[^<]+</f><v>(-?\d+)</v>", sheet)]


def test_what_is_taken_back_counts_in_the_month_in_which_that_is_done(cast: Cast) -> None:
    second_above(cast, 10**9)
    earned(cast)
    past, now = month_of_past(cast), month_now(cast)
    gross, line = sum(each.amount_rp for each in lines_of(cast)), lines_of(cast)[0]
    assert sums(cast, past) == (gross, 0, gross)
    ask(cast, line)
    assert sums(cast, past) == (gross, 0, gross), "a month that is over stays what it was"
    assert sums(cast, now) == (0, line.amount_rp, -line.amount_rp)
    fund, fleet = fund_of(line), cast.fleet.code
    assert sums(cast, now, fund=fund, payee=fleet) == (0, line.amount_rp, -line.amount_rp)
    assert sums(cast, now, rider=cast.rider.username) == (0, line.amount_rp, -line.amount_rp)
    assert sums(cast, now, fund="nobody")[1:] == (0, 0)
    assert sums(cast, now, rider=cast.other_rider.username) == (0, 0, 0)
    assert foot_of(cast, now) == [0, line.amount_rp, -line.amount_rp]
    assert foot_of(cast, past) == [gross, 0, gross]
    for path in ("/overview/book", "/overview/statement", "/settlement/", "/settlement/lines"):
        page = client_of(cast.treasurer).get(f"{path}?month={now}").content.decode()
        assert in_words(line.amount_rp) in page, path
        assert in_words(-line.amount_rp) in page, path


def test_what_was_paid_taken_back_and_put_back_again_leaves_the_month_as_it_was(
    cast: Cast,
) -> None:
    second_above(cast, 10**9)
    earned(cast)
    pay(cast)
    now, line = month_now(cast), lines_of(cast)[0]
    ask(cast, line)
    back = Transfer.objects.get(reverses=line)
    assert back.kind == "owe_back"
    fund = fund_of(line)
    assert sums(cast, now, fund=fund) == (0, line.amount_rp, -line.amount_rp)
    ask(cast, back, "ternyata benar")
    assert sums(cast, now, fund=fund) == (0, 0, 0)
    assert sums(cast, now, payee=cast.fleet.code) == (0, 0, 0)


DEEDS = st.lists(
    st.tuples(st.sampled_from(["earn", "pay", "bounce", "back", "repay"]), st.integers(0, 30)),
    max_size=6,
)


@pytest.mark.django_db
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=DEEDS)
def test_the_net_of_all_months_is_what_payees_are_owed_and_have(
    cast: Cast, deeds: list[tuple[str, int]]
) -> None:
    second_above(cast, 10**9)
    if not Transfer.objects.filter(kind="settle").exists():
        earned(cast)
    for kind, number in deeds:
        do(cast, kind, number)
        is_exact(cast)
        theirs = Account.objects.filter(region=cast.region, kind__in=("payable", "paid"))
        months = {month_of_past(cast), month_now(cast)}
        nets = [sums(cast, month)[2] for month in months]
        assert sum(nets) == sum(theirs.values_list("balance_rp", flat=True))
        gross = sum(Transfer.objects.filter(kind="settle").values_list("amount_rp", flat=True))
        assert sum(sums(cast, month)[0] for month in months) == gross


def do(cast: Cast, kind: str, number: int) -> None:
    """One deed through its page; what is refused changes nothing."""
    paid = Payment.objects.filter(state="paid").order_by("-pk").first()
    rows = Transfer.objects.filter(kind__in=("settle", "reverse", "owe_back"), reversed_by=None)
    backs = Transfer.objects.filter(kind="owe_back", reversed_by=None).order_by("pk")
    if kind == "earn":
        earned_again(cast, f"R-{70_000 + Transfer.objects.count()}")
    elif kind == "pay":
        pay(cast)
    elif kind == "bounce" and paid:
        returned(cast, paid)
    elif kind == "back" and rows:
        ask(cast, rows.order_by("pk")[number % len(rows)])
    elif kind == "repay" and backs:
        told = {"amount_rp": str(1 + number), "reference": f"S-{Transfer.objects.count()}"}
        client_of(cast.treasurer).post(f"/settlement/movements/{backs[0].pk}/repaid", told)
