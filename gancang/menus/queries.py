"""Reading menus: what is sold where, what of it is there now, what a basket costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Abs

from gancang.menus.models import Choice, Dish, OptionGroup
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
from gancang.regions.models import Organisation
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

SELLERS = (Organisation.Kind.KITCHEN, Organisation.Kind.SHOP)
SUBSTITUTES = 3


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


def refuse_if_out(dish: Dish, count: int, *, now: datetime) -> None:
    """Refused, with what there is instead, where so many of a dish are not to be had."""
    is_there = dish.is_available or (dish.back_at is not None and dish.back_at <= now)
    if is_there and (dish.stock is None or dish.stock >= count):
        return
    if is_there and dish.stock:
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
