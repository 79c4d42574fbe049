"""Sari craves rujak soto and types it as she hears it; every warung gets its turn at the top."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from hypothesis import assume, given
from hypothesis import strategies as st

from gancang.menus import exposing, writing
from gancang.menus.finding import known_by, meant_by, pieces_of
from gancang.menus.models import Dish, Exposure, Listing
from gancang.menus.ranking import Candidate, Weights, draw_of, in_order
from gancang.menus.writing import DishTerms
from gancang.regions.models import Organisation
from gancang.regions.queries import today_in
from gancang.shops import actions as shops
from gancang.shops.models import Shop, ShopPaper, Suspension
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast

MENUS = {
    "w-soto": ["Rujak soto", "Es degan"],
    "w-both": ["Rujak cingur", "Soto ayam"],
    "w-rice": ["Nasi tempong", "Pecel rawon", "Sego cawuk"],
    "w-none": [],
}


@pytest.fixture
def warungs(cast: Cast) -> dict[str, Organisation]:
    """Four warungs, the first at the patients' village; nobody else sells anything."""
    now = datetime.now(UTC)
    Dish.objects.all().delete()
    Listing.objects.all().delete()
    made = {}
    for at, (code, names) in enumerate(MENUS.items()):
        seller = Organisation.objects.create(
            region=cast.region,
            code=code,
            kind="kitchen",
            name=f"Warung {code}",
            village=cast.village,
            lat=cast.village.lat + at * 0.02,
            lon=cast.village.lon,
        )
        for name in names:
            writing.write_dish(seller, DishTerms(name=name, price_rp=15_000), by="t", now=now)
        made[code] = seller
    shops.load(cast.region, by="tests", now=now)
    Shop.objects.filter(organisation__code__in=MENUS).update(opened_until=now + timedelta(hours=2))
    return made


def names_on(page: str) -> list[str]:
    """The warungs of a page, in its order."""
    found = [(page.index(f"Warung {code}"), code) for code in MENUS if f"Warung {code}" in page]
    return [code for _at, code in sorted(found)]


def look(cast: Cast, **asked: str) -> list[str]:
    """Who is listed for somebody without an account."""
    answer = Client().get("/warung", {"daerah": cast.region.slug, **asked})
    assert answer.status_code == 200
    return names_on(answer.content.decode())


@pytest.mark.parametrize(
    "typed", ["rujak soto", "rujak sotto", "RUJAK  SOTO!", "soto rujk", "rujak"]
)
def test_what_is_craved_is_found_however_it_is_spelt(
    cast: Cast, warungs: dict[str, Organisation], typed: str
) -> None:
    assert look(cast, q=typed)[0] in ({"w-soto"} if " " in typed else {"w-soto", "w-both"})
    assert "w-rice" not in look(cast, q=typed)


@pytest.mark.parametrize("typed", ["nasi tmpong", "tempong", "pecel rawn", "sego cawuk", "cawu"])
def test_slips_and_beginnings_lead_to_the_dish(
    cast: Cast, warungs: dict[str, Organisation], typed: str
) -> None:
    assert look(cast, q=typed) == ["w-rice"]


def test_nothing_is_found_where_nobody_has_it_and_the_page_says_what_to_try(
    cast: Cast, warungs: dict[str, Organisation]
) -> None:
    answer = Client().get("/warung", {"q": "pizza hawaii", "daerah": cast.region.slug})
    assert "pizza hawaii" in answer.content.decode()
    assert names_on(answer.content.decode()) == []


def test_whoever_may_not_sell_or_has_nothing_to_sell_stands_in_no_list(
    cast: Cast, warungs: dict[str, Organisation]
) -> None:
    assert set(look(cast)) == {"w-soto", "w-both", "w-rice"}
    shop = Shop.objects.get(organisation=warungs["w-soto"])
    now = datetime.now(UTC)
    held = {"why": "Dapur kotor", "begun_at": now, "begun_by": cast.officer}
    Suspension.objects.create(shop=shop, **held)
    assert set(look(cast)) == {"w-both", "w-rice"}
    for dish in Dish.objects.filter(seller=warungs["w-rice"]):
        writing.retire(dish, by="t", now=now)
    assert look(cast) == ["w-both"]


def test_village_openness_and_halal_narrow_the_list(
    cast: Cast, warungs: dict[str, Organisation]
) -> None:
    now = datetime.now(UTC)
    cast.region.config["menus"] = {"order": [{"from": "2026-01-01", "draw": 0}]}
    cast.region.save()
    assert look(cast, desa=cast.village.name) == ["w-soto", "w-both", "w-rice"], "the nearest first"
    closed = Shop.objects.get(organisation=warungs["w-soto"])
    Shop.objects.filter(pk=closed.pk).update(
        opened_until=None, closed_until=now + timedelta(hours=3)
    )
    assert set(look(cast, buka="on")) == {"w-both", "w-rice"}
    both = Shop.objects.get(organisation=warungs["w-both"])
    paper = ShopPaper.objects.create(
        shop=both,
        kind="halal",
        number="1",
        told_at=now,
        told_by="t",
        expires_on=today_in(cast.region, now),
    )
    assert look(cast, halal="on") == [], "nobody has compared it with the original"
    ShopPaper.objects.filter(pk=paper.pk).update(seen_by=cast.officer, seen_at=now)
    assert look(cast, halal="on") == ["w-both"]
    assert look(cast, desa="Qqqqqq", q="soto"), "an unknown village does not empty the list"


def test_the_page_of_a_warung_is_light_and_says_all_without_a_log_in(
    cast: Cast, warungs: dict[str, Organisation]
) -> None:
    seller, now = warungs["w-rice"], datetime.now(UTC)
    for number in range(30):
        told = DishTerms(
            name=f"Hidangan {number}", price_rp=12_000, description="Dengan nasi " * 10
        )
        writing.write_dish(seller, told, by="t", now=now)
    writing.sell_out(Dish.objects.get(name="Hidangan 7"), by="t", now=now)
    answer = Client().get("/warung/w-rice")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert len(answer.content) < 80 * 1024
    assert "<script" not in page
    assert 'property="og:title" content="Warung w-rice"' in page
    assert "Nasi tempong" in page
    assert page.count("Habis".lower()) == 1
    assert Client().get("/warung/nobody").status_code == 404
    assert Client().get("/warung/rsud-x").status_code == 404


def test_who_looked_is_not_kept_but_how_often_each_was_shown(
    cast: Cast, warungs: dict[str, Organisation]
) -> None:
    for _again in range(3):
        look(cast, q="soto")
    look(cast, q="tempong")
    shown = dict(Exposure.objects.values_list("seller__code", "shown"))
    assert shown == {"w-soto": 3, "w-both": 3, "w-rice": 1}
    assert {each.name for each in Exposure._meta.get_fields()} == {"id", "seller", "on", "shown"}


def test_the_regency_sees_whom_the_order_shows_too_seldom(
    cast: Cast, warungs: dict[str, Organisation]
) -> None:
    on = today_in(cast.region, datetime.now(UTC))
    long_ago = datetime.now(UTC) - timedelta(days=400)
    Listing.objects.filter(seller=warungs["w-rice"]).update(since=long_ago)
    for _again in range(4):
        exposing.count([warungs["w-soto"].pk, warungs["w-rice"].pk], on=on)
    exposing.count([warungs["w-rice"].pk], on=on - timedelta(days=40))  # too long ago
    found = exposing.fairness_of(
        cast.region, first=on - timedelta(days=27), last=on, weights=Weights()
    )
    kinds = {each.name: (each.sellers, each.shown, each.each) for each in found.of_kind}
    assert kinds == {"new": (2, 4, 2.0), "small": (1, 4, 4.0)}
    assert found.never == 1
    page = client_of(cast.officer).get("/menus/shown").content.decode()
    assert cast.village.name in page
    assert client_of(cast.stall).get("/menus/shown").status_code == 403


def test_the_rule_is_published_with_the_weights_of_today(cast: Cast) -> None:
    weights = [
        {"from": "2020-01-01", "fits": 77, "rule": "Perbup 9"},
        {"from": "2999-01-01", "fits": 1},
    ]
    cast.region.config["menus"] = {"order": weights, "dishes": []}
    cast.region.save()
    page = Client().get("/warung/urutan", {"daerah": cast.region.slug}).content.decode()
    assert ">77<" in page
    assert "Perbup 9" in page


WORDS = st.text(alphabet="abeimnrstu", min_size=5, max_size=10)


@given(WORDS, st.data())
def test_a_word_that_lacks_a_letter_means_the_word(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    slip = word[:at] + word[at + 1 :]
    assume(known_by([word]) == [word])  # one that is heard as it is written
    assume(known_by([slip]) == [slip])
    assert set(pieces_of(slip)) & set(pieces_of(word))
    assert meant_by(slip, [word]) == [word]


SELLERS = st.builds(
    Candidate,
    number=st.integers(1, 10**6),
    fits=st.sampled_from([0.5, 1.0]),
    metres=st.none() | st.floats(0, 50_000),
    is_open=st.booleans(),
    days_here=st.none() | st.integers(0, 1000),
    dishes=st.integers(1, 60),
)
LISTS = st.lists(SELLERS, max_size=12, unique_by=lambda each: each.number)


def test_the_rule_knows_nothing_of_money() -> None:
    known = {each.name for each in fields(Candidate)}
    assert known == {"number", "fits", "metres", "is_open", "days_here", "dishes"}


@given(LISTS, st.randoms())
def test_all_see_the_same_order_on_one_day(sellers: list[Candidate], shuffled: object) -> None:
    mixed = list(sellers)
    shuffled.shuffle(mixed)  # type: ignore[attr-defined]  # a random.Random
    order = in_order(sellers, Weights(), seed="2026-11-30")
    assert order == in_order(mixed, Weights(), seed="2026-11-30")
    assert sorted(each.number for each in order) == sorted(each.number for each in sellers)


@given(SELLERS, LISTS)
def test_to_open_or_to_come_nearer_never_costs_a_place(
    seller: Candidate, others: list[Candidate]
) -> None:
    others = [each for each in others if each.number != seller.number]
    better = replace(seller, is_open=True, metres=0.0, fits=1.0)

    def place(who: Candidate) -> int:
        order = in_order([who, *others], Weights(), seed="x")
        return [each.number for each in order].index(who.number)

    assert place(better) <= place(seller)


@given(st.integers(0, 10**6))
def test_equals_take_turns_at_the_top(first: int) -> None:
    equals = [Candidate(number=first + at, dishes=5) for at in range(5)]
    days = [date(2026, 1, 1) + timedelta(days=at) for at in range(1_000)]
    tops = Counter(in_order(equals, Weights(), seed=day.isoformat())[0].number for day in days)
    # A fair lot over 1,000 days: 200 each, and six standard deviations are 76.
    assert all(124 <= tops[each.number] <= 276 for each in equals), tops
    assert 0 <= draw_of(first, seed="2026-01-01") <= 1
