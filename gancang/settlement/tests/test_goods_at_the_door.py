"""What is paid at the door for a shop's goods: to the till, the treasury, the seller, or back."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gancang.cash.actions import Counted, Paid, hand_in, take_payment
from gancang.cash.bringing import bring, list_to_bring, owed_by_fleets
from gancang.cash.models import Payment, Refund
from gancang.cash.queries import cash_differences, find_payment, still_due, till_differences
from gancang.cash.refunding import approve, pay_back
from gancang.ledger.models import Account, Transfer
from gancang.ledger.queries import patients_money
from gancang.orders.models import Order
from gancang.overview.verify import verify
from gancang.parcels.tests.sender import at_the_door, desk_of
from gancang.settlement import correcting
from gancang.settlement.giving_back import give_goods_back
from gancang.settlement.matching import matches
from gancang.settlement.queries import all_lines
from gancang.values import Money, Refused
from tests.cast import client_of
from tests.laws import assert_whole

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def set_commission(cast: Cast, percent: int) -> None:
    """The pack's rule says another commission, for the fleet's house."""
    rule = cast.region.config["money"]["goods"][-1]
    rule |= {"percent": percent, "organisation": cast.fleet.code}
    cast.region.save()


def paid(cast: Cast, goods_rp: int = 25_000) -> Order:
    """A shop's parcel that was handed over and paid in cash."""
    order = desk_of(cast, "ongkir-umkm").brought_to_the_door(goods_rp=str(goods_rp))
    told = {"level": "code", "factor": order.door_code, "paid": "cash"}
    typed = at_the_door(order, **told)
    answer = client_of(cast.rider).post(f"/parcels/{order.code}/hand-over", typed)
    assert answer.status_code == 302, answer.content.decode()
    order.refresh_from_db()
    return order


def problems_of(cast: Cast) -> list[str]:
    """What `gancang verify` finds, but for the chain: it is linked when a transaction ends."""
    return [each for each in verify([cast.region]).problems if "chain" not in each]


def owed_to(cast: Cast, order: Order) -> dict[str, int]:
    """By payee, what is owed for an order out of what its buyer paid."""
    rows = all_lines(cast.region).filter(about=order.code, source__budget__fund__is_trust=True)
    rows = rows.exclude(state="reversed")
    return dict(rows.values_list("target__payee__code", "amount_rp"))


def test_the_rider_collects_the_goods_once_and_the_seller_is_owed_them(cast: Cast) -> None:
    set_commission(cast, 0)
    desk = desk_of(cast, "ongkir-umkm")
    order = desk.brought_to_the_door(goods_rp="25000")
    assert still_due(order) == order.patient_pays_rp + 25_000
    page = client_of(cast.rider).get(f"/parcels/{order.code}/hand-over").content.decode()
    assert "25.000" in page
    told = {"level": "code", "factor": order.door_code}
    unpaid = client_of(cast.rider).post(
        f"/parcels/{order.code}/hand-over", at_the_door(order, **told)
    )
    assert unpaid.status_code == 400  # nothing is handed over before it is clear how it was paid
    done = at_the_door(order, **told, paid="cash")
    assert client_of(cast.rider).post(f"/parcels/{order.code}/hand-over", done).status_code == 302
    assert owed_to(cast, order) == {desk.sender.code: 25_000}
    payment = find_payment(order.code)
    assert payment is not None
    assert payment.goods_rp == 25_000
    assert payment.taken_by == cast.rider
    receipt = client_of(cast.rider).get(f"/cash/orders/{order.code}").content.decode()
    assert "25.000" in receipt
    assert problems_of(cast) == []
    assert all(each.fits for each in matches(cast.region))


def test_the_treasurer_receives_what_sellers_are_paid_from(cast: Cast) -> None:
    set_commission(cast, 7)
    order = paid(cast, 25_010)
    shop = order.origin.code
    assert owed_to(cast, order) == {shop: 23_260, cast.fleet.code: 1_750}
    now, held = datetime.now(UTC), order.at_door_rp
    seen = Counted(seen=Money(held), counted=Money(held))
    hand_in(cast.rider, cast.fleet, seen, till=cast.fleet, by=cast.operator, now=now)
    page = client_of(cast.treasurer).get("/cash/tills").content.decode()
    assert "25.010" in page
    typed = {"till": cast.fleet.code, "fleet": cast.fleet.code, "seen_rp": 25_010, "slip": "TRF 9"}
    assert client_of(cast.treasurer).post("/cash/tills/bring", typed).status_code == 302
    assert client_of(cast.treasurer).post("/cash/tills/bring", typed).status_code == 400  # once
    assert owed_by_fleets(cast.region) == {}
    assert problems_of(cast) == []


def test_of_a_missing_thing_the_buyer_gets_his_money_and_the_seller_less(cast: Cast) -> None:
    set_commission(cast, 10)
    order = paid(cast, 30_000)
    now = datetime.now(UTC)
    give_goods_back(order, Money(10_000), "satu hilang", by=cast.treasurer, now=now)
    assert owed_to(cast, order) == {order.origin.code: 18_000, cast.fleet.code: 2_000}
    with pytest.raises(Refused):
        give_goods_back(order, Money(10_000), "lagi", by=cast.treasurer, now=now)
    payment = find_payment(order.code)
    assert payment is not None
    refund = approve(payment, by=cast.treasurer, now=now)
    assert refund.amount_rp == 10_000
    assert problems_of(cast) == []


def test_nobody_gives_back_more_than_is_left(cast: Cast) -> None:
    set_commission(cast, 0)
    order, now = paid(cast, 435), datetime.now(UTC)
    with pytest.raises(Refused, match="cannot be given back"):
        give_goods_back(order, Money(436), "terlalu banyak", by=cast.treasurer, now=now)
    give_goods_back(order, Money(220), "satu hilang", by=cast.treasurer, now=now)
    for amount in (395, 215):
        with pytest.raises(Refused, match="done once"):
            give_goods_back(order, Money(amount), "lagi", by=cast.treasurer, now=now)
    assert owed_to(cast, order) == {order.origin.code: 215}
    assert problems_of(cast) == []


def test_what_the_treasurer_took_back_is_not_given_back_as_well(cast: Cast) -> None:
    set_commission(cast, 10)
    order, now = paid(cast, 1_000), datetime.now(UTC)
    of_goods = all_lines(cast.region).filter(source__budget__fund__is_trust=True)
    commission = of_goods.get(about=order.code, target__payee=cast.fleet)
    asked = correcting.ask(commission, "tidak dipungut", by=cast.treasurer, now=now)
    if asked.state == "asked":
        correcting.approve(asked, by=cast.admin, now=now)
    with pytest.raises(Refused, match="cannot be given back"):
        give_goods_back(order, Money(950), "hilang", by=cast.treasurer, now=now)
    give_goods_back(order, Money(900), "hilang", by=cast.treasurer, now=now)
    assert owed_to(cast, order) == {}
    assert problems_of(cast) == []


def test_what_did_not_come_is_not_paid(cast: Cast) -> None:
    order = desk_of(cast, "ongkir-umkm").brought_to_the_door(goods_rp="25000")
    failed = {"version": order.version, "reason": "refused", "note": ""}
    client_of(cast.rider).post(f"/dispatch/rider/orders/{order.code}/fail", failed)
    order.refresh_from_db()
    assert order.state == "failed"
    assert find_payment(order.code) is None
    assert owed_to(cast, order) == {}
    assert problems_of(cast) == []


def test_without_a_rule_of_the_pack_nothing_is_sold_at_the_door(cast: Cast) -> None:
    desk = desk_of(cast, "ongkir-umkm")
    cast.region.config["money"]["goods"] = []
    cast.region.save()
    told = client_of(desk.clerk).post("/parcels/new", desk.typed(goods_rp="25000"))
    assert told.status_code == 400
    assert not Order.objects.exists()
    assert desk.place().goods_rp == 0


DEEDS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["cash", "qris"]), st.integers(0, 60_000)),
        st.tuples(st.just("hand in"), st.integers(0, 110)),
        st.tuples(st.just("back"), st.integers(0, 110)),
        st.tuples(st.just("pay back"), st.just(0)),
        st.tuples(st.just("bring"), st.just(0)),
    ),
    max_size=12,
)


class Undone(Exception):
    """Takes an example's deeds back."""


@given(deeds=DEEDS, fare_rp=st.integers(0, 20_000), percent=st.integers(0, 30))
@settings(
    max_examples=25,
    deadline=None,
    # A shrunken example is not worth its minutes: each deed writes to the book.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_rupiah_of_every_order_is_somewhere(
    cast: Cast, deeds: list[tuple[str, int]], fare_rp: int, percent: int
) -> None:
    with suppress(Undone), transaction.atomic():
        set_commission(cast, percent)
        first = desk_of(cast, "ongkir-umkm")
        orders = [first.place(full_name=f"Pembeli {n}", goods_rp="1") for n in range(3)]
        for deed in deeds:
            with suppress(Refused), transaction.atomic():
                do(cast, deed, orders, fare_rp)
            exact(cast)
        raise Undone


def do(cast: Cast, deed: tuple[str, int], orders: list[Order], fare_rp: int) -> None:
    """One deed; a refusal changes nothing."""
    kind, amount = deed
    now = datetime.now(UTC)
    last = Payment.objects.filter(goods_rp__gt=0).select_related("order").order_by("-pk").first()
    if kind in ("cash", "qris") and orders:
        order = orders.pop()
        order.fleet, order.patient_pays_rp, order.goods_rp = cast.fleet, fare_rp, amount
        order.save()
        take_payment(order, Paid(how=kind, reference="QR-1234"), by=cast.rider, now=now)
    elif kind == "hand in":
        has = Money(sum(p.amount_rp for p in Payment.objects.filter(how="cash", deposit=None)))
        told = Counted(seen=has, counted=Money(has.rupiah * amount // 100), note="dihitung")
        till = cast.hospital if amount % 2 else cast.fleet
        hand_in(cast.rider, cast.fleet, told, till=till, by=cast.treasurer, now=now)
    elif kind == "back" and last:
        part = Money(last.goods_rp * amount // 100)
        give_goods_back(last.order, part, "kurang", by=cast.operator, now=now)
    elif kind == "pay back" and last:
        approve(last, by=cast.treasurer, now=now)
        pay_back(last, "Pembeli", till=cast.fleet, by=cast.operator, now=now)
    elif kind == "bring":
        for each in list_to_bring(cast.region):
            bring(each.till, each.fleet, each.amount, "TRF 1", by=cast.treasurer, now=now)


def exact(cast: Cast) -> None:
    """The goods that were paid and not given back are owed, the cash of all can be found."""
    payments = list(Payment.objects.all())
    back = sum(p.owed_back_rp or 0 for p in payments)
    owed = all_lines(cast.region).filter(source__budget__fund__is_trust=True)
    total = sum(owed.exclude(state="reversed").values_list("amount_rp", flat=True))
    assert total == sum(p.goods_rp for p in payments) - back
    money = patients_money(cast.region)
    brought = sum(Transfer.objects.filter(kind="bring").values_list("amount_rp", flat=True))
    gone = sum(Refund.objects.exclude(paid_at=None).values_list("amount_rp", flat=True))
    assert money["fares"].rupiah == sum(p.amount_rp for p in payments) - brought - gone
    assert money["fares"] == money["in_hand"] + money["till"] + money["short"] + money["lost"]
    assert till_differences(cast.region) == []
    assert cash_differences(cast.region) == []
    trust = Account.objects.filter(budget__fund__is_trust=True).exclude(kind="granted")
    assert not trust.exclude(balance_rp=0).exists()
    assert_whole(cast.region)
