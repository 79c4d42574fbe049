"""Hygiene checks, suspensions and appeals: a person decides, and another hears who disagrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gancang.regions.queries import today_in
from gancang.shops.joining import note
from gancang.shops.letters import RESULT_SAYS, tell
from gancang.shops.models import Check, Shop, Suspension
from gancang.shops.papers import clean
from gancang.shops.rules import Manner, Result, State, Why
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User

MONTH_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What somebody found who looked at hygiene."""

    on: date
    result: str
    words: str
    next_on: date | None
    photo: bytes = b""


@transaction.atomic
def check(shop: Shop, found: Found, *, by: User, now: datetime) -> Check:
    """Note a visit; the next is due by the region's rule where no day is told. Closes nothing."""
    if found.on > today_in(shop.region, now):
        raise Refused(Why.CHECK_AHEAD)
    if found.result == Result.FAILED and not found.words.strip():
        raise Refused(Why.NO_WORDS)
    months = Manner.of(shop.region.config).check_months
    row = Check.objects.create(
        shop=shop,
        on=found.on,
        result=found.result,
        words=found.words,
        next_on=found.next_on or found.on + timedelta(days=MONTH_DAYS * months),
        photo=clean(found.photo),
        by=by,
        at=now,
    )
    note(shop, "shop.checked", by=by.username, now=now, result=found.result)
    tell(shop, "checked", now=now, result=RESULT_SAYS[Result(found.result)], words=found.words)
    return row


@transaction.atomic
def suspend(shop: Shop, why: str, until: date | None, *, by: User, now: datetime) -> Suspension:
    """The shop may not sell from now on; its owner is told why, and that an appeal is heard."""
    if shop.state != State.APPROVED:
        raise Refused(Why.NOT_APPROVED, name=shop.name)
    if not why.strip():
        raise Refused(Why.NO_WORDS)
    today = today_in(shop.region, now)
    if until and until < today:
        raise Refused(Why.PLAN_BACKWARDS)
    # One that has run out by itself makes room.
    over = Suspension.objects.filter(shop=shop, ended_at=None, until__lt=today)
    over.update(ended_at=now, ended_by="")
    try:
        with transaction.atomic():
            row = Suspension.objects.create(
                shop=shop, why=why, until=until, begun_at=now, begun_by=by
            )
    except IntegrityError as error:
        raise Refused(Why.SUSPENDED, name=shop.name, why=_("lift it first")) from error
    last = until.isoformat() if until else None
    note(shop, "shop.suspended", by=by.username, now=now, reason=why, until=last)
    said = f"sampai {until:%d-%m-%Y}" if until else "sampai diberi tahu lagi"
    tell(shop, "suspended", now=now, why=why, until=said)
    return row


def running(shop: Shop) -> Suspension:
    """The suspension that is not ended. Refused if there is none."""
    row = Suspension.objects.select_for_update().filter(shop=shop, ended_at=None).first()
    if row is None:
        raise Refused(Why.NOT_SUSPENDED, name=shop.name)
    return row


@transaction.atomic
def lift(shop: Shop, why: str, *, by: User, now: datetime) -> None:
    """The suspension ends before its time."""
    row = running(shop)
    if not why.strip():
        raise Refused(Why.NO_WORDS)
    _end(row, by=by, now=now)
    note(shop, "shop.lifted", by=by.username, now=now, reason=why)
    tell(shop, "lifted", now=now, why=why)


@transaction.atomic
def appeal(shop: Shop, words: str, *, by: User, now: datetime) -> None:
    """The owner, or somebody for the owner, says that the suspension is wrong. Once."""
    row = running(shop)
    if not words.strip():
        raise Refused(Why.NO_WORDS)
    unsaid = Suspension.objects.filter(pk=row.pk, appealed_at=None)
    if not unsaid.update(appeal=words, appealed_at=now):
        raise Refused(Why.APPEALED)
    note(shop, "shop.appealed", by=by.username, now=now)


@transaction.atomic
def hear(shop: Shop, answer: str, *, ends: bool, by: User, now: datetime) -> None:
    """Somebody who did not suspend the shop decides about the appeal, with a reason."""
    row = running(shop)
    if row.appealed_at is None or row.heard_at is not None:
        raise Refused(Why.NO_APPEAL)
    if row.begun_by_id == by.pk:
        raise Refused(Why.OWN_DECISION)
    if not answer.strip():
        raise Refused(Why.NO_WORDS)
    Suspension.objects.filter(pk=row.pk).update(heard_at=now, heard_by=by, answer=answer)
    if ends:
        _end(row, by=by, now=now)
    note(shop, "shop.heard", by=by.username, now=now, ends=ends, reason=answer)
    tell(shop, "lifted" if ends else "upheld", now=now, why=answer)


def _end(row: Suspension, *, by: User, now: datetime) -> None:
    Suspension.objects.filter(pk=row.pk).update(ended_at=now, ended_by=by.username)
