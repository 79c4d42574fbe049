"""What is counted and timed, and GET /metrics. No label holds a code or a name."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from django.db import DatabaseError
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.responses import Response

from gancang.outbox.queries import count_waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from gancang.live.database import Threads

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "gancang_requests", "Requests answered.", ["route", "method", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "gancang_request_seconds", "Time until an answer was sent.", ["route"], registry=REGISTRY
)
STREAMS = Gauge(
    "gancang_event_streams_open",
    "Boards that listen.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
POSITIONS = Counter("gancang_positions", "Positions of riders taken in.", registry=REGISTRY)
TICK_SECONDS = Histogram(
    "gancang_dispatch_tick_seconds", "Time of one planning tick.", ["region"], registry=REGISTRY
)
TICKS_FAILED = Counter(
    "gancang_dispatch_ticks_failed", "Planning ticks that broke.", ["region"], registry=REGISTRY
)


class _Asked(Collector):
    """What is known by asking the database."""

    def __init__(self, letters: int | None) -> None:
        self.letters = letters

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The database's own gauges."""
        up = float(self.letters is not None)
        yield GaugeMetricFamily("gancang_database_up", "Whether the database answers.", value=up)
        if self.letters is not None:
            yield GaugeMetricFamily(
                "gancang_letters_waiting", "Letters not sent yet.", value=self.letters
            )


async def page(request: Request) -> Response:
    """Everything, in Prometheus' text format; of all processes, if there are several."""
    asked = CollectorRegistry()
    asked.register(_Asked(await _find_letters_waiting(request.app.state.threads)))
    counted = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]  # not typed there
    text = generate_latest(counted) + generate_latest(asked)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


async def _find_letters_waiting(threads: Threads) -> int | None:
    try:
        async with asyncio.timeout(3):
            return await threads.ask(count_waiting)
    except (DatabaseError, TimeoutError):
        return None
