"""Ten thousand invented sellers with their menus, for the benchmark of menus."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from django.db import connection

from gancang.menus.finding import known_by
from gancang.menus.models import Dish, Listing
from gancang.menus.searching import Asked, listings, meanings_of, search
from gancang.menus.writing import know_words
from gancang.regions.models import Organisation, Region, Village
from gancang.regions.queries import today_in
from gancang.shops.models import Hours, Shop
from gancang.shops.rules import State
from tests.cast import load_pack

if TYPE_CHECKING:
    from collections.abc import Sequence


def fill(menus: Sequence[Sequence[str]]) -> Region:
    """One approved kitchen a menu, spread over the villages, open every day."""
    region, now = load_pack(), datetime.now(UTC)
    villages = list(Village.objects.filter(region=region))
    sellers = Organisation.objects.bulk_create(
        Organisation(
            region=region,
            code=f"bench-{n}",
            kind="kitchen",
            name=f"Warung {n}",
            village=(village := villages[n % len(villages)]),
            lat=village.lat,
            lon=village.lon,
        )
        for n in range(len(menus))
    )
    _open_shops(sellers, now)
    _list(sellers, menus, now)
    _write_dishes(
        [(seller.pk, name) for seller, names in zip(sellers, menus, strict=True) for name in names]
    )
    return region


def _open_shops(sellers: Sequence[Organisation], now: datetime) -> None:
    told = {
        "region": sellers[0].region,
        "kind": "kitchen",
        "state": State.APPROVED,
        "applied_at": now,
    }
    shops = Shop.objects.bulk_create(
        Shop(organisation=each, name=each.name, village=each.village, applied_by="bench", **told)
        for each in sellers
    )
    Hours.objects.bulk_create(
        Hours(shop=shop, weekday=day, opens=time(6), closes=time(21))
        for shop in shops
        for day in range(7)
    )


def _list(sellers: Sequence[Organisation], menus: Sequence[Sequence[str]], now: datetime) -> None:
    words: set[str] = set()
    rows = []
    for seller, names in zip(sellers, menus, strict=True):
        known = known_by([seller.name, *names])
        words.update(known)
        place = {"village": seller.village, "lat": seller.lat, "lon": seller.lon}
        rows.append(
            Listing(
                seller=seller,
                region=seller.region,
                words=known,
                dishes=len(names),
                since=now,
                **place,
            )
        )
    Listing.objects.bulk_create(rows, batch_size=1_000)
    know_words(sorted(words))


def _write_dishes(rows: Sequence[tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO menus_dish (seller_id, name, description, price_rp, size, is_fragile, "
            "is_available, position) SELECT seller, dish, '', 15000, 'small', false, true, 0 "
            "FROM unnest(%s::bigint[], %s::text[]) AS told(seller, dish)",
            [[seller for seller, _name in rows], [name for _seller, name in rows]],
        )
        # What a user would make by hand, so that full text is not read row by row.
        cursor.execute(
            "CREATE INDEX bench_dishes ON menus_dish USING gin (to_tsvector('simple', name))"
        )
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # their time would not be seen
        cursor.execute("ANALYZE")


def ours(region: Region, typed: str, now: datetime, *, alone: bool = False) -> list[int]:
    """Whom the product finds: a whole page with dishes and openness, or the numbers alone."""
    asked = Asked(typed=typed)
    if not alone:
        return [each.seller.pk for each in search(region, asked, now=now)[0]]
    meanings = meanings_of(typed)
    if any(not words for words in meanings):
        return []
    seed = today_in(region, now).isoformat()
    rows = listings(region, asked, meanings=meanings, seed=seed)
    return list(rows.values_list("seller_id", flat=True)[:40])


def sells(sellers: Sequence[int], name: str) -> bool:
    """Whether somebody of these has the dish."""
    return Dish.objects.filter(seller__in=sellers, name__iexact=name).exists()
