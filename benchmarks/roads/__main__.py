"""Roads beside what a Python user would pick: `make bench-roads`.

All in one process on one core, turn about, the fastest of a few runs each; every answer is held
to scipy's. The peers get the very graph that ours has, crossings with their shortest arcs, so
they gain from our cutting of roads; the row "raw" is scipy on every node of the extract, which is
what one has without a build. Ours tells seconds and metres, the peers seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from gancang_roads import Network, NoWay, build
from gancang_roads.graph import COST_SHIFT, Graph
from gancang_roads.hierarchy import INFINITE, Hierarchy, contract
from gancang_roads.ordering import order_of
from gancang_roads.sweep import Ends, all_costs

from benchmarks.roads.estimates import estimates
from benchmarks.roads.peers import PEERS, Problem, raw_arcs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gancang_roads import Roads

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("GANCANG_EXTRACTS", ROOT.parent / "shared" / "data" / "geo"))
CITY = "heidelberg.osm.pbf"
OTHERS = ("liechtenstein-latest.osm.pbf", "Helsinki.osm.pbf", "campo-grande.osm.gz")
RUNS, COUNT, SEED = 5, 1000, 1


class Row(NamedTuple):
    """One figure: what was measured, how it is told, and the number for a machine."""

    what: str
    told: str
    value: float


def main() -> None:
    """Measure, keep a line each, show a table."""
    parser = argparse.ArgumentParser("python -m benchmarks.roads", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results.jsonl")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        _memory_of(asked.child)
        return
    if not (FOLDER / CITY).exists():
        sys.exit(f"{FOLDER / CITY} is not here; GANCANG_EXTRACTS names the folder of extracts")
    rows = []
    for row in _rows():
        sys.stdout.write(f"{row.what:58} {row.told}\n")
        sys.stdout.flush()
        rows.append(row)
    _keep(rows, asked.out)


def _keep(rows: list[Row], out: Path) -> None:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    at = datetime.now(UTC).isoformat(timespec="seconds")
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    with out.open("a", encoding="utf-8") as file:
        for row in rows:
            line = {"at": at, "commit": commit, "machine": machine, **row._asdict()}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        net = Path(folder) / "city.road"
        seconds, spent = _least(lambda: build(FOLDER / CITY, net), 3)
        told = f"{seconds:.2f} s, {spent:.2f} s of processor"
        yield Row("build, 2.5 MB, four travellers", told, seconds)
        roads = Network.open(net).roads("motorcycle")
        yield from _matrices("city", roads.graph, roads.hierarchy)
        yield from _raw(roads.graph)
        joined = _three_copies(roads.graph)
        yield from _matrices("three cities joined", joined, contract(joined, order_of(joined)))
        yield from _doors(roads)
        yield from _changes(roads)
        for name in (CITY, *OTHERS[:2]):
            build(FOLDER / name, net, profiles=["motorcycle"])
            for what, share in estimates(Network.open(net).roads("motorcycle"), SEED):
                yield Row(f"estimate, {name.split('.')[0]}: {what}", f"{share:.1%}", share)
    for name in (CITY, *OTHERS):
        yield from _memory(name)


def _timed(call: Callable[[], Any]) -> float:
    began = perf_counter()
    call()
    return perf_counter() - began


def _fastest(call: Callable[[], Any], runs: int = RUNS) -> float:
    return min(_timed(call) for _ in range(runs))


def _least(call: Callable[[], Any], runs: int) -> tuple[float, float]:
    """Seconds by the clock and of processor, each the least of some runs."""
    took = []
    for _ in range(runs):
        began, spent = perf_counter(), process_time()
        call()
        took.append((perf_counter() - began, process_time() - spent))
    seconds, processor = zip(*took, strict=True)
    return min(seconds), min(processor)


def _three_copies(graph: Graph) -> Graph:
    """Three cities side by side, with 40 roads of some 3 km between each two that touch."""
    rng = np.random.default_rng(SEED)
    count, shift = graph.nodes, int(np.ptp(graph.x)) + 300_000
    arcs = [(graph.tail + copy * count, graph.head + copy * count) for copy in range(3)]
    cs, dm = [graph.cs] * 3, [graph.dm] * 3
    for copy in (0, 1):
        ends = rng.integers(0, count, (40, 2)) + np.array([copy, copy + 1]) * count
        for one, other in ((0, 1), (1, 0)):
            arcs.append((ends[:, one], ends[:, other]))
            cs.append(np.full(40, 30_000))
            dm.append(np.full(40, 30_000))
    tail, head = (np.concatenate(side).astype(np.int32) for side in zip(*arcs, strict=True))
    number = np.arange(len(tail), dtype=np.int32)
    x = np.concatenate([graph.x + copy * shift for copy in range(3)])
    return Graph(
        tail=tail,
        head=head,
        arc=number,
        cs=np.concatenate(cs),
        dm=np.concatenate(dm),
        x=x,
        y=np.tile(graph.y, 3),
        first_arc=number,
    )


def _matrices(where: str, graph: Graph, hierarchy: Hierarchy) -> Iterator[Row]:
    """1,000 crossings to 1,000, beside each peer."""
    rng = np.random.default_rng(SEED)
    sources, targets = (rng.choice(graph.nodes, COUNT, replace=False) for _ in range(2))
    up, down = hierarchy.customised(graph.costs())
    nothing = np.zeros(COUNT, np.int64)
    begin = Ends(np.arange(COUNT), sources, nothing, COUNT)
    end = Ends(np.arange(COUNT), targets, nothing, COUNT)
    costs = all_costs(hierarchy, up, down, begin, end)
    cs = np.where(costs < INFINITE, costs >> COST_SHIFT, -1)
    mine = _fastest(lambda: all_costs(hierarchy, up, down, begin, end))
    size = f"{graph.nodes:,} crossings, {len(graph.tail):,} arcs"
    yield Row(f"1,000 x 1,000, {where} ({size})", f"{mine * 1000:.0f} ms", mine)
    problem = Problem(graph.nodes, graph.tail, graph.head, graph.cs, graph.x, graph.y)
    for name, peer in PEERS.items():
        yield from _beside(name, peer, problem, (sources, targets, cs, mine))


def _beside(name: str, peer: Any, problem: Problem, asked: tuple[Any, ...]) -> Iterator[Row]:
    """How many times slower a peer is; slow ones answer for some sources only."""
    sources, targets, cs, mine = asked
    try:
        answers, part = peer(problem)
    except ImportError:
        yield Row(f"  {name}", "not installed", float("nan"))
        return
    some = sources[: COUNT // part]
    told = np.array(answers(some, targets), float)
    assert np.array_equal(np.where(np.isfinite(told), told, -1), cs[: len(some)]), name
    seconds = _fastest(lambda: answers(some, targets), 3 if part == 1 else 2) * part
    times = f"{seconds / mine:.1f} times as long"
    more = f", {COUNT // part} sources, times {part}" if part > 1 else ""
    yield Row(f"  {name}", f"{seconds * 1000:,.0f} ms, {times}{more}", seconds / mine)


def _raw(graph: Graph) -> Iterator[Row]:
    """scipy on every node of the extract."""
    problem = raw_arcs(FOLDER / CITY)
    rng = np.random.default_rng(SEED)
    sources, targets = (rng.choice(problem.nodes, COUNT, replace=False) for _ in range(2))
    answers, part = PEERS["scipy Dijkstra"](problem)
    seconds = _fastest(lambda: answers(sources[: COUNT // part], targets), 2) * part
    size = f"{problem.nodes:,} nodes, {len(problem.tail):,} arcs"
    del graph
    yield Row(f"  scipy Dijkstra, raw ({size})", f"{seconds * 1000:,.0f} ms", seconds)


def _doors(roads: Roads) -> Iterator[Row]:
    """From points to points: finding the roads is part of it."""
    points = _points(roads, 2 * COUNT)
    large = _fastest(lambda: roads.matrix(points[:COUNT], points[COUNT:]))
    yield Row("1,000 x 1,000 doors, roads found too", f"{large * 1000:.0f} ms", large)
    tick, spent = _least(lambda: roads.matrix(points[:60], points[COUNT : COUNT + 300]), 30)
    told = f"{tick * 1000:.1f} ms, {spent * 1000:.1f} ms of processor"
    yield Row("60 x 300 doors, roads found too", told, tick)
    pairs = zip(points[:300], points[COUNT:], strict=False)
    took = np.array([_least(partial(_way, roads, begin, end), 3) for begin, end in pairs])
    (median, spent), (ninth, _) = np.quantile(took, [0.5, 0.9], axis=0) * 1000
    told = f"{median:.2f} ms, {ninth:.2f} ms (processor, median: {spent:.2f} ms)"
    yield Row("route, median and 90 %", told, median / 1000)
    many = np.tile(points, (500, 1)) + np.random.default_rng(3).normal(0, 1e-4, (COUNT * 1000, 2))
    seconds = _timed(lambda: roads.nearest(many))
    yield Row("nearest road of 1,000,000 points", f"{seconds:.1f} s", seconds)


def _way(roads: Roads, begin: Any, end: Any) -> None:
    with suppress(NoWay):
        roads.route(begin, end)


def _points(roads: Roads, count: int) -> Any:
    rng = np.random.default_rng(SEED)
    network = roads.network
    usable = np.flatnonzero(roads.is_usable)
    at = network.first[usable[rng.integers(0, len(usable), count)]]
    places = np.stack([network.y[at], network.x[at]], axis=1) / 1e7
    return places + rng.normal(0, 3e-4, places.shape)


def _changes(roads: Roads) -> Iterator[Row]:
    """Other costs on the same hierarchy."""
    factors = np.random.default_rng(SEED).uniform(1, 2, len(roads.network.first))
    changed = _fastest(lambda: roads.with_factors(factors))
    yield Row("all roads at other costs (an hour, closures)", f"{changed * 1000:.1f} ms", changed)


def _memory(name: str) -> Iterator[Row]:
    if not (FOLDER / name).exists():
        return
    words = [sys.executable, "-m", "benchmarks.roads", "--child", str(FOLDER / name)]
    ran = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)
    found = json.loads(ran.stdout)
    told = (
        f"{found['mib']:.0f} MiB, of these {found['before']:.0f} before; {found['points']:,} points"
    )
    yield Row(f"memory at most while building, {name}", told, found["mib"])


def _memory_of(path: Path) -> None:
    before = _most_mib()
    with tempfile.TemporaryDirectory() as folder:
        net = Path(folder) / "net.road"
        build(path, net)
        most = _most_mib()
        points = len(Network.open(net).x)
    sys.stdout.write(json.dumps({"before": before, "mib": most, "points": points}))


def _most_mib() -> float:
    """The most memory that this process had; what its parent had is not in it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


if __name__ == "__main__":
    main()
