"""Every list, search, board and figure with 200,000 orders against 2,000: queries and time.

The orders are a played day, copied (`benchmarks.year`): as many people, 2 million events, 1.7
million readings, 840,000 transfers, 600,000 letters. What is open at one time does not grow.
"""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from benchmarks.hired import log_in_as
from benchmarks.page_costs import play
from benchmarks.world import database
from benchmarks.year import grow

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAYED, SMALL, LARGE = 20, 2_000, 200_000
RUNS, RUN_S_MAX = 7, 20
PAGES = {
    "order list": ("pharmacist-0", "/medicine/orders"),
    "order list, by state": ("pharmacist-0", "/medicine/orders?state=delivered"),
    "order list, by code": ("pharmacist-0", "/medicine/orders?q={code}"),
    "order list, by number": ("pharmacist-0", "/medicine/orders?q={number}"),
    "order list, by village": ("pharmacist-0", "/medicine/orders?q={village}"),
    "order list, of the region": ("operator", "/medicine/orders"),
    "one order": ("pharmacist-0", "/medicine/orders/{code}"),
    "an order's story": ("auditor", "/overview/orders/{code}"),
    "queue": ("pharmacist-0", "/medicine/queue"),
    "came back": ("pharmacist-0", "/medicine/returns"),
    "owed": ("pharmacist-0", "/medicine/owed"),
    "visits": ("pharmacist-0", "/medicine/visits"),
    "repeats": ("pharmacist-0", "/repeats/"),
    "on paper": ("pharmacist-0", "/paperwork/"),
    "new prescription": ("clerk-0", "/medicine/new"),
    "to confirm": ("clerk-0", "/contact/confirmations"),
    "residents, by name": ("clerk-0", "/residents/?q=Pasien"),
    "residents, by phone": ("clerk-0", "/residents/?q=081234560007"),
    "for a patient": ("clerk-0", "/contact/patient?q=HARI-0000"),
    "board": ("operator", "/dispatch/board"),
    "planning": ("admin", "/dispatch/planning"),
    "incidents": ("operator", "/incidents/"),
    "letters": ("operator", "/contact/letters"),
    "messages": ("operator", "/contact/messages"),
    "riders": ("operator", "/fleet/riders"),
    "patients' money": ("treasurer", "/cash/"),
    "book": ("treasurer", "/overview/book"),
    "budgets": ("treasurer", "/overview/budgets"),
    "events": ("auditor", "/overview/events"),
    "who read what": ("auditor", "/overview/readings"),
    "people": ("admin", "/accounts/people"),
    "rider's page": ("rider-0", "/dispatch/rider"),
    "figures of a month": ("operator", "/figures/?from={month}&until={today}"),
    "figures of a year": ("operator", "/figures/?from={year}&until={today}"),
    "orders behind a figure": ("operator", "/figures/orders?from={year}&what=over"),
}


def run() -> Iterator[dict[str, Any]]:
    """Seconds and queries a page at both sizes, and their ratio."""
    with database():
        play(PLAYED, riders=3, rounds=14)
        clients, words = _readers(), _words()
        found: dict[int, dict[str, tuple[float, int] | int]] = {}
        for before, size in ((0, SMALL), (SMALL, LARGE)):
            grow(before // PLAYED + 1, size // PLAYED)
            found[size] = {
                name: _measure(clients[who], url.format(**words))
                for name, (who, url) in PAGES.items()
            }
        for name in PAGES:
            yield _told(name, found[SMALL][name], found[LARGE][name])


def _told(name: str, small: Any, large: Any) -> dict[str, Any]:
    row = {"what": f"{name}, {LARGE} orders against {SMALL}"}
    if isinstance(small, int) or isinstance(large, int):
        return {**row, "told": f"answered {small}, {large}"}
    (before, queries), (after, queries_after) = small, large
    return {
        **row,
        "told": f"{after / before:.2f}x ({before * 1000:.0f} ms, {after * 1000:.0f} ms; "
        f"{queries} and {queries_after} queries)",
        "seconds": [round(before, 4), round(after, 4)],
        "ratio": round(after / before, 3),
        "queries": [queries, queries_after],
    }


def _readers() -> dict[str, Any]:
    from django.test import Client  # noqa: PLC0415 - Django is set up by then

    from gancang.accounts.models import Role, User  # noqa: PLC0415

    for role in (Role.OPERATOR, Role.TREASURER, Role.AUDITOR):
        log_in_as(role.value, role)
    clients = {}
    for user in User.objects.all():
        clients[user.username] = Client()
        clients[user.username].force_login(user, "django.contrib.auth.backends.ModelBackend")
    return clients


def _words() -> dict[str, str]:
    from gancang.orders.models import Order  # noqa: PLC0415 - Django is set up by then

    order = Order.objects.select_related("village", "prescription").order_by("pk")[0]
    today = datetime.now(UTC).date()
    return {
        "code": order.code,
        "number": order.prescription.number,
        "village": order.village.name,
        "today": today.isoformat(),
        "month": (today - timedelta(days=30)).isoformat(),
        "year": (today - timedelta(days=360)).isoformat(),
    }


def _measure(client: Any, url: str) -> tuple[float, int] | int:
    """Median seconds and queries, or the status where it is not 200."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by then
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as seen:
        if (status := client.get(url).status_code) != 200:
            return int(status)
    queries = len(seen)  # counted now: the next request empties the log
    times: list[float] = []
    while len(times) < RUNS and sum(times) < RUN_S_MAX:
        started = time.perf_counter()
        client.get(url)
        times.append(time.perf_counter() - started)
    return statistics.median(times), queries
