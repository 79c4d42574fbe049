"""Loading a whole region pack: each capability takes in what is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.formulary import actions as formulary
from gancang.ledger import actions as ledger
from gancang.menus import writing as menus
from gancang.outbox import actions as outbox
from gancang.programmes import actions as programmes
from gancang.regions import actions as regions
from gancang.regions.pack import Pack, read_pack
from gancang.regions.queries import get_region
from gancang.shops import actions as shops
from gancang.shops.queries import codes_that_joined

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


def load(folder: Path, *, by: str, now: datetime) -> list[str]:
    """Load or update the pack in `folder`; what changed, a line each. Raises BadPack."""
    return take_in(read_pack(folder), by=by, now=now)


def take_in(pack: Pack, *, by: str, now: datetime) -> list[str]:
    """Load or update a pack that was read."""
    said = regions.load(pack, by=by, now=now, beside=codes_that_joined(pack.region.code))
    region = get_region(pack.region.code)
    said += outbox.keep_manner(
        pack.region.code,
        timezone=pack.region.timezone,
        language=pack.region.languages[0],
        letters=pack.letters,
    )
    said += ledger.load(pack, region=region, by=by, now=now)
    said += formulary.load(pack, region=region, by=by, now=now)
    said += shops.load(region, by=by, now=now)
    said += menus.load(region, by=by, now=now)
    said += programmes.load(pack, region=region, by=by, now=now)
    return said
