"""The graph of candidates, the assignment over it, and what its prices say is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from gancang_planner.door import has_kernel
from gancang_planner.match_crowd import check_seconds
from gancang_planner.match_model import COST_MAX, Left, Matching, Pair, Why

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gancang_planner.match_crowd import Crowd, Floats, Int32s, Int64s

    Engine = Any
    """The kernel or `match_reference`: both have the same three functions."""

EDGES_MAX = 50_000_000
GAIN_MIN_S = 1e-6
"""What a pair must save at least to be added; rounding could pretend less."""
A_BLOCK = 2**22
"""Entries of a table looked at in one go."""


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Candidates, request after request; `seconds` is inf where there is no way.

    `known_m`: whoever is nearer to the request than this and may take it is in its list.
    """

    first: Int64s
    rider: Int32s
    seconds: Floats
    known_m: Floats
    nearest: int

    def owners(self) -> Int64s:
        """The request of each edge."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    def with_more(self, request: Int64s, rider: Int32s, seconds: Floats) -> Graph:
        """The same and these edges."""
        order = np.argsort(request, kind="stable")
        at = self.first[request[order] + 1]
        count = np.bincount(request, minlength=len(self.first) - 1)
        return replace(
            self,
            first=self.first + np.concatenate([[0], np.cumsum(count)]),
            rider=np.insert(self.rider, at, rider[order]),
            seconds=np.insert(self.seconds, at, seconds[order]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """The cheapest assignment over a graph, and its dual prices.

    `rider_of`: -1 for nobody. `must`: what leaving a request that must be served counted as.
    """

    rider_of: Int32s
    request_price: Floats
    rider_price: Floats
    must: float
    is_proven: bool = False


@cache
def engine() -> Engine:
    """The compiled matching where it is installed, else the one in Python, with a warning."""
    if has_kernel():
        from gancang_planner_kernel import _kernel  # noqa: PLC0415 - need not be there

        return _kernel
    from gancang_planner import match_reference  # noqa: PLC0415

    return match_reference


def first_graph(engine: Engine, crowd: Crowd, nearest: int) -> Graph:
    """The nearest riders of each request, and where riders are fewer, of each rider."""
    nearest = max(1, min(nearest, len(crowd.rider_ids)))
    if crowd.seconds is not None and not callable(crowd.seconds):
        return _first_of_table(crowd, nearest)
    first, rider, metres, known_m = engine.match_candidates(
        crowd.request_places, crowd.rider_places, *_rules(crowd), nearest
    )
    graph = Graph(first, rider, metres, known_m, nearest)
    return replace(graph, seconds=_seconds(crowd, graph.owners(), rider, metres))


def solved(engine: Engine, crowd: Crowd, graph: Graph, *, rounds: int) -> tuple[Graph, Solution]:
    """The cheapest assignment; pairs that its prices ask for are added up to `rounds` times."""
    for left in range(rounds, -1, -1):
        solution = _assigned(engine, crowd, graph)
        more = _beyond(engine, crowd, graph, solution)
        if not len(more[0]):
            return graph, replace(solution, is_proven=True)
        if not left or len(graph.rider) + len(more[0]) > EDGES_MAX:
            break
        graph = graph.with_more(*more)
    return graph, solution


def answered(crowd: Crowd, graph: Graph, solution: Solution) -> Matching:
    """The solution in words."""
    owners = graph.owners()
    chosen = np.flatnonzero(graph.rider == solution.rider_of[owners])
    served, by = owners[chosen], graph.rider[chosen]
    seconds = graph.seconds[chosen]
    costs = seconds + crowd.price[by]
    pairs = map(
        Pair,
        [crowd.request_ids[j] for j in served.tolist()],
        [crowd.rider_ids[r] for r in by.tolist()],
        seconds.tolist(),
        costs.tolist(),
    )
    nobody = np.flatnonzero(solution.rider_of < 0)
    leave = crowd.leave[nobody]
    return Matching(
        pairs=tuple(pairs),
        left=_left(crowd, graph, nobody),
        cost=float(costs.sum() + leave[np.isfinite(leave)].sum()),
        request_prices=_prices(crowd.request_ids, solution.request_price, solution.must),
        rider_prices=_prices(crowd.rider_ids, solution.rider_price, solution.must),
        candidates=len(graph.rider),
        is_proven=solution.is_proven,
    )


def _left(crowd: Crowd, graph: Graph, nobody: Int64s) -> tuple[Left, ...]:
    has_way = np.diff(np.concatenate([[0], np.cumsum(np.isfinite(graph.seconds))])[graph.first]) > 0
    kind = np.where(has_way[nobody], np.where(np.isfinite(crowd.leave[nobody]), 1, 2), 0)
    whys = (Why.NO_CANDIDATE, Why.OPTED_OUT, Why.NO_RIDER_LEFT)
    ids = [crowd.request_ids[each] for each in nobody.tolist()]
    return tuple(map(Left, ids, [whys[each] for each in kind.tolist()]))


def _prices(ids: list[str], prices: Floats, must: float) -> dict[str, float]:
    return dict(zip(ids, np.where(prices < must / 2, prices + 0.0, inf).tolist(), strict=True))


def _rules(crowd: Crowd) -> tuple[Int64s, Int32s, NDArray[np.uint8]]:
    return crowd.rules.first, crowd.rules.rider, crowd.rules.only


def _seconds(crowd: Crowd, request: Int64s, rider: Int32s, metres: Floats) -> Floats:
    """How long each of these pairs takes; whoever was handed in is asked once, for all of them."""
    if crowd.seconds is None:
        return metres / crowd.speed_mps
    told = crowd.seconds(crowd.request_at[request], crowd.rider_at[rider])
    seconds = np.array(told, np.float64)  # a copy: it is ours from here on
    if seconds.shape != request.shape:
        raise ValueError(f"{len(request)} pairs were asked, {seconds.shape} times came back")
    request_ids = [crowd.request_ids[each] for each in request.tolist()]
    check_seconds(seconds, request_ids, [crowd.rider_ids[each] for each in rider.tolist()])
    return seconds


def _assigned(engine: Engine, crowd: Crowd, graph: Graph) -> Solution:
    first, rider = graph.first, graph.rider
    cost = graph.seconds + crowd.price[rider]
    is_way = np.isfinite(cost)
    if not is_way.all():
        first = np.concatenate([[0], np.cumsum(is_way)])[first]
        rider, cost = rider[is_way], cost[is_way]
    return Solution(*engine.match_assign(first, rider, cost, crowd.leave, crowd.seats))


def _beyond(
    engine: Engine, crowd: Crowd, graph: Graph, solution: Solution
) -> tuple[Int64s, Int32s, Floats]:
    """Pairs outside the graph with negative reduced cost, as far as the places tell."""
    most_s = _lifted(solution.request_price, solution.must)
    least_s = _lifted(solution.rider_price, solution.must) + crowd.price
    # The higher a price, the coarser what can be told apart.
    most_s -= GAIN_MIN_S + 1e-14 * most_s
    if crowd.seconds is not None and not callable(crowd.seconds):
        return _beyond_of_table(crowd.seconds, graph.nearest, most_s, least_s)
    request, rider, metres = engine.match_beyond(
        crowd.request_places,
        crowd.rider_places,
        *_rules(crowd),
        graph.first,
        graph.rider,
        graph.known_m,
        most_s * crowd.speed_mps,
        least_s * crowd.speed_mps,
        graph.nearest,
    )
    request = request.astype(np.int64)
    return request, rider, _seconds(crowd, request, rider, metres)


def _lifted(prices: Floats, must: float) -> Floats:
    """Prices that hang on what must be served, higher than any pair inside or outside the graph."""
    return prices + np.where(prices < must / 2, 0.0, 2 * COST_MAX)


def _first_of_table(crowd: Crowd, nearest: int) -> Graph:
    table: Floats = crowd.seconds
    chosen = _smallest(table, nearest)
    requests, riders = table.shape
    if riders < requests:
        few = np.flatnonzero(chosen.sum(axis=0) < nearest)
        chosen[:, few] |= _smallest(table[:, few].T, min(nearest, requests)).T
    owner, rider = np.nonzero(chosen)
    first = np.concatenate([[0], np.cumsum(chosen.sum(axis=1))])
    nothing = np.zeros(requests)
    return Graph(first, rider.astype(np.int32), table[owner, rider], nothing, nearest)


def _smallest(table: Floats, nearest: int) -> NDArray[np.bool_]:
    """True for the smallest finite entries of each row; ties: the first."""
    chosen = np.isfinite(table)
    if nearest >= table.shape[1]:
        return chosen
    rows = max(1, A_BLOCK // table.shape[1])
    for from_row in range(0, len(table), rows):
        block = table[from_row : from_row + rows]
        last = np.partition(block, nearest - 1, axis=1)[:, nearest - 1]
        chosen[from_row : from_row + rows] &= block <= last[:, None]
    for row in np.flatnonzero(chosen.sum(axis=1) > nearest):
        first = np.argsort(table[row], kind="stable")[:nearest]
        chosen[row] = False
        chosen[row, first] = True
    return chosen


def _beyond_of_table(
    table: Floats, nearest: int, most_s: Floats, least_s: Floats
) -> tuple[Int64s, Int32s, Floats]:
    found: list[tuple[int, int]] = []
    rows = max(1, A_BLOCK // max(1, table.shape[1]))
    for from_row in range(0, len(table), rows):
        block = slice(from_row, from_row + rows)
        gains = table[block] < most_s[block, None] - least_s[None, :]
        for row in np.flatnonzero(gains.any(axis=1)).tolist():
            riders = np.flatnonzero(gains[row])
            reduced = table[from_row + row, riders] + least_s[riders]
            best = riders[np.argsort(reduced, kind="stable")[:nearest]]
            found += [(from_row + row, rider) for rider in best.tolist()]
    request, rider = np.array(found, np.int64).reshape(-1, 2).T
    return request, rider.astype(np.int32), table[request, rider]
