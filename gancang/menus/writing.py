"""Writing a menu: its dishes, options, sections, photos, and what is "habis"."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from gancang.audit.actions import record
from gancang.menus.finding import known_by, pieces_of
from gancang.menus.models import (
    Choice,
    Dish,
    DishPhoto,
    KnownWord,
    Listing,
    OptionGroup,
    Section,
)
from gancang.menus.queries import dishes_of, sections_of
from gancang.menus.rules import Why, moved
from gancang.regions.models import Organisation
from gancang.regions.queries import next_midnight
from gancang.values import Refused
from gancang.web.photos import as_jpeg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from gancang.regions.models import Region

LARGE_SIDE, SMALL_SIDE = 640, 160


@dataclass(frozen=True, slots=True, kw_only=True)
class DishTerms:
    """A dish as its seller writes it down."""

    name: str
    price_rp: int
    description: str = ""
    section: int | None = None
    prepares_minutes: int | None = None
    weight_g: int | None = None
    size: str = Dish.Size.SMALL
    is_fragile: bool = False
    stock: int | None = None
    keeps_stock: bool = False  # the seller left it as it was shown; some may be sold since


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceTerms:
    """One answer as its seller writes it down."""

    name: str
    extra_rp: int = 0


@transaction.atomic
def write_dish(seller: Organisation, told: DishTerms, *, by: str, now: datetime) -> Dish:
    """Put a dish on the menu, at the end of its section. Refused where its name stands there."""
    _lock(seller)
    _refuse_same_name(seller, told.name)
    last = Dish.objects.filter(seller=seller).aggregate(last=Max("position"))["last"]
    dish = Dish.objects.create(seller=seller, position=(last or 0) + 1, **_columns(seller, told))
    relist(seller, now=now)
    tell("dish.written", dish, by=by, now=now, price_rp=dish.price_rp)
    return dish


@transaction.atomic
def change_dish(dish: Dish, told: DishTerms, *, by: str, now: datetime) -> None:
    """Write a dish anew. Baskets that are priced already keep their price."""
    _lock(dish.seller)
    _refuse_same_name(dish.seller, told.name, but=dish)
    before = dish.price_rp
    Dish.objects.filter(pk=dish.pk).update(**_columns(dish.seller, told))
    relist(dish.seller, now=now)
    tell("dish.changed", dish, by=by, now=now, before_rp=before, price_rp=told.price_rp)


def _columns(seller: Organisation, told: DishTerms) -> dict[str, object]:
    columns = asdict(told)
    if (section := columns.pop("section")) is not None:
        mine = Section.objects.filter(pk=section, seller=seller)
        if not mine.exists():
            raise Refused(Why.NOT_YOURS)
    # What somebody bought since the page was opened stays bought.
    if columns.pop("keeps_stock"):
        columns.pop("stock")
    return {**columns, "section_id": section, "name": told.name.strip()}


def _refuse_same_name(seller: Organisation, name: str, but: Dish | None = None) -> None:
    rows = Dish.objects.filter(seller=seller, retired_at=None, name__iexact=name.strip())
    if any(pk != (but and but.pk) for pk in rows.values_list("pk", flat=True)):
        raise Refused(Why.SAME_NAME, name=name.strip())


def _lock(seller: Organisation) -> None:
    # Two phones of one stall at once: the second sees what the first wrote.
    Organisation.objects.select_for_update(no_key=True).get(pk=seller.pk)


@transaction.atomic
def write_group(
    dish: Dish, name: str, choices: Sequence[ChoiceTerms], *, least: int = 0, most: int = 1
) -> OptionGroup:
    """Let a dish ask one more question."""
    last = dish.groups.aggregate(last=Max("position"))["last"]
    group = OptionGroup.objects.create(
        dish=dish, name=name, least=least, most=most, position=(last or 0) + 1
    )
    Choice.objects.bulk_create(
        Choice(group=group, name=each.name, extra_rp=each.extra_rp, position=at)
        for at, each in enumerate(choices)
    )
    return group


@transaction.atomic
def change_group(
    group: OptionGroup, choices: Sequence[ChoiceTerms], *, name: str, least: int, most: int
) -> None:
    """Write a question anew; a choice that keeps its name stays the one in people's baskets."""
    OptionGroup.objects.filter(pk=group.pk).update(name=name, least=least, most=most)
    kept = {each.name: each for each in group.choices.all()}
    for at, told in enumerate(choices):
        values = {"extra_rp": told.extra_rp, "position": at}
        Choice.objects.update_or_create(group=group, name=told.name, defaults=values)
    gone = [each.pk for name, each in kept.items() if name not in {told.name for told in choices}]
    Choice.objects.filter(pk__in=gone).delete()


@transaction.atomic
def drop_group(group: OptionGroup) -> None:
    """The dish asks this no more."""
    group.delete()


@transaction.atomic
def turn_choice(choice: Choice) -> None:
    """One answer is out, or there again."""
    Choice.objects.filter(pk=choice.pk).update(is_available=not choice.is_available)


@transaction.atomic
def sell_out(dish: Dish, *, back_at: datetime | None = None, by: str, now: datetime) -> None:
    """It is "habis": until `back_at`, or until the seller says that it is back."""
    Dish.objects.filter(pk=dish.pk).update(is_available=False, back_at=back_at)
    tell("dish.out", dish, by=by, now=now, back_at=back_at.isoformat() if back_at else "")


def sell_out_today(dish: Dish, *, by: str, now: datetime) -> None:
    """It is "habis" until the next day begins where the seller is."""
    sell_out(dish, back_at=next_midnight(dish.seller.region, now), by=by, now=now)


@transaction.atomic
def bring_back(dish: Dish, *, by: str, now: datetime) -> None:
    """It is there again. Where pieces are counted and none is left, nobody counts from now on."""
    Dish.objects.filter(pk=dish.pk).update(is_available=True, back_at=None)
    Dish.objects.filter(pk=dish.pk, stock=0).update(stock=None)
    tell("dish.back", dish, by=by, now=now)


@transaction.atomic
def retire(dish: Dish, *, by: str, now: datetime) -> None:
    """Take a dish off the menu; orders that name it stay as they are."""
    if Dish.objects.filter(pk=dish.pk, retired_at=None).update(retired_at=now):
        relist(dish.seller, now=now)
        tell("dish.retired", dish, by=by, now=now)


@transaction.atomic
def restore(dish: Dish, *, by: str, now: datetime) -> None:
    """Put a dish back on the menu. Refused where another has its name by now."""
    _lock(dish.seller)
    if dish.retired_at is None:
        return
    _refuse_same_name(dish.seller, dish.name)
    Dish.objects.filter(pk=dish.pk).update(retired_at=None)
    relist(dish.seller, now=now)
    tell("dish.restored", dish, by=by, now=now)


@transaction.atomic
def move_dish(dish: Dish, *, up: bool) -> None:
    """Change places with its neighbour in the section; at the end nothing happens."""
    _lock(dish.seller)
    of_section = [each.pk for each in dishes_of(dish.seller) if each.section_id == dish.section_id]
    for at, number in enumerate(moved(of_section, dish.pk, up=up)):
        Dish.objects.filter(pk=number).update(position=at)


@transaction.atomic
def write_section(seller: Organisation, name: str) -> Section:
    """A new heading, the last one. Refused where it stands there."""
    _lock(seller)
    _refuse_same_section(seller, name)
    last = Section.objects.filter(seller=seller).aggregate(last=Max("position"))["last"]
    return Section.objects.create(seller=seller, name=name.strip(), position=(last or 0) + 1)


@transaction.atomic
def rename_section(section: Section, name: str) -> None:
    """Give a heading another name. Refused where another has it."""
    _lock(section.seller)
    if name.strip().lower() != section.name.lower():
        _refuse_same_section(section.seller, name)
    Section.objects.filter(pk=section.pk).update(name=name.strip())


@transaction.atomic
def move_section(section: Section, *, up: bool) -> None:
    """Change places with the heading before or after; at the end nothing happens."""
    _lock(section.seller)
    numbers = [each.pk for each in sections_of(section.seller)]
    for at, number in enumerate(moved(numbers, section.pk, up=up), 1):
        Section.objects.filter(pk=number).update(position=at)


@transaction.atomic
def drop_section(section: Section) -> None:
    """Take a heading away; its dishes stay, without one."""
    section.delete()


def _refuse_same_section(seller: Organisation, name: str) -> None:
    if Section.objects.filter(seller=seller, name__iexact=name.strip()).exists():
        raise Refused(Why.SAME_NAME, name=name.strip())


@transaction.atomic
def keep_photo(dish: Dish, raw: bytes, *, by: str, now: datetime) -> DishPhoto:
    """Show how a dish looks. Refused if it is no photo, or a huge one."""
    large = as_jpeg(raw, side=LARGE_SIDE)
    told = {
        "digest": sha256(large).hexdigest()[:32],
        "large": large,
        "small": as_jpeg(large, side=SMALL_SIDE, quality=70),
    }
    photo, _ = DishPhoto.objects.update_or_create(dish=dish, defaults=told)
    tell("dish.photo", dish, by=by, now=now, digest=photo.digest)
    return photo


@transaction.atomic
def drop_photo(dish: Dish, *, by: str, now: datetime) -> None:
    """Show it no more."""
    if DishPhoto.objects.filter(dish=dish).delete()[0]:
        tell("dish.photo", dish, by=by, now=now, digest="")


def tell(kind: str, dish: Dish, *, by: str, now: datetime, **facts: object) -> None:
    """Write down what happened to a dish."""
    told: dict[str, object] = {"seller": dish.seller.code, "dish": dish.name, **facts}
    record(kind, f"dish {dish.pk}", region=dish.seller.region.code, by=by, now=now, facts=told)


def relist(seller: Organisation, *, now: datetime) -> None:
    """Find a seller by what is on its menu now; one that sells nothing is not found."""
    names = list(dishes_of(seller).values_list("name", flat=True))
    if not names:
        Listing.objects.filter(seller=seller).delete()
        return
    known = known_by([seller.name, *names])
    told = {"region": seller.region, "village": seller.village, "words": known}
    place = {"lat": seller.lat, "lon": seller.lon, "dishes": len(names)}
    defaults = {**told, **place}
    created = {**defaults, "since": now}
    Listing.objects.update_or_create(seller=seller, defaults=defaults, create_defaults=created)
    know_words(known)


def know_words(known: Sequence[str]) -> None:
    """Keep the single words among these with their pieces; those that are known stay."""
    rows = [KnownWord(word=word, pieces=pieces_of(word)) for word in known if "+" not in word]
    KnownWord.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def load(region: Region, *, by: str, now: datetime) -> list[str]:
    """Sellers that have written no menu begin with the pack's dishes; a line each. Idempotent."""
    told = region.config.get("menus", {}).get("dishes", [])
    codes = {code for each in told for code in each["sellers"]}
    rows = Organisation.objects.filter(region=region, code__in=codes, dishes=None)
    said = []
    for seller in rows.select_related("region", "village").order_by("code"):
        mine = [each for each in told if seller.code in each["sellers"]]
        _begin(seller, mine, now=now)
        said.append(f"menu of {seller.code}: {len(mine)} dishes")
    if said:
        facts: dict[str, object] = {"changes": said}
        record("menus.loaded", region.code, region=region.code, by=by, now=now, facts=facts)
    return said


def _begin(seller: Organisation, told: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    headings = dict.fromkeys(each["section"] for each in told if each.get("section"))
    sections = {
        name: Section.objects.create(seller=seller, name=name, position=at)
        for at, name in enumerate(headings, 1)
    }
    Dish.objects.bulk_create(
        Dish(
            seller=seller,
            section=sections.get(each.get("section", "")),
            name=each["name"],
            description=each.get("description", ""),
            price_rp=each["price_rp"],
            position=at,
        )
        for at, each in enumerate(told, 1)
    )
    relist(seller, now=now)
