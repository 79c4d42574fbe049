"""Taking in the outlines of villages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from django.db import transaction

from gancang.addresses.models import Outline
from gancang.addresses.outlines import read_outlines
from gancang.addresses.rules import Why
from gancang.audit.actions import record
from gancang.regions.queries import villages_by_code
from gancang.regions.spelling import Named
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from gancang.regions.models import Region

BYTES_MOST = 200_000_000


def load_outlines(region: Region, file: Path, *, by: str, now: datetime) -> tuple[int, int]:
    """Put a file's outlines in the place of all there were, or change nothing.

    How many villages have one now, and how many have none.
    """
    villages = villages_by_code(region)
    named = [Named(each.code, each.name, each.district.name) for each in villages.values()]
    found = read_outlines(_read(file), named, bounds=region.config["bounds"])
    rows = []
    for code, outline in found.items():
        west, south, east, north = outline.bounds
        box = {"west": west, "south": south, "east": east, "north": north}
        rows.append(Outline(village=villages[code], shape=shapely.to_wkb(outline), **box))
    with transaction.atomic():
        Outline.objects.filter(village__region=region).delete()
        Outline.objects.bulk_create(rows)
        facts = {"file": file.name, "villages": len(rows)}
        record("outlines.loaded", region.code, region=region.code, by=by, now=now, facts=facts)
    return len(rows), len(villages) - len(rows)


def _read(file: Path) -> bytes:
    if not file.is_file():
        raise Refused(Why.NO_FILE, file=file.name)
    if file.stat().st_size > BYTES_MOST:
        raise Refused(Why.TOO_LARGE, most="2,000,000")
    return file.read_bytes()
