"""Every page of programmes and money with a thousand times the demonstration, against it alone.

The day of `gancang demo` is copied with all its ties (`benchmarks.year`): residents, orders,
enrolments, meals, vouchers, movements of money. The pages are found by themselves: whatever a menu
leads to, and the first of each kind behind it; so a new page is measured without a thought of it.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from benchmarks.bench_lists import _measure as measured
from benchmarks.world import PACK, database
from benchmarks.year import grow

if TYPE_CHECKING:
    from collections.abc import Iterator

COPIES = int(os.environ.get("GANCANG_COPIES", "1000"))
PRESCRIPTIONS = 40
DEPTH = 2  # a menu's entry, what it lists, what that leads to
WHO = ("dian", "hadi", "lestari", "wahid", "sri", "ningsih", "tini", "bagus")
PARTS = (
    "cases", "closing", "complaints", "enrolment", "figures/programmes", "forecast",
    "inspection", "overview", "parcels", "programmes", "purchases", "residents", "servings",
    "settlement", "vouchers",
)  # fmt: skip
LINK = re.compile(r'href="(/[^"#]*)')
NAME = re.compile(r"/(?:[A-Z]{1,4}-[-\w.]+|\d[\d.]*)(?=/|$)|\?.*$")
# Files are written as long as they are; what is read by machines is measured elsewhere.
FILES = re.compile(r"\.(toml|csv|xlsx|pdf|json)|/(csv|lists/\d+|workbook|sheet|recap|receipt)|=csv")


def run() -> Iterator[dict[str, Any]]:
    """Seconds and queries of each page at both sizes, the one that grows most first."""
    with database():
        clients = _demonstration()
        pages = _found(clients)
        small = {shape: measured(clients[who], url) for shape, (who, url) in pages.items()}
        before = _counts()
        grow(1, COPIES - 1)
        yield {"what": "rows, before and after", "told": _both(before, _counts())}
        large = {shape: measured(clients[who], url) for shape, (who, url) in pages.items()}
    rows = [_told(pages[shape][1], small[shape], large[shape]) for shape in pages]
    yield from sorted(rows, key=lambda row: -row.get("ratio", 10**6))


def _demonstration() -> dict[str, Any]:
    """The day of `gancang demo` as it begins, and a client of each of its people."""
    from django.conf import settings  # noqa: PLC0415 - Django is set up by then
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from gancang import packs  # noqa: PLC0415
    from gancang.accounts.queries import list_demo_people  # noqa: PLC0415
    from gancang.demo import play  # noqa: PLC0415
    from gancang.regions.pack import read_pack  # noqa: PLC0415
    from gancang.regions.queries import list_regions  # noqa: PLC0415

    settings.DEMO = True
    packs.take_in(play.at_ease(read_pack(PACK)), by="bench", now=timezone.now())
    play.set_up(list_regions()[0], PRESCRIPTIONS)
    clients = {}
    for person in list_demo_people():
        client = clients[person.user.username] = Client()
        client.force_login(person.user, "django.contrib.auth.backends.ModelBackend")
    return clients


def _found(clients: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Who opens which address, one of each kind of page: by its menu, then by what it shows."""
    pages: dict[str, tuple[str, str]] = {}
    for who in WHO:
        if who not in clients:
            continue
        waiting = [("/accounts/password", 0)]
        while waiting:
            url, depth = waiting.pop(0)
            answer = clients[who].get(url)
            if answer.status_code != 200 or "html" not in answer["Content-Type"]:
                continue
            if depth:
                pages.setdefault(NAME.sub("/X", url), (who, url))
            if depth <= DEPTH:
                fresh = [
                    (link.replace("&amp;", "&"), depth + 1)
                    for link in dict.fromkeys(LINK.findall(answer.content.decode()))
                    if link.lstrip("/").startswith(PARTS)
                    and not FILES.search(link)
                    and NAME.sub("/X", link) not in pages
                ]
                waiting += [each for each in fresh if each not in waiting]
    return pages


def _told(url: str, small: Any, large: Any) -> dict[str, Any]:
    if isinstance(small, int) or isinstance(large, int):
        return {"what": url, "told": f"answered {small}, then {large}"}
    (before, queries), (after, queries_after) = small, large
    return {
        "what": url,
        "told": f"{after / before:.2f}x ({before * 1000:.0f} ms, {after * 1000:.0f} ms; "
        f"{queries} and {queries_after} queries)",
        "seconds": [round(before, 4), round(after, 4)],
        "ratio": round(after / before, 3),
        "queries": [queries, queries_after],
    }


def _counts() -> dict[str, int]:
    from django.apps import apps  # noqa: PLC0415 - Django is set up by then

    names = (
        "residents.resident", "orders.order", "enrolment.enrolment", "servings.serving",
        "fulfilment.case", "vouchers.voucher", "complaints.complaint", "ledger.transfer",
        "audit.event",
    )  # fmt: skip
    return {name.partition(".")[2]: apps.get_model(name).objects.count() for name in names}


def _both(before: dict[str, int], after: dict[str, int]) -> str:
    return ", ".join(f"{name} {before[name]} and {after[name]}" for name in before)
