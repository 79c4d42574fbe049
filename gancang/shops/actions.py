"""What is written about shops: the pack's own, and (elsewhere in this folder) each deed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.regions.models import Organisation
from gancang.shops.models import Hours, Shop
from gancang.shops.queries import KINDS
from gancang.shops.rules import OF_PACK, Manner, State

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Region


@transaction.atomic
def load(region: Region, *, by: str, now: datetime) -> list[str]:
    """The pack's kitchens and shops are approved shops; a line each that was none. Idempotent."""
    rows = Organisation.objects.filter(region=region, kind__in=KINDS, shop=None).order_by("code")
    made = [_approved(row, now=now) for row in rows]
    Shop.objects.bulk_create(made)
    manner = Manner.of(region.config)
    Hours.objects.bulk_create(
        Hours(shop=shop, weekday=day, opens=manner.opens, closes=manner.closes)
        for shop in made
        for day in range(7)
    )
    said = [f"shop {shop.organisation.code}: registered" for shop in made if shop.organisation]
    if said:
        facts: dict[str, object] = {"changes": said}
        record("shops.loaded", region.code, region=region.code, by=by, now=now, facts=facts)
    return said


def _approved(row: Organisation, *, now: datetime) -> Shop:
    return Shop(
        region_id=row.region_id,
        organisation=row,
        kind=row.kind,
        name=row.name,
        village_id=row.village_id,
        address=row.address,
        lat=row.lat,
        lon=row.lon,
        owner_phone=row.phone,
        state=State.APPROVED,
        applied_at=now,
        applied_by=OF_PACK,
        decided_at=now,
        decided_by=OF_PACK,
    )
