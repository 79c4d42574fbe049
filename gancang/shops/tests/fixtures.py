"""Shops of the pack, and what they show."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from gancang.regions.queries import today_in
from gancang.shops.models import Shop, ShopPaper
from gancang.shops.queries import with_parts

if TYPE_CHECKING:
    from tests.cast import Cast


def today(cast: Cast) -> date:
    """The region's day."""
    return today_in(cast.region, timezone.now())


def kitchen(cast: Cast) -> Shop:
    """The pack's first kitchen, where Bu Sri cooks, read anew."""
    rows = Shop.objects.filter(organisation__kind="kitchen").order_by("organisation__code")
    found = with_parts(rows).first()
    assert found is not None
    return found


def shown(shop: Shop, kind: str, expires_on: date | None) -> ShopPaper:
    """A paper that was shown and not compared by anybody yet."""
    return ShopPaper.objects.create(
        shop=shop,
        kind=kind,
        number="206351001012328",
        expires_on=expires_on,
        told_at=timezone.now(),
        told_by="tests",
    )


def days(number: int) -> timedelta:
    """So many days."""
    return timedelta(days=number)
