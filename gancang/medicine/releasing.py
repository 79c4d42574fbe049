"""A pharmacist lets a bag out, or takes it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from gancang.ledger import actions as ledger
from gancang.medicine.models import Release
from gancang.medicine.rules import Counselling, Why, why_not_release
from gancang.orders import actions as orders
from gancang.orders import lifecycle
from gancang.programmes.queries import terms_of
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.orders.models import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Bags:
    """What leaves the pharmacy: how many bags, the code on their label, and the final check."""

    count: int
    code: str
    checked: bool


@transaction.atomic
def release(
    order: Order,
    counselling: Counselling,
    bags: Bags,
    *,
    by: User,
    seen_version: int | None,
    now: datetime,
) -> Release:
    """Let an order out after final check and counselling. Before this it can't be planned."""
    if reason := why_not_release(counselling, checked=bags.checked, bags=bags.count):
        raise Refused(reason)
    _refuse_if_tried_too_often(order)
    code = bags.code.strip().upper() or order.code
    _let_out(order, counselling, bags.count, code, by=by, seen_version=seen_version, now=now)
    return Release.objects.create(
        order=order,
        pharmacist=by,
        at=now,
        channel=counselling.channel,
        told_to=counselling.told_to,
        topics=sorted(counselling.topics),
        bags=bags.count,
        bag_code=code,
    )


def _let_out(  # noqa: PLR0913 - what a release changes
    order: Order,
    counselling: Counselling,
    bags: int,
    code: str,
    *,
    by: User,
    seen_version: int | None,
    now: datetime,
) -> None:
    step = orders.Step(
        to=lifecycle.RELEASED,
        changes={
            "bag_code": code,
            "bags": bags,
            "released_at": now,
            "wrong_tries": 0,
            "carrier": None,
            "fleet": None,
        },
        facts={"channel": counselling.channel, "told_to": counselling.told_to, "bags": bags},
        seen_version=seen_version,
    )
    try:
        with transaction.atomic():
            orders.move(order, step, by=by.username, now=now)
    except IntegrityError as error:  # two open orders never carry the same code
        raise Refused(Why.BAG_IN_USE, bag=code) from error


def _refuse_if_tried_too_often(order: Order) -> None:
    if order.attempts >= terms_of(order.programme).attempts_max:
        raise Refused(lifecycle.Why.TOO_MANY_ATTEMPTS, order=order.code, attempts=order.attempts)


@transaction.atomic
def take_back(order: Order, *, by: str, seen_version: int | None, now: datetime) -> None:
    """The pharmacy has the bag again and ends the order; its budget is free again."""
    orders.hold(order)
    freed = ledger.release(order.code, region=order.region, by=by, now=now)
    facts = {"freed_rp": freed.rupiah, "attempts": order.attempts}
    step = orders.Step(to=lifecycle.RETURNED, facts=facts, seen_version=seen_version)
    orders.move(order, step, by=by, now=now)
