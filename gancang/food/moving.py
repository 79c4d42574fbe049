"""The steps of an order, whoever takes them: held, moved on, ended, told to the book of events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.audit.actions import record
from gancang.food import queries, rules
from gancang.food.models import FoodOrder
from gancang.food.rules import Why
from gancang.menus import actions as menus
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime


def lock(number: int) -> FoodOrder:
    """The order by its number, locked: two deeds at once come one after the other."""
    rows = FoodOrder.objects.select_for_update(of=("self",))
    return rows.select_related("region", "seller", "village", "delivery__region").get(pk=number)


def hold(row: FoodOrder, *states: str) -> FoodOrder:
    """The order, locked. Refused in another state."""
    held = lock(row.pk)
    if held.state not in states:
        raise Refused(Why.WRONG_STATE, state=rules.STATES[held.state])
    return held


def end(
    held: FoodOrder, state: str, kind: str, *, by: str, now: datetime, **changes: object
) -> None:
    """It comes to nothing: what it took of the stock is there again."""
    menus.give_back([line for _place, line, is_there in queries.lines_of(held) if is_there])
    move(held, state, kind, by=by, now=now, **changes)


def move(
    held: FoodOrder, state: str, kind: str, *, by: str, now: datetime, **changes: object
) -> None:
    """It stands in another state from now on."""
    FoodOrder.objects.filter(pk=held.pk).update(state=state, **changes)
    held.refresh_from_db()
    tell(held, kind, {"goods_rp": held.goods_rp}, by=by, now=now)


def tell(row: FoodOrder, kind: str, facts: dict[str, object], *, by: str, now: datetime) -> None:
    """Write it into the book of events."""
    record(kind, row.code, region=row.region.code, by=by, now=now, facts=facts)
