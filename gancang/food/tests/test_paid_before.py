"""Mbak Rini pays by QRIS once Bu Sri has said yes: order and payment agree, whatever happens."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as kept
from hypothesis import strategies as st

from gancang.dispatch import actions as dispatch
from gancang.food import actions, paying, rules
from gancang.food.links import follow_token
from gancang.food.models import FoodOrder
from gancang.food.queries import differences
from gancang.food.tests.buying import letters_of, warung_of
from gancang.menus.models import Dish
from gancang.overview.verify import verify
from gancang.qris.actions import enter_code, expire
from gancang.qris.asking import go_round
from gancang.qris.models import Bill, Mismatch
from gancang.qris.payload import checksum
from gancang.qris.receiving import take_notice
from gancang.qris.rules import PAID, Status, Told
from gancang.qris.tests.desk import STATIC, Town, a_gateway
from gancang.values import Money, Refused
from tests.cast import client_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gancang.food.tests.buying import Warung
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=1)


def now() -> datetime:
    """The moment of a story."""
    return datetime.now(UTC)


@pytest.fixture
def warung(cast: Cast) -> Warung:
    """Bu Sri's kitchen."""
    return warung_of(cast)


@pytest.fixture
def town(cast: Cast, tmp_path: Path, settings: Any) -> Iterator[Town]:
    """The region has an agreement with a gateway."""
    with a_gateway(cast, tmp_path, settings) as found:
        yield found


def billed(warung: Warung, **told: object) -> tuple[FoodOrder, Bill]:
    """The kitchen has said yes, and the buyer sees the code."""
    row = warung.order(pays_by="qris")
    warung.press(row, "accept", minutes=20, **told)
    assert row.state == rules.UNPAID
    go_round(now=now())
    return row, Bill.objects.get(about=row.code)


def round_of(row: FoodOrder, *, at: datetime | None = None) -> None:
    """The worker goes its rounds."""
    at = at or now()
    go_round(now=at)
    paying.take_outcomes(now=at)
    actions.watch_over(row.region, now=at)
    row.refresh_from_db()


def given_back() -> list[str]:
    """What the operators' list has open."""
    rows = Mismatch.objects.filter(ended_at=None).order_by("pk")
    return list(rows.values_list("problem", flat=True))


def wrong(row: FoodOrder) -> list[str]:
    """What `gancang verify` finds wrong, but for events that are linked at commit."""
    return [each for each in verify([row.region]).problems if "chain" not in each]


def test_the_kitchen_begins_once_it_is_paid(town: Town, warung: Warung) -> None:
    row, bill = billed(warung)
    assert bill.amount_rp == row.goods_rp == 34_000
    page = Client().get(f"/p/{follow_token(row.code)}").content.decode()
    assert "/q/" in page
    assert row.delivery_id is None
    round_of(row)
    assert row.state == rules.UNPAID
    town.desk.pay(bill.code)
    round_of(row)
    assert row.state == rules.COOKING
    delivery = row.delivery
    assert delivery is not None
    assert (delivery.at_door_rp, delivery.goods_paid_rp) == (row.fare_rp, 34_000)
    assert letters_of(row) == ["food.confirm", "food.to_pay", "food.accepted"]
    assert (given_back(), wrong(row)) == ([], [])


def test_what_is_missing_is_known_before_it_is_paid(town: Town, warung: Warung) -> None:
    row, bill = billed(warung, without=[1])
    assert bill.amount_rp == 30_000
    town.desk.pay(bill.code)
    round_of(row)
    assert (row.state, row.free_until, row.goods_rp) == (rules.COOKING, None, 30_000)
    assert wrong(row) == []


def test_what_nobody_pays_ends_by_itself(town: Town, warung: Warung) -> None:
    row, bill = billed(warung)
    round_of(row, at=now() + LATER)
    assert row.state == rules.LAPSED
    assert Dish.objects.get(pk=warung.rujak.pk).stock == 10
    town.desk.pay(bill.code)  # too late
    round_of(row, at=now() + LATER)
    assert (row.state, given_back()) == (rules.LAPSED, ["late"])
    assert wrong(row) == []


def test_an_officer_takes_late_money_and_it_still_goes_back(town: Town, warung: Warung) -> None:
    row, bill = billed(warung)
    round_of(row, at=now() + LATER)
    town.desk.pay(bill.code)
    late = Mismatch.objects.get(bill=bill)
    told = {"text": "Pembeli menelepon"}
    client_of(warung.cast.operator).post(f"/qris/mismatches/{late.pk}/accept", told)
    round_of(row)
    assert row.asked_back_at is not None
    assert given_back() == ["asked_back"]
    assert letters_of(row)[-1] == "food.asked_back"
    assert wrong(row) == []


def test_paid_twice_is_cooked_once_and_the_second_is_listed(town: Town, warung: Warung) -> None:
    row, bill = billed(warung)
    town.desk.pay(bill.code)
    town.desk.pay(bill.code)
    round_of(row)
    assert (row.state, given_back()) == (rules.COOKING, ["twice"])
    assert wrong(row) == []


def test_called_off_before_it_is_paid_and_never_after(town: Town, warung: Warung) -> None:
    first, bill = billed(warung)
    Client().post(f"/p/{follow_token(first.code)}/cancel")
    first.refresh_from_db()
    assert first.state == rules.CANCELLED
    town.desk.pay(bill.code)
    assert given_back() == ["after_cancel"]


def test_who_pays_and_calls_off_at_once_is_told_it_is_paid(town: Town, warung: Warung) -> None:
    row, bill = billed(warung)
    town.desk.pay(bill.code)  # nobody has taken it yet
    link = f"/p/{follow_token(row.code)}"
    told = Client().post(f"{link}/cancel", follow=True).content.decode()
    assert warung.seller.name in told
    round_of(row)
    assert row.state == rules.COOKING
    assert row.delivery is not None
    assert not row.delivery.goods_rp
    assert row.delivery.is_sold  # nor by the link of the delivery


def test_what_was_paid_and_not_brought_goes_back_by_itself(town: Town, warung: Warung) -> None:
    row, bill = billed(warung)
    town.desk.pay(bill.code)
    round_of(row)
    assert row.delivery is not None
    dispatch.cancel(row.delivery, reason="no rider", by="tests", seen_version=None, now=now())
    round_of(row)
    round_of(row)
    assert given_back() == ["asked_back"]
    assert letters_of(row)[-1] == "food.asked_back"
    page = Client().get(f"/p/{follow_token(row.code)}").content.decode()
    assert "34.000" in page
    assert wrong(row) == []


def test_if_nobody_brings_it_any_more_the_payment_goes_back(
    town: Town, warung: Warung, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, bill = billed(warung)
    FoodOrder.objects.filter(pk=row.pk).update(fare_rp=0)  # by now the way costs more than agreed
    town.desk.pay(bill.code)
    round_of(row)
    if row.state == rules.COOKING:
        pytest.skip("this pack asks nothing of the buyer for the way")
    assert (row.state, given_back()) == (rules.REFUSED, ["asked_back"])
    assert Dish.objects.get(pk=warung.rujak.pk).stock == 10
    assert wrong(row) == []


def test_a_shop_with_its_own_code_looks_itself(warung: Warung, cast: Cast) -> None:
    body = f"{STATIC}5911Bu Sri Saja6009Rogojampi6105684176304"
    code = body + checksum(body)
    enter_code(warung.seller, code, is_sure=True, by=warung.owner, now=now())
    row = warung.order(pays_by="qris")
    warung.press(row, "accept", minutes=20)
    bill = Bill.objects.get(about=row.code)
    kitchen = client_of(warung.owner).get("/food/kitchen").content.decode()
    assert f"/qris/bills/{bill.code}" in kitchen
    client_of(warung.owner).post(f"/qris/bills/{bill.code}/confirm")
    round_of(row)
    assert (row.state, wrong(row)) == (rules.COOKING, [])


def test_without_a_way_to_pay_qris_is_neither_asked_nor_taken(warung: Warung) -> None:
    shown = warung.shown()
    assert 'value="qris"' not in Client().get(warung.page).content.decode()
    typed = warung.typed(step="order", shown_rp=shown, pays_by="qris")
    answer = Client().post(warung.page, typed)
    assert answer.status_code == 400
    assert not FoodOrder.objects.exists()


KINDS = "yes less no off pay pay again other end take undone sweep"
DEEDS = st.lists(st.sampled_from(KINDS.split()), min_size=1, max_size=9)


class Undone(Exception):
    """Takes an example's deeds back."""


def do(deed: str, row: FoodOrder, warung: Warung) -> None:
    """One thing happens; a refusal changes nothing."""
    at = now()
    if deed in ("pay", "again", "other", "end"):
        of_gateway(deed, row)
    elif deed in ("yes", "less"):
        actions.accept(row, 20, [1] if deed == "less" else [], by="sri", now=at)
    elif deed == "no":
        actions.refuse(row, "busy", by="sri", now=at)
    elif deed == "off":
        actions.call_off(row, now=at)
    elif deed == "undone" and row.delivery:
        dispatch.cancel(row.delivery, reason="law", by="tests", seen_version=None, now=at)
    else:
        paying.take_outcomes(now=at)
        actions.watch_over(row.region, now=at)


def of_gateway(deed: str, row: FoodOrder) -> None:
    """The gateway tells of the bill, if there is one."""
    bill = Bill.objects.filter(about=row.code).first()
    if bill is None:
        return
    if deed == "end":
        expire(bill, by="snap", now=now())
        return
    amount = Money(bill.amount_rp if deed != "other" else 1)
    told = Told(bill=bill.code, payment=deed, status=Status.PAID, amount=amount)
    take_notice(told, gateway="snap", region=row.region, now=now())


@given(deeds=DEEDS)
@kept(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_order_and_payment_agree_whatever_happens(
    town: Town, warung: Warung, deeds: list[str]
) -> None:
    with suppress(Undone), transaction.atomic():
        row = warung.order(pays_by="qris")
        for deed in deeds:
            with suppress(Refused), transaction.atomic():
                do(deed, row, warung)
            row.refresh_from_db()
            assert differences(row.region) == []
        paying.take_outcomes(now=now())
        actions.watch_over(row.region, now=now())
        row.refresh_from_db()
        agrees(row)
        raise Undone


def agrees(row: FoodOrder) -> None:
    """Paid is cooked, or goes back; unpaid is not cooked; and the book knows every rupiah."""
    paid = Bill.objects.filter(about=row.code, state=PAID).exists()
    is_cooked = row.state in (rules.COOKING, rules.READY)
    comes = is_cooked and row.delivery is not None and row.delivery.state != "cancelled"
    goes_back = Mismatch.objects.filter(bill__about=row.code, problem="asked_back").exists()
    assert paid == bool(row.paid_at)
    assert paid == (comes or goes_back)
    assert not (comes and goes_back)
    assert wrong(row) == []
