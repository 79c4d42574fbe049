"""A pharmacist lets a bag out, or takes it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from gancang.dispatch import parts, rerouting
from gancang.formulary.queries import desk_rules
from gancang.ledger import actions as ledger
from gancang.medicine.counselling import Counselling, why_not_release
from gancang.medicine.desk import Look, why_not_let_out, why_not_look, why_not_review
from gancang.medicine.desk import Why as DeskWhy
from gancang.medicine.desk_items import cold_minutes_of, lines_of, needs_of, paper_of
from gancang.medicine.models import Bag, Preparation, Release, Review
from gancang.medicine.reviewing import Found, prepare, review
from gancang.medicine.rules import Why
from gancang.orders import actions as orders
from gancang.orders import lifecycle
from gancang.programmes.queries import terms_of
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.medicine.desk import Line
    from gancang.medicine.models import Prescription
    from gancang.orders.models import Order

# Who did something at the desk within this time is on duty; pharmacists keep no shifts here.
ON_DUTY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bags:
    """What leaves the pharmacy: how many bags, their code and seals, and the final check."""

    count: int
    code: str
    checked: bool
    seals: Sequence[str] = ()  # of bag 1, 2 …; may be fewer
    cold: frozenset[int] = frozenset()  # which bags are cold; of one bag it is known


@transaction.atomic
def release(  # noqa: PLR0913 - what a release rests on
    order: Order,
    counselling: Counselling,
    bags: Bags,
    *,
    points: Sequence[str] = (),
    by: User,
    seen_version: int | None,
    now: datetime,
) -> Release:
    """Let an order out after review, final check and counselling; before this nothing plans it.

    `points` is the review, for whoever reviews only now.
    """
    orders.hold(order)
    paper = paper_of(order)
    lines = lines_of(paper, order, now=now)
    _refuse_unready(order, paper, lines, counselling, bags, points)
    cold_minutes = cold_minutes_of(lines)
    cold = dict.fromkeys(_cold_bags(bags, cold_minutes), cold_minutes)
    if paper.reviewed_at is None:
        review(order, Found(points=points), by=by, now=now)
    look = _second_look(order, paper, by=by, now=now)
    every = {found.training_class for line in lines for found in line.verdict.classes}
    code = bags.code.strip().upper() or order.code
    changes = {
        "bag_code": code,
        "bag_codes": codes_of(code, bags.count) if bags.count > 1 else [],
        "bags": bags.count,
        "cold_minutes": cold_minutes,
        "needs": sorted((set(order.needs) - every) | needs_of(lines)),
    }
    _let_out(order, counselling, changes, by=by, seen_version=seen_version, now=now)
    parts.owe_way_home(order, by=by.username, now=now)
    parts.set_aside_if_spent(order, by=by.username, now=now)
    _keep_bags(order, paper, bags, cold, now=now)
    rerouting.after_release(order, by=by.username, now=now)
    return _keep_release(order, counselling, look, by=by, now=now)


def _refuse_unready(
    order: Order,
    paper: Prescription,
    lines: Sequence[Line],
    counselling: Counselling,
    bags: Bags,
    points: Sequence[str],
) -> None:
    if refusal := why_not_let_out(lines):
        raise refusal
    if paper.reviewed_at is None and (refusal := why_not_review(points)):
        raise refusal
    if reason := why_not_release(counselling, checked=bags.checked, bags=bags.count):
        raise Refused(reason)
    _refuse_if_tried_too_often(order)


def _keep_release(
    order: Order, counselling: Counselling, look: Look, *, by: User, now: datetime
) -> Release:
    return Release.objects.create(
        order=order,
        pharmacist=by,
        at=now,
        channel=counselling.channel,
        told_to=counselling.told_to,
        told_name=counselling.name,
        told_at=counselling.at or now,
        told_by=by,
        topics=sorted(counselling.topics),
        bags=order.bags,
        bag_code=order.bag_code,
        second_look="same_person" if look.is_same_person else "other_person",
        look_after_s=look.after_s,
    )


def _cold_bags(bags: Bags, cold_minutes: int | None) -> frozenset[int]:
    if len(bags.seals) > bags.count:
        raise Refused(DeskWhy.TOO_MANY_SEALS)
    if cold_minutes is None:
        return frozenset()
    cold = bags.cold or (frozenset({1}) if bags.count == 1 else bags.cold)
    if not cold or not cold <= set(range(1, bags.count + 1)):
        raise Refused(DeskWhy.COLD_BAG, bags=bags.count)
    return cold


def _second_look(order: Order, paper: Prescription, *, by: User, now: datetime) -> Look:
    """The final check as a second look at what somebody has prepared. Refused if it is none."""
    prepared = Preparation.objects.filter(order=order).order_by("pk").last()
    if prepared is None:
        prepare(order, compounded=paper.compounded, by=by, now=now)
    by_whom, at = (prepared.by_id, prepared.at) if prepared else (by.pk, now)
    look = Look(prepared_at=at, at=now, is_same_person=by_whom == by.pk)
    rules = desk_rules(order.region)
    alone = not (look.is_same_person and rules.second_person)
    at_work = not alone and _has_colleague(order, by=by, now=now)
    if refusal := why_not_look(look, rules, colleague_at_work=at_work):
        raise refusal
    return look


def _has_colleague(order: Order, *, by: User, now: datetime) -> bool:
    since = now - ON_DUTY
    told = {"order__origin": order.origin, "at__gt": since}
    return (
        Preparation.objects.filter(**told).exclude(by=by).exists()
        or Review.objects.filter(**told).exclude(pharmacist=by).exists()
        or Release.objects.filter(**told).exclude(pharmacist=by).exists()
    )


def _let_out(
    order: Order,
    counselling: Counselling,
    changes: Mapping[str, object],
    *,
    by: User,
    seen_version: int | None,
    now: datetime,
) -> None:
    step = orders.Step(
        to=lifecycle.RELEASED,
        changes={
            **changes,
            "released_at": now,
            "wrong_tries": 0,
            "carrier": None,
            "fleet": None,
        },
        facts={
            "channel": counselling.channel,
            "told_to": counselling.told_to,
            "bags": changes["bags"],
        },
        seen_version=seen_version,
    )
    try:
        with transaction.atomic():
            orders.move(order, step, by=by.username, now=now)
    except IntegrityError as error:  # two open orders never carry the same code
        raise Refused(Why.BAG_IN_USE, bag=changes["bag_code"]) from error


def codes_of(code: str, count: int) -> list[str]:
    """The codes of an order's bags: its own for one, with their place behind it for several."""
    return [code] if count == 1 else [f"{code[:18]}-{place}" for place in range(1, count + 1)]


def _keep_bags(
    order: Order,
    paper: Prescription,
    bags: Bags,
    cold: Mapping[int, int | None],
    *,
    now: datetime,
) -> None:
    codes = order.codes_on_bags
    # A seal may be used again once the order that it closed is over; its own bags are new ones.
    waiting = Bag.objects.filter(region=order.region, freed_at=None)
    waiting.filter(order=order).update(freed_at=now)
    over = waiting.filter(code__in=codes).exclude(order__state__in=sorted(lifecycle.OPEN))
    over.update(freed_at=now)
    seals = [*(seal.strip().upper()[:20] for seal in bags.seals), *[""] * bags.count]
    rows = [
        Bag(
            order=order,
            region=order.region,
            place=place,
            code=code,
            seal=seals[place - 1],
            cold_minutes=cold.get(place),
            pharmacy=order.origin,
            number=paper.number,
            packed_at=now,
        )
        for place, code in enumerate(codes, start=1)
    ]
    try:
        with transaction.atomic():
            Bag.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Refused(Why.BAG_IN_USE, bag=order.bag_code) from error


def _refuse_if_tried_too_often(order: Order) -> None:
    if order.attempts >= terms_of(order.programme).attempts_max:
        raise Refused(lifecycle.Why.TOO_MANY_ATTEMPTS, order=order.code, attempts=order.attempts)


@transaction.atomic
def take_back(order: Order, *, by: str, seen_version: int | None, now: datetime) -> None:
    """The pharmacy has the bag again and ends the order; its budget is free again."""
    orders.hold(order)
    parts.owe_way_home(order, by=by, now=now)
    freed = ledger.release(order.code, region=order.region, by=by, now=now)
    facts = {"freed_rp": freed.rupiah, "attempts": order.attempts}
    step = orders.Step(
        to=lifecycle.RETURNED, facts=facts, seen_version=seen_version, though_frozen=True
    )
    orders.move(order, step, by=by, now=now)
