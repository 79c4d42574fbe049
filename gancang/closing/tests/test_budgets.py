"""A document changes a budget in mid-year: up, down, never below what is bound."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from gancang.closing.tests.conftest import EACH, RETURNS
from gancang.ledger.models import Revision
from gancang.regions.queries import today_in
from tests.cast import client_of
from tests.test_at_once import at_once

if TYPE_CHECKING:
    from gancang.closing.tests.conftest import OldYear


def revise(old: OldYear, amount: str, **changed: str) -> int:
    """The treasurer writes a document down; the answer's status."""
    line = old.line(RETURNS, old.year)
    today = today_in(old.region, datetime.now(UTC))
    typed = {"amount_rp": amount, "number": "Perda 7/2026", "on": today.isoformat()}
    typed = {**typed, "reason": "perubahan APBD", **changed}
    return client_of(old.cast.treasurer).post(f"/closing/budgets/{line.pk}", typed).status_code


def test_a_document_raises_and_another_lowers_a_budget_and_both_are_kept(old: OldYear) -> None:
    old.reserve("R-1", 200_000, RETURNS)
    assert revise(old, str(EACH + 500_000)) == 302
    assert revise(old, "200000", number="Perda 8/2026") == 302
    assert old.stands(RETURNS, old.year) == (200_000, 0, 200_000)
    page = client_of(old.cast.officer)
    told = page.get(f"/closing/budgets/{old.line(RETURNS, old.year).pk}").content.decode()
    assert told.index("Perda 8/2026") < told.index("Perda 7/2026")
    assert old.problems() == []


def test_never_below_what_is_bound_nor_ahead_nor_twice(old: OldYear) -> None:
    old.reserve("R-1", 200_000, RETURNS)
    today = today_in(old.region, datetime.now(UTC))
    assert revise(old, "199999") == 400
    assert revise(old, str(EACH)) == 400, "that is no change"
    assert revise(old, "900000", on=(today + timedelta(days=1)).isoformat()) == 400
    for typed in ("-1", "banyak", "1.5", ""):
        assert revise(old, typed) == 400
    assert revise(old, "900000") == 302
    assert revise(old, "800000") == 400, "the same document changes a budget once"
    assert Revision.objects.count() == 1
    assert old.stands(RETURNS, old.year) == (900_000, 700_000, 200_000)


@pytest.mark.django_db(transaction=True)
def test_a_budget_is_lowered_while_orders_draw_on_it_and_nothing_is_overspent(
    old: OldYear,
) -> None:
    deeds = [partial(old.reserve, f"R-{number}", 250_000, RETURNS) for number in range(4)]
    at_once([*deeds, partial(revise, old, "300000")])
    granted, free, aside = old.stands(RETURNS, old.year)
    assert granted == free + aside
    assert granted in (300_000, EACH)
    assert free >= 0
    assert old.problems() == []
