"""Reading shops: who may sell, who is open now, by what promise, who waits for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Role
from gancang.regions.models import Organisation
from gancang.regions.queries import today_in, zone_of
from gancang.shops import opening
from gancang.shops.models import Check, Shop, ShopPaper, Suspension
from gancang.shops.opening import Span, Week
from gancang.shops.paper_rules import (
    MISSING,
    NEVER,
    Kind,
    Standing,
    first_bar,
    kinds_of,
    stand,
)
from gancang.shops.rules import OF_PACK, Manner, State, Why
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import date, datetime

    from gancang.accounts.models import Membership
    from gancang.regions.models import Region

DECIDES = (Role.PROGRAMME_OFFICER, Role.ADMIN)
KINDS = (Organisation.Kind.KITCHEN, Organisation.Kind.SHOP)
# What standing and openness are read from. A photo is large and sealed: it is read alone.
PARTS = (
    "hours",
    "days_off",
    Prefetch("papers", ShopPaper.objects.defer("photo")),
    "suspensions",
)


def selling(region: Region, *, on: date) -> QuerySet[Organisation]:
    """The kitchens and shops from which something new may be ordered on a day, by name."""
    return Organisation.objects.filter(pk__in=_may_sell(region, on=on).values("organisation"))


def _may_sell(region: Region, *, on: date) -> QuerySet[Shop]:
    """`first_bar` and `suspended_on`, said to the database."""
    rows = Shop.objects.filter(region=region, state=State.APPROVED)
    held = Suspension.objects.filter(_holds(on), shop=OuterRef("pk"))
    rows = rows.filter(~Exists(held))
    for shop_kind in KINDS:
        for kind in kinds_of(region.config, shop_kind, on=on):
            rows = rows.exclude(Q(kind=shop_kind) & _barred(kind, on=on))
    return rows


def _holds(on: date) -> Q:
    return Q(ended_at=None) & (Q(until=None) | Q(until__gte=on))


def newest_papers(kind: str) -> QuerySet[ShopPaper]:
    """The paper of a kind that counts, of each shop of an outer question."""
    newer = ShopPaper.objects.filter(
        shop=OuterRef("shop"), kind=OuterRef("kind"), pk__gt=OuterRef("pk")
    )
    return ShopPaper.objects.filter(~Exists(newer), shop=OuterRef("pk"), kind=kind)


def _barred(kind: Kind, *, on: date) -> Q:
    if kind.bars == NEVER:
        return Q(pk__in=[])
    barred = Q(Exists(newest_papers(kind.code).filter(expires_on__lt=on)))
    if kind.bars == MISSING:
        missing = ~Q(Exists(newest_papers(kind.code)))
        if kind.assisted:
            missing &= ~Q(assisted_until__gte=on)
        barred |= missing
    return barred


def shop_of(organisation: Organisation) -> Shop | None:
    """The shop that an organisation is, with all that its openness is read from. Five queries."""
    return with_parts(Shop.objects.filter(organisation=organisation)).first()


def with_parts(rows: QuerySet[Shop]) -> QuerySet[Shop]:
    """Shops with their hours, days off, papers and suspensions: four queries however many."""
    return rows.select_related("region", "organisation", "village__district").prefetch_related(
        *PARTS
    )


def is_open(organisation: Organisation, at: datetime) -> bool:
    """Whether something can be ordered there at a moment."""
    return why_not_open(organisation, at) is None


def why_not_open(organisation: Organisation, at: datetime) -> Refused | None:
    """Why nothing can be ordered there at a moment: it may not sell, or is closed; or None."""
    shop = shop_of(organisation)
    if shop is None:
        return Refused(Why.NOT_APPROVED, name=organisation.name)
    return why_shop_not_open(shop, at)


def why_shop_not_open(shop: Shop, at: datetime) -> Refused | None:
    """The same of a shop that was read with its parts. No query."""
    day = today_in(shop.region, at)
    return why_not_selling(shop, on=day) or opening.why_closed(week_of(shop, on=day), at)


def why_not_selling(shop: Shop, *, on: date) -> Refused | None:
    """Why a shop may not sell on a day, or None. No query if its parts are there."""
    if shop.state != State.APPROVED:
        return Refused(Why.NOT_APPROVED, name=shop.name)
    if held := suspended_on(shop, on=on):
        return Refused(Why.SUSPENDED, name=shop.name, why=held.why)
    if bar := first_bar(standings_of(shop, on=on)):
        return Refused(Why.BARRED, paper=bar.kind.title)
    return None


def suspended_on(shop: Shop, *, on: date) -> Suspension | None:
    """The suspension that holds on a day, or None. No query if it is there."""
    held = (each for each in shop.suspensions.all() if each.ended_at is None)
    return next((each for each in held if each.until is None or each.until >= on), None)


def standings_of(shop: Shop, *, on: date) -> list[Standing]:
    """How a shop stands with each paper its region asks for. No query if they are there."""
    ends = {
        row.kind: (row.expires_on, row.seen_at is not None)
        for row in sorted(shop.papers.all(), key=lambda row: row.pk)
    }
    warn_days = Manner.of(shop.region.config).warn_days
    is_assisted = shop.assisted_until is not None and shop.assisted_until >= on
    kinds = kinds_of(shop.region.config, shop.kind, on=on)
    return [
        stand(kind, ends, on=on, warn_days=warn_days, is_assisted=is_assisted) for kind in kinds
    ]


def next_opening(organisation: Organisation, at: datetime) -> datetime | None:
    """When it can be ordered from again: the moment itself where it can now; None if unknown."""
    shop = shop_of(organisation)
    if shop is None or why_not_selling(shop, on=today_in(shop.region, at)):
        return None
    return opening.opens_next(week_of(shop, on=today_in(shop.region, at)), at)


def week_of(shop: Shop, *, on: date) -> Week:
    """All that says when a shop is open. No query if its parts are there."""
    return Week(
        zone=zone_of(shop.region),
        spans=[Span(row.weekday, row.opens, row.closes) for row in shop.hours.all()],
        days_off=[(row.first, row.last) for row in shop.days_off.all() if row.last >= on],
        opened_until=shop.opened_until,
        closed_until=shop.closed_until,
    )


@dataclass(frozen=True, slots=True)
class Promise:
    """How long a shop takes, as its owner says: its usual minutes, and more while it is busy."""

    usual_minutes: int
    busy_minutes: int

    @property
    def minutes(self) -> int:
        """All of it."""
        return self.usual_minutes + self.busy_minutes


def promise_of(organisation: Organisation, at: datetime) -> Promise:
    """How many minutes a shop needs for what is ordered at a moment. One query."""
    return promise_of_shop(Shop.objects.filter(organisation=organisation).get(), at)


def promise_of_shop(shop: Shop, at: datetime) -> Promise:
    """The same of a shop that was read already."""
    is_busy = shop.busy_until is not None and at < shop.busy_until
    return Promise(shop.prepares_minutes, shop.busy_minutes if is_busy else 0)


def visible_to(asker: Membership) -> QuerySet[Shop]:
    """The shops that somebody may see: a village's clerk those of the village, an owner the own."""
    rows = Shop.objects.filter(region=asker.region_id)
    if asker.role == Role.STALL:
        return rows.filter(organisation=asker.organisation_id)
    if asker.role == Role.VILLAGE_CLERK:
        assert asker.organisation is not None, asker.pk
        return rows.filter(village=asker.organisation.village_id)
    return rows


def get_shop(asker: Membership, number: int) -> Shop:
    """One shop that the asker may see, or 404."""
    return get_object_or_404(with_parts(visible_to(asker)), pk=number)


def get_paper(shop: Shop, number: int) -> ShopPaper:
    """One paper of a shop, or 404."""
    return get_object_or_404(ShopPaper.objects.select_related("shop__region"), shop=shop, pk=number)


def find_photo(shop: Shop, what: str, number: int) -> str:
    """The photo of a paper or of a check of this shop; "" where there is none."""
    rows: QuerySet[ShopPaper] | QuerySet[Check] = (
        ShopPaper.objects.filter(shop=shop) if what == "paper" else Check.objects.filter(shop=shop)
    )
    found = rows.filter(pk=number).first() if what in {"paper", "check"} else None
    return found.photo if found else ""


def codes_that_joined(region: str) -> set[str]:
    """The organisations of a region that joined by themselves: no pack names them."""
    rows = Shop.objects.filter(region__code=region, organisation__isnull=False)
    rows = rows.exclude(applied_by=OF_PACK)
    return set(rows.values_list("organisation__code", flat=True))


def applications(asker: Membership) -> QuerySet[Shop]:
    """The shops that wait for a decision."""
    return visible_to(asker).filter(state=State.APPLIED)


def get_shop_for_all(region: str, code: str) -> Shop:
    """An approved shop by its region's short name and its code, or 404."""
    rows = Shop.objects.filter(region__slug=region, organisation__code=code)
    return get_object_or_404(with_parts(rows.filter(state=State.APPROVED)))
