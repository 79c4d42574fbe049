"""Thirty warungs of the demonstration: approved, with menus and prices, and their orders."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import time
from typing import TYPE_CHECKING

from gancang.demo import goods
from gancang.food import actions as food
from gancang.food import queries as kitchens
from gancang.food import rules
from gancang.food.actions import Basket
from gancang.food.models import FoodOrder
from gancang.menus.models import Dish
from gancang.menus.queries import dishes_of
from gancang.menus.rules import Wanted
from gancang.menus.writing import DishTerms, write_dish
from gancang.regions.queries import list_organisations, list_villages
from gancang.shops import joining, keeping
from gancang.shops.joining import Asked
from gancang.shops.models import Shop
from gancang.shops.opening import Span
from gancang.shops.queries import promise_of
from gancang.values import Point, metres_between

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Organisation, Region, Village

JOINED, ASKING = 30, 2  # so many are approved, so many wait at the desk
OWNERS = (
    "Bu Sri Rejeki",
    "Mak Inah",
    "Bu Tutik",
    "Pak Bagong",
    "Mbok Yah",
    "Bu Ripah",
    "Cak Kholil",
    "Bu Sulis",
    "Mak Nik",
    "Pak Edi",
    "Bu Wiwik",
    "Mbak Ulfa",
    "Bu Sutinah",
    "Kang Untung",
    "Bu Maryam",
    "Mak Pon",
)
KINDS = ("Warung", "Dapur")
DISHES_EACH = 4
BUYERS = ("Nina", "Eko", "Fitri", "Bayu", "Lina", "Hendra", "Ayu", "Joko", "Mega", "Rudi")
ORDERS_A_STEP, ANSWERS_A_STEP = 0.05, 0.1
NEAR = 0.004  # some 450 m around the middle of a village
EVERY_HOUR = [Span(day, time(0), time(23, 59)) for day in range(7)]
# What became of the first orders of the evening, each at another warung.
FATES = (
    *("brought", "brought", "brought", "brought", "ready", "ready", "cooking", "cooking"),
    *("without", "asked", "asked", "unconfirmed", "refused", "called off"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Who approves warungs, who cooks at the first one, who brings it, and where they all live."""

    officer: User
    operator: User
    riders: Sequence[User]
    village_clerk: User
    stall: User
    near: Sequence[Village]
    chance: random.Random = field(default_factory=lambda: random.Random(30))


def evening(region: Region, town: Town, *, now: datetime) -> None:
    """Thirty warungs are open, and people order from them."""
    sellers = _warungs(region, town, now=now)
    own = town.stall.memberships.get().organisation
    assert own is not None, town.stall
    keeping.open_now(Shop.objects.get(organisation=own), by=town.stall, now=now)
    # Whoever plays the stall finds one order that rings and two that were brought.
    fates = [(own, fate) for fate in ("brought", "brought", "asked")]
    for place, (seller, fate) in enumerate([*fates, *zip(sellers, FATES, strict=False)]):
        _order(seller, fate, f"demo-{place}", town, now=now)


def villages_around(region: Region, count: int) -> list[Village]:
    """The villages nearest the first kitchen, and its own."""
    here = _point(list_organisations(region, ["kitchen"])[0])
    return sorted(
        list_villages(region), key=lambda each: metres_between(Point(each.lat, each.lon), here)
    )[:count]


def _point(house: Organisation) -> Point:
    assert house.lat is not None, house.code
    assert house.lon is not None, house.code
    return Point(house.lat, house.lon)


def _warungs(region: Region, town: Town, *, now: datetime) -> list[Organisation]:
    """They join at the village desk; all but the last ones are approved and write their menus."""
    cooked = Dish.objects.filter(seller__region=region, seller__kind="kitchen")
    by_name = {dish.name: dish for dish in cooked}
    approved = []
    for number in range(JOINED + ASKING):
        asked = _asked(number, list(by_name), town)
        shop = joining.apply(asked, region=region, by=town.village_clerk.username, now=now)
        if number >= JOINED:
            continue
        joining.approve(shop, by=town.officer, now=now)
        house = shop.organisation
        assert house is not None, shop.name
        for name in asked.sells.split(", "):
            write_dish(house, _terms(by_name[name], town.chance), by=house.code, now=now)
        approved.append(house)
    return approved


def _asked(number: int, names: Sequence[str], town: Town) -> Asked:
    chance, village = town.chance, town.near[number % len(town.near)]
    owner = OWNERS[number % len(OWNERS)]
    return Asked(
        kind="kitchen",
        name=f"{KINDS[number // len(OWNERS)]} {owner}",
        sells=", ".join(chance.sample(names, min(DISHES_EACH, len(names)))),
        village=village,
        address=f"RT {1 + number % 9:02d}/RW {1 + number % 4:02d}",
        point=Point(
            village.lat + chance.uniform(-NEAR, NEAR), village.lon + chance.uniform(-NEAR, NEAR)
        ),
        owner_name=owner,
        owner_phone=f"+6281370000{number:03d}",
        spans=EVERY_HOUR,
    )


def _terms(dish: Dish, chance: random.Random) -> DishTerms:
    """What the pack tells of a dish, at a price of the house."""
    return DishTerms(
        name=dish.name,
        description=dish.description,
        price_rp=max(1_000, dish.price_rp + 500 * chance.randint(-3, 3)),
        prepares_minutes=dish.prepares_minutes,
        stock=chance.choice((None, None, 8, 15)),
    )


def _order(seller: Organisation, fate: str, key: str, town: Town, *, now: datetime) -> None:
    """Somebody orders two dishes, and it comes as far as its fate says."""
    row = _placed(seller, key, town, now=now)
    if fate != "unconfirmed":
        food.confirm(row, row.confirm_code, now=now)
    if fate == "refused":
        food.refuse(row, "busy", by=seller.code, now=now)
    elif fate == "called off":
        food.call_off(row, now=now)
    elif fate not in ("asked", "unconfirmed"):
        _cooked(row, fate, town, now=now)


def _placed(seller: Organisation, key: str, town: Town, *, now: datetime) -> FoodOrder:
    chance, dishes = town.chance, list(dishes_of(seller))
    wanted = [
        Wanted(dish=dish.pk, count=chance.randint(1, 2))
        for dish in chance.sample(dishes, min(2, len(dishes)))
    ]
    village = chance.choice(town.near[:3])
    offer = kitchens.offer_for(seller, wanted, village, now=now)
    number = chance.randrange(1000)
    basket = Basket(
        key=key,
        wanted=wanted,
        shown=offer.total,
        name=BUYERS[number % len(BUYERS)],
        phone=f"+6281380000{number:03d}",
        village=village,
        address=f"Jalan Melati {1 + number}",
        landmark="dekat balai",
    )
    return food.place(basket, seller, now=now)


def _cooked(row: FoodOrder, fate: str, town: Town, *, now: datetime) -> None:
    by = row.seller.code
    minutes = promise_of(row.seller, now).minutes
    without = [1] if fate == "without" and len(row.lines) > 1 else []
    delivery = food.accept(row, minutes, without, by=by, now=now)
    assert delivery is not None, row.code  # it is paid at the door
    if fate in ("ready", "brought"):
        food.finish(row, by=by, now=now)
    if fate == "brought":
        goods.bring(delivery, town.chance.choice(town.riders), town.operator, now=now)


def go_on(town: Town, *, now: datetime) -> None:
    """Now and then somebody orders; kitchens nobody plays answer, cook and are ready."""
    region, chance = town.near[0].region, town.chance
    played = town.stall.memberships.get().organisation_id
    open_there = Shop.objects.filter(region=region, organisation__source=joining.JOINED)
    if chance.random() < ORDERS_A_STEP:
        shop = open_there.select_related("organisation__region").order_by("?").first()
        if shop is not None and shop.organisation is not None:
            row = _placed(shop.organisation, f"demo-{now.timestamp():.0f}", town, now=now)
            food.confirm(row, row.confirm_code, now=now)
    rows = FoodOrder.objects.filter(region=region, state__in=[rules.ASKED, rules.COOKING])
    for row in rows.exclude(seller=played).select_related("seller__region", "region")[:50]:
        if chance.random() > ANSWERS_A_STEP:
            continue
        if row.state == rules.COOKING:
            food.finish(row, by=row.seller.code, now=now)
        else:
            minutes = promise_of(row.seller, now).minutes
            food.accept(row, minutes, by=row.seller.code, now=now)
