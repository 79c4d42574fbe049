"""Taking what was ordered from what is there, and putting it back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from gancang.menus.models import Dish
from gancang.menus.queries import refuse_if_out, to_be_had
from gancang.menus.rules import Line, Why, counts_of
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
