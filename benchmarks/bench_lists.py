"""Order list, queue and board with 200,000 orders against 2,000: the same queries and time."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from benchmarks.world import ORDERS, PACK, PAPERS, database

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL, LARGE, RUNS = 2_000, 200_000, 40
PAGES = {
    "order list": ("pharmacist", "/medicine/orders"),
    "order list, by state": ("pharmacist", "/medicine/orders?state=delivered"),
    "order list, by code": ("pharmacist", "/medicine/orders?q=BENCH-77"),
    "order list, by village": ("pharmacist", "/medicine/orders?q=pusat"),
    "queue": ("pharmacist", "/medicine/queue"),
    "board": ("operator", "/dispatch/board"),
}


def run() -> Iterator[dict[str, Any]]:
    """Seconds and queries a page at both sizes, and their ratio."""
    with database():
        ids, clients = _people()
        found = {}
        for size in (SMALL, LARGE):
            _fill(ids, size)
            found[size] = {name: _measure(clients[who], url) for name, (who, url) in PAGES.items()}
        for name in PAGES:
            (small, queries), (large, queries_large) = found[SMALL][name], found[LARGE][name]
            yield {
                "what": f"{name}, {LARGE} orders against {SMALL}",
                "told": f"{large / small:.2f}x ({small * 1000:.0f} ms, {large * 1000:.0f} ms; "
                f"{queries} and {queries_large} queries)",
                "seconds": [round(small, 4), round(large, 4)],
                "ratio": round(large / small, 3),
                "queries": [queries, queries_large],
            }


def _people() -> tuple[dict[str, Any], dict[str, Any]]:
    from django.test import Client  # noqa: PLC0415 - Django is set up by then

    from gancang import packs  # noqa: PLC0415
    from gancang.accounts.actions import Newcomer, add_person  # noqa: PLC0415
    from gancang.accounts.models import Role  # noqa: PLC0415
    from gancang.programmes.queries import list_programmes  # noqa: PLC0415
    from gancang.regions.queries import (  # noqa: PLC0415
        list_organisations,
        list_regions,
        villages_by_code,
    )
    from gancang.residents.actions import Particulars, register_all  # noqa: PLC0415

    now = datetime.now(UTC)
    packs.load(PACK, by="bench", now=now)
    region = list_regions()[0]
    hospital = list_organisations(region, ["hospital"])[0]
    village = next(iter(villages_by_code(region).values()))
    person = Particulars(full_name="Sari", village=village, address="RT 1")
    clients = {}
    for role, place in ((Role.PHARMACIST, hospital), (Role.OPERATOR, None)):
        newcomer = Newcomer(
            username=role.value,
            full_name=role.value,
            password="kopi-pagi-osing",
            role=role,
            organisation=place,
        )
        user = add_person(newcomer, region=region, by="bench", now=now)
        clients[role.value] = Client()
        clients[role.value].force_login(user, "django.contrib.auth.backends.ModelBackend")
    ids = {
        "region": region.pk,
        "programme": list_programmes(region)[0].pk,
        "resident": register_all([person], region=region, now=now)[0].pk,
        "origin": hospital.pk,
        "village": village.pk,
    }
    return ids, clients


def _fill(ids: dict[str, Any], size: int) -> None:
    """Grow to `size` orders, of which 20 in every 2,000 are open, and as many in both sizes."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders_order")
        there = cursor.fetchone()[0]
        cursor.execute(ORDERS, {**ids, "first": there + 1, "last": size})
        if there:
            # What a region has open at one time does not grow with the years.
            cursor.execute(
                "UPDATE orders_order SET state = 'delivered' WHERE code > 'BENCH-' AND "
                "split_part(code, '-', 2)::int > %s",
                [there],
            )
        cursor.execute(PAPERS)
        cursor.execute("VACUUM ANALYZE")


def _measure(client: Any, url: str) -> tuple[float, int]:
    from django.db import connection  # noqa: PLC0415 - Django is set up by then
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200, url
    queries = len(seen)  # counted now: the next request empties the log
    times = []
    for _run in range(RUNS):
        started = time.perf_counter()
        client.get(url)
        times.append(time.perf_counter() - started)
    return statistics.median(times), queries
