"""Buyers pay, and their gateway says so: doubled, late, out of order, forged, or not at all."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.ledger.sales import buyers_money, held_for_shops
from gancang.qris import actions
from gancang.qris.asking import GRACE, go_round
from gancang.qris.models import Mismatch, Notice, Outcome
from gancang.qris.queries import outcomes_for
from gancang.qris.testgateway.desk import EXPIRED, PAID, new_keys
from gancang.qris.tests.desk import HOUR, deliver, now
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from pathlib import Path

    from gancang.qris.tests.desk import Town

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=2)


def test_sari_pays_and_the_order_is_told_once(town: Town) -> None:
    bill = town.bill()
    assert bill.state == "shown"
    assert "540525000" in bill.payload
    number = town.desk.pay(bill.code)
    bill = town.again(bill)
    assert (bill.state, bill.payment) == ("paid", number)
    assert held_for_shops(town.cast.region) == {town.shop.pk: Money(25_000)}
    [told] = outcomes_for("food")
    assert (told.bill.about, told.became) == ("F-1", "paid")
    assert actions.take(told, now=now())
    assert not actions.take(told, now=now())
    assert outcomes_for("food") == []
    assert town.problems() == []


def test_a_word_said_five_times_is_one_and_is_answered_alike(town: Town) -> None:
    bill = town.bill()
    town.desk.manners.says = 5
    town.desk.pay(bill.code)
    assert Notice.objects.count() == 1
    headers, body = town.desk.sent[0]
    assert deliver("/qris/snap/notice", headers, body) == 200  # replayed word by word
    assert held_for_shops(town.cast.region) == {town.shop.pk: Money(25_000)}
    assert (Outcome.objects.count(), town.listed(), town.problems()) == (1, [], [])


def test_paid_twice_is_listed_and_the_first_stands(town: Town) -> None:
    bill = town.bill()
    first = town.desk.pay(bill.code)
    town.desk.pay(bill.code)
    assert town.again(bill).payment == first
    assert town.listed() == ["twice"]
    money = buyers_money(town.cast.region)
    assert (money["held"], money["stray"]) == (Money(25_000), Money(25_000))
    assert town.problems() == []


def test_another_amount_is_listed_and_the_bill_can_still_be_paid(town: Town) -> None:
    bill = town.bill()
    town.desk.pay(bill.code, 24_000)
    assert (town.again(bill).state, town.listed()) == ("shown", ["wrong_amount"])
    town.desk.pay(bill.code)
    assert town.again(bill).state == "paid"
    assert town.problems() == []


def test_paid_after_its_end_is_listed_and_never_lost(town: Town) -> None:
    bill = town.bill()
    go_round(now=now() + LATER)
    assert town.again(bill).state == "expired"
    town.desk.pay(bill.code)
    assert (town.again(bill).state, town.listed()) == ("expired", ["late"])
    assert buyers_money(town.cast.region)["stray"] == Money(25_000)
    assert town.problems() == []


def test_an_end_told_after_the_payment_takes_nothing_back(town: Town) -> None:
    bill = town.bill()
    number = town.desk.pay(bill.code)
    assert town.desk.say(bill.code, number, EXPIRED, "25000.00") == 200
    assert town.desk.say(bill.code, "", "03", "25000.00") == 200
    assert town.again(bill).state == "paid"
    assert (town.listed(), town.problems()) == ([], [])


def test_a_bill_that_is_not_ours_is_listed_with_its_money(town: Town) -> None:
    assert town.desk.say("WARUNG-LAIN-7", "T77", PAID, "9000.00") == 200
    assert town.listed() == ["unknown_bill"]
    assert buyers_money(town.cast.region)["stray"] == Money(9_000)
    assert town.problems() == []


def test_one_payment_with_two_amounts_brings_money_once(town: Town) -> None:
    bill = town.bill()
    town.desk.pay(bill.code, payment="T1")
    town.desk.say(bill.code, "T1", PAID, "99000.00")
    town.desk.say("LAIN", "T1", PAID, "25000.00")
    assert town.listed() == ["contradiction", "contradiction"]
    assert buyers_money(town.cast.region)["buyers"] == Money(25_000)
    assert town.problems() == []


@pytest.mark.parametrize("amount", ["25000.50", "1e4", "-5", "", "9" * 40, "²5000"])
def test_an_amount_that_is_none_is_listed_and_moves_nothing(town: Town, amount: str) -> None:
    bill = town.bill()
    assert town.desk.say(bill.code, "T1", PAID, amount) == 200
    assert (town.again(bill).state, town.listed()) == ("shown", ["unreadable"])
    assert not buyers_money(town.cast.region)["buyers"]


def test_who_is_not_the_gateway_is_told_no_and_changes_nothing(town: Town, tmp_path: Path) -> None:
    bill = town.bill()
    told = {
        "originalReferenceNo": "T1",
        "originalPartnerReferenceNo": bill.code,
        "latestTransactionStatus": "00",
        "amount": {"value": "25000.00", "currency": "IDR"},
    }
    body = json.dumps(told).encode()
    stranger, _public = new_keys(tmp_path, "stranger")
    assert town.desk.send(body, key=stranger) == 401
    assert town.desk.send(body, at=now() - timedelta(minutes=6)) == 401
    assert town.desk.send(body, at=now() + timedelta(minutes=6)) == 401
    headers, _body = town.desk.sent[-1]
    assert deliver("/qris/snap/notice", {**headers, "X-TIMESTAMP": "kemarin"}, body) == 401
    assert deliver("/qris/snap/notice", {}, body) == 401
    town.desk.send(body)
    headers, _body = town.desk.sent[-1]
    changed = body.replace(b"25000", b"95000")
    assert deliver("/qris/snap/notice", headers, changed) == 401
    assert deliver("/qris/lain/notice", headers, body) == 404
    assert Notice.objects.count() == 1


RUBBISH = [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{}", b"[" * 100_000, b"1" * 5000]


@pytest.mark.parametrize("body", RUBBISH)
def test_rubbish_that_the_gateway_has_signed_is_told_so(town: Town, body: bytes) -> None:
    assert town.desk.send(body) == 400
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"originalReferenceNo": "x" * 500},
        {"originalReferenceNo": 7},
        {"originalPartnerReferenceNo": None},
        {"latestTransactionStatus": ["00"]},
        {"latestTransactionStatus": "99"},
        {"amount": "25000"},
        {"amount": {"value": 25_000, "currency": "IDR"}},
        {"amount": {"value": "25000.00", "currency": "USD"}},
        {"originalReferenceNo": "a\x00b"},
    ],
)
def test_odd_words_of_the_gateway_break_nothing(town: Town, changed: dict[str, object]) -> None:
    told = {
        "originalReferenceNo": "T1",
        "originalPartnerReferenceNo": town.bill().code,
        "latestTransactionStatus": "00",
        "amount": {"value": "25000.00", "currency": "IDR"},
    }
    assert town.desk.send(json.dumps({**told, **changed}).encode()) in (200, 400)
    assert town.problems() == []


def test_a_lost_word_is_asked_for_before_the_end(town: Town) -> None:
    bill = town.bill()
    town.desk.manners.loses_words = True
    number = town.desk.pay(bill.code)
    assert town.again(bill).state == "shown"
    go_round(now=now() + HOUR / 2 + timedelta(seconds=1))
    bill = town.again(bill)
    assert (bill.state, bill.payment) == ("paid", number)
    town.desk.manners.loses_words = False
    town.desk.say(bill.code, number, PAID, "25000.00")  # the word comes after all
    assert (Notice.objects.count(), town.listed(), town.problems()) == (1, [], [])


def test_a_bill_ends_only_when_the_gateway_was_asked(town: Town) -> None:
    bill = town.bill()
    town.desk.manners.refuses = [503, 503]
    go_round(now=now() + HOUR + timedelta(seconds=1))
    assert town.again(bill).state == "shown"  # nobody knows whether it was paid
    go_round(now=now() + HOUR + GRACE + timedelta(seconds=1))
    assert town.again(bill).state == "expired"
    [told] = outcomes_for("food")
    assert told.became == "expired"


def test_a_gateway_that_stumbles_makes_the_code_later_and_only_one(town: Town) -> None:
    town.desk.manners.refuses = [500, 429]
    bill = town.bill()
    assert bill.state == "made"
    go_round(now=now() + timedelta(seconds=3))
    go_round(now=now() + timedelta(seconds=10))
    assert town.again(bill).state == "shown"
    assert len(town.desk.codes) == 1


def test_for_one_order_one_bill_lives(town: Town) -> None:
    first = town.bill()
    assert town.bill().pk == first.pk
    go_round(now=now() + LATER)
    second = town.bill()
    assert second.pk != first.pk
    actions.cancel(second, by="food", now=now())
    town.desk.pay(second.code)
    assert town.listed() == ["after_cancel"]
    town.desk.pay(town.bill().code)
    with pytest.raises(Refused):
        actions.cancel(town.bill(), by="food", now=now())
    assert not Mismatch.objects.filter(bill=first).exists()
    assert town.problems() == []
