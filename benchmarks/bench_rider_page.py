"""What a rider's first visit costs on the wire: page, styles, scripts and pictures, compressed."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from benchmarks.world import PACK, database

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT_KB = 60


def run() -> Iterator[dict[str, Any]]:
    """Bytes of each part and in all, against the 60 KB that we allow."""
    with database():
        parts = _parts()
    total = sum(parts.values())
    yield {
        "what": "rider's first visit",
        "told": f"{total / 1024:.1f} KB on the wire of {LIMIT_KB} allowed, {len(parts)} requests",
        "bytes": parts,
        "ratio": round(total / 1024 / LIMIT_KB, 3),
    }


def _parts() -> dict[str, int]:
    from django.contrib.staticfiles import finders  # noqa: PLC0415 - Django is set up by then
    from django.test import Client  # noqa: PLC0415

    from gancang import packs  # noqa: PLC0415
    from gancang.accounts.actions import Newcomer, add_person  # noqa: PLC0415
    from gancang.accounts.models import Role  # noqa: PLC0415
    from gancang.fleet.actions import enlist, start_shift  # noqa: PLC0415
    from gancang.regions.queries import list_organisations, list_regions  # noqa: PLC0415

    now = datetime.now(UTC)
    packs.load(PACK, by="bench", now=now)
    region = list_regions()[0]
    fleet = list_organisations(region, ["fleet"])[0]
    newcomer = Newcomer(
        username="toni",
        full_name="Toni",
        password="kopi-pagi-osing",
        role=Role.RIDER,
        organisation=fleet,
    )
    user = add_person(newcomer, region=region, by="bench", now=now)
    start_shift(
        enlist(user, organisation=fleet, vehicle="motor", plate="", by="bench", now=now), now=now
    )
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    page = client.get("/dispatch/rider").content
    # The page itself leaves uncompressed; a proxy may do better.
    parts = {"page": len(page)}
    for url in re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode()):
        path = finders.find(url)
        assert isinstance(path, str), url
        with open(path, "rb") as file:
            parts[url] = len(gzip.compress(file.read()))
    return parts
