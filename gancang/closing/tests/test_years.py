"""A budget year ends: open orders go on, the rest is carried over or returned, by two people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest

from gancang.closing.tests.conftest import CARRIES, EACH, PROGRAMME, RETURNS, THIS_YEAR
from gancang.ledger.actions import load, release
from gancang.ledger.models import Transfer, YearEnd
from gancang.regions.pack import BudgetTerms, read_pack
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
