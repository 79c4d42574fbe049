"""The dispatch's rounds: every few seconds, one tick for each region."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from django.utils import timezone

from gancang.dispatch.ticking import tick
from gancang.incidents.actions import note_late
from gancang.live import metrics
from gancang.regions.queries import list_regions

if TYPE_CHECKING:
    from gancang.live.database import Threads
    from gancang.regions.models import Region

log = logging.getLogger(__name__)
EVERY_S = 3


async def go(threads: Threads) -> None:
    """Tick for ever. One region's trouble is written down and spares the others."""
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        for region in await threads.ask(list_regions):
            try:
                with metrics.TICK_SECONDS.labels(region.code).time():
                    await threads.ask(_tick, region)
            except Exception:
                metrics.TICKS_FAILED.labels(region.code).inc()
                log.exception("a tick broke", extra={"region": region.code})
        await asyncio.sleep(max(0.5, began + EVERY_S - loop.time()))


def _tick(region: Region) -> None:
    tick(region, now=timezone.now())
    note_late(region, now=timezone.now())
