"""What Yanti, Hadi and Bagus do with payments that did not agree, and what Bu Sri gets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.ledger.sales import buyers_money, held_for_shops
from gancang.qris import actions
from gancang.qris.asking import go_round
from gancang.qris.models import Bill, Mismatch, PayOut
from gancang.qris.queries import outcomes_for
from gancang.qris.tests.desk import now
from gancang.values import Money
from tests.cast import client_of

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.qris.tests.desk import Town

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=2)


@pytest.fixture(autouse=True)
def of_little_one_decides(town: Town) -> None:
    """Up to half a million one person is enough."""
    limited(town, 500_000)


def limited(town: Town, rupiah: int) -> None:
    """Above so much two people decide."""
    town.cast.region.config["money"]["second_approval_above_rp"] = rupiah
    town.cast.region.save()


def press(user: User, row: Mismatch, deed: str, **typed: str) -> None:
    """Somebody presses a button on the list."""
    client_of(user).post(f"/qris/mismatches/{row.pk}/{deed}", typed, follow=True)
    row.refresh_from_db()


def late(town: Town, rupiah: int = 25_000) -> tuple[Bill, Mismatch]:
    """A bill that was paid after its end."""
    bill = town.bill(rupiah=rupiah)
    go_round(now=now() + LATER)
    town.desk.pay(bill.code)
    return bill, Mismatch.objects.get(bill=bill)


def test_yanti_accepts_what_came_late_and_the_order_hears_of_it(town: Town) -> None:
    bill, row = late(town)
    page = client_of(town.cast.operator).get("/qris/mismatches").content.decode()
    assert row.receipt in page
    assert bill.code in page
    press(town.cast.operator, row, "accept", text="Pesanan masih dimasak")
    assert (row.state, town.again(bill).state) == ("accepted", "paid")
    assert [each.became for each in outcomes_for("food")] == ["expired", "paid"]
    assert held_for_shops(town.cast.region) == {town.shop.pk: Money(25_000)}
    assert (town.listed(), town.problems()) == ([], [])


def test_a_second_payment_goes_back_by_the_gateway_once(town: Town) -> None:
    bill = town.bill()
    town.desk.pay(bill.code)
    second = town.desk.pay(bill.code)
    row = Mismatch.objects.get()
    press(town.cast.operator, row, "refund", text="Dibayar dua kali")
    assert row.state == "sending"
    town.desk.manners.refuses = [500]
    go_round(now=now() + timedelta(seconds=1))
    assert (len(town.desk.backs), town.problems()) == (0, [])
    go_round(now=now() + timedelta(seconds=10))
    go_round(now=now() + timedelta(seconds=90))
    row.refresh_from_db()
    assert row.state == "refunded"
    [back] = town.desk.backs.values()
    assert back["originalReferenceNo"] == second
    money = buyers_money(town.cast.region)
    assert (money["stray"], money["held"], money["buyers"]) == (
        Money(0),
        Money(25_000),
        Money(25_000),
    )
    assert town.problems() == []


def test_what_the_gateway_will_not_give_back_goes_by_transfer(town: Town) -> None:
    _bill, row = late(town)
    press(town.cast.operator, row, "refund", text="Pesanan sudah batal")
    town.desk.manners.refuses = [404]
    go_round(now=now() + timedelta(seconds=1))
    row.refresh_from_db()
    assert row.state == "open"
    assert "404" in client_of(town.cast.operator).get("/qris/mismatches").content.decode()
    press(town.cast.operator, row, "refund", text="Ditransfer", reference="BPD 99112")
    assert (row.state, row.reference) == ("refunded", "BPD 99112")
    assert not buyers_money(town.cast.region)["buyers"]
    assert town.problems() == []


def test_of_much_two_people_decide_and_not_one_twice(town: Town) -> None:
    limited(town, 20_000)
    bill, row = late(town)
    press(town.cast.operator, row, "accept", text="Masih dimasak")
    assert (row.state, town.again(bill).state) == ("asked", "expired")
    press(town.cast.operator, row, "agree")
    assert row.state == "asked"
    press(town.cast.treasurer, row, "turn-down", text="Pembeli minta uangnya")
    assert (row.state, row.asked_by) == ("open", None)
    press(town.cast.treasurer, row, "refund", text="Pembeli minta uangnya")
    press(town.cast.admin, row, "agree")
    go_round(now=now() + timedelta(seconds=5))
    row.refresh_from_db()
    assert (row.state, row.asked_by, row.decided_by) == (
        "refunded",
        town.cast.treasurer,
        town.cast.admin,
    )
    assert town.problems() == []


def test_money_is_never_just_closed_and_no_reason_is_no_decision(town: Town) -> None:
    _bill, row = late(town)
    press(town.cast.operator, row, "close", text="biar saja")
    press(town.cast.operator, row, "refund", text=" ")
    press(town.cast.operator, row, "accept")
    assert row.state == "open"
    town.desk.say("LAIN", "T1", "00", "9000.00")
    other = Mismatch.objects.get(problem="unknown_bill")
    press(town.cast.operator, other, "accept", text="mungkin punya kami")
    assert other.state == "open"


def test_a_late_payment_of_an_order_paid_anew_can_only_go_back(town: Town) -> None:
    _bill, row = late(town)
    town.desk.pay(town.bill().code)  # the buyer took a new code and paid again
    press(town.cast.operator, row, "accept", text="Masih dimasak")
    assert row.state == "open"
    press(town.cast.operator, row, "refund", text="Sudah dibayar lagi")
    go_round(now=now() + timedelta(seconds=5))
    assert (town.listed(), town.problems()) == ([], [])


def test_what_the_seller_cannot_bring_goes_back_to_the_buyer(town: Town) -> None:
    bill = town.bill()
    town.desk.pay(bill.code)
    row = actions.ask_back(town.again(bill), "Sotonya habis", by="food", now=now())
    assert actions.ask_back(town.again(bill), "lagi", by="food", now=now()).pk == row.pk
    press(town.cast.operator, row, "refund", text="Habis")
    go_round(now=now() + timedelta(seconds=5))
    assert town.again(bill).state == "refunded"
    assert [each.became for each in outcomes_for("food")] == ["paid", "refunded"]
    assert not buyers_money(town.cast.region)["buyers"]
    assert town.problems() == []


def test_bu_sri_gets_all_but_what_may_go_back(town: Town) -> None:
    for about in ("F-1", "F-2"):
        town.desk.pay(town.bill(about).code)
    actions.ask_back(Bill.objects.get(about="F-2"), "Habis", by="food", now=now())
    typed = {"shop": town.shop.code, "seen_rp": "25000", "reference": "TRF 2026 1"}
    client = client_of(town.cast.treasurer)
    assert client.post("/qris/pay-outs", {**typed, "seen_rp": "50000"}).status_code == 400
    assert client.post("/qris/pay-outs", {**typed, "reference": "1"}).status_code == 400
    assert client.post("/qris/pay-outs", typed).status_code == 302
    assert client.post("/qris/pay-outs", typed).status_code == 400
    assert PayOut.objects.get().amount_rp == 25_000
    page = client_of(town.cast.stall).get("/qris/pay-outs").content.decode()
    assert "TRF 2026 1" in page
    money = buyers_money(town.cast.region)
    assert (money["held"], money["passed"]) == (Money(25_000), Money(25_000))
    press(town.cast.operator, Mismatch.objects.get(), "refund", text="Habis")
    go_round(now=now() + timedelta(seconds=5))
    assert town.problems() == []


def test_what_the_shop_has_already_cannot_go_back_from_here(town: Town) -> None:
    bill = town.bill()
    town.desk.pay(bill.code)
    typed = {"shop": town.shop.code, "seen_rp": "25000", "reference": "TRF 2026 1"}
    assert client_of(town.cast.treasurer).post("/qris/pay-outs", typed).status_code == 302
    row = actions.ask_back(town.again(bill), "Basi", by="food", now=now())
    press(town.cast.operator, row, "refund", text="Basi")
    assert (row.state, town.problems()) == ("open", [])
