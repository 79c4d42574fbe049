"""How long `import gancang_planner` takes beyond numpy's own, in a fresh Python each time."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMES = 15
LIMIT_MS = 40
MEASURE = """
import time, numpy
wall, cpu = time.perf_counter(), time.process_time()
import gancang_planner
print((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000)
"""


def run() -> Iterator[dict[str, Any]]:
    """The median of several; the first fills the caches and does not count."""
    with tempfile.TemporaryDirectory() as cache:
        took = [_once(cache) for _ in range(TIMES + 1)][1:]
    wall, cpu = (statistics.median(ms) for ms in zip(*took, strict=True))
    yield {
        "what": "import of gancang_planner beyond numpy's own",
        "told": f"{wall:.0f} ms, {cpu:.0f} ms of work, of {TIMES}; limit {LIMIT_MS} ms",
        "ms": round(wall, 1),
        "cpu_ms": round(cpu, 1),
    }


def _once(cache: str) -> tuple[float, float]:
    """Milliseconds on the wall and of work, with compiled files as every installation has them."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE],
        env={**kept, "PYTHONPYCACHEPREFIX": cache},
        capture_output=True,
        text=True,
        check=True,
    )
    wall, cpu = map(float, ran.stdout.split())
    return wall, cpu
