"""The owner's own buttons: open, closed, busy, hours, days off, and who works here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from gancang.accounts.actions import Newcomer, take_role
from gancang.accounts.invitations import take_on
from gancang.accounts.models import Membership, Role
from gancang.regions.queries import today_in, zone_of
from gancang.shops.joining import free_name, keep_hours, note
from gancang.shops.models import DaysOff, Shop
from gancang.shops.opening import closes_at, why_not_hours
from gancang.shops.queries import week_of
from gancang.shops.rules import Manner, Why
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang.accounts.models import User
    from gancang.shops.opening import Span

BUSY_STEPS = (0, 15, 30)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@transaction.atomic
def open_now(shop: Shop, *, by: User, now: datetime) -> None:
    """Open from now on: until the hours' own end, else until the evening."""
    week = week_of(shop, on=today_in(shop.region, now))
    until = None if closes_at(week, now) else _evening(shop, now)
    Shop.objects.filter(pk=shop.pk).update(closed_until=None, opened_until=until)
    note(shop, "shop.opened", by=by.username, now=now)


@transaction.atomic
def close_now(shop: Shop, *, by: User, now: datetime) -> None:
    """Closed from now until tomorrow's hours."""
    day = today_in(shop.region, now) + timedelta(days=1)
    midnight = datetime.combine(day, datetime.min.time(), zone_of(shop.region))
    # A stall that is open past midnight closes for its whole night.
    ends = closes_at(week_of(shop, on=today_in(shop.region, now)), now)
    until = max(midnight, ends) if ends else midnight
    Shop.objects.filter(pk=shop.pk).update(closed_until=until, opened_until=None)
    note(shop, "shop.closed", by=by.username, now=now)


@transaction.atomic
def be_busy(shop: Shop, minutes: int, *, by: User, now: datetime) -> None:
    """So many minutes more for what is ordered now; it ends by itself in the evening."""
    assert minutes in BUSY_STEPS, minutes
    until = _evening(shop, now) if minutes else None
    Shop.objects.filter(pk=shop.pk).update(busy_minutes=minutes, busy_until=until)
    note(shop, "shop.busy", by=by.username, now=now, minutes=minutes)


def _evening(shop: Shop, now: datetime) -> datetime:
    clock, zone = Manner.of(shop.region.config).busy_ends, zone_of(shop.region)
    today = today_in(shop.region, now)
    ends = datetime.combine(today, clock, zone)
    return ends if ends > now else datetime.combine(today + timedelta(days=1), clock, zone)


@transaction.atomic
def prepare_in(shop: Shop, minutes: int, *, by: User, now: datetime) -> None:
    """So long it takes here when nobody waits."""
    Shop.objects.filter(pk=shop.pk).update(prepares_minutes=minutes)
    note(shop, "shop.prepares", by=by.username, now=now, minutes=minutes)


@transaction.atomic
def set_hours(shop: Shop, spans: Sequence[Span], *, by: User, now: datetime) -> None:
    """The week from now on. Refused where two openings overlap."""
    if (day := why_not_hours(spans)) is not None:
        raise Refused(Why.HOURS_OVERLAP, day=_(WEEKDAYS[day]))
    keep_hours(shop, spans)
    note(shop, "shop.hours_set", by=by.username, now=now, openings=len(spans))


@transaction.atomic
def take_days_off(
    shop: Shop, first: date, last: date, why: str, *, by: User, now: datetime
) -> DaysOff:
    """Closed from one day to another, both included."""
    if last < first:
        raise Refused(Why.BACKWARDS)
    if last < today_in(shop.region, now):
        raise Refused(Why.PLAN_BACKWARDS)
    row = DaysOff.objects.create(shop=shop, first=first, last=last, why=why)
    days = [first.isoformat(), last.isoformat()]
    note(shop, "shop.days_off", by=by.username, now=now, days=days)
    return row


@transaction.atomic
def drop_days_off(shop: Shop, number: int, *, by: User, now: datetime) -> None:
    """Open on those days after all. A second time changes nothing."""
    gone, _rows = DaysOff.objects.filter(shop=shop, pk=number).delete()
    if gone:
        note(shop, "shop.days_off_dropped", by=by.username, now=now)


def keepers_of(shop: Shop) -> list[Membership]:
    """Who works in a shop, by name."""
    rows = Membership.objects.filter(role=Role.STALL, organisation=shop.organisation)
    return list(rows.select_related("user", "region").order_by("user__full_name", "pk"))


@transaction.atomic
def add_keeper(shop: Shop, name: str, phone: str, *, by: User, now: datetime) -> str | None:
    """One more person of the shop, invited by letter. Returns the link to show, if not sent."""
    assert shop.organisation is not None, shop.pk
    newcomer = Newcomer(
        username=free_name(shop.organisation.code),
        full_name=name,
        password=None,
        role=Role.STALL,
        organisation=shop.organisation,
        phone=phone,
    )
    note(shop, "shop.keeper_added", by=by.username, now=now)
    return take_on(newcomer, region=shop.region, by=by.username, now=now)


@transaction.atomic
def take_keeper(shop: Shop, number: int, *, by: User, now: datetime) -> None:
    """Somebody works here no more. The last one stays."""
    Shop.objects.select_for_update().get(pk=shop.pk)
    keepers = {row.user_id: row for row in keepers_of(shop)}
    if number not in keepers:
        raise Refused(Why.NOT_OF_SHOP)
    if len(keepers) == 1:
        raise Refused(Why.LAST_KEEPER)
    note(shop, "shop.keeper_taken", by=by.username, now=now)
    take_role(keepers[number], by=by.username, now=now)
