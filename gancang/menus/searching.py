"""Which sellers have what somebody craves, near a place, however it is spelt."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.db.models import Case, CharField, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import MD5, Cast, Concat, Floor, Power, Sqrt
from django.urls import reverse
from django.utils.dates import WEEKDAYS

from gancang.menus.finding import meant_by, pair_of, pieces_of, typed_words
from gancang.menus.models import Dish, Listing
from gancang.menus.queries import menu_of, to_be_had
from gancang.menus.ranking import Candidate, Weights, in_order
from gancang.regions.models import SELLERS, Organisation, Region, Village
from gancang.regions.queries import today_in
from gancang.shops import opening
from gancang.shops import queries as shops
from gancang.shops.models import Shop

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from gancang.menus.queries import Entry

PAGE = 20
DISHES_SHOWN = 3
METRES_A_DEGREE = 111_320


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody looks for."""

    typed: str = ""
    village: Village | None = None
    kind: str = ""
    only_open: bool = False
    only_halal: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One seller of the list."""

    seller: Organisation
    is_open: bool
    opens_at: datetime | None
    metres: int | None
    is_halal: bool
    is_new: bool
    dishes: list[Dish] = field(default_factory=list)


def meanings_of(typed: str) -> list[list[str]]:
    """For each word that was typed, the known words that it may mean. One query."""
    words = typed_words(typed)
    if not words:
        return []
    near = _near(words)
    return [meant_by(word, near[word]) for word in words]


# The known words that share most pieces with each typed one.
NEAR = """
SELECT typed.word, near.word FROM unnest(%s::text[], %s::text[]) AS typed(word, pieces)
CROSS JOIN LATERAL (
    SELECT known.word FROM menus_knownword AS known
    WHERE known.pieces && string_to_array(typed.pieces, '|')::varchar[]
    ORDER BY (
        SELECT count(*) FROM unnest(known.pieces) AS piece
        WHERE piece = ANY(string_to_array(typed.pieces, '|'))
    ) * 2.0 / (cardinality(known.pieces) + cardinality(string_to_array(typed.pieces, '|'))) DESC,
    known.word LIMIT 30
) AS near
"""


def _near(words: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {word: [] for word in words}
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [list(words), ["|".join(pieces_of(word)) for word in words]])
        for typed, known in cursor.fetchall():
            found[typed].append(known)
    return found


def listings(
    region: Region, asked: Asked, *, meanings: Sequence[Sequence[str]], seed: str
) -> QuerySet[Listing]:
    """The listings that have a word for each that was typed, those with all in one dish first.

    Then the nearer kilometres, then the draw of the day: a later page goes on where one ended.
    """
    rows = Listing.objects.filter(region=region)
    for words in meanings:
        rows = rows.filter(words__overlap=list(words))
    rows = rows.annotate(fits=_fits(meanings))
    if asked.kind:
        rows = rows.filter(seller__kind=asked.kind)
    away = _away(asked.village)
    lot = MD5(Concat(Value(f"{seed}:"), Cast("seller_id", CharField())))
    return rows.annotate(away=away).order_by("-fits", Floor(F("away") / 1000), lot, "pk")


def _fits(meanings: Sequence[Sequence[str]]) -> Case | Value:
    if len(meanings) < 2:
        return Value(1.0, FloatField())
    together = Q()
    for one, other in pairwise(meanings):
        pairs = sorted({pair_of((a, b)) for a in one for b in other})
        together &= Q(words__overlap=pairs)
    return Case(When(together, then=Value(1.0)), default=Value(0.5), output_field=FloatField())


def _away(village: Village | None) -> object:
    if village is None:
        return Value(0.0, FloatField())
    north = (F("lat") - village.lat) * METRES_A_DEGREE
    east = (F("lon") - village.lon) * METRES_A_DEGREE
    away = Sqrt(Power(north, 2) + Power(east, 2), output_field=FloatField())
    return Case(When(lat=None, then=Value(1e6)), default=away, output_field=FloatField())


def search(region: Region, asked: Asked, *, now: datetime) -> tuple[list[Found], bool]:
    """One page of the sellers that were asked for, and whether there is a next one."""
    day = today_in(region, now)
    meanings = meanings_of(asked.typed)
    if any(not words for words in meanings):
        return [], False
    first = (asked.page - 1) * PAGE
    rows = listings(region, asked, meanings=meanings, seed=day.isoformat())
    here = list(rows[first : first + PAGE + 1])
    known = _shops(here[:PAGE])
    weights = weights_of(region, on=day)
    stand = [
        _candidate(row, known[row.seller_id], asked, now=now)
        for row in here[:PAGE]
        if row.seller_id in known and _may_stand(known[row.seller_id], asked, now=now)
    ]
    order = in_order(stand, weights, seed=day.isoformat())
    dishes = _dishes([each.number for each in order], meanings, now=now)
    found = [
        _found(known[each.number], each, weights, dishes.get(each.number, []), now=now)
        for each in order
    ]
    return found, len(here) > PAGE


def weights_of(region: Region, *, on: date) -> Weights:
    """The weights that a region has published for a day."""
    return Weights.of(region.config.get("menus", {}).get("order", []), on=on)


def _shops(rows: Sequence[Listing]) -> dict[int, Shop]:
    found = shops.with_parts(Shop.objects.filter(organisation__in=[r.seller_id for r in rows]))
    return {each.organisation_id: each for each in found if each.organisation_id is not None}


def _may_stand(shop: Shop, asked: Asked, *, now: datetime) -> bool:
    day = today_in(shop.region, now)
    if shops.why_not_selling(shop, on=day):
        return False
    if asked.only_open and shops.why_shop_not_open(shop, now):
        return False
    return not asked.only_halal or is_halal(shop, on=day)


def is_halal(shop: Shop, *, on: date) -> bool:
    """Whether a halal certificate holds that somebody of the regency has seen. No query."""
    papers = [each for each in shop.papers.all() if each.kind == "halal"]
    newest = max(papers, key=lambda each: each.pk, default=None)
    if newest is None or newest.seen_at is None:
        return False
    return newest.expires_on is None or newest.expires_on >= on


def _candidate(row: Listing, shop: Shop, asked: Asked, *, now: datetime) -> Candidate:
    begun = shop.decided_at or row.since
    return Candidate(
        number=row.seller_id,
        fits=getattr(row, "fits", 1.0),
        metres=getattr(row, "away", None) if asked.village and row.lat is not None else None,
        is_open=shops.why_shop_not_open(shop, now) is None,
        days_here=(now - begun).days,
        dishes=row.dishes,
    )


def _found(
    shop: Shop, seller: Candidate, weights: Weights, dishes: list[Dish], *, now: datetime
) -> Found:
    assert shop.organisation is not None
    day = today_in(shop.region, now)
    return Found(
        seller=shop.organisation,
        is_open=seller.is_open,
        opens_at=None if seller.is_open else opens_next(shop, now),
        metres=None if seller.metres is None else round(seller.metres),
        is_halal=is_halal(shop, on=day),
        is_new=seller.days_here is not None and seller.days_here < weights.new_days,
        dishes=dishes,
    )


def opens_next(shop: Shop, now: datetime) -> datetime | None:
    """When a closed shop opens. No query if its parts are there."""
    week = shops.week_of(shop, on=today_in(shop.region, now))
    return opening.opens_next(week, now)


def _dishes(
    sellers: Sequence[int], meanings: Sequence[Sequence[str]], *, now: datetime
) -> dict[int, list[Dish]]:
    """Of each seller the dishes that were meant, or the first of the menu. One query."""
    there = Dish.objects.filter(to_be_had(now), Q(stock=None) | Q(stock__gt=0), retired_at=None)
    rows = there.filter(seller__in=sellers).only("seller_id", "name", "price_rp")
    found: dict[int, list[Dish]] = {}
    for dish in rows.order_by("position", "pk"):
        found.setdefault(dish.seller_id, []).append(dish)
    meant = {word for words in meanings for word in words}
    return {
        seller: sorted(dishes, key=lambda each: -len(meant & set(typed_words(each.name))))[
            :DISHES_SHOWN
        ]
        for seller, dishes in found.items()
    }


def find_sellers(code: str, *, slug: str) -> list[Organisation]:
    """The kitchens and shops of that code: one, unless two regions use it and none is named."""
    rows = Organisation.objects.filter(code=code, kind__in=SELLERS, listing__isnull=False)
    rows = rows.select_related("region", "village__district").order_by("region__code")
    return list(rows.filter(region__slug=slug)[:5]) or list(rows[:5])


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """All that a seller's own page shows."""

    seller: Organisation
    is_open: bool
    opens_at: datetime | None
    minutes: int | None
    is_halal: bool
    menu: list[tuple[str, list[Entry]]]
    hours: list[tuple[str, str]]
    papers: list[str]
    picture: str  # the address of the first dish's photo, for those who pass the page on

    @property
    def told(self) -> str:
        """The page in a line: its first dishes."""
        dishes = [each.dish.name for _heading, part in self.menu for each in part if each.is_there]
        return ", ".join(dishes[:6])


def front_of(seller: Organisation, *, now: datetime) -> Front:
    """A seller's own page. Seven queries, however much it sells."""
    shop = shops.shop_of(seller)
    menu = menu_of(seller, now=now, also_out=True)
    photos = [each.photo for _heading, part in menu for each in part if each.photo]
    day = today_in(seller.region, now)
    is_open = shop is not None and shops.why_shop_not_open(shop, now) is None
    may_sell = shop is not None and shops.why_not_selling(shop, on=day) is None
    return Front(
        seller=seller,
        is_open=is_open,
        opens_at=opens_next(shop, now) if shop and may_sell and not is_open else None,
        minutes=shops.promise_of_shop(shop, now).minutes if shop else None,
        is_halal=shop is not None and is_halal(shop, on=day),
        menu=menu,
        hours=_hours(shop) if shop else [],
        papers=_papers(shop, on=day) if shop else [],
        picture=picture_address(photos[0]) if photos else "",
    )


def picture_address(digest: str) -> str:
    """The public address of a photo."""
    return settings.PUBLIC_URL + reverse("dish_photo", args=[digest, "large"])


def _hours(shop: Shop) -> list[tuple[str, str]]:
    rows = sorted(shop.hours.all(), key=lambda row: (row.weekday, row.opens))
    return [
        (str(WEEKDAYS[day]), ", ".join(f"{row.opens:%H.%M}-{row.closes:%H.%M}" for row in spans))
        for day, spans in groupby(rows, key=lambda row: row.weekday)
    ]


def _papers(shop: Shop, *, on: date) -> list[str]:
    """The papers that hold and that somebody of the regency has compared with the original."""
    newest = {row.kind: row for row in sorted(shop.papers.all(), key=lambda row: row.pk)}
    titles = {each["code"]: each["title"] for each in shop.region.config["shops"]["papers"]}
    holds = [
        row
        for row in newest.values()
        if row.seen_at is not None and (row.expires_on is None or row.expires_on >= on)
    ]
    return sorted(str(titles.get(row.kind, row.kind)) for row in holds)
