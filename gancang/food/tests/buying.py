"""The pack's first kitchen, open and with two dishes, and somebody who orders there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.test import Client

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role, User
from gancang.fleet.actions import enlist, start_shift, train
from gancang.food.models import FoodOrder
from gancang.menus.models import Dish
from gancang.menus.writing import DishTerms, write_dish
from gancang.outbox.models import Letter
from gancang.regions.models import Organisation
from gancang.shops.models import Shop
from tests.cast import PASSWORD, client_of

if TYPE_CHECKING:
    from tests.cast import Cast


@dataclass(frozen=True, slots=True)
class Warung:
    """Bu Sri's kitchen, with rujak soto (counted) and tea."""

    cast: Cast
    seller: Organisation
    owner: User
    rujak: Dish
    tea: Dish

    @property
    def page(self) -> str:
        """Its page for buyers."""
        return f"/pesan/{self.seller.region.slug}/{self.seller.code}"

    def typed(self, **changed: object) -> dict[str, Any]:
        """What Mbak Rini types: two rujak soto and a tea."""
        typed = {
            "key": "satu",
            "name": "Rini",
            "phone": "0812 3456 7890",
            "village": self.cast.village.code,
            "address": "Dusun Krajan RT 02/RW 01",
            f"count-{self.rujak.pk}": 2,
            f"count-{self.tea.pk}": 1,
        }
        return {**typed, **changed}

    def shown(self, **changed: object) -> int:
        """The whole price that the page shows for a basket."""
        page = Client().post(self.page, self.typed(step="price", **changed)).content.decode()
        found = re.search(r'name="shown_rp" value="(\d+)"', page)
        assert found, page
        return int(found[1])

    def order(self, **changed: object) -> FoodOrder:
        """An order that its buyer has confirmed: it rings."""
        shown = self.shown(**changed)
        answer = Client().post(self.page, self.typed(step="order", shown_rp=shown, **changed))
        assert answer.status_code == 302, answer.content.decode()
        row = FoodOrder.objects.latest("pk")
        code = {"code": row.confirm_code}
        assert Client().post(f"{answer['Location']}/code", code).status_code == 302
        row.refresh_from_db()
        return row

    def press(self, row: FoodOrder, deed: str, **told: object) -> None:
        """The owner answers on her phone."""
        typed = {f"{row.code}-{name}": value for name, value in told.items()}
        page = client_of(self.owner).post(f"/food/{row.code}/{deed}", typed, follow=True)
        assert page.status_code == 200
        row.refresh_from_db()


def warung_of(cast: Cast) -> Warung:
    """It is open now; Toni is at work and may carry food."""
    now = datetime.now(UTC)
    rows = Organisation.objects.filter(region=cast.region, kind="kitchen").order_by("code")
    seller = rows.select_related("region", "village").first()
    assert seller is not None
    Shop.objects.filter(organisation=seller).update(opened_until=now + timedelta(hours=20))
    told = Newcomer(
        username="sri", full_name="Sri", password=PASSWORD, role=Role.STALL, organisation=seller
    )
    owner = add_person(told, region=cast.region, by="tests", now=now)
    Dish.objects.filter(seller=seller).update(retired_at=now)  # the pack's own menu
    rujak = DishTerms(name="Rujak soto", price_rp=15_000, stock=10, prepares_minutes=20)
    dishes = [write_dish(seller, rujak, by="sri", now=now)]
    tea = DishTerms(name="Es teh", price_rp=4_000)
    dishes.append(write_dish(seller, tea, by="sri", now=now))
    rider = enlist(
        cast.rider, organisation=cast.fleet, vehicle="motor", plate="", by="tests", now=now
    )
    until = now.date() + timedelta(days=365)
    train(
        rider,
        item_class="parcel",
        trained_on=now.date(),
        expires_on=until,
        by="tests",
        now=now,
    )
    start_shift(rider, now=now)
    return Warung(cast, seller, owner, *dishes)


def letters_of(row: FoodOrder) -> list[str]:
    """The kinds of letters about an order, in their order."""
    return list(
        Letter.objects.filter(subject=row.code).order_by("pk").values_list("kind", flat=True)
    )
