"""Somebody has died: all that was for him stops, also in other entries of the same person.

Who looks alike waits until somebody who knows has judged it: nobody gets a letter, or a rider at
the door, for the dead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from gancang.dispatch.actions import give_up, withdraw_offers
from gancang.orders import actions as orders
from gancang.orders import lifecycle
from gancang.orders.queries import list_open_of
from gancang.residents import merging
from gancang.residents.actions import mark_deceased, take_back_deceased
from gancang.residents.likeness import died_of
from gancang.residents.mourning import (
    Judged,
    drop_look_alikes,
    judge,
    note_look_alikes,
    settle_pair,
)
from gancang.residents.queries import is_deceased, numbers_of
from gancang.values import N_

if TYPE_CHECKING:
    from datetime import date, datetime

    from gancang.orders.models import Order
    from gancang.regions.models import Region
    from gancang.residents.models import Merge
    from gancang.residents.registry import Deed

HAS_DIED = N_("the patient has died")
TOLD_AT = N_("as told at the door of order %(code)s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """When somebody died, who told it, and at the door of which order, if at one."""

    on: date
    source: str
    told_by: str = ""


@transaction.atomic
def report_death(number: int, death: Death, *, by: str, now: datetime) -> int:
    """Somebody has died: letters and all his orders stop. How many look-alikes are to be judged."""
    mark_deceased(number, death.on, death.source, by, now)
    return _stop_all(number, told_by=death.told_by, by=by, now=now)


def _stop_all(number: int, *, told_by: str, by: str, now: datetime) -> int:
    why = _words(told_by)
    for order in list_open_of(numbers_of(number)):
        _leave_to_nobody(order, now=now)
        if not order.frozen_at:
            orders.freeze(order, why=why, by="system", now=now)
    found = note_look_alikes(number, by=by, now=now)
    for row in found:
        if row.is_strong:
            _hold_back(row.alike_id, now=now)
    return len(found)


def _words(told_by: str) -> str:
    with translation.override("id"):
        died = _(HAS_DIED)
        return f"{died}, {_(TOLD_AT) % {'code': told_by}}" if told_by else died


def _hold_back(number: int, *, now: datetime) -> None:
    """Until somebody has judged it, no rider sets out; a bag that is on its way goes on."""
    for order in list_open_of(numbers_of(number)):
        _leave_to_nobody(order, now=now)


def _leave_to_nobody(order: Order, *, now: datetime) -> None:
    orders.hold(order)
    order.refresh_from_db()
    withdraw_offers(order, now=now)
    if order.state == lifecycle.ASSIGNED and not order.frozen_at:
        give_up(order, by="system", seen_version=None, now=now)
        order.refresh_from_db()


@transaction.atomic
def judge_look_alike(region: Region, number: int, *, same: bool, by: str, now: datetime) -> None:
    """They are one person, and all stops for this entry too; or it is another one, and all goes on.

    Refused where somebody has judged it before.
    """
    row = judge(region, number, Judged.SAME if same else Judged.OTHER, by=by, now=now)
    died = died_of(row.dead_id)
    if same and died is not None:
        death = Death(on=died.on, source=died.source)
        report_death(row.alike_id, death, by=by, now=now)


@transaction.atomic
def take_back_death(number: int, *, by: str, now: datetime) -> None:
    """It was an error: he lives, and what had stopped goes on, also where he looked alike."""
    take_back_deceased(number, by, now)
    same = drop_look_alikes(number, by=by, now=now)
    _let_go_on(number, by=by, now=now)
    for each in same:
        take_back_death(each, by=by, now=now)


def _let_go_on(number: int, *, by: str, now: datetime) -> None:
    """Only what this death had stopped: what the operator stopped stays so."""
    with translation.override("id"):
        died = _(HAS_DIED)
    for order in list_open_of(numbers_of(number)):
        if order.frozen_at and order.frozen_why.startswith(died):
            orders.hold(order)
            orders.thaw(order, by=by, now=now)


@transaction.atomic
def merge(region: Region, kept: int, gone: int, deed: Deed) -> Merge:
    """Make two entries one. Where one of them is dead, so is the one that stays: all stops."""
    row = merging.merge(region, kept, gone, deed)
    settle_pair(row.kept_id, row.gone_id, Judged.SAME, by=deed.by, now=deed.now)
    if is_deceased(kept):
        _stop_all(kept, told_by="", by=deed.by, now=deed.now)
    return row


@transaction.atomic
def undo_merge(region: Region, kept: int, merge_number: int, deed: Deed) -> None:
    """They were two people: who had died stays so, and for the other all goes on."""
    row = merging.undo(region, kept, merge_number, deed)
    if row is None:
        return
    settle_pair(row.kept_id, row.gone_id, Judged.OTHER, by=deed.by, now=deed.now)
    for each in (row.kept_id, row.gone_id):
        if not is_deceased(each):
            _let_go_on(each, by=deed.by, now=deed.now)
