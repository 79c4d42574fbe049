"""A shop asks to join; somebody of the regency approves it, with a log-in, or says why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify

from gancang.accounts.actions import Newcomer
from gancang.accounts.invitations import take_on
from gancang.accounts.models import Role, User
from gancang.audit.actions import record
from gancang.regions.models import Organisation
from gancang.regions.queries import today_in
from gancang.shops.letters import tell
from gancang.shops.models import Hours, Shop
from gancang.shops.paper_rules import first_bar
from gancang.shops.queries import standings_of
from gancang.shops.rules import Manner, State, Why
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.regions.models import Region, Village
    from gancang.shops.opening import Span
    from gancang.values import Point

JOINED = "joined"  # the source of an organisation that no pack told


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody tells of a shop that wants to join."""

    kind: str
    name: str
    sells: str
    village: Village
    address: str
    point: Point | None
    owner_name: str
    owner_phone: str
    resident: int | None = None
    spans: Sequence[Span] = ()


@transaction.atomic
def apply(asked: Asked, *, region: Region, by: str, now: datetime) -> Shop:
    """A shop asks to join; what it lacks is due within the region's days."""
    same = Shop.objects.filter(village=asked.village, name__iexact=asked.name)
    if same.exclude(state=State.REJECTED).exists():
        raise Refused(Why.KNOWN_SHOP, name=asked.name)
    manner = Manner.of(region.config)
    shop = Shop.objects.create(
        region=region,
        kind=asked.kind,
        name=asked.name,
        sells=asked.sells,
        village=asked.village,
        address=asked.address,
        lat=asked.point.lat if asked.point else None,
        lon=asked.point.lon if asked.point else None,
        resident_id=asked.resident,
        owner_name=asked.owner_name,
        owner_phone=asked.owner_phone,
        state=State.APPLIED,
        applied_at=now,
        applied_by=by,
        due_on=today_in(region, now) + timedelta(days=manner.bring_days),
    )
    keep_hours(shop, asked.spans)
    note(shop, "shop.applied", by=by, now=now, what=asked.kind)
    tell(shop, "applied", now=now)
    return shop


def keep_hours(shop: Shop, spans: Sequence[Span]) -> None:
    """The week as it is from now on."""
    Hours.objects.filter(shop=shop).delete()
    Hours.objects.bulk_create(
        Hours(shop=shop, weekday=each.weekday, opens=each.opens, closes=each.closes)
        for each in spans
    )


def note(shop: Shop, kind: str, *, by: str, now: datetime, **facts: object) -> None:
    """What happened with a shop, in the region's chain, under its own subject."""
    record(kind, subject_of(shop), region=shop.region.code, by=by, now=now, facts=facts)


def subject_of(shop: Shop) -> str:
    """By what the chain calls a shop."""
    return f"shop-{shop.pk}"


@transaction.atomic
def approve(shop: Shop, *, by: User, now: datetime) -> str | None:
    """The shop is an organisation from now on; its owner is invited.

    Returns the link to show, if it cannot go by letter. Refused while a paper bars.
    """
    if bar := first_bar(standings_of(shop, on=today_in(shop.region, now))):
        raise Refused(Why.LACKS, paper=bar.kind.title)
    _decide(shop, State.APPROVED, by=by, now=now)
    house = _organisation(shop)
    Shop.objects.filter(pk=shop.pk).update(organisation=house)
    shop.organisation = house
    if not shop.hours.exists():
        _usual_hours(shop)
    note(shop, "shop.approved", by=by.username, now=now, organisation=house.code)
    tell(shop, "approved", now=now)
    owner = Newcomer(
        username=free_name(house.code),
        full_name=shop.owner_name,
        password=None,
        role=Role.STALL,
        organisation=house,
        phone=shop.owner_phone,
    )
    return take_on(owner, region=shop.region, by=by.username, now=now)


@transaction.atomic
def reject(shop: Shop, why: str, *, by: User, now: datetime) -> None:
    """The shop does not join; its owner is told why."""
    if not why.strip():
        raise Refused(Why.NO_WORDS)
    _decide(shop, State.REJECTED, by=by, now=now, why=why)
    note(shop, "shop.rejected", by=by.username, now=now, reason=why)
    tell(shop, "rejected", now=now, why=why)


def _decide(shop: Shop, state: State, *, by: User, now: datetime, why: str = "") -> None:
    told = {"state": state, "decided_at": now, "decided_by": by.username, "why": why}
    if not Shop.objects.filter(pk=shop.pk, state=State.APPLIED).update(**told):
        raise Refused(Why.DECIDED)
    for name, value in told.items():
        setattr(shop, name, value)


def _usual_hours(shop: Shop) -> None:
    manner = Manner.of(shop.region.config)
    Hours.objects.bulk_create(
        Hours(shop=shop, weekday=day, opens=manner.opens, closes=manner.closes) for day in range(7)
    )


def _organisation(shop: Shop) -> Organisation:
    taken = set(Organisation.objects.filter(region=shop.region).values_list("code", flat=True))
    stands = shop if shop.lat is not None else shop.village
    return Organisation.objects.create(
        region=shop.region,
        code=_first_free(slugify(shop.name)[:34].strip("-") or "usaha", taken),
        kind=shop.kind,
        name=shop.name,
        address=shop.address,
        village=shop.village,
        lat=stands.lat if stands else None,
        lon=stands.lon if stands else None,
        precision="point" if stands is shop else "village",
        source=JOINED,
    )


def free_name(code: str) -> str:
    taken = User.objects.filter(username__startswith=code).values_list("username", flat=True)
    return _first_free(code, set(taken))


def _first_free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free
