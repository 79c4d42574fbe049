"""A patient who agreed to a price pays it at the door, and every rupiah can be found afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gancang.cash.models import Deposit, Payment, Shortfall
from gancang.cash.tests.door import at_the_door, hand_over
from gancang.ledger.models import Account, Transfer
from gancang.orders.models import Order
from gancang.overview.verify import verify
from tests.cast import client_of, delivered

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def balances(cast: Cast) -> dict[str, int]:
    """What stands in each kind of account of patients' money."""
    rows = Account.objects.filter(
        region=cast.region, kind__in=["fares", "in_hand", "till", "short"]
    )
    found: dict[str, int] = {}
    for row in rows:
        found[row.kind] = found.get(row.kind, 0) + row.balance_rp
    return {kind: rupiah for kind, rupiah in found.items() if rupiah}


def problems(cast: Cast) -> list[str]:
    """What `gancang verify` says of the book; the chain is only linked where a deed commits."""
    return [each for each in verify([cast.region]).problems if not each.startswith("chain")]


def test_cash_at_the_door_is_in_the_riders_hand_and_the_patient_has_a_receipt(cast: Cast) -> None:
    order = at_the_door(cast)
    price = order.patient_pays_rp
    assert hand_over(order, paid="cash") == 302
    assert order.state == "delivered"
    assert balances(cast) == {"fares": -price, "in_hand": price}
    payment = Payment.objects.get(order=order)
    rider = client_of(cast.rider)
    assert payment.receipt in rider.get(f"/cash/orders/{order.code}").content.decode()
    assert f"{price:,}".replace(",", ".") in rider.get("/dispatch/rider").content.decode()
    assert payment.receipt in rider.get("/cash/mine").content.decode()
    story = client_of(cast.auditor).get(f"/overview/orders/{order.code}").content.decode()
    assert cast.rider.full_name in story
    assert problems(cast) == []


def test_a_qris_payment_needs_its_reference_and_goes_to_the_fleet(cast: Cast) -> None:
    order = at_the_door(cast)
    assert hand_over(order, paid="qris") == 400
    assert (order.state, Payment.objects.count()) == ("collected", 0)
    assert hand_over(order, paid="qris", paid_reference="QR 2026 1124 77") == 302
    price = order.patient_pays_rp
    assert balances(cast) == {"fares": -price, "till": price}
    assert Payment.objects.get().reference == "QR 2026 1124 77"
    assert problems(cast) == []


def test_without_saying_how_it_was_paid_the_bag_is_not_handed_over(cast: Cast) -> None:
    order = at_the_door(cast)
    page = client_of(cast.rider).get(f"/medicine/orders/{order.code}/hand-over").content.decode()
    assert 'name="paid"' in page
    assert hand_over(order) == 400
    assert order.state == "collected"
    assert not Transfer.objects.filter(about=order.code, kind="settle").exists()


def test_whoever_pays_nothing_is_asked_nothing(cast: Cast) -> None:
    order = delivered(cast)
    assert order.patient_pays_rp == 0
    assert not Payment.objects.exists()
    assert balances(cast) == {}


def test_a_patient_who_does_not_pay_is_an_outcome_with_a_name(cast: Cast) -> None:
    order = at_the_door(cast)
    typed = {"version": order.version, "reason": "not_paid", "note": "uang belum ada"}
    client_of(cast.rider).post(f"/dispatch/rider/orders/{order.code}/fail", typed)
    order.refresh_from_db()
    assert order.state == "failed"
    assert balances(cast) == {}
    page = client_of(cast.pharmacist).get(f"/medicine/orders/{order.code}").content.decode()
    assert "uang belum ada" in page


def hand_in(
    cast: Cast, counted: int | str, *, seen: int, note: str = "", by: str = "operator"
) -> int:
    """A cashier counts what Toni brought."""
    typed = {
        "fleet": cast.fleet.code,
        "seen_rp": seen,
        "counted_rp": counted,
        "note": note,
    }
    url = f"/cash/people/{cast.rider.username}/hand-in"
    return client_of(getattr(cast, by)).post(url, typed).status_code


def test_all_the_cash_of_a_day_is_handed_in_with_a_receipt(cast: Cast) -> None:
    prices = []
    for number in (1, 2):
        order = at_the_door(cast, number)
        assert hand_over(order, paid="cash") == 302
        prices.append(order.patient_pays_rp)
    operator = client_of(cast.operator)
    assert cast.rider.full_name in operator.get("/cash/").content.decode()
    assert hand_in(cast, sum(prices), seen=sum(prices)) == 302
    deposit = Deposit.objects.get()
    assert deposit.till == cast.fleet, "an operator of the region writes for the fleet's own till"
    assert balances(cast) == {"fares": -sum(prices), "till": sum(prices)}
    for who in (cast.operator, cast.rider, cast.treasurer):
        assert (
            deposit.receipt in client_of(who).get(f"/cash/deposits/{deposit.pk}").content.decode()
        )
    assert hand_in(cast, sum(prices), seen=sum(prices)) == 400, "the same click again takes nothing"
    assert Deposit.objects.count() == 1
    assert cast.rider.full_name not in operator.get("/cash/").content.decode()


def test_a_cashier_may_write_the_dots_of_thousands_and_is_asked_again_for_half_rupiah(
    cast: Cast,
) -> None:
    order = at_the_door(cast, 1)
    hand_over(order, paid="cash")
    price = order.patient_pays_rp
    for wrong in ("12,5", "1.00.000", "-5", "dua ribu"):
        assert hand_in(cast, wrong, seen=price, note="?") == 400
    assert not Deposit.objects.exists()
    assert hand_in(cast, f"Rp {price:,}".replace(",", "."), seen=price) == 302
    assert Deposit.objects.get().counted_rp == price


def test_what_is_missing_is_written_down_and_followed_up_until_it_is_there(cast: Cast) -> None:
    order = at_the_door(cast)
    hand_over(order, paid="cash")
    price = order.patient_pays_rp
    assert hand_in(cast, price - 3_000, seen=price) == 400, "not without a word about it"
    assert hand_in(cast, price - 3_000, seen=price, note="ban bocor", by="clerk") == 302
    assert Deposit.objects.get().till == cast.hospital, "handed in at the hospital's cashier"
    assert balances(cast) == {"fares": -price, "till": price - 3_000, "short": 3_000}
    shortfall = Shortfall.objects.get()
    treasurer = client_of(cast.treasurer)
    url = f"/cash/shortfalls/{shortfall.pk}"
    assert "ban bocor" in treasurer.get(f"/cash/people/{cast.rider.username}").content.decode()
    treasurer.post(url, {"note": "janji lusa", "repaid_rp": ""})
    treasurer.post(url, {"note": "dibayar semua", "repaid_rp": "4000"})
    assert balances(cast)["short"] == 3_000, "nobody repays more than is missing"
    treasurer.post(url, {"note": "sebagian", "repaid_rp": "1000"})
    treasurer.post(url, {"note": "lunas", "repaid_rp": "2000"})
    assert balances(cast) == {"fares": -price, "till": price}
    assert [f.note for f in shortfall.follow_ups.order_by("pk")] == [
        "janji lusa",
        "sebagian",
        "lunas",
    ]
    assert problems(cast) == []


def test_nobody_hands_in_more_than_patients_paid_or_on_an_old_page(cast: Cast) -> None:
    order = at_the_door(cast)
    hand_over(order, paid="cash")
    price = order.patient_pays_rp
    assert hand_in(cast, price + 1, seen=price) == 400
    assert hand_in(cast, price, seen=price - 1) == 400
    assert not Deposit.objects.exists()


def test_a_payment_of_another_hand_is_found_out(cast: Cast) -> None:
    order = at_the_door(cast)
    hand_over(order, paid="cash")
    Order.objects.filter(pk=order.pk).update(patient_pays_rp=order.patient_pays_rp + 500)
    Payment.objects.filter(order=order).update(amount_rp=1)
    found = problems(cast)
    assert any("agreed were" in each for each in found)
    assert any("the receipts of patients say 1" in each for each in found)


def test_the_statement_tells_public_and_patients_money_apart(cast: Cast) -> None:
    order = at_the_door(cast)
    hand_over(order, paid="cash")
    page = client_of(cast.treasurer).get("/overview/book").content.decode()
    assert f"{order.patient_pays_rp:,}".replace(",", ".") in page
