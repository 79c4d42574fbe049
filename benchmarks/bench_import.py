"""A file of 10,000 prescriptions: rows a second and memory, against placing one by one."""

from __future__ import annotations

import csv
import os
import re
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.world import PACK, database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gancang.medicine.actions import Counter

SMALL, LARGE, ONE_BY_ONE = 1_000, 10_000, 500
GRANTED_RP = 10**12  # enough for every row below


def run() -> Iterator[dict[str, Any]]:
    """Rows a second, peak memory, and how long the counter waits meanwhile."""
    with database() as folder:
        counter = _hospital()
        single, idle = _one_by_one(counter, ONE_BY_ONE)
        yield {
            "what": f"{ONE_BY_ONE} prescriptions placed one by one",
            "told": f"{single:.0f} rows/s",
            "rows_per_s": round(single, 1),
        }
        peaks = {}
        for many in (SMALL, LARGE):
            path = _file(folder, many, prefix=f"A{many}", counter=counter)
            seconds, peaks[many] = _import(path, counter)
            yield {
                "what": f"import of {many} rows, from command to prompt",
                "told": f"{many / seconds:.0f} rows/s, peak {peaks[many] / 2**20:.0f} MiB, "
                f"{many / seconds / single:.1f}x one by one",
                "rows_per_s": round(many / seconds, 1),
                "peak_bytes": peaks[many],
                "ratio": round(many / seconds / single, 2),
            }
        yield {
            "what": f"memory for {LARGE} rows against {SMALL}",
            "told": f"{peaks[LARGE] / peaks[SMALL]:.2f}x",
            "ratio": round(peaks[LARGE] / peaks[SMALL], 3),
        }
        waits = _counter_meanwhile(_file(folder, LARGE, prefix="B", counter=counter), counter)
        yield _row_of_waits(idle, waits)


def _row_of_waits(idle: list[float], waits: list[float]) -> dict[str, Any]:
    median, worst = statistics.median(waits), max(waits)
    calm = statistics.median(idle)
    return {
        "what": "one prescription at the counter while a file comes in",
        "told": f"{median * 1000:.0f} ms, at worst {worst * 1000:.0f} ms, of {len(waits)}; "
        f"{calm * 1000:.0f} ms when all is calm",
        "seconds": [round(calm, 4), round(median, 4), round(worst, 4)],
    }


def _hospital() -> Counter:
    from gancang import packs  # noqa: PLC0415 - Django is set up by then
    from gancang.medicine.actions import Counter  # noqa: PLC0415
    from gancang.regions.pack import read_pack  # noqa: PLC0415
    from gancang.regions.queries import list_organisations, list_regions  # noqa: PLC0415

    now = datetime.now(UTC)
    pack = read_pack(PACK)
    # In force today, whenever that is, and with money for all.
    programmes = tuple(
        replace(
            programme,
            agreements=tuple(
                replace(deal, until_date=date(now.year + 1, 12, 31))
                for deal in programme.agreements
            ),
        )
        for programme in pack.programmes
    )
    budgets = {
        (line.fund, line.programme): replace(line, year=now.year, amount_rp=GRANTED_RP)
        for line in pack.budgets
    }
    packs.take_in(
        replace(pack, programmes=programmes, budgets=tuple(budgets.values())), by="bench", now=now
    )
    origin = list_organisations(list_regions()[0], ["hospital"])[0]
    return Counter(origin=origin, door="form", by="bench")


def _file(folder: Path, many: int, *, prefix: str, counter: Counter) -> Path:
    from gancang.medicine.files import COLUMNS  # noqa: PLC0415 - Django is set up by then
    from gancang.regions.queries import villages_by_code  # noqa: PLC0415

    villages = list(villages_by_code(counter.region))
    path = folder / f"{prefix}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(COLUMNS))
        writer.writeheader()
        for number in range(many):
            typed = _typed(f"{prefix}-{number}", number, villages)
            writer.writerow({column: typed.get(name, "") for column, name in COLUMNS.items()})
    return path


def _typed(number: str, count: int, villages: list[str]) -> dict[str, str]:
    return {
        "number": number,
        "full_name": f"Sari {number}",
        "nik": f"351016490351{count % 10_000:04d}",
        "birth_date": "1951-03-09",
        "phone": f"0812{count:08d}",
        "village": villages[count % len(villages)],
        "address": f"Dusun Krajan RT 02/RW 01 No. {count}",
        "landmark": "belakang musala",
        "clinic": "Saraf",
        "prescriber": "dr. Ayu",
        "items": "Amlodipine 5 mg 1x1\nMetformin 500 mg 2x1\nSimvastatin 20 mg 1x1",
        "pbi": "ya",
    }


def _placing(counter: Counter) -> Callable[[str, int], float]:
    """Places one prescription as the counter's form does; seconds."""
    from gancang.medicine.actions import place  # noqa: PLC0415 - Django is set up by then
    from gancang.medicine.rules import Draft, read_draft  # noqa: PLC0415
    from gancang.regions.queries import today_in, villages_by_code  # noqa: PLC0415

    def once(number: str, count: int) -> float:
        started = time.perf_counter()
        now = datetime.now(UTC)
        villages = villages_by_code(counter.region)
        typed = _typed(number, count, list(villages))
        draft = read_draft(typed, villages=villages, today=today_in(counter.region, now))
        assert isinstance(draft, Draft), draft
        place(draft, counter, now=now)
        return time.perf_counter() - started

    return once


def _one_by_one(counter: Counter, many: int) -> tuple[float, list[float]]:
    once = _placing(counter)
    once("first", 0)
    waits = [once(f"one-{count}", count) for count in range(many)]
    return many / sum(waits), waits


def _start(path: Path, counter: Counter) -> subprocess.Popen[bytes]:
    words = ["import-prescriptions", str(path), "--region", counter.region.code]
    return subprocess.Popen(
        [sys.executable, "-m", "gancang.cli", *words, "--origin", counter.origin.code],
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
    )


def _import(path: Path, counter: Counter) -> tuple[float, int]:
    """Seconds from the command to its end, and the most memory that it had."""
    started, peak = time.perf_counter(), 0
    process = _start(path, counter)
    while process.poll() is None:
        peak = max(peak, _peak_of(process.pid))
        time.sleep(0.02)
    assert process.returncode == 0, path
    return time.perf_counter() - started, peak


def _peak_of(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:  # it has just ended
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


def _counter_meanwhile(path: Path, counter: Counter) -> list[float]:
    """How long each prescription took that was entered while the file came in."""
    once = _placing(counter)
    waits: list[float] = []
    process = _start(path, counter)
    while process.poll() is None:
        waits.append(once(f"meanwhile-{len(waits)}", len(waits)))
        time.sleep(0.1)
    assert process.returncode == 0, path
    return waits
