"""Treasurer and officer learn in time that a budget will be used up, and ask what if."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.audit.models import Event
from gancang.forecast.models import Notice
from gancang.forecast.queries import Line, lines_of
from gancang.forecast.tasks import tell_of_budgets
from gancang.ledger.actions import reserve_all
from gancang.ledger.models import Account, Budget
from gancang.ledger.waterfall import Payer, Reservation
from gancang.values import Money
from tests.cast import client_of, free_in, place

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast

A_DAY = 100_000


@pytest.fixture
def used(cast: Cast) -> Budget:
    """A budget line of which, for six weeks, as much was set aside each day, never the same."""
    now = datetime.now(UTC)
    account = (
        Account.objects.filter(
            region=cast.region, kind="available", budget__year=now.year, balance_rp__gt=42 * 130_000
        )
        .select_related("budget__fund")
        .order_by("pk")[0]
    )
    budget = account.budget
    assert budget is not None
    for day in range(1, 43):
        wanted = Reservation(
            order=f"EARLIER-{day}",
            payers=(Payer(budget.fund.code),),
            programme=budget.programme,
            year=budget.year,
            amount=Money(A_DAY + 10_000 * (day % 5 - 2)),
            area="",
        )
        at = now - timedelta(days=day)
        reserve_all([wanted], region=cast.region, by="tests", now=at)
    return budget


def line_of(cast: Cast, budget: Budget) -> Line:
    """What is foreseen of a budget line now."""
    found = lines_of(cast.region, now=datetime.now(UTC))
    return next(line for line in found if line.budget == budget)


def leave(cast: Cast, budget: Budget, rupiah: int) -> None:
    """Leave so much in a budget line, and set the rest aside for something else."""
    aside = Reservation(
        order=f"ELSEWHERE-{rupiah}",
        payers=(Payer(budget.fund.code),),
        programme=budget.programme,
        year=budget.year,
        amount=Money(free_in(budget) - rupiah),
        area="",
    )
    reserve_all([aside], region=cast.region, by="tests", now=datetime.now(UTC))


def waits(client: Client) -> int:
    """The number that stands at the entry of the menu."""
    page = client.get("/forecast/").content.decode()
    return len(re.findall(r"/forecast/notices/\d+/seen", page))


def test_they_are_told_once_of_each_threshold_until_somebody_has_seen_it(
    cast: Cast, used: Budget
) -> None:
    treasurer, officer = client_of(cast.treasurer), client_of(cast.officer)
    assert tell_of_budgets(0) == 0
    leave(cast, used, 5 * A_DAY)
    assert tell_of_budgets(0) == 1
    assert tell_of_budgets(0) == 0
    assert waits(treasurer) == waits(officer) == 1
    assert client_of(cast.auditor).get("/forecast/").status_code == 200
    notice = Notice.objects.get(role="treasurer")
    assert notice.days == 7
    assert notice.early is not None
    assert 3 <= (notice.early - notice.at.date()).days <= 7
    seen = f"/forecast/notices/{notice.pk}/seen"
    assert treasurer.post(seen).status_code == treasurer.post(seen).status_code == 302
    assert (waits(treasurer), waits(officer)) == (0, 1)
    assert officer.post("/forecast/notices/987654/seen").status_code == 404
    leave(cast, used, 0)
    assert tell_of_budgets(0) == 1
    assert waits(treasurer) == 1
    assert "tidak ada sisa" in treasurer.get("/forecast/").content.decode()
    kinds = Event.objects.filter(kind__startswith="budget.n").order_by("pk").values_list("kind")
    assert [kind for (kind,) in kinds] == [
        "budget.nears_end",
        "budget.notice_seen",
        "budget.nears_end",
    ]


def test_what_if_the_price_rises_and_more_people_come(cast: Cast, used: Budget) -> None:
    place(cast)
    leave(cast, used, 15 * A_DAY)
    treasurer, address = client_of(cast.treasurer), f"/forecast/{used.pk}"
    line = line_of(cast, used)
    assert line.told is not None
    assert line.told.likely is not None
    days = (line.told.likely - line.today).days
    assert 12 <= days <= 18
    plain = treasurer.get(address).content.decode()
    assert f"{line.told.likely:%d-%m-%Y}" in plain
    assert "<polyline" in plain
    assert 'class="other"' not in plain
    if used.programme == "gancang-aron-1":
        dearer = treasurer.get(address, {"price_percent": "50", "more_people": "1"})
        assert 'class="other"' in dearer.content.decode()
    for typed, words in (
        ({"price_percent": "10", "starts": "2026-13-45"}, "starts"),
        ({"price_percent": "viel"}, "price_percent"),
    ):
        answer = treasurer.get(address, typed)
        assert answer.status_code == 400
        assert f'name="{words}"' in answer.content.decode()
        assert typed[words] in answer.content.decode()


def test_of_a_new_budget_nothing_is_said(cast: Cast) -> None:
    client = client_of(cast.officer)
    page = client.get("/forecast/").content.decode()
    assert "belum cukup diketahui" in page
    now = datetime.now(UTC)
    number = Budget.objects.filter(fund__region=cast.region, year=now.year)[0].pk
    answer = client.get(f"/forecast/{number}", {"more_people": "200"})
    assert answer.status_code == 400
    assert "Akhir-akhir ini belum ada yang dilayani" in answer.content.decode()
    assert client.get("/forecast/987654").status_code == 404
