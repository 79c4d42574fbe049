"""Whatever is reserved, settled, taken back, closed, revised and ended: the book stays whole."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gancang.closing.tests.conftest import CARRIES, PROGRAMME, RETURNS
from gancang.ledger import periods, year_end
from gancang.ledger.actions import release, reserve_all, settle
from gancang.ledger.models import Period, Transfer
from gancang.ledger.reversing import reverse
from gancang.ledger.revising import Document, revise
from gancang.ledger.waterfall import Payer, Reservation
from gancang.values import Money, Refused
from tests.laws import assert_whole

if TYPE_CHECKING:
    from gancang.closing.tests.conftest import OldYear

pytestmark = pytest.mark.django_db
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("reserve"), st.integers(0, 1), st.integers(1, 600_000)),
        st.tuples(st.sampled_from(["settle", "release"]), st.integers(0, 5), st.integers(1, 100)),
        st.tuples(st.just("reverse"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("revise"), st.integers(0, 1), st.integers(0, 1_500_000)),
        st.tuples(st.sampled_from(["month", "year"]), st.just(0), st.just(0)),
    ),
    min_size=4,
    max_size=16,
)


class Book:
    """The book of an old year, month after month from its November on."""

    def __init__(self, old: OldYear) -> None:
        self.old, self.now = old, datetime(old.year, 11, 15, 5, tzinfo=UTC)
        self.orders: list[str] = []

    def do(self, deed: tuple[str, int, int]) -> None:
        """One deed; a refusal changes nothing."""
        kind, which, amount = deed
        with suppress(Refused), transaction.atomic():
            getattr(self, f"_{kind}")(which, amount)

    def _reserve(self, which: int, amount: int) -> None:
        order = f"L-{len(self.orders)}"
        want = Reservation(
            order=order,
            programme=PROGRAMME,
            year=self.now.year,
            amount=Money(amount),
            payers=(Payer((CARRIES, RETURNS)[which]),),
            area="",
        )
        reserve_all([want], region=self.old.region, by="laws", now=self.now)
        self.orders.append(order)

    def _settle(self, which: int, percent: int) -> None:
        order = self.orders[which % len(self.orders)] if self.orders else "L-x"
        rows = Transfer.objects.filter(about=order, kind="reserve").order_by("-pk")
        cost = Money(rows[0].amount_rp * percent // 100) if rows else Money(1)
        if Transfer.objects.filter(about=order, kind__in=["settle", "reverse"]).exists():
            return
        fleet, region = self.old.cast.fleet, self.old.region
        with suppress(AssertionError):  # it was released meanwhile
            settle(order, payee=fleet, cost=cost, region=region, by="laws", now=self.now)

    def _release(self, which: int, percent: int) -> None:
        del percent
        if self.orders:
            order = self.orders[which % len(self.orders)]
            release(order, region=self.old.region, by="laws", now=self.now)

    def _reverse(self, which: int, amount: int) -> None:
        del amount
        rows = Transfer.objects.filter(by="laws", kind__in=["settle", "reverse"]).order_by("pk")
        if some := list(rows[:6]):
            line = some[which % len(some)]
            reverse(line, is_paid=False, region=self.old.region, by="laws", now=self.now)

    def _revise(self, which: int, amount: int) -> None:
        budget = self.old.line((CARRIES, RETURNS)[which], self.old.year)
        number = f"D-{Transfer.objects.count()}"
        told = Document(number=number, on=self.now.date(), after=Money(amount), reason="x")
        revise(budget, told, by=self.old.cast.treasurer, now=self.now)

    def _month(self, which: int, amount: int) -> None:
        """A month goes by, and the one before it is closed."""
        del which, amount
        cast, region = self.old.cast, self.old.region
        month = self.now.strftime("%Y-%m")
        self.now += timedelta(days=31)
        with transaction.atomic():
            period = periods.ask_to_close(region, month, [], by=cast.treasurer, now=self.now)
            periods.close(period, lambda _region: [], by=cast.admin, now=self.now)

    def _year(self, which: int, amount: int) -> None:
        del which, amount
        cast, region, year = self.old.cast, self.old.region, self.old.year
        year_end.ask_to_end(region, year, "SK 9", by=cast.treasurer, now=self.now)
        year_end.end(region, year, by=cast.admin, now=self.now)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=DEEDS)
def test_the_book_stays_whole(old: OldYear, deeds: list[tuple[str, int, int]]) -> None:
    frozen: dict[int, tuple[object, ...]] = {}
    with transaction.atomic():
        book = Book(old)
        for deed in deeds:
            book.do(deed)
            for period in Period.objects.filter(state="closed"):
                told = periods.totals_of(period)
                assert frozen.setdefault(period.pk, told) == told, deed
        assert_whole(old.region)
        assert old.problems() == []
        assert periods.faults_of(old.region) == []
        transaction.set_rollback(True)
