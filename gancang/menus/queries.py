"""Reading menus: what is sold where, what of it is there now, what a basket costs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Abs
from django.shortcuts import get_object_or_404

from gancang.menus.models import Choice, Dish, DishPhoto, OptionGroup, Section
from gancang.menus.rules import (
    COUNT_MOST,
    Answer,
    Line,
    Question,
    Wanted,
    Why,
    answers_to,
    counts_of,
)
from gancang.regions.models import SELLERS, Organisation
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.accounts.models import Membership

SUBSTITUTES = 3
PICTURES = ("photo__large", "photo__small")  # read by their own address alone


def to_be_had(now: datetime) -> Q:
    """The condition of dishes that are not "habis"."""
    return Q(is_available=True) | Q(back_at__lte=now)


def dishes_of(seller: Organisation) -> QuerySet[Dish]:
    """What a seller offers, in the order of its menu, each with its section."""
    rows = Dish.objects.filter(seller=seller, retired_at=None).select_related("section")
    return rows.order_by(
        F("section__position").asc(nulls_first=True), "section_id", "position", "pk"
    )


def with_options(dishes: QuerySet[Dish]) -> QuerySet[Dish]:
    """The same dishes with their option groups and choices. Two queries more."""
    choices = Prefetch("choices", Choice.objects.order_by("position", "pk"))
    groups = OptionGroup.objects.order_by("position", "pk").prefetch_related(choices)
    return dishes.prefetch_related(Prefetch("groups", groups))


def price_of(seller: Organisation, wanted: Sequence[Wanted], *, now: datetime) -> list[Line]:
    """The lines of a basket at today's prices, in its order. Three queries.

    Refused, naming the dish, where one is gone, sold out or asked with options it does not have.
    """
    numbers = [each.dish for each in wanted]
    rows = Dish.objects.filter(seller=seller, retired_at=None, pk__in=numbers)
    dishes = {dish.pk: dish for dish in with_options(rows)}
    lines = [_line(dishes.get(each.dish), each) for each in wanted]
    for number, count in counts_of(lines).items():
        refuse_if_out(dishes[number], count, now=now)
    return lines


def _line(dish: Dish | None, wanted: Wanted) -> Line:
    if dish is None:
        raise Refused(Why.NOT_HERE)
    if not 1 <= wanted.count <= COUNT_MOST:
        raise Refused(Why.HOW_MANY, dish=dish.name, most=str(COUNT_MOST))
    taken, extra_rp = answers_to(dish.name, _questions(dish), wanted.choices)
    return Line(
        dish=dish.pk,
        name=dish.name,
        choices=tuple(each.pk for each in taken),
        options=tuple(each.name for each in taken),
        unit_rp=dish.price_rp + extra_rp,
        count=wanted.count,
        note=wanted.note,
        prepares_minutes=dish.prepares_minutes,
        weight_g=dish.weight_g,
        size=dish.size,
        is_fragile=dish.is_fragile,
        is_counted=dish.stock is not None,
    )


def _questions(dish: Dish) -> list[Question]:
    return [
        Question(
            name=group.name,
            least=group.least,
            most=group.most,
            answers=tuple(
                Answer(
                    pk=each.pk,
                    name=each.name,
                    extra_rp=each.extra_rp,
                    is_available=each.is_available,
                )
                for each in group.choices.all()
            ),
        )
        for group in dish.groups.all()
    ]


def is_there(dish: Dish, *, now: datetime, count: int = 1) -> bool:
    """Whether so many of a dish can be had."""
    return not _is_out(dish, now=now) and (dish.stock is None or dish.stock >= count)


def _is_out(dish: Dish, *, now: datetime) -> bool:
    return not dish.is_available and (dish.back_at is None or dish.back_at > now)


def refuse_if_out(dish: Dish, count: int, *, now: datetime) -> None:
    """Refused, with what there is instead, where so many of a dish are not to be had."""
    if is_there(dish, now=now, count=count):
        return
    if dish.stock and not _is_out(dish, now=now):
        raise Refused(Why.TOO_FEW_LEFT, dish=dish.name, left=str(dish.stock))
    others = [each.name for each in substitutes_for(dish, now=now)]
    if not others:
        raise Refused(Why.SOLD_OUT, dish=dish.name)
    raise Refused(Why.SOLD_OUT_OTHERS, dish=dish.name, others=", ".join(others))


def substitutes_for(dish: Dish, *, now: datetime) -> list[Dish]:
    """What the same seller has instead: of the same section first, then the nearest price."""
    rows = Dish.objects.filter(to_be_had(now), seller=dish.seller_id, retired_at=None)
    rows = rows.filter(Q(stock=None) | Q(stock__gt=0)).exclude(pk=dish.pk)
    is_near = Q(section=dish.section_id) if dish.section_id else Q(section=None)
    away = Abs(F("price_rp") - dish.price_rp)
    near = list(rows.filter(is_near).order_by(away, "pk")[:SUBSTITUTES])
    if len(near) == SUBSTITUTES:
        return near
    return near + list(rows.exclude(is_near).order_by(away, "pk")[: SUBSTITUTES - len(near)])


@dataclass(frozen=True, slots=True)
class Entry:
    """A dish on a menu's page, and whether it can be had."""

    dish: Dish
    is_there: bool
    photo: str  # the digest of its picture, or ""


def menu_of(
    seller: Organisation, *, now: datetime, also_out: bool
) -> list[tuple[str, list[Entry]]]:
    """A menu by its headings. One query."""
    rows = dishes_of(seller).select_related("section", "photo").defer(*PICTURES)
    entries = [_entry(each, now=now) for each in rows]
    shown = [each for each in entries if also_out or each.is_there]
    parts = groupby(shown, key=lambda each: each.dish.section.name if each.dish.section else "")
    return [(heading, list(found)) for heading, found in parts]


def _entry(dish: Dish, *, now: datetime) -> Entry:
    photo = getattr(dish, "photo", None)
    return Entry(dish, is_there(dish, now=now), photo.digest if photo else "")


def retired_dishes(asker: Membership) -> list[Dish]:
    """What was last taken off the asker's menu, the newest first."""
    return list(own_dishes(asker).exclude(retired_at=None).order_by("-retired_at")[:20])


def groups_of(dish: Dish) -> list[OptionGroup]:
    """What a dish asks, with the answers. Two queries."""
    rows = OptionGroup.objects.filter(dish=dish).order_by("position", "pk")
    return list(rows.prefetch_related(Prefetch("choices", Choice.objects.order_by("position"))))


def sections_of(seller: Organisation) -> list[Section]:
    """The headings of a menu, in its order."""
    return list(Section.objects.filter(seller=seller).order_by("position", "pk"))


def seller_of(asker: Membership) -> Organisation:
    """The kitchen or shop for which somebody writes the menu, or 404."""
    rows = Organisation.objects.select_related("region", "village__district")
    return get_object_or_404(rows, pk=asker.organisation_id, kind__in=SELLERS)


def own_dishes(asker: Membership) -> QuerySet[Dish]:
    """What the asker's kitchen or shop offers or offered, for those who write its menu."""
    rows = Dish.objects.filter(seller=seller_of(asker))
    return rows.select_related("seller__region", "section", "photo").defer(*PICTURES)


def get_dish(asker: Membership, number: int) -> Dish:
    """One dish of the asker's own menu, also a retired one, or 404."""
    return get_object_or_404(own_dishes(asker), pk=number)


def get_group(asker: Membership, number: int) -> OptionGroup:
    """One option group of the asker's own menu, or 404."""
    rows = OptionGroup.objects.select_related("dish__seller__region")
    return get_object_or_404(rows, pk=number, dish__in=own_dishes(asker).values("pk"))


def get_choice(asker: Membership, number: int) -> Choice:
    """One choice of the asker's own menu, or 404."""
    rows = Choice.objects.select_related("group")
    return get_object_or_404(rows, pk=number, group__dish__in=own_dishes(asker).values("pk"))


def get_section(asker: Membership, number: int) -> Section:
    """One heading of the asker's own menu, or 404."""
    rows = Section.objects.select_related("seller")
    return get_object_or_404(rows, pk=number, seller=seller_of(asker))


def find_photo(digest: str, *, is_small: bool) -> bytes | None:
    """The picture at an address, of a dish that is still on a menu; or None."""
    rows = DishPhoto.objects.filter(digest=digest, dish__retired_at=None)
    found = rows.values_list("small" if is_small else "large", flat=True).first()
    return None if found is None else bytes(found)
