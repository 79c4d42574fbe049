"""Opening orders and moving them along their life."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F

from gancang.audit.actions import Happening, record, record_all
from gancang.orders import lifecycle
from gancang.orders.lifecycle import Why, why_not_move
from gancang.orders.models import Order, Proof, ProofPhoto
from gancang.values import Money, Point, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.programmes.actions import Claim
    from gancang.regions.models import Organisation, Region
    from gancang.residents.models import Resident
    from gancang.values import Money

WRONG_TRIES_MAX = 5


def prefix_of(region: Region) -> str:
    """The three letters that a region's codes begin with."""
    letters = re.sub(r"[^A-Z]", "", region.slug.upper())
    return (letters[0] + re.sub(r"[AEIOU]", "", letters[1:]) + letters[1:])[:3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An order to be opened: for whom, from where, under which claim."""

    code: str
    claim: Claim
    resident: Resident
    origin: Organisation
    drop: Point
    drop_is_village: bool
    promise_at: datetime
    way: str = "direct"
    not_before: datetime | None = None
    confirmed_how: str = "counter"  # "": nobody has confirmed address and phone yet
    cold_minutes: int | None = None
    needs: Sequence[str] = ()
    hold_at: Organisation | None = None
    goods_rp: int = 0  # paid to its seller at the door
    goods_paid_rp: int = 0  # paid to its seller before


@transaction.atomic
def open_all(openings: Sequence[Opening], *, by: str, now: datetime) -> list[Order]:
    """Open orders that are eligible and paid for, in a fixed number of statements."""
    rows = Order.objects.bulk_create(_row(opening, now=now) for opening in openings)
    record_all(
        Happening(
            region=row.region.code,
            kind="order.placed",
            subject=row.code,
            by=by,
            now=now,
            facts={
                "programme": f"{row.programme.code} v{row.programme.version}",
                "clause": row.eligibility_clause,
                "price_rp": row.price_rp,
                "patient_pays_rp": row.patient_pays_rp,
                "goods_rp": row.goods_rp,
                "distance_m": row.distance_m,
                "distance_source": row.distance_source,
                "origin": row.origin.code,
            },
        )
        for row in rows
    )
    for region in {row.region.code for row in rows}:
        tell_board(region)
    return rows


def _row(opening: Opening, *, now: datetime) -> Order:
    claim, resident = opening.claim, opening.resident
    return Order(
        region=resident.region,
        code=opening.code,
        programme=claim.programme,
        resident=resident,
        origin=opening.origin,
        village=resident.village,
        lat=opening.drop.lat,
        lon=opening.drop.lon,
        point_is_village=opening.drop_is_village,
        item_class=claim.item_class,
        placed_at=now,
        changed_at=now,
        promise_at=opening.promise_at,
        eligibility_clause=claim.clause,
        price_rp=claim.price.rupiah,
        patient_pays_rp=claim.patient_pays.rupiah,
        goods_rp=opening.goods_rp,
        goods_paid_rp=opening.goods_paid_rp,
        distance_m=claim.distance_m,
        distance_source=claim.distance_source,
        reckoning=claim.reckoning,
        door_code=f"{secrets.randbelow(10_000):04d}",
        way=opening.way,
        not_before=opening.not_before,
        confirmed_at=now if opening.confirmed_how else None,
        confirmed_how=opening.confirmed_how,
        cold_minutes=opening.cold_minutes,
        needs=sorted(opening.needs),
        hold_at=opening.hold_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A move of an order: where to, what else changes with it, what the audit is told."""

    to: str
    changes: Mapping[str, object] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    # The version that the person saw, where a page was open; None where nobody looked.
    seen_version: int | None = None
    # Only for what brings a stopped bag home; everything else waits until it is thawed.
    though_frozen: bool = False


def hold(order: Order) -> None:
    """Keep others from moving an order until the running deed ends.

    Deeds that touch more than the order itself (offers, money) hold it first, so that two of
    them never wait for each other, and the second sees what the first has done.
    """
    Order.objects.select_for_update(of=("self",)).only("pk").get(pk=order.pk)


@transaction.atomic
def move(order: Order, step: Step, *, by: str, now: datetime) -> Order:
    """Move an order on. Refused if its state does not allow it or somebody was faster."""
    reason = why_not_move(order.state, step.to)
    if reason:
        raise Refused(reason, order=order.code, state=lifecycle.STATES[order.state])
    if order.frozen_at and not step.though_frozen:
        raise Refused(Why.FROZEN, order=order.code, why=order.frozen_why)
    if step.seen_version is not None and step.seen_version != order.version:
        raise _changed(order)
    moved = Order.objects.filter(pk=order.pk, state=order.state, version=order.version).update(
        state=step.to, version=F("version") + 1, changed_at=now, **step.changes
    )
    if not moved:
        order.refresh_from_db()
        raise _changed(order)
    record(
        f"order.{step.to}",
        order.code,
        region=order.region.code,
        by=by,
        now=now,
        facts=dict(step.facts),
    )
    tell_board(order.region.code)
    order.refresh_from_db()
    return order


@transaction.atomic
def confirm(order: Order, how: str, by: str, now: datetime) -> None:
    """Address and phone were confirmed with the patient; the last time counts."""
    assert how in lifecycle.CONFIRMED_HOW, how
    _change_open(order, {"confirmed_at": now, "confirmed_how": how}, frozen=None)
    _tell_of(order, "order.confirmed", {"how": how}, by=by, now=now)


@transaction.atomic
def wait_until(order: Order, at: datetime, *, promise_at: datetime, by: str, now: datetime) -> None:
    """Offer it to no rider before `at`, as the patient wishes, and promise it for later."""
    changes = {
        "not_before": max(at, order.not_before or at),
        "promise_at": max(promise_at, order.promise_at),
        "version": F("version") + 1,
    }
    _change_open(order, changes, frozen=None)
    _tell_of(order, "order.later", {"not_before": at.isoformat()}, by=by, now=now)


@transaction.atomic
def change_fare(order: Order, pays: Money, *, by: str, now: datetime) -> None:
    """The patient pays so much at the door, since it goes with others or by itself again.

    Nothing changes of an order that is over. The caller never asks more than was accepted.
    """
    rows = Order.objects.filter(pk=order.pk, state__in=sorted(lifecycle.OPEN))
    rows = rows.exclude(patient_pays_rp=pays.rupiah)
    if rows.update(patient_pays_rp=pays.rupiah, version=F("version") + 1):
        order.refresh_from_db()
        _tell_of(order, "order.fare_changed", {"patient_pays_rp": pays.rupiah}, by=by, now=now)


@transaction.atomic
def lessen_goods(order: Order, goods: Money, *, by: str, now: datetime) -> None:
    """Something of the goods is missing: so much is paid for them at the door. Never more."""
    changes = {"goods_rp": goods.rupiah, "version": F("version") + 1}
    assert goods.rupiah <= order.goods_rp, order.code
    _change_open(order, changes, frozen=None)
    _tell_of(order, "order.goods_changed", {"goods_rp": goods.rupiah}, by=by, now=now)


@transaction.atomic
def miss(order: Order, *, by: str, now: datetime) -> None:
    """Its round has left without it, and the next comes too late: somebody has to decide."""
    _change_open(order, {"missed_at": now, "version": F("version") + 1}, frozen=None)
    _tell_of(order, "order.missed_departure", {}, by=by, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """By which way an order goes from now on, what is set aside for that, and when it is there."""

    way: str
    not_before: datetime | None
    promise_at: datetime
    hold_at: Organisation | None
    price: Money
    reckoning: Mapping[str, object] = field(default_factory=dict)


@transaction.atomic
def reroute(order: Order, route: Route, *, by: str, now: datetime) -> None:
    """It goes by another way. Never promised sooner than the patient was told."""
    facts = {"way": route.way, "was": order.way, "price_rp": route.price.rupiah}
    changes = {
        "way": route.way,
        "not_before": route.not_before,
        "promise_at": max(route.promise_at, order.promise_at),
        "hold_at": route.hold_at,
        "price_rp": route.price.rupiah,
        "reckoning": route.reckoning,
        "missed_at": None,
        "version": F("version") + 1,
    }
    _change_open(order, changes, frozen=None)
    _tell_of(order, "order.other_way", facts, by=by, now=now)


@transaction.atomic
def freeze(order: Order, *, why: str, by: str, now: datetime) -> None:
    """Stop an order where it is: nothing moves until it is thawed. Twice is once."""
    if not why.strip():
        raise Refused(Why.NO_FREEZE_REASON)
    changes = {"frozen_at": now, "frozen_why": why.strip()[:200], "version": F("version") + 1}
    if _change_open(order, changes, frozen=False):
        _tell_of(order, "order.frozen", {"why": order.frozen_why}, by=by, now=now)


@transaction.atomic
def thaw(order: Order, *, by: str, now: datetime) -> None:
    """Let a stopped order go on. Twice is once."""
    changes = {"frozen_at": None, "frozen_why": "", "version": F("version") + 1}
    if _change_open(order, changes, frozen=True):
        _tell_of(order, "order.thawed", {}, by=by, now=now)


def _change_open(order: Order, changes: Mapping[str, object], *, frozen: bool | None) -> bool:
    """Change an open order that is frozen, or not, or either; whether anything was to change."""
    rows = Order.objects.filter(pk=order.pk, state__in=sorted(lifecycle.OPEN))
    if frozen is not None:
        rows = rows.filter(frozen_at__isnull=not frozen)
    changed = rows.update(**changes)
    order.refresh_from_db()
    if order.state not in lifecycle.OPEN:
        raise Refused(Why.NOT_OPEN, order=order.code, state=lifecycle.STATES[order.state])
    return bool(changed)


def _tell_of(order: Order, kind: str, facts: dict[str, object], *, by: str, now: datetime) -> None:
    region = order.region.code
    record(kind, order.code, region=region, by=by, now=now, facts=facts)
    tell_board(region)


def _changed(order: Order) -> Refused:
    return Refused(Why.CHANGED_MEANWHILE, order=order.code, state=lifecycle.STATES[order.state])


def tell_board(region: str) -> None:
    """Let open boards know, when this transaction commits, that something of a region changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('board', %s)", [region])


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """What is told of a hand-over, its evidence clean."""

    receiver: str
    relation: str
    factor: str
    at: datetime  # by the clock of the device
    lat: float | None = None
    lon: float | None = None
    clock_off_s: int | None = None
    signature: str = ""
    witness: str = ""
    photo: str = ""  # of `evidence.clean_photo`


@transaction.atomic
def prove(
    order: Order, told: HandOver, *, by: User, now: datetime, seen_version: int | None
) -> Proof:
    """Store the proof and move the order to delivered. The caller has checked the factor."""
    if not told.receiver.strip():
        raise Refused(Why.NO_RECEIVER)
    step = Step(to=lifecycle.DELIVERED, facts=_told_of(told), seen_version=seen_version)
    move(order, step, by=by.username, now=now)
    proof = Proof.objects.create(
        order=order,
        receiver=told.receiver.strip(),
        relation=told.relation,
        factor=told.factor,
        carrier=by,
        handed_over_at=told.at,
        recorded_at=now,
        lat=told.lat,
        lon=told.lon,
        clock_off_s=told.clock_off_s,
        signature=told.signature,
        witness=told.witness.strip(),
    )
    if told.photo:
        ProofPhoto.objects.create(proof=proof, image=told.photo, taken_in_at=now)
    return proof


def _told_of(told: HandOver) -> dict[str, object]:
    """What the chain of events keeps of a proof: that there is a thing, never the thing."""
    return {
        "relation": told.relation,
        "factor": told.factor,
        "at": told.at.isoformat(),
        "clock_off_s": told.clock_off_s,
        "signed": bool(told.signature),
        "witnessed": bool(told.witness.strip()),
        "photo_with_consent": bool(told.photo),
    }


def count_wrong_try(order: Order, *, by: str, now: datetime) -> int:
    """One more wrong second factor at the door, written down at once; how many by now.

    Runs outside the refused deed's transaction, or the count would be undone with it.
    """
    with transaction.atomic():
        Order.objects.filter(pk=order.pk).update(wrong_tries=F("wrong_tries") + 1)
        order.refresh_from_db(fields=["wrong_tries"])
        record(
            "order.wrong_factor",
            order.code,
            region=order.region.code,
            by=by,
            now=now,
            facts={"tries": order.wrong_tries},
        )
    return order.wrong_tries
