"""Which gateway this installation has, from its settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from gancang.qris.adapters.snap.client import Snap

if TYPE_CHECKING:
    from gancang.qris.adapters.gateway import Gateway
    from gancang.regions.models import Region


def gateway_named(name: str) -> Gateway | None:
    """The gateway of this name, if there is an agreement with it."""
    if name != Snap.name or not settings.QRIS_SNAP_URL:
        return None
    return Snap(
        url=settings.QRIS_SNAP_URL,
        partner_id=settings.QRIS_SNAP_PARTNER_ID,
        merchant_id=settings.QRIS_SNAP_MERCHANT_ID,
        own_key=Path(settings.QRIS_SNAP_PRIVATE_KEY).read_bytes(),
        their_key=Path(settings.QRIS_SNAP_PUBLIC_KEY).read_bytes(),
    )


def gateway_of(region: Region) -> Gateway | None:
    """The gateway whose agreement this region has signed: what comes in there is its own."""
    has_signed = region.code == settings.QRIS_REGION
    return gateway_named(Snap.name) if has_signed else None
