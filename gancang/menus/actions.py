"""Writing menus, and taking from what is there."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max

from gancang.audit.actions import record
from gancang.menus.models import Choice, Dish, OptionGroup, Section
from gancang.menus.queries import refuse_if_out, to_be_had
from gancang.menus.rules import Line, Why, counts_of
from gancang.regions.models import Organisation
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def take_stock(lines: Sequence[Line], *, now: datetime) -> list[Line]:
    """Take what was ordered from what is there, in the caller's transaction.

    Gives the lines back as they are to be kept: `give_back` needs to know what was counted.
    Refused, naming the dish and what there is instead, where it is not to be had.
    """
    assert transaction.get_connection().in_atomic_block
    counts = counts_of(lines)
    dishes = {each.pk: each for each in Dish.objects.filter(pk__in=counts, retired_at=None)}
    for number, count in counts.items():
        if number not in dishes:
            raise Refused(Why.NOT_HERE)
        if dishes[number].stock is None:
            refuse_if_out(dishes[number], count, now=now)
        elif not _take(number, count, now=now):
            dishes[number].refresh_from_db()  # somebody was faster
            refuse_if_out(dishes[number], count, now=now)
            raise Refused(Why.SOLD_OUT, dish=dishes[number].name)  # retired, or uncounted, just now
    return [replace(line, is_counted=dishes[line.dish].stock is not None) for line in lines]


def _take(number: int, count: int, *, now: datetime) -> bool:
    there = Dish.objects.filter(to_be_had(now), pk=number, retired_at=None, stock__gte=count)
    return there.update(stock=F("stock") - count) == 1


@transaction.atomic
def give_back(lines: Sequence[Line]) -> None:
    """Put what was taken back to where it is counted; call it once for an order."""
    for number, count in counts_of(line for line in lines if line.is_counted).items():
        there = Dish.objects.filter(pk=number, stock__isnull=False)
        there.update(stock=F("stock") + count)


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
    _refuse_same_name(seller, told)
    last = Dish.objects.filter(seller=seller).aggregate(last=Max("position"))["last"]
    dish = Dish.objects.create(seller=seller, position=(last or 0) + 1, **_columns(seller, told))
    tell("dish.written", dish, by=by, now=now, price_rp=dish.price_rp)
    return dish


@transaction.atomic
def change_dish(dish: Dish, told: DishTerms, *, by: str, now: datetime) -> None:
    """Write a dish anew. Baskets that are priced already keep their price."""
    _lock(dish.seller)
    _refuse_same_name(dish.seller, told, but=dish)
    before = dish.price_rp
    Dish.objects.filter(pk=dish.pk).update(**_columns(dish.seller, told))
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


def _refuse_same_name(seller: Organisation, told: DishTerms, but: Dish | None = None) -> None:
    rows = Dish.objects.filter(seller=seller, retired_at=None, name__iexact=told.name.strip())
    if any(pk != (but and but.pk) for pk in rows.values_list("pk", flat=True)):
        raise Refused(Why.SAME_NAME, name=told.name.strip())


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
def sell_out(dish: Dish, *, back_at: datetime | None = None, by: str, now: datetime) -> None:
    """It is "habis": until `back_at`, or until the seller says that it is back."""
    Dish.objects.filter(pk=dish.pk).update(is_available=False, back_at=back_at)
    tell("dish.out", dish, by=by, now=now, back_at=back_at.isoformat() if back_at else "")


@transaction.atomic
def bring_back(dish: Dish, *, by: str, now: datetime) -> None:
    """It is there again. Where pieces are counted and none is left, nobody counts from now on."""
    Dish.objects.filter(pk=dish.pk).update(is_available=True, back_at=None)
    Dish.objects.filter(pk=dish.pk, stock=0).update(stock=None)
    tell("dish.back", dish, by=by, now=now)


def tell(kind: str, dish: Dish, *, by: str, now: datetime, **facts: object) -> None:
    """Write down what happened to a dish."""
    told: dict[str, object] = {"seller": dish.seller.code, "dish": dish.name, **facts}
    record(kind, f"dish {dish.pk}", region=dish.seller.region.code, by=by, now=now, facts=told)
