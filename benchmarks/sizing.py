"""What a year of orders takes: bytes in the database, and a backup with its drill.

`python -m benchmarks sizing` (200,000 orders: 4 GB of disk, some minutes), or with fewer:
`GANCANG_SIZING_ORDERS=20000`. The orders are a played day, copied (`benchmarks.year`).
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.page_costs import play
from benchmarks.world import database
from benchmarks.year import grow

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAYED = 20
ORDERS = int(os.environ.get("GANCANG_SIZING_ORDERS", "200000"))
LARGEST = 6


def run() -> Iterator[dict[str, Any]]:
    """Bytes an order by table; seconds, size and memory of a backup and its drill."""
    with database() as folder:
        play(PLAYED, riders=3, rounds=14)
        before = _bytes()
        grow(1, ORDERS // PLAYED)
        an_order = round((_bytes() - before) / ORDERS)
        parts = {name: round(size / ORDERS) for name, size in _tables()}
        yield {
            "what": f"database, {ORDERS} orders",
            "told": f"{an_order} bytes an order without photos: "
            + ", ".join(f"{name} {size}" for name, size in parts.items()),
            "bytes_an_order": an_order,
            "largest": parts,
        }
        yield _photo()
        yield _backup(folder)


def _photo() -> dict[str, Any]:
    """A photo at its worst, noise all over, as it is stored: JPEG, base64, sealed, base64."""
    from PIL import Image  # noqa: PLC0415 - only here

    from gancang.orders.evidence import clean_photo  # noqa: PLC0415
    from gancang.vault import sealed  # noqa: PLC0415

    taken = io.BytesIO()
    Image.effect_noise((1500, 2000), 80).save(taken, "JPEG")
    size = len(sealed(clean_photo(taken.getvalue()), column="sizing.photo"))
    told = f"{size // 1024} KB stored at the worst"
    return {"what": "a photo of a hand-over", "told": told, "bytes": size}


def _bytes() -> int:
    return int(_asked("SELECT pg_database_size(current_database())")[0][0])


def _tables() -> list[tuple[str, int]]:
    return _asked(
        "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables "
        f"ORDER BY 2 DESC LIMIT {LARGEST}"
    )


def _asked(query: str) -> list[Any]:
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _backup(folder: Path) -> dict[str, Any]:
    gancang = str(Path(sys.executable).parent / "gancang")
    to = folder / "copies"
    asked = [gancang, "backup", "--to", str(to), "--drill", "--json"]
    ran = subprocess.run(asked, capture_output=True, text=True, check=True)
    told = json.loads(ran.stdout)
    # The largest of all that ended so far: the command itself, or its pg_dump.
    peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    size = sum(path.stat().st_size for path in to.rglob("*") if path.is_file())
    return {
        "what": f"backup and drill, {ORDERS} orders",
        "told": f"{told['seconds']} s, restored and verified in {told['drill_seconds']} s, "
        f"{size / 2**20:.0f} MiB, {size // ORDERS} bytes an order, peak {peak_mib} MiB",
        "seconds": told["seconds"],
        "drill_seconds": told["drill_seconds"],
        "bytes_an_order": size // ORDERS,
        "peak_mib": peak_mib,
    }
