"""The end of a month: three tiers were served, one rider came short, and all sums agree."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gancang.cash.models import Deposit, Shortfall
from gancang.cash.tests.door import at_the_door, hand_over
from gancang.cash.tests.test_at_the_door import hand_in
from gancang.ledger.queries import patients_money
from gancang.medicine.tests.test_visit import on_the_way, write
from gancang.overview.statement import Wanted, statement
from gancang.overview.story import story_of
from gancang.overview.verify import verify
from gancang.regions.queries import today_in
from tests.cast import client_of, delivered

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.mark.django_db(transaction=True)
def test_three_tiers_one_shortfall_and_every_sum_agrees(cast: Cast) -> None:
    free = delivered(cast)
    by_cash, by_qris = at_the_door(cast, 1), None
    assert hand_over(by_cash, paid="cash") == 302
    by_qris = at_the_door(cast, 2)
    assert hand_over(by_qris, paid="qris", paid_reference="QR-7788") == 302
    visit = on_the_way(cast, number="V-1")
    assert write(cast, visit) == 302

    cash = by_cash.patient_pays_rp
    assert hand_in(cast, cash - 2_000, seen=cash, note="uang kembali salah") == 302
    shortfall = Shortfall.objects.get(deposit=Deposit.objects.get())
    typed = {"note": "dibayar sebagian", "repaid_rp": "500"}
    client_of(cast.treasurer).post(f"/cash/shortfalls/{shortfall.pk}", typed)

    month = today_in(cast.region, datetime.now(UTC)).strftime("%Y-%m")
    told = statement(Wanted(region=cast.region, month=month))
    public = sum(line["amount_rp"] for line in told["lines"])
    assert told["total_rp"] == public == free.price_rp - free.patient_pays_rp
    patients = told["patients"]
    paid = by_cash.patient_pays_rp + by_qris.patient_pays_rp
    assert patients["total_rp"] == paid == sum(patients["paid_to"].values())
    assert {line["how"] for line in patients["lines"]} == {"cash", "qris"}
    assert all(line["proof"] for line in patients["lines"])
    assert patients["now_rp"] == {
        "in_hand": 0,
        "till": paid - 1_500,
        "short": 1_500,
        "lost": 0,
    }
    assert visit.code not in json.dumps(told)

    assert verify([cast.region]).problems == []
    story = story_of(by_cash)
    assert story["payment"]["amount_rp"] == cash
    assert [line["kind"] for line in story["ledger"]] == ["cash"]
    assert patients_money(cast.region)["fares"].rupiah == paid
    page = client_of(cast.treasurer).get("/overview/book").content.decode()
    assert "Rp 1.500" in page
