"""A month's statement of a hundred thousand lines, each with its proof; its workbook and sums.

And `gancang verify`, the whole command, on that book once it has a million entries.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

from benchmarks.page_costs import play
from benchmarks.world import database
from benchmarks.year import STEP, copy_of

if TYPE_CHECKING:
    from collections.abc import Iterator

LINES, PLAYED, ENTRIES = 100_000, 10, 1_000_000
# The copies are read by statements alone: what is paid more was never set aside.
PAID = """
    INSERT INTO ledger_transfer
        (region_id, kind, source_id, target_id, amount_rp, about, key, by, at, charged_on, area)
    SELECT region_id, kind, source_id, target_id, amount_rp, about || '.' || n,
           key || '.' || n, by, at, charged_on, area
    FROM ledger_transfer, generate_series(1, %s) n WHERE kind = 'settle' AND id < %s
"""
# What somebody would ask the database for by hand: the same lines as plain text.
BY_HAND = """
    COPY (SELECT t.id, t.at, t.about, o.code, f.code, t.amount_rp, p.handed_over_at, p.factor,
                 p.relation, u.username
          FROM ledger_transfer t JOIN ledger_account a ON a.id = t.target_id
          JOIN regions_organisation o ON o.id = a.payee_id
          JOIN ledger_account s ON s.id = t.source_id JOIN ledger_budget b ON b.id = s.budget_id
          JOIN ledger_fund f ON f.id = b.fund_id LEFT JOIN orders_order c ON c.code = t.about
          LEFT JOIN orders_proof p ON p.order_id = c.id LEFT JOIN accounts_user u
          ON u.id = p.carrier_id WHERE t.kind = 'settle' ORDER BY t.id) TO STDOUT
"""


def run() -> Iterator[dict[str, Any]]:
    """Seconds of the statement and of its workbook, beside the same lines copied out by hand."""
    with database():
        _fill()
        by_hand = _by_hand()
        yield {
            "what": f"{by_hand['lines']} lines of a statement by COPY, as text",
            "told": f"{by_hand['seconds']:.1f} s",
            **by_hand,
        }
        deeds = ("statement as JSON", _statement), ("its workbook", _workbook), ("its sums", _sums)
        for name, deed in deeds:
            told = _in_a_process(deed)
            yield {
                "what": f"{name}, {told['lines']} lines, {told['proved']} proved",
                "told": f"{told['seconds']:.1f} s, {told['cpu_s']:.1f} s CPU, "
                f"{told['seconds'] / by_hand['seconds']:.1f}x COPY, {told['grown'] / 2**20:.0f} "
                f"MiB more than at its start, off by Rp {told['off_rp']}",
                **told,
            }
        _whole_book()
        told = _in_a_process(_verify)
        yield {
            "what": f"gancang verify, the whole command: {told['entries']} entries",
            "told": f"{told['entries'] / told['seconds']:.0f} entries/s, "
            f"{told['cpu_s']:.1f} s CPU, {told['grown'] / 2**20:.0f} MiB more than at its start; "
            f"{told['problems']} problems",
            **told,
        }


def _in_a_process(deed: Any) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        told: dict[str, Any] = pool.submit(deed).result()
    return told


# Each line that was copied is set aside first; the rest of a million is set aside and released.
# Then every sum is what the lines say.
WHOLE = (
    """
    UPDATE orders_order SET patient_pays_rp = 0, goods_rp = 0 WHERE id >= %(step)s
    """,
    """
    INSERT INTO ledger_transfer
        (region_id, kind, source_id, target_id, amount_rp, about, key, by, at, charged_on, area)
    SELECT t.region_id, 'reserve', free.id, t.source_id, t.amount_rp, t.about, 'copy:' || t.key,
           t.by, t.at, t.charged_on, t.area
    FROM ledger_transfer t JOIN ledger_account held ON held.id = t.source_id
    JOIN ledger_account free ON free.budget_id = held.budget_id AND free.kind = 'available'
    WHERE t.kind = 'settle' AND t.about LIKE '%%.%%'
    """,
    """
    INSERT INTO ledger_transfer
        (region_id, kind, source_id, target_id, amount_rp, about, key, by, at, charged_on, area)
    SELECT t.region_id, way.kind,
           CASE way.kind WHEN 'reserve' THEN t.source_id ELSE t.target_id END,
           CASE way.kind WHEN 'reserve' THEN t.target_id ELSE t.source_id END, 12345, 'F-' || n,
           way.kind || ':F-' || n, t.by, t.at, t.charged_on, t.area
    FROM (SELECT * FROM ledger_transfer WHERE kind = 'reserve' ORDER BY id LIMIT 1) t,
         generate_series(1, (%(entries)s - (SELECT count(*) FROM ledger_transfer)) / 2) n,
         (VALUES ('reserve'), ('release')) way (kind)
    """,
    "UPDATE ledger_transfer SET amount_rp = amount_rp * 10000 WHERE kind = 'grant'",
    """
    UPDATE ledger_account a SET balance_rp =
        coalesce((SELECT sum(amount_rp) FROM ledger_transfer WHERE target_id = a.id), 0)
        - coalesce((SELECT sum(amount_rp) FROM ledger_transfer WHERE source_id = a.id), 0)
    """,
    "DELETE FROM ledger_drawn",
    r"""
    INSERT INTO ledger_drawn (budget_id, day, area, amount_rp)
    SELECT a.budget_id, t.charged_on, coalesce(substring(t.area from '^(.*)\.[^.]*$'), ''),
           sum(CASE t.kind WHEN 'reserve' THEN t.amount_rp ELSE -t.amount_rp END)
    FROM ledger_transfer t JOIN ledger_account a ON a.budget_id IS NOT NULL
         AND a.id = CASE t.kind WHEN 'release' THEN t.source_id ELSE t.target_id END
    WHERE t.kind IN ('reserve', 'release') GROUP BY 1, 2, 3
    """,
    "ANALYZE",
)


def _whole_book() -> None:
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for deed in WHOLE:
            cursor.execute(deed, {"step": STEP, "entries": ENTRIES})
        cursor.execute("SET session_replication_role = DEFAULT")


def _verify() -> dict[str, Any]:
    from gancang.started import with_django  # noqa: PLC0415 - in a process of its own

    with with_django():
        from gancang.overview.verify import verify  # noqa: PLC0415
        from gancang.regions.queries import list_regions  # noqa: PLC0415

        before, begun, cpu = _most_bytes(), _now(), time.process_time()
        found = verify(list_regions())
        told = _spent(before, begun, cpu)
        return {
            **told,
            "entries": found.entries,
            "problems": len(found.problems),
            "first": found.problems[:3],
        }


def _sums() -> dict[str, Any]:
    """What the page of the settlement shows of the month, before its lines are asked for."""
    from gancang.started import with_django  # noqa: PLC0415 - in a process of its own

    with with_django():
        from gancang.settlement.queries import Wanted, standings, totals  # noqa: PLC0415

        wanted, before, begun, cpu = Wanted(**_month()), _most_bytes(), _now(), time.process_time()
        rows, sums = standings(wanted), totals(wanted)
        off = sums.gross.rupiah - _owed_rp() + sum(row.total.rupiah for row in rows) - _owed_rp()
        lines = sum(row.lines for row in rows)
        return _spent(before, begun, cpu) | {"lines": lines, "proved": lines, "off_rp": off}


def _fill() -> None:
    """A small day, played to its end; its orders, proofs and payments copied within the month."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    from gancang.ledger.models import Transfer  # noqa: PLC0415
    from gancang.orders.models import Order, Proof  # noqa: PLC0415

    play(PLAYED, riders=2, rounds=14)
    paid = Transfer.objects.filter(kind=Transfer.Kind.SETTLE).count()
    copies = LINES // paid
    with connection.cursor() as cursor:
        # The rows are copies of rows that passed every check.
        cursor.execute("SET session_replication_role = replica")
        for model in (Order, Proof):
            copy_of(cursor, model, {Order, Proof}, 1, copies)
        cursor.execute(PAID, [copies, STEP])
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def _by_hand() -> dict[str, Any]:
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    begun, lines = time.perf_counter(), 0
    with connection.cursor() as cursor, cursor.copy(BY_HAND) as copied:
        lines = sum(bytes(block).count(b"\n") for block in copied)
    return {"lines": lines, "seconds": round(time.perf_counter() - begun, 2)}


def _statement() -> dict[str, Any]:
    from gancang.started import with_django  # noqa: PLC0415 - in a process of its own

    with with_django():
        from gancang.overview.statement import Wanted, statement  # noqa: PLC0415

        wanted, before, begun, cpu = Wanted(**_month()), _most_bytes(), _now(), time.process_time()
        told = statement(wanted)
        written = json.dumps(told)
        return _spent(before, begun, cpu) | {
            "lines": len(told["lines"]),
            "proved": sum(line["proof"] is not None for line in told["lines"]),
            "bytes": len(written),
            "off_rp": told["total_rp"] - _owed_rp(),
        }


def _workbook() -> dict[str, Any]:
    from gancang.started import with_django  # noqa: PLC0415 - in a process of its own

    with with_django():
        from gancang.settlement.pages import HEADS  # noqa: PLC0415
        from gancang.settlement.queries import Wanted  # noqa: PLC0415
        from gancang.settlement.workbook import Sheet, workbook_of  # noqa: PLC0415
        from gancang.settlement.written import written_lines  # noqa: PLC0415

        wanted, before, begun, cpu = Wanted(**_month()), _most_bytes(), _now(), time.process_time()
        counted = {"lines": 0, "proved": 0, "rupiah": 0}

        def counting() -> Iterator[tuple[Any, ...]]:
            for row in written_lines(wanted):
                counted["lines"] += 1
                counted["rupiah"] += row[6]
                counted["proved"] += row[8] is not None
                yield row

        data = workbook_of([Sheet(wanted.month, HEADS, counting())], zone=wanted.region.timezone)
        off = counted.pop("rupiah") - _owed_rp()
        return _spent(before, begun, cpu) | counted | {"bytes": len(data), "off_rp": off}


def _month() -> dict[str, Any]:
    from django.utils import timezone  # noqa: PLC0415 - Django is set up by then

    from gancang.regions.queries import list_regions, today_in  # noqa: PLC0415

    [region] = list_regions()
    return {"region": region, "month": today_in(region, timezone.now()).strftime("%Y-%m")}


def _owed_rp() -> int:
    """The sum that the statement must have, told by the database alone."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(amount_rp) FROM ledger_transfer WHERE kind = 'settle'")
        return int(cursor.fetchone()[0])


def _now() -> float:
    return time.perf_counter()


def _most_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _spent(before: int, begun: float, cpu: float) -> dict[str, Any]:
    return {
        "seconds": round(_now() - begun, 2),
        "cpu_s": round(time.process_time() - cpu, 2),
        "grown": _most_bytes() - before,
    }
