"""What each page of a hospital's day costs: processor time and queries, one request at a time.

`python -m benchmarks page_costs`: the people of `hospital_day`, one after the other and without a
network, against the application in this process. A busy machine changes processor time less than
seconds; each row is also told against the sign-in page of the same run, so that rows of different
machines and days can be laid side by side.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from benchmarks.hired import hire
from benchmarks.hospital_day import Day, at_the_desk, clerk_types, links, log_in, look
from benchmarks.world import database

if TYPE_CHECKING:
    from collections.abc import Iterator

PRESCRIPTIONS, RIDERS, ROUNDS = 40, 4, 12
UNIT = "GET masuk"


@dataclass(slots=True)
class Costs:
    """What was spent, by page."""

    cpu_s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    queries: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


class Measured(httpx.BaseTransport):
    """The application itself instead of a network, with what each request costs it."""

    def __init__(self, costs: Costs) -> None:
        from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - Django is set up now

        self.inner = httpx.WSGITransport(app=get_wsgi_application())
        self.costs = costs

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the server would."""
        from django.db import connection  # noqa: PLC0415
        from django.urls import resolve  # noqa: PLC0415

        asked = 0

        def count(execute: Any, *args: Any) -> Any:
            nonlocal asked
            asked += 1
            return execute(*args)

        with connection.execute_wrapper(count):
            began = time.process_time()
            response = self.inner.handle_request(request)
            spent = time.process_time() - began
        name = f"{request.method} {resolve(request.url.path).route}"
        self.costs.cpu_s[name].append(spent)
        self.costs.queries[name].append(asked)
        return response


def run() -> Iterator[dict[str, Any]]:
    """A row a page, the one on which most is spent first."""
    with database():
        costs = play()
    unit = statistics.median(costs.cpu_s[UNIT])
    for name in sorted(costs.cpu_s, key=lambda each: -sum(costs.cpu_s[each])):
        spent, queries = costs.cpu_s[name], costs.queries[name]
        middle = statistics.median(spent)
        yield {
            "what": name,
            "told": f"{middle * 1000:.1f} ms of CPU, {middle / unit:.1f}x the sign-in page, "
            f"{statistics.median(queries):.0f} queries (most {max(queries)}), {len(spent)} times",
            "cpu_ms": round(middle * 1000, 2),
            "ratio": round(middle / unit, 2),
            "queries": [statistics.median_low(queries), max(queries)],
            "times": len(spent),
        }


def play(prescriptions: int = PRESCRIPTIONS, riders: int = RIDERS, rounds: int = ROUNDS) -> Costs:
    """Play a small day to its end; what each page of it cost."""
    from django.utils import timezone  # noqa: PLC0415 - Django is set up by then

    from gancang.dispatch.ticking import tick  # noqa: PLC0415
    from gancang.regions.queries import list_regions  # noqa: PLC0415

    hire(riders)
    region = list_regions()[0]
    region.config["desk"]["pause_seconds"] = 0  # nobody waits here for a second look
    region.save(update_fields=["config"])
    costs = Costs()
    day = Day("http://localhost", prescriptions, way=Measured(costs))
    clerk_types(day, "clerk-0", range(prescriptions))
    pharmacists = [log_in(day, f"pharmacist-{n}") for n in range(2)]
    at_work = [log_in(day, f"rider-{n}") for n in range(riders)]
    for _round in range(rounds):
        for pharmacist in pharmacists:
            for path in links(pharmacist.page("/medicine/queue"), "/medicine/orders/"):
                at_the_desk(day, pharmacist, path)
        tick(region, now=timezone.now())
        for rider in at_work:
            look(day, rider)
    return costs
