"""Finding a dish among ten thousand sellers of thirty dishes each, spelt rightly and wrongly."""

from __future__ import annotations

import random
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.world import database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SELLERS, DISHES, ASKED, SEED = 10_000, 30, 60, 2026
FIRST = (
    "rujak nasi sego soto pecel rawon ayam ikan sate bakso mie tahu tempe lontong gado es kopi teh "
    "jus pisang martabak bubur sop gulai rendang bebek lele udang cumi kepiting"
)
SECOND = (
    "soto tempong cawuk rawon pitik goreng bakar pedas manis kampung santan kuning lemang uduk "
    "campur padang madura lamongan telur daging babat buntut kacang degan jeruk tubruk susu hangat "
    "keju coklat geprek penyet lalapan asem rica bumbu serundeng kremes sambal matah"
)
SYLLABLES = "ka li ba ru sum ber ja ti ta man sa ri go la ne pu wi do"
ILIKE = "SELECT seller_id FROM menus_dish WHERE {} GROUP BY seller_id ORDER BY seller_id LIMIT 40"
TEXT = (
    "SELECT seller_id FROM menus_dish WHERE to_tsvector('simple', name) @@ "
    "plainto_tsquery('simple', %s) GROUP BY seller_id ORDER BY seller_id LIMIT 40"
)


def run() -> Iterator[dict[str, Any]]:
    """Milliseconds of CPU (ours and the database's) and recall, beside ILIKE and full text."""
    draw = random.Random(SEED)
    with database():
        from benchmarks.menu_world import fill, ours  # noqa: PLC0415 - Django is ready only here

        menus = [_menu(draw) for _ in range(SELLERS)]
        region = fill(menus)
        right = [draw.choice(draw.choice(menus)) for _ in range(ASKED)]
        wrong = [_misspelt(name, draw) for name in right]
        now = datetime.now(UTC)
        ways: dict[str, Callable[[str], list[int]]] = {
            "searched, with a page of 20 sellers": lambda typed: ours(region, typed, now),
            "searched, numbers alone": lambda typed: ours(region, typed, now, alone=True),
            "by ILIKE": _by_ilike,
            "by full text": _by_text,
        }
        for way, find in ways.items():
            for kind, typed in (("spelt rightly", right), ("with a slip", wrong)):
                yield _row(f"a dish {kind}, {way}", find, typed, right)


def _row(
    what: str, find: Callable[[str], list[int]], typed: list[str], meant: list[str]
) -> dict[str, Any]:
    from benchmarks.menu_world import sells  # noqa: PLC0415

    took, found = [], 0
    find(typed[0])
    for asked, name in zip(typed, meant, strict=True):
        before = _cpu_s()
        sellers = find(asked)
        took.append((_cpu_s() - before) * 1000)
        found += sells(sellers, name)
    mean, most = statistics.mean(took), max(took)
    return {
        "what": what,
        "told": f"{mean:.0f} ms CPU in the mean, {most:.0f} at most; {found} of {len(typed)} found",
        "ms_mean": round(mean, 1),
        "ms_most": round(most, 1),
        "found": found,
        "asked": len(typed),
    }


def _menu(draw: random.Random) -> list[str]:
    names: set[str] = set()
    firsts, seconds, syllables = FIRST.split(), SECOND.split(), SYLLABLES.split()
    while len(names) < DISHES:
        # What everybody cooks, and what only one house calls so.
        first = firsts[min(int(draw.expovariate(0.12)), len(firsts) - 1)]
        own = "".join(draw.choices(syllables, k=draw.randint(2, 3)))
        second = draw.choice(seconds) if draw.random() < 0.85 else own
        names.add(f"{first} {second}".title())
    return sorted(names)


def _misspelt(name: str, draw: random.Random) -> str:
    """One letter of a longer word is missing, doubled, swapped or another."""
    words = name.lower().split()
    at = draw.choice([n for n, word in enumerate(words) if len(word) >= 4] or [0])
    word = words[at]
    place = draw.randrange(1, max(2, len(word) - 1))
    words[at] = draw.choice(
        [
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
            word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
            word[:place] + draw.choice("aeioukntr") + word[place + 1 :],
        ]
    )
    return " ".join(words)


def _by_ilike(typed: str) -> list[int]:
    words = typed.split()
    return _asked(
        ILIKE.format(" AND ".join(["name ILIKE %s"] * len(words))), [f"%{w}%" for w in words]
    )


def _by_text(typed: str) -> list[int]:
    return _asked(TEXT, [typed])


def _asked(sql: str, told: list[str]) -> list[int]:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        return [row[0] for row in cursor.fetchall()]


def _cpu_s() -> float:
    """Seconds that this process and its connection's server process have worked."""
    from django.db import connection  # noqa: PLC0415

    assert connection.connection is not None
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text("ascii")
    return time.process_time() + int(stat.split()[0]) / 1e9
