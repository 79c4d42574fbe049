"""Papers that a treasurer signs: kuitansi in words, BAST by day, recap under the day's code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from gancang.regions.models import Region
from gancang.settlement.models import Batch
from gancang.settlement.papers import account_code_of, minutes_of, recap, receipt_of
from gancang.settlement.queries import Wanted
from gancang.settlement.tests.months import earned, month_of_past
from gancang.values.spelled import spelled
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast


def test_the_papers_of_a_payment_and_of_its_month_open(cast: Cast) -> None:
    earned(cast)
    client, month = client_of(cast.treasurer), month_of_past(cast)
    client.post("/settlement/batches", {"month": month})
    payment = Batch.objects.get().payments.get()
    receipt, minutes = receipt_of(payment), minutes_of(payment)
    assert any(spelled(payment.amount_rp) in value for _, value in receipt.facts)
    assert [row[1] for row in minutes.rows] == ["1"], "one order on one day"
    for url in (
        f"/settlement/payments/{payment.reference}/receipt",
        f"/settlement/payments/{payment.reference}/minutes",
        f"/settlement/recap.pdf?month={month}",
    ):
        assert client.get(url).content.startswith(b"%PDF"), url


def test_the_recap_sums_what_the_book_owes_under_the_code_of_the_day(cast: Cast) -> None:
    earned(cast)
    wanted = Wanted(region=cast.region, month=month_of_past(cast))
    rows = recap(wanted)
    assert all(row.code for row in rows)
    lines = client_of(cast.treasurer).get(f"/settlement/?month={wanted.month}")
    [standing] = lines.context["standings"]
    assert sum(row.amount.rupiah for row in rows) == standing.total.rupiah > 0
    nobody = replace(wanted, month="1999-01")
    assert recap(nobody) == []


def test_a_code_counts_from_its_day_and_a_programmes_own_comes_first(region: Region) -> None:
    told = {"fund": "a", "name": "x", "decree": "SK"}
    region.config["money"] = {
        "account_codes": [
            {**told, "code": "1.old", "from": "2025-01-01"},
            {**told, "code": "2.new", "from": "2026-07-01"},
            {**told, "code": "3.own", "from": "2025-01-01", "programme": "p"},
            {**told, "code": "4.over", "from": "2026-01-01", "until": "2026-01-31"},
        ]
    }

    def code(on: date, programme: str = "other") -> str:
        return account_code_of(region, fund="a", programme=programme, on=on)[0]

    assert code(date(2026, 6, 30)) == "1.old"
    assert code(date(2026, 7, 1)) == "2.new"
    assert code(date(2026, 1, 15)) == "4.over"
    assert code(date(2026, 7, 1), "p") == "3.own"
    assert code(date(2024, 7, 1)) == ""
