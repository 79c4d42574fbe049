"""Whatever riders take, hand in, lack and repay: the book balances and no rupiah is lost."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gancang.cash.actions import (
    Counted,
    Paid,
    ask_write_off,
    decide_write_off,
    follow_up,
    hand_in,
    pass_on,
    take_payment,
)
from gancang.cash.models import Payment, Shortfall
from gancang.cash.queries import cash_differences, due_at, till_differences
from gancang.ledger.queries import cash_of, patients_money
from gancang.values import Money, Refused
from tests.cast import place
from tests.laws import assert_whole

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
RIDERS = 2

DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("cash"), st.integers(0, RIDERS - 1), st.integers(1, 150_000)),
        st.tuples(st.just("qris"), st.integers(0, RIDERS - 1), st.integers(1, 150_000)),
        # A part of what he has, in percent: above 100 the cashier counted wrongly.
        st.tuples(st.just("hand in"), st.integers(0, RIDERS - 1), st.integers(0, 120)),
        st.tuples(st.just("repay"), st.integers(0, RIDERS - 1), st.integers(0, 120)),
        st.tuples(st.just("pass on"), st.integers(0, RIDERS - 1), st.just(0)),
        # By the same person twice, or by two.
        st.tuples(st.just("write off"), st.integers(0, RIDERS - 1), st.integers(0, 1)),
    ),
    max_size=14,
)


def do(cast: Cast, deed: tuple[str, int, int], orders: list[Any]) -> None:
    """One deed of a rider; a refusal changes nothing."""
    kind, who, amount = deed
    rider = (cast.rider, cast.second_rider)[who]
    has = dict(cash_of(rider)).get(cast.fleet, Money(0))
    if kind in ("cash", "qris") and orders:
        order = orders.pop()
        order.fleet, order.patient_pays_rp = cast.fleet, amount
        take_payment(order, Paid(how=kind, reference="QR-1234"), by=rider, now=NOW)
    elif kind == "hand in":
        told = Counted(seen=has, counted=Money(has.rupiah * amount // 100), note="dihitung")
        hand_in(rider, cast.fleet, told, till=cast.hospital, by=cast.treasurer, now=NOW)
    elif kind == "pass on":
        due = due_at(cast.hospital, cast.fleet)
        pass_on(cast.hospital, cast.fleet, due, "TRF 1", by=cast.treasurer, now=NOW)
    elif kind == "write off":
        write_off(cast, rider, by=(cast.treasurer, cast.admin)[amount])
    elif kind == "repay":
        found = Shortfall.objects.filter(deposit__rider=rider).order_by("-pk").first()
        if found:
            brought = Money(found.left_rp * amount // 100)
            follow_up(found, "membawa uang", brought, by=cast.treasurer, now=NOW)


def write_off(cast: Cast, rider: User, *, by: User) -> None:
    """Hadi asks that the rider's last shortfall is written off; somebody decides."""
    found = Shortfall.objects.filter(deposit__rider=rider).order_by("-pk").first()
    if found:
        asked = ask_write_off(found, "hilang", by=cast.treasurer, now=NOW)
        decide_write_off(asked, approve=True, by=by, now=NOW)


@given(deeds=DEEDS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_book_balances_after_any_deeds_and_no_cash_is_lost(
    cast: Cast, deeds: list[tuple[str, int, int]]
) -> None:
    # Each example is undone again: the cast and its orders stay, the money goes.
    with suppress(Undone), transaction.atomic():
        orders = [place(cast, number=f"L-{number}", nik="") for number in range(3)]
        paid = 0
        for deed in deeds:
            before = Payment.objects.count()
            with suppress(Refused), transaction.atomic():
                do(cast, deed, orders)
            paid += deed[2] if Payment.objects.count() > before else 0
            balanced(cast, paid)
        raise Undone


class Undone(Exception):
    """Takes an example's deeds back."""


def balanced(cast: Cast, paid: int) -> None:
    """All that was paid can be found."""
    assert_whole(cast.region)
    money = patients_money(cast.region)
    assert money["fares"].rupiah == paid
    where = money["in_hand"] + money["till"] + money["short"] + money["lost"]
    assert where == Money(paid)
    assert till_differences(cast.region) == []
    assert cash_differences(cast.region) == []
    missing = sum(row.left_rp for row in Shortfall.objects.all())
    assert missing == money["short"].rupiah
