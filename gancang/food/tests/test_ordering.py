"""Mbak Rini orders without an account, Bu Sri cooks, Toni brings it, and nobody loses a rupiah."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from gancang.dispatch.models import Offer
from gancang.dispatch.planning import DAY_S
from gancang.dispatch.ticking import photograph, tick, world_seen
from gancang.food import rules
from gancang.food.actions import watch_over
from gancang.food.links import follow_token
from gancang.food.models import FoodOrder
from gancang.food.tests.buying import letters_of, warung_of
from gancang.menus.models import Dish
from gancang.orders import lifecycle
from gancang.orders.models import Order
from gancang.overview.verify import verify
from gancang.settlement.queries import all_lines
from gancang.shops.models import Shop
from tests.cast import client_of

if TYPE_CHECKING:
    from gancang.food.tests.buying import Warung
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def warung(cast: Cast) -> Warung:
    """Bu Sri's kitchen."""
    return warung_of(cast)


def left_of(dish: Dish) -> int | None:
    """What is there of a dish."""
    return Dish.objects.get(pk=dish.pk).stock


def test_a_lunch_from_the_basket_to_the_evenings_income(cast: Cast, warung: Warung) -> None:
    row = warung.order()
    assert row.state == rules.ASKED
    assert row.goods_rp == 34_000
    assert left_of(warung.rujak) == 8
    kitchen = client_of(warung.owner).get("/food/kitchen").content.decode()
    assert "Rujak soto" in kitchen
    assert row.phone not in kitchen
    warung.press(row, "accept", minutes=5)
    assert row.state == rules.COOKING
    delivery = row.delivery
    assert delivery is not None
    assert (delivery.goods_rp, delivery.patient_pays_rp) == (34_000, row.fare_rp)
    warung.press(row, "ready")
    assert row.state == rules.READY
    bring(cast, delivery)
    owed = all_lines(cast.region).filter(about=delivery.code, target__payee=warung.seller)
    rule = cast.region.config["money"]["goods"][-1]
    assert [line.amount_rp for line in owed] == [34_000 - 34_000 * rule["percent"] // 100]
    evening = client_of(warung.owner).get("/food/kitchen").content.decode()
    assert "34.000" in evening
    assert [each for each in verify([cast.region]).problems if "chain" not in each] == []
    assert letters_of(row) == ["food.confirm", "food.accepted"]


def bring(cast: Cast, delivery: Order) -> None:
    """Toni is asked, fetches it with the kitchen's number, and is paid at the door."""
    tick(cast.region, now=datetime.now(UTC) + timedelta(minutes=1), seed=1)
    offer = Offer.objects.get(order=delivery, answer="open")
    rider = client_of(cast.rider)
    rider.post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    delivery.refresh_from_db()
    scanned = {"version": delivery.version, "bag_code": delivery.bag_code}
    rider.post(f"/dispatch/rider/orders/{delivery.code}", scanned)
    delivery.refresh_from_db()
    typed = {
        "version": delivery.version,
        "bag_codes": delivery.bag_code,
        "receiver": "Rini",
        "relation": "self",
        "level": "code",
        "factor": delivery.door_code,
        "paid": "cash",
    }
    answer = rider.post(f"/parcels/{delivery.code}/hand-over", typed)
    assert answer.status_code == 302, answer.content.decode()


def test_a_rider_is_not_asked_before_it_is_nearly_ready(cast: Cast, warung: Warung) -> None:
    row = warung.order()
    warung.press(row, "accept", minutes=40)
    assert row.ready_by is not None
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert not Offer.objects.filter(order=row.delivery).exists()
    tick(cast.region, now=row.ready_by - lifecycle.RIDER_LEAD + timedelta(minutes=1), seed=1)
    assert Offer.objects.filter(order=row.delivery).exists()


def test_the_planner_knows_when_it_is_ready_and_that_it_gets_cold(
    cast: Cast, warung: Warung
) -> None:
    row = warung.order()
    warung.press(row, "accept", minutes=40)
    assert row.ready_by is not None
    now = row.ready_by - timedelta(minutes=5)
    (job,) = world_seen(photograph(cast.region, now=now)).jobs
    assert job.release_s == job.promise_s == DAY_S + 300
    assert job.max_detour_percent == 150


def test_a_double_tap_is_one_order(warung: Warung) -> None:
    shown = warung.shown()
    typed = warung.typed(step="order", shown_rp=shown)
    first, second = (Client().post(warung.page, typed) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert FoodOrder.objects.count() == 1
    assert left_of(warung.rujak) == 8


def test_a_dearer_menu_is_shown_before_it_is_ordered(warung: Warung) -> None:
    shown = warung.shown()
    Dish.objects.filter(pk=warung.tea.pk).update(price_rp=5_000)
    answer = Client().post(warung.page, warung.typed(step="order", shown_rp=shown))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'name="shown_rp" value="{shown + 1_000}"' in page
    assert "Krajan" in page  # nothing of what was typed is lost
    assert not FoodOrder.objects.exists()


def test_what_is_gone_closed_or_suspended_has_its_own_answer(warung: Warung) -> None:
    shown = warung.shown()
    typed = warung.typed(step="order", shown_rp=shown)
    Dish.objects.filter(pk=warung.rujak.pk).update(stock=1)
    assert "Rujak soto" in Client().post(warung.page, typed).content.decode()
    Dish.objects.filter(pk=warung.rujak.pk).update(stock=10)
    now = datetime.now(UTC)
    shop = Shop.objects.filter(organisation=warung.seller)
    shop.update(opened_until=None, closed_until=now + timedelta(hours=1))
    closed = Client().post(warung.page, typed)
    assert closed.status_code == 400
    assert not FoodOrder.objects.exists()
    assert left_of(warung.rujak) == 10


def test_a_refused_order_gives_the_stock_back_and_tells_why(warung: Warung) -> None:
    row = warung.order()
    warung.press(row, "refuse", reason="busy")
    assert row.state == rules.REFUSED
    assert left_of(warung.rujak) == 10
    assert letters_of(row)[-1] == "food.refused"
    warung.press(row, "accept", minutes=10)
    assert row.delivery is None


def test_what_the_kitchen_lacks_is_not_paid_and_the_buyer_may_go(warung: Warung) -> None:
    row = warung.order()
    warung.press(row, "accept", minutes=10, without=[1])
    delivery = row.delivery
    assert delivery is not None
    assert row.goods_rp == delivery.goods_rp == 30_000
    token = follow_token(row.code)
    page = Client().get(f"/p/{token}").content.decode()
    assert "30.000" in page
    Client().post(f"/p/{token}/cancel")
    row.refresh_from_db()
    delivery.refresh_from_db()
    assert (row.state, delivery.state) == (rules.CANCELLED, "cancelled")
    assert left_of(warung.rujak) == 10


def test_what_is_cooked_is_not_called_off_by_any_link(warung: Warung) -> None:
    row = warung.order()
    warung.press(row, "accept", minutes=10)
    assert row.delivery is not None
    token = follow_token(row.code)
    told = Client().post(f"/p/{token}/cancel", follow=True).content.decode()
    assert warung.seller.name in told
    row.refresh_from_db()
    assert row.state == rules.COOKING


def test_without_the_code_of_the_message_nothing_rings(cast: Cast, warung: Warung) -> None:
    shown = warung.shown()
    answer = Client().post(warung.page, warung.typed(step="order", shown_rp=shown))
    row = FoodOrder.objects.get()
    for _ in range(rules.WRONG_CODES_MAX):
        wrong = "0000" if row.confirm_code != "0000" else "1111"
        assert Client().post(f"{answer['Location']}/code", {"code": wrong}).status_code == 400
    right = {"code": row.confirm_code}
    assert Client().post(f"{answer['Location']}/code", right).status_code == 400
    later = datetime.now(UTC) + rules.CONFIRMS_WITHIN + timedelta(minutes=1)
    assert watch_over(cast.region, now=later) == 1
    row.refresh_from_db()
    assert row.state == rules.LAPSED
    assert left_of(warung.rujak) == 10


def test_who_does_not_answer_is_rung_again_and_then_it_ends(cast: Cast, warung: Warung) -> None:
    type(warung.seller).objects.filter(pk=warung.seller.pk).update(phone="+6281234567000")
    row = warung.order()
    assert row.asked_at is not None
    assert watch_over(cast.region, now=row.asked_at + timedelta(minutes=4)) == 0
    assert watch_over(cast.region, now=row.asked_at + timedelta(minutes=5)) == 0
    assert letters_of(row).count("food.rings") == 1
    assert watch_over(cast.region, now=row.asked_at + timedelta(minutes=11)) == 1
    row.refresh_from_db()
    assert row.state == rules.LAPSED
    assert letters_of(row)[-1] == "food.lapsed"
    assert left_of(warung.rujak) == 10


def test_who_finds_a_warung_orders_there_and_finds_back(warung: Warung) -> None:
    region, code = warung.seller.region.slug, warung.seller.code
    buyer = Client()
    here = f'href="{warung.page}"'
    assert here in buyer.get(f"/warung?daerah={region}").content.decode()
    about = f"/warung/{code}?daerah={region}"
    assert here in buyer.get(about).content.decode()
    assert f'href="{about}"' in buyer.get(warung.page).content.decode()
    later = datetime.now(UTC) + timedelta(hours=1)
    shop = Shop.objects.filter(organisation=warung.seller)
    shop.update(opened_until=None, closed_until=later)
    for closed in (f"/warung?daerah={region}", about):
        assert here not in buyer.get(closed).content.decode()
