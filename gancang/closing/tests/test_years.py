"""A budget year ends: open orders go on, the rest is carried over or returned, by two people."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from gancang.closing.tests.conftest import CARRIES, EACH, PROGRAMME, RETURNS, THIS_YEAR
from gancang.ledger.actions import load, release
from gancang.ledger.models import Budget, Transfer, YearEnd
from gancang.ledger.year_end import Bound, plans_for, shared
from gancang.regions.pack import BudgetTerms, read_pack
from gancang.values import Money
from tests.cast import PACK, client_of
from tests.test_at_once import at_once

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.closing.tests.conftest import OldYear


def press(user: User, old: OldYear, deed: str = "", **typed: str) -> str:
    """Somebody at the page of the old year."""
    url = f"/closing/years/{old.year}{deed}"
    return client_of(user).post(url, typed, follow=True).content.decode()


def ended(old: OldYear) -> None:
    """Asked by the treasurer, confirmed by the admin."""
    press(old.cast.treasurer, old, document="SK 9/2026")
    press(old.cast.admin, old, "/confirm")


def test_open_orders_go_on_and_the_rest_is_carried_over_or_returned(old: OldYear) -> None:
    old.reserve("C-1", 100_000, CARRIES)
    old.reserve("R-1", 250_000, RETURNS)
    old.reserve("R-2", 100_000, RETURNS)
    ended(old)
    assert old.stands(CARRIES, old.year) == (0, 0, 0)
    assert old.stands(CARRIES, old.year + 1) == (EACH, EACH - 100_000, 100_000)
    # The next year's line bears the first order; the second stays bound to the old year's money.
    assert old.stands(RETURNS, old.year + 1) == (THIS_YEAR, 50_000, 250_000)
    assert old.stands(RETURNS, old.year) == (100_000, 0, 100_000)
    assert old.problems() == []
    for order in ("C-1", "R-1", "R-2"):
        old.settle(order, 90_000)
    assert old.stands(CARRIES, old.year + 1) == (EACH, EACH - 90_000, 0)
    assert old.stands(RETURNS, old.year) == (100_000, 10_000, 0)
    assert old.problems() == []
    page = client_of(old.cast.auditor).get(f"/closing/years/{old.year}").content.decode()
    assert "SK 9/2026" in page


def test_the_oldest_order_goes_on_first_and_what_is_left_is_on_a_list(old: OldYear) -> None:
    old.reserve("Z-OLDEST", 200_000, RETURNS)
    old.reserve("B-NEWER", 200_000, RETURNS)
    old.reserve("A-NEWEST", 80_000, RETURNS)
    client = client_of(old.cast.treasurer)
    url = f"/closing/years/{old.year}/left"
    page = client.get(url).content.decode()
    assert "B-NEWER" in page
    assert "Z-OLDEST" not in page, "its code is last, but it waited longest"
    assert re.search(r"kurang Rp\s?180\.000", page)
    assert "B-NEWER,pengembali,jamu" in client.get(url + "?as=csv").content.decode()
    ended(old)
    assert old.stands(RETURNS, old.year) == (200_000, 0, 200_000)
    assert "B-NEWER" in client.get(url).content.decode(), "still there after the end"
    line = old.line(RETURNS, old.year + 1)
    typed = {
        "number": "P 1",
        "on": datetime.now(UTC).date(),
        "amount_rp": "500000",
        "reason": "perubahan",
    }
    assert client.post(f"/closing/budgets/{line.pk}", typed).status_code == 302
    ended(old)
    assert "B-NEWER" not in client.get(url).content.decode()
    assert old.stands(RETURNS, old.year) == (0, 0, 0)
    assert old.stands(RETURNS, old.year + 1) == (500_000, 20_000, 480_000)
    assert old.problems() == []


@given(
    ages=st.lists(st.integers(0, 50), max_size=12),
    amounts=st.lists(st.integers(1, 900), min_size=12, max_size=12),
    free=st.integers(0, 3_000),
)
def test_no_younger_order_takes_what_an_older_one_needed(
    ages: list[int], amounts: list[int], free: int
) -> None:
    begun = datetime(2025, 1, 1, tzinfo=UTC)
    held = [
        Bound(order=f"O-{n}", amount=Money(rp), since=begun + timedelta(days=age))
        for n, (age, rp) in enumerate(zip(ages, amounts, strict=False))
    ]
    moved, stays = shared(held, free)
    assert sum(each.rupiah for each in moved.values()) <= free
    assert len(moved) + len(stays) == len(held)
    for each in stays:
        older = sum(
            one.amount.rupiah
            for one in held
            if one.order in moved and (one.since, one.order) < (each.since, each.order)
        )
        assert older + each.amount.rupiah > free, "with the older ones alone it did not fit"
    assert shared(held, None) == ({o.order: o.amount for o in held}, [])


def test_a_year_is_read_by_as_many_questions_for_many_lines_as_for_one(old: OldYear) -> None:
    now, counted = datetime.now(UTC), []
    fund = old.line(RETURNS, old.year).fund
    for number in range(3):
        old.reserve(f"R-{number}", 1_000, RETURNS)
        with CaptureQueriesContext(connection) as queries:
            plans_for(old.region, old.year, now=now)
        counted.append(len(queries))
        Budget.objects.create(fund=fund, programme=f"p{number}", year=old.year, decree="SK 2")
    assert counted == [2, 2, 2]


def test_one_person_alone_ends_no_year_and_nothing_ends_twice(old: OldYear) -> None:
    press(old.cast.treasurer, old, document="SK 9/2026")
    press(old.cast.treasurer, old, "/confirm")
    press(old.cast.auditor, old, "/confirm")
    press(old.cast.admin, old, document="SK 10/2026")
    assert old.stands(CARRIES, old.year) == (EACH, EACH, 0)
    assert set(YearEnd.objects.values_list("document", flat=True)) == {"SK 9/2026"}
    press(old.cast.admin, old, "/confirm")
    lines = Transfer.objects.count()
    ended(old)
    assert Transfer.objects.count() == lines
    assert old.stands(CARRIES, old.year + 1) == (EACH, EACH, 0)


def test_what_was_asked_too_early_is_taken_back(old: OldYear) -> None:
    press(old.cast.treasurer, old, document="SK 9/2026")
    press(old.cast.treasurer, old, "/take-back")
    assert not YearEnd.objects.exists()
    press(old.cast.admin, old, "/confirm")
    assert old.stands(CARRIES, old.year) == (EACH, EACH, 0)


def test_before_the_packs_day_a_year_is_shown_and_not_ended(old: OldYear) -> None:
    client = client_of(old.cast.treasurer)
    page = client.get(f"/closing/years/{old.year + 1}").content.decode()
    assert f"belum ada anggaran {old.year + 2}" in page
    client.post(f"/closing/years/{old.year + 1}", {"document": "SK 9"})
    assert not YearEnd.objects.exists()
    assert client.get("/closing/years/1900").status_code == 404
    assert client.post(f"/closing/years/{old.year}", {"document": " "}).status_code == 400


def test_what_comes_back_to_an_ended_year_leaves_it_by_a_further_deed(old: OldYear) -> None:
    old.reserve("R-1", 400_000, RETURNS)
    ended(old)
    release("R-1", region=old.region, by="tests", now=datetime.now(UTC))
    assert old.stands(RETURNS, old.year) == (400_000, 400_000, 0)
    ended(old)
    assert old.stands(RETURNS, old.year) == (0, 0, 0)
    assert old.problems() == []


def test_the_pack_loaded_again_gives_nothing_twice(old: OldYear) -> None:
    ended(old)
    before = old.stands(CARRIES, old.year), old.stands(RETURNS, old.year)
    budgets = tuple(
        BudgetTerms(fund=code, programme=PROGRAMME, year=old.year, amount_rp=EACH, decree="SK 1")
        for code in (CARRIES, RETURNS)
    )
    pack = replace(read_pack(PACK), funds=(), budgets=budgets)
    load(pack, region=old.region, by="tests", now=datetime.now(UTC))
    assert (old.stands(CARRIES, old.year), old.stands(RETURNS, old.year)) == before


@pytest.mark.django_db(transaction=True)
def test_a_delivery_settled_while_the_year_ends_is_paid_once_from_one_line(old: OldYear) -> None:
    for number in range(4):
        old.reserve(f"C-{number}", 50_000, CARRIES)
    press(old.cast.treasurer, old, document="SK 9/2026")
    admin = client_of(old.cast.admin)
    deeds = [partial(old.settle, f"C-{number}", 50_000) for number in range(4)]
    at_once([*deeds, partial(admin.post, f"/closing/years/{old.year}/confirm")])
    for number in range(4):
        if not Transfer.objects.filter(about=f"C-{number}", kind="settle").exists():
            old.settle(f"C-{number}", 50_000)
    paid = Transfer.objects.filter(kind="settle").values_list("amount_rp", flat=True)
    assert sum(paid) == 200_000
    assert old.problems() == []
