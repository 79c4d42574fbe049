"""The live map under load: phones that ping and boards that listen, over HTTP.

`python -m benchmarks live_map`: 2,000 riders ping every 5 s (JSON, a session each, connections
kept), 500 boards of their region listen, for a minute. The server, its PostgreSQL and its jobs
share one core; who asks has the other. At the end every board and the database must know the last
place of every rider. Both run at real-time priority where that is allowed (as root), since machines
are shared: for two minutes others get what is left.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.phones import Day, Listener, Phone
from benchmarks.served import peak_mib, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

RIDERS, BOARDS, EVERY_S = 2000, 500, 5
WARM_S, SECONDS, SETTLE_S, SECONDS_MAX = 20, 60, 6, 90
TELL_EVERY_S = 2
SERVERS_CORE, OUR_CORE = 0, 1
OPENED_AT_ONCE = 25


def run() -> Iterator[dict[str, Any]]:
    """2,000 riders and 500 boards for a minute."""
    yield from play(riders=RIDERS, boards=BOARDS, seconds=SECONDS)


def play(*, riders: int, boards: int, seconds: int) -> Iterator[dict[str, Any]]:
    """AssertionError names what was lost."""
    with tempfile.TemporaryDirectory(prefix="gancang-live-") as name:
        crowd = Path(name) / "crowd.json"
        asked = ("benchmarks.crowd", str(riders), str(boards), str(crowd))
        with serving(name, *asked, through=_on_one_core()) as served:
            told = json.loads(crowd.read_text())
            day = Day(("127.0.0.1", served.port), told["at"])
            phones = [Phone(day, number, session) for number, session in told["riders"]]
            listeners = [Listener(day, session) for session in told["boards"]]
            server = (served.process.pid, Path(name) / "var")
            with _apart():
                spent = asyncio.run(_lived(phones, listeners, day, seconds, server))
            _judge(phones, listeners, Path(name) / "var")
            yield from _rows(phones, listeners, day, spent, peak_mib(served.process.pid))


def _on_one_core() -> tuple[str, ...]:
    """What the server is started through."""
    if (os.cpu_count() or 1) < 2 or not shutil.which("taskset"):
        return ()
    return (*(("chrt", "-r", "1") if _is_root() else ()), "taskset", "-c", str(SERVERS_CORE))


def _is_root() -> bool:
    return os.geteuid() == 0


@contextmanager
def _apart() -> Iterator[None]:
    """We ourselves have the other core."""
    cores = os.sched_getaffinity(0)
    if len(cores) > 1:
        os.sched_setaffinity(0, {OUR_CORE})
    if _is_root():
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        os.sched_setaffinity(0, cores)


async def _lived(
    phones: list[Phone],
    listeners: list[Listener],
    day: Day,
    seconds: int,
    server: tuple[int, Path],
) -> dict[str, float]:
    """What the server spent in the seconds that count."""
    chance = random.Random(20261130)
    async with asyncio.timeout(SECONDS_MAX + seconds):
        for at in range(0, len(listeners), OPENED_AT_ONCE):
            await asyncio.gather(*(one.open() for one in listeners[at : at + OPENED_AT_ONCE]))
            while not all(one.is_open for one in listeners[: at + OPENED_AT_ONCE]):
                await asyncio.sleep(0.05)
        riding = [
            asyncio.create_task(phone.ride(EVERY_S, chance.uniform(0, EVERY_S))) for phone in phones
        ]
        await asyncio.sleep(WARM_S)
        before, began, day.is_counted = _spent(*server), perf_counter(), True
        await asyncio.sleep(seconds)
        took, after, day.is_counted = perf_counter() - began, _spent(*server), False
        day.is_over = True
        await asyncio.gather(*riding)
        await asyncio.sleep(SETTLE_S)
    return {name: (after[name] - before[name]) / took for name in after} | {"took": took}


def _spent(pid: int, var: Path) -> dict[str, float]:
    """Seconds of processor that the server and its PostgreSQL have spent, and rows written."""
    tick = os.sysconf("SC_CLK_TCK")
    spent, parents = {"server": 0.0, "database": 0.0}, {pid}
    # A process comes after the one that started it, but for numbers that began anew.
    for process in sorted(Path("/proc").glob("[0-9]*"), key=lambda path: int(path.name)):
        with suppress(OSError):
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            number, used = int(process.name), [int(field) / tick for field in fields[11:15]]
            if number == pid:
                spent["server"] += used[0] + used[1]
            elif int(fields[1]) in parents:
                parents.add(number)
                spent["database"] += sum(used)  # and of those that ended
    updated = "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'fleet_shift'"
    return spent | {"rows": float(_asked(var, updated)[0][0])}


def _judge(phones: list[Phone], listeners: list[Listener], var: Path) -> None:
    """Every board knows the last place of every rider, and so does the database."""
    lost = sum(phone.lost for phone in phones)
    assert not lost, f"{lost} pings found no server"
    cut_off = sum(one.was_lost for one in listeners)
    assert not cut_off, f"{cut_off} boards were cut off"
    last = {phone.rider: phone.lat for phone in phones}
    for number, one in enumerate(listeners):
        missed = sum(one.places.get(rider) != lat for rider, lat in last.items())
        assert not missed, f"board {number} does not know where {missed} riders are"
    written = {user: round(lat, 5) for user, lat in _asked(var, WRITTEN)}
    missed = sum(written.get(rider) != lat for rider, lat in last.items())
    assert not missed, f"the database does not know where {missed} riders are"


WRITTEN = (
    "SELECT r.user_id, s.lat FROM fleet_shift s JOIN fleet_rider r ON r.id = s.rider_id"
    " WHERE s.ended_at IS NULL AND s.lat IS NOT NULL"
)


def _asked(var: Path, query: str) -> list[Any]:
    import psycopg  # noqa: PLC0415 - only here

    from gancang import embedded  # noqa: PLC0415

    server = embedded.start(var)
    try:
        with psycopg.connect(server.url) as connection:
            return connection.execute(query).fetchall()
    finally:
        server.stop()


def _rows(
    phones: list[Phone],
    listeners: list[Listener],
    day: Day,
    spent: dict[str, float],
    mib: int,
) -> Iterator[dict[str, Any]]:
    took, answered = spent["took"], sum(day.statuses.values())
    taken_in = day.statuses.get(204, 0)
    half, late = (1000 * float(np.quantile(day.answers_s, share)) for share in (0.5, 0.99))
    yield {
        "what": f"{len(phones):,} riders ping every {EVERY_S} s",
        "told": f"{taken_in / took:.0f} positions/s, {taken_in / answered:.2%} answered 204, "
        f"within {half:.0f} ms (half), {late:.0f} ms (99 %)",
        "positions_a_second": round(taken_in / took, 1),
        "share_204": taken_in / answered,
        "answer_ms": [round(half, 1), round(late, 1)],
    }
    delays = np.concatenate(day.delays_s)
    half, late = (float(np.quantile(delays, share)) for share in (0.5, 0.99))
    counts = [one.messages for one in listeners]
    per_breath = np.mean(counts) / took * TELL_EVERY_S
    heard = min(one.told for one in listeners) / took
    yield {
        "what": f"{len(listeners):,} boards hear of them",
        "told": f"{per_breath:.2f} messages each {TELL_EVERY_S} s ({min(counts)} to {max(counts)} "
        f"in {took:.0f} s), {heard:.0f} positions/s on each, "
        f"{half:.1f} s after the ping (half), {late:.1f} s (99 %), nobody lost",
        "messages_per_breath": round(float(per_breath), 3),
        "delay_s": [round(half, 2), round(late, 2)],
    }
    yield {
        "what": "  what it takes of one core",
        "told": f"{spent['server']:.0%} gancang, {spent['database']:.0%} PostgreSQL; "
        f"{mib} MiB; {spent['rows']:.0f} rows written a second",
        "server_share": round(spent["server"], 3),
        "database_share": round(spent["database"], 3),
        "server_mib": mib,
        "rows_a_second": round(spent["rows"], 1),
    }
