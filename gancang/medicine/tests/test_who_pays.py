"""APBD first, then Baznas, then a company: each order tells who paid what, and why not another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.ledger.actions import load as load_funds
from gancang.ledger.queries import verify as verify_book
from gancang.overview.story import story_of
from gancang.programmes.actions import load as load_programmes
from gancang.programmes.models import Programme
from gancang.regions.pack import AgreementTerms, BudgetTerms, FunderTerms, FundTerms, read_pack
from gancang.regions.queries import today_in
from tests.cast import PACK, client_of, place, shares_of_order, typed_prescription

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from tests.cast import Cast

PROGRAMME = "gancang-aron-1"
NAMES = {"kas-satu": "APBD", "kas-dua": "Baznas", "kas-tiga": "CSR"}


def paid_in_turn(cast: Cast, *funders: FunderTerms, granted: dict[str, int]) -> None:
    """From now on these funders pay for the free tier, out of what each was granted."""
    now = datetime.now(UTC)
    today = today_in(cast.region, now)
    pack = read_pack(PACK)
    before = next(row for row in pack.programmes if row.code == PROGRAMME)
    deals = tuple(
        replace(deal, until_date=date(today.year + 1, 12, 31)) for deal in before.agreements
    )
    ended = AgreementTerms(
        code="habis",
        parties=("Pemkab", "Mitra"),
        from_date=today - timedelta(days=365),
        until_date=today - timedelta(days=1),
        document="Arsip",
    )
    newer = replace(before, version=99, funders=funders, agreements=(*deals, ended))
    funds = tuple(FundTerms(code=code, name=name, owner=name) for code, name in NAMES.items())
    budgets = tuple(
        BudgetTerms(
            fund=code, programme=PROGRAMME, year=today.year, amount_rp=rupiah, decree="SK 1"
        )
        for code, rupiah in granted.items()
    )
    pack = replace(pack, programmes=(newer,), funds=funds, budgets=budgets)
    load_funds(pack, region=cast.region, by="tests", now=now)
    load_programmes(pack, region=cast.region, by="tests", now=now)
    assert Programme.objects.filter(code=PROGRAMME, version=99).exists()


@pytest.fixture
def price(cast: Cast) -> int:
    """What the public pays of one of Sari's orders."""
    return sum(shares_of_order(place(cast, number="R-0").code).values())


def why(order: Order) -> dict[str, list[str]]:
    """By the name of each fund why it did not pay all, as `gancang why` tells it."""
    return {each["name"]: each["why_not"] for each in story_of(order)["funders"]}


def test_when_the_apbd_is_exhausted_baznas_pays_and_then_a_company(cast: Cast, price: int) -> None:
    first, second, third = NAMES
    turns = [FunderTerms(fund=fund, order=turn) for turn, fund in enumerate(NAMES, 1)]
    granted = {first: price + 1_000, second: price - 1, third: price * 9}
    paid_in_turn(cast, *turns, granted=granted)
    orders = [place(cast, number=f"R-{number}") for number in (1, 2, 3)]
    assert [shares_of_order(order.code) for order in orders] == [
        {first: price},
        {first: 1_000, second: price - 1_000},
        {second: 999, third: price - 999},
    ]
    assert why(orders[0]) == {"APBD": [], "Baznas": [], "CSR": []}
    [reason] = why(orders[1])["APBD"]
    assert "Rp 1.000" in reason
    page = client_of(cast.auditor).get(f"/overview/orders/{orders[2].code}").content.decode()
    assert reason.split("Rp")[0] in page
    assert "giliran 3" in page
    assert verify_book(cast.region)[1] == []


def test_a_funder_whose_agreement_ended_yesterday_is_passed_over(cast: Cast, price: int) -> None:
    first, second, _ = NAMES
    turns = FunderTerms(fund=first, agreement="habis"), FunderTerms(fund=second, order=2)
    paid_in_turn(cast, *turns, granted={first: price * 9, second: price})
    order = place(cast, number="R-1")
    assert shares_of_order(order.code) == {second: price}
    assert "perjanjian" in why(order)["APBD"][0]
    refused = client_of(cast.clerk).post("/medicine/new", typed_prescription(cast, number="R-2"))
    assert refused.status_code == 400
    assert "Baznas" in refused.content.decode()


def test_a_programme_whose_only_agreement_ended_yesterday_takes_nothing(
    cast: Cast, price: int
) -> None:
    first, *_ = NAMES
    paid_in_turn(cast, FunderTerms(fund=first, agreement="habis"), granted={first: price * 9})
    refused = client_of(cast.clerk).post("/medicine/new", typed_prescription(cast, number="R-1"))
    assert refused.status_code == 400
    assert "perjanjian" in refused.content.decode()
