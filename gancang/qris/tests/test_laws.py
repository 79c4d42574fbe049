"""Whatever gateways tell, in whatever order: bills, book and the operators' list agree."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gancang.ledger.sales import buyers_money
from gancang.qris import actions, correcting, paying
from gancang.qris.models import Bill, Mismatch, Notice
from gancang.qris.payload import checksum, read_code, with_amount, written
from gancang.qris.queries import differences, free_of
from gancang.qris.receiving import take_notice
from gancang.qris.rules import LIVE, Status, Told
from gancang.qris.tests.desk import STATIC, now
from gancang.values import Money, Refused
from tests.laws import assert_whole

if TYPE_CHECKING:
    from gancang.qris.tests.desk import Town

pytestmark = pytest.mark.django_db
BILLS = 2
WORDS = st.tuples(
    st.just("word"),
    st.integers(0, BILLS),  # the last one is not ours
    st.sampled_from(["T1", "T2", "T3", "T4"]),
    st.sampled_from(list(Status)),
    st.sampled_from([20_000, 20_000, 20_000, 19_999, 0, None]),
)
DEEDS = st.lists(
    st.one_of(
        WORDS,
        WORDS,
        st.tuples(
            st.sampled_from(
                ["end", "cancel", "ask back", "refund", "accept", "agree", "sent", "no", "pay out"]
            ),
            st.integers(0, BILLS - 1),
        ),
    ),
    max_size=16,
)


def do(town: Town, bills: list[Bill], deed: tuple[Any, ...]) -> None:
    """One thing happens; a refusal changes nothing."""
    what, which = deed[0], deed[1]
    at, boss = now(), town.cast.treasurer
    if what == "word":
        _what, _which, payment, status, rupiah = deed
        code = bills[which].code if which < BILLS else "LAIN"
        amount = None if rupiah is None else Money(rupiah)
        told = Told(bill=code, payment=payment, status=status, amount=amount)
        take_notice(told, gateway="snap", region=town.cast.region, now=at)
    elif what == "end":
        actions.expire(bills[which], by="snap", now=at)
    elif what == "cancel":
        actions.cancel(bills[which], by="food", now=at)
    elif what == "ask back":
        actions.ask_back(bills[which], "tidak jadi", by="food", now=at)
    elif what == "pay out":
        number = f"TRF {Notice.objects.count()} {which} {at.isoformat()}"
        paying.pay_out(town.shop, free_of(town.shop), number, by=boss, now=at)
    else:
        decide(town, what)


def decide(town: Town, what: str) -> None:
    """Something is decided about what stands on the list longest."""
    found = Mismatch.objects.filter(ended_at=None).order_by("pk").first()
    at = now()
    if found is None:
        return
    if what in {"refund", "accept"}:
        correcting.want(found, what, "diperiksa", reference="", by=town.cast.operator, now=at)
    elif what == "agree":
        correcting.stand_for(found, by=town.cast.treasurer, now=at)
    elif what == "sent":
        correcting.gone_back(found, "R-1", by="snap", now=at)
    else:
        correcting.not_gone_back(found, "ditolak", by="snap", now=at)


@given(deeds=DEEDS, limit=st.sampled_from([0, 500_000]))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_bills_book_and_list_agree_after_any_words_and_deeds(
    town: Town, deeds: list[tuple[Any, ...]], limit: int
) -> None:
    region = town.cast.region
    region.config["money"]["second_approval_above_rp"] = limit
    with suppress(Undone), transaction.atomic():
        bills = [town.bill(f"F-{number}", 20_000) for number in range(BILLS)]
        before = {bill.pk: bill.state for bill in bills}
        for deed in deeds:
            with suppress(Refused), transaction.atomic():
                do(town, bills, deed)
            before = agree(town, bills, before)
        raise Undone


class Undone(Exception):
    """Takes an example's deeds back."""


BACK = {("paid", "shown"), ("paid", "expired"), ("paid", "cancelled"), ("refunded", "paid")}


def agree(town: Town, bills: list[Bill], before: dict[int, str]) -> dict[int, str]:
    """Nothing is lost, nothing is counted twice, nothing goes backwards."""
    region = town.cast.region
    assert_whole(region)
    assert differences(region) == []
    came: dict[str, int] = {}
    for row in Notice.objects.filter(brings_money=True):
        assert row.payment not in came
        came[row.payment] = row.amount_rp or 0
    ended = Mismatch.objects.filter(state="refunded")
    back = sum(row.amount_rp for row in ended)
    assert buyers_money(region)["buyers"] == Money(sum(came.values()) - back)
    # A payment that the gateway told of settles its bill or stands on the list.
    paid = Notice.objects.filter(status="paid")
    assert all(row.found == "settled" or Mismatch.objects.filter(notice=row) for row in paid)
    states = {bill.pk: town.again(bill).state for bill in bills}
    assert not {(before[pk], state) for pk, state in states.items()} & BACK
    living = Bill.objects.filter(about="F-0", state__in=LIVE).count()
    assert living <= 1
    return states


def static(extra: str = "") -> str:
    """A code as it hangs on a wall."""
    body = f"{STATIC}5911Warung Sri 6010BANYU KOTA{extra}6304"
    return body + checksum(body)


def test_the_check_number_is_that_of_the_standard() -> None:
    assert checksum("123456789") == "29B1"  # CRC-16/CCITT-FALSE, its published check value


def test_a_code_gets_an_amount_and_nothing_else_changes() -> None:
    code = read_code(static())
    found = read_code(with_amount(code, 25_000))
    assert (found.amount_rp, found.merchant, found.nmid) == (25_000, "Warung Sri", code.nmid)
    changed = {"01", "54", "63"}
    assert [f for f in found.fields if f[0] not in changed] == [
        f for f in code.fields if f[0] not in changed
    ]
    assert read_code(written(dict(code.fields[:-1]))).fields[:-1] == code.fields[:-1]


@given(text=st.text(max_size=80) | st.text("0123456789", max_size=80))
def test_any_text_is_a_code_or_is_refused(text: str) -> None:
    with suppress(Refused):
        read_code(text)


@given(at=st.integers(0, 10_000), sign=st.sampled_from("0123456789ABCZ "))
def test_no_single_wrong_sign_passes(at: int, sign: str) -> None:
    good = static()
    at %= len(good)
    if good[at] == sign:
        return
    with pytest.raises(Refused):
        read_code(good[:at] + sign + good[at + 1 :])


@given(rupiah=st.integers(1, 10_000_000))
def test_an_amount_that_is_put_in_is_read_back(rupiah: int) -> None:
    assert read_code(with_amount(read_code(static()), rupiah)).amount_rp == rupiah
