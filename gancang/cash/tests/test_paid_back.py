"""A patient paid for a parcel that never came: the money is owed back, and paid back by two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gancang.cash.models import Payment, Refund
from gancang.cash.tests.test_at_the_door import balances, problems
from gancang.ledger.models import Account, Transfer
from gancang.ledger.queries import fares_by_order
from gancang.medicine.tests.test_by_post import slip
from gancang.medicine.tests.ways import only_by
from gancang.overview.statement import Wanted, statement
from gancang.regions.queries import today_in
from tests.cast import client_of, place, release, typed_release

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.orders.models import Order
    from tests.cast import Cast

LIST = "/cash/refunds"


@pytest.fixture
def sent(cast: Cast) -> Order:
    """A parcel that Sari paid for when Wati handed it in at the post."""
    only_by(cast, "post")
    order = release(cast, place(cast, nik="", pbi="tidak", accepts_rp="900000"))
    typed = slip(order, cost_rp=0, paid="cash")
    answer = client_of(cast.clerk).post(f"/medicine/post/{order.code}", typed)
    assert answer.status_code == 302, answer.content.decode()
    order.refresh_from_db()
    assert Payment.objects.get(order=order).amount_rp == order.patient_pays_rp > 0
    return order


@pytest.fixture
def back(cast: Cast, sent: Order) -> Order:
    """The post brings it back, and Rini takes it in."""
    comes_back(cast, sent)
    url = f"/medicine/orders/{sent.code}/take-back"
    assert client_of(cast.pharmacist).post(url, {"version": sent.version}).status_code == 302
    sent.refresh_from_db()
    assert sent.state == "returned"
    return sent


def comes_back(cast: Cast, order: Order) -> None:
    """The post could not deliver it."""
    typed = {"version": order.version, "reason": "address_wrong", "note": "rumah kosong"}
    answer = client_of(cast.clerk).post(f"/medicine/post/{order.code}/came-back", typed)
    assert answer.status_code == 302, answer.content.decode()
    order.refresh_from_db()
    assert order.state == "failed"


def hands_in(cast: Cast, order: Order) -> None:
    """Wati puts what she took into the hospital's till."""
    price = order.patient_pays_rp
    payment = Payment.objects.get(order=order)
    typed = {"fleet": payment.fleet.code, "seen_rp": price, "counted_rp": price, "note": ""}
    url = f"/cash/people/{cast.clerk.username}/hand-in"
    assert client_of(cast.clerk).post(url, typed).status_code == 302


def release_money(by: User, order: Order) -> int:
    """Somebody releases what is owed back."""
    return client_of(by).post(f"{LIST}/{order.code}/release").status_code


def pay_out(by: User, order: Order, who: str = "Sari sendiri") -> str:
    """Somebody counts it out; where he is led then."""
    answer = client_of(by).post(f"{LIST}/{order.code}/pay", {"received_by": who})
    return str(answer.headers.get("Location", answer.status_code))


def is_listed(by: User, order: Order) -> bool:
    """Whether the list says that it is owed back."""
    return order.code in client_of(by).get(LIST).content.decode()


def test_what_was_paid_for_a_parcel_that_came_back_is_owed_back_and_paid_back_with_a_receipt(
    cast: Cast, back: Order
) -> None:
    price = back.patient_pays_rp
    hands_in(cast, back)
    assert is_listed(cast.treasurer, back)
    assert is_listed(cast.clerk, back)
    assert release_money(cast.treasurer, back) == 302
    assert pay_out(cast.clerk, back) == f"{LIST}/{back.code}"
    receipt = client_of(cast.clerk).get(f"{LIST}/{back.code}").content.decode()
    for told in (Refund.objects.get().receipt, "Sari sendiri", f"{price:,}".replace(",", ".")):
        assert told in receipt, told
    assert not is_listed(cast.treasurer, back)
    assert balances(cast) == {}, "nobody has it any more"
    assert fares_by_order(cast.region) == {}
    month = today_in(cast.region, Payment.objects.get().at).strftime("%Y-%m")
    told_back = statement(Wanted(region=cast.region, month=month))["patients"]["paid_back"]
    assert [(line["order"], line["rp"]) for line in told_back] == [(back.code, price)]
    assert problems(cast) == []


def test_one_person_alone_pays_nothing_back_and_nobody_twice(cast: Cast, back: Order) -> None:
    hands_in(cast, back)
    assert pay_out(cast.clerk, back) == LIST, "nobody has released it"
    assert release_money(cast.clerk, back) == 403
    assert release_money(cast.treasurer, back) == 302
    assert pay_out(cast.treasurer, back) == LIST, "who released it does not pay it out"
    assert pay_out(cast.clerk, back, who=" ") == LIST, "nor does nobody receive it"
    assert not Transfer.objects.filter(kind="refund").exists()
    assert pay_out(cast.clerk, back) == f"{LIST}/{back.code}"
    assert pay_out(cast.clerk, back) == "404"
    assert Transfer.objects.filter(kind="refund").count() == 1


def test_a_till_pays_back_no_more_than_it_has(cast: Cast, back: Order) -> None:
    assert release_money(cast.treasurer, back) == 302
    assert pay_out(cast.clerk, back) == LIST, "Wati still carries it"
    hands_in(cast, back)
    assert pay_out(cast.clerk, back) == f"{LIST}/{back.code}"
    assert Account.objects.get(kind="till", payee=cast.hospital).balance_rp == 0


def test_nothing_is_owed_back_while_a_bag_may_still_go_out_and_nobody_pays_twice(
    cast: Cast, sent: Order
) -> None:
    comes_back(cast, sent)
    assert not is_listed(cast.treasurer, sent)
    assert release_money(cast.treasurer, sent) == 404
    url = f"/medicine/orders/{sent.code}/release"
    assert client_of(cast.pharmacist).post(url, typed_release(sent)).status_code == 302
    sent.refresh_from_db()
    typed = slip(sent, cost_rp=0, number="P 2411-0008", paid="")
    answer = client_of(cast.clerk).post(f"/medicine/post/{sent.code}", typed)
    assert answer.status_code == 302, answer.content.decode()
    assert Payment.objects.filter(order=sent).count() == 1


def test_what_is_paid_back_by_another_hand_is_found(cast: Cast, back: Order) -> None:
    hands_in(cast, back)
    release_money(cast.treasurer, back)
    pay_out(cast.clerk, back)
    Refund.objects.update(amount_rp=1)
    assert any(back.code in problem for problem in problems(cast))
