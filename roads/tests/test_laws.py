"""Whatever the town: the quickest way is the one that Dijkstra finds, obeying every sign."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from gancang_roads import Network, build
from gancang_roads.graph import COST_SHIFT
from gancang_roads.hierarchy import INFINITE
from gancang_roads.segments import lengths_m
from gancang_roads.sweep import Ends, all_costs
from gancang_roads.turns import Automaton
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roads.tests.plain import dijkstra, neighbours
from roads.tests.towns import SOUTH, STEP, WEST, Town

if TYPE_CHECKING:
    from gancang_roads.network import Roads

ROWS, COLUMNS = 3, 4
KMH = {"residential": 22, "primary": 40}
CENTISECONDS_OF_ROUNDING = 20

Arc = tuple[int, int, int]
"""A step along a way: the way, the place in it, and 1 or -1."""


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """Short ways on a small grid, some one-way, with turn restrictions among them."""
    town = Town()
    for _ in range(draw(st.integers(3, 12))):
        row, column = draw(st.integers(0, ROWS - 1)), draw(st.integers(0, COLUMNS - 1))
        places = [(row, column)]
        for _ in range(draw(st.integers(1, 3))):
            step = draw(st.sampled_from([(0, 1), (1, 0), (0, -1), (-1, 0)]))
            there = (places[-1][0] + step[0], places[-1][1] + step[1])
            if 0 <= there[0] < ROWS and 0 <= there[1] < COLUMNS and there not in places:
                places.append(there)
        if len(places) > 1:
            oneway = draw(st.sampled_from(["no", "yes", "-1"]))
            town.road(*places, highway=draw(st.sampled_from(list(KMH))), oneway=oneway)
    _add_rules(draw, town)
    return town


def _add_rules(draw: st.DrawFn, town: Town) -> None:
    crossings = [
        (node, [way for way, (nodes, _) in enumerate(town.ways, 1) if node in nodes])
        for node in town.nodes
    ]
    crossings = [(node, ways) for node, ways in crossings if len(ways) > 1]
    for _ in range(draw(st.integers(0, 4)) if crossings else 0):
        via, ways = draw(st.sampled_from(crossings))
        from_way = draw(st.sampled_from(ways))
        to_way = draw(st.sampled_from([way for way in ways if way != from_way]))
        kind = draw(st.sampled_from(["no_left_turn", "no_straight_on", "only_right_turn"]))
        town.rule(kind, from_way, via, to_way)


class Signs:
    """The town as a rider reads it: from one step to the next, by the signs at each crossing."""

    def __init__(self, town: Town) -> None:
        self.town = town
        seen = Counter(node for nodes, _ in town.ways for node in nodes)
        ends = {node for nodes, _ in town.ways for node in (nodes[0], nodes[-1])}
        self.crossings = {node for node, times in seen.items() if times > 1} | ends
        self.cost: dict[Arc, int] = {}
        for way, (nodes, tags) in enumerate(town.ways, 1):
            for place in range(len(nodes) - 1):
                if tags["oneway"] != "-1":
                    self.cost[way, place, 1] = self._cs(nodes[place : place + 2], tags)
                if tags["oneway"] != "yes":
                    self.cost[way, place, -1] = self._cs(nodes[place : place + 2], tags)
        self.out: dict[int, list[Arc]] = {}
        for arc in self.cost:
            self.out.setdefault(self.ends(arc)[0], []).append(arc)

    def _cs(self, nodes: list[int], tags: dict[str, str]) -> int:
        lat, lon = np.rint(np.array([self.town.nodes[n] for n in nodes]).T * 1e7).astype(np.int32)
        return round(float(lengths_m(lon, lat)[0]) * 360 / KMH[tags["highway"]])

    def ends(self, arc: Arc) -> tuple[int, int]:
        way, place, step = arc
        one, other = self.town.ways[way - 1][0][place : place + 2]
        return (one, other) if step == 1 else (other, one)

    def after(self, arc: Arc) -> list[tuple[Arc, int]]:
        here = self.ends(arc)[1]
        back = (arc[0], arc[1], -arc[2])
        found = [other for other in self.out.get(here, []) if not self._is_forbidden(arc, other)]
        if any(self._is_forbidden(arc, other) for other in self.out.get(here, [])):
            # At a sign one turns round only where there is no other way.
            found = [other for other in found if other != back] or found
        if here not in self.crossings:
            found = [other for other in found if other != back]
        return [(other, self.cost[other]) for other in found]

    def _is_forbidden(self, arc: Arc, other: Arc) -> bool:
        here = self.ends(arc)[1]
        for tags, members in self.town.rules:
            from_way, via, to_way = (ref for _, ref, _ in members)
            if via != here or arc[0] != from_way:
                continue
            is_meant = other[0] == to_way
            if tags["restriction"].startswith("no_") and is_meant:
                return True
            leads_on = any(o[0] == to_way for o in self.out.get(here, []))
            if tags["restriction"].startswith("only_") and leads_on and not is_meant:
                return True
        return False

    def costs_from(self, node: int) -> dict[int, int]:
        starts = [(arc, self.cost[arc]) for arc in self.out.get(node, [])]
        found = {node: 0}
        for arc, cost in dijkstra(starts, self.after).items():
            end = self.ends(arc)[1]
            found[end] = min(cost, found.get(end, cost))
        return found


def built(town: Town) -> Roads:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "town.json"), Path(folder, "net.road")
        source.write_text(json.dumps(town.overpass()))
        build(source, target, profiles=["motorcycle"])
        return Network.open(target).roads("motorcycle")


def nodes_at(roads: Roads, place: tuple[float, float]) -> list[int]:
    """The node of a crossing, then its copies."""
    x, y = round(place[1] * 1e7), round(place[0] * 1e7)
    return np.flatnonzero((roads.graph.x == x) & (roads.graph.y == y)).tolist()


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(towns())
def test_the_quickest_way_obeys_every_sign(town: Town) -> None:
    signs = Signs(town)
    if not signs.cost:
        return
    roads = built(town)
    crossings = [c for c in sorted(signs.crossings) if nodes_at(roads, town.nodes[c])]
    ends = [nodes_at(roads, town.nodes[crossing]) for crossing in crossings]
    count = len(crossings)
    first = np.array([nodes[0] for nodes in ends])
    sources = Ends(np.arange(count), first, np.zeros(count, np.int64), count)
    of = np.repeat(np.arange(count), [len(nodes) for nodes in ends])
    every = np.array([node for nodes in ends for node in nodes])
    targets = Ends(of, every, np.zeros(len(of), np.int64), count)
    costs = all_costs(roads.hierarchy, roads.costs.up, roads.costs.down, sources, targets)
    for row, crossing in enumerate(crossings):
        told = signs.costs_from(crossing)
        for column, other in enumerate(crossings):
            cost = int(costs[row, column])
            assert (cost < INFINITE) == (other in told)
            if other in told:
                assert abs((cost >> COST_SHIFT) - told[other]) <= CENTISECONDS_OF_ROUNDING


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(towns(), st.data())
def test_slow_and_closed_roads_need_no_new_hierarchy(town: Town, data: st.DataObject) -> None:
    if not Signs(town).cost:
        return
    roads = built(town)
    choices = st.sampled_from([1.0, 1.0, 1.5, 3.0, np.inf])
    count = len(roads.network.first)
    factors = np.array(data.draw(st.lists(choices, min_size=count, max_size=count)))
    changed = roads.with_factors(factors)
    nodes = np.arange(roads.graph.nodes)
    ends = Ends(nodes, nodes, np.zeros(len(nodes), np.int64), len(nodes))
    costs = all_costs(changed.hierarchy, changed.costs.up, changed.costs.down, ends, ends)
    after = neighbours(changed)
    for row in range(len(nodes)):
        told = dijkstra([(row, 0)], after)
        assert costs[row].tolist() == [told.get(n, int(INFINITE)) for n in range(len(nodes))]


points = st.tuples(
    st.floats(SOUTH - STEP, SOUTH + ROWS * STEP), st.floats(WEST - STEP, WEST + COLUMNS * STEP)
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(towns(), st.lists(points, min_size=2, max_size=5))
def test_a_route_takes_as_long_as_the_matrix_says(
    town: Town, places: list[tuple[float, float]]
) -> None:
    roads = built(town)
    if not roads.is_usable.any():
        return
    matrix = roads.matrix(places, places)
    snaps = roads.nearest(places)
    for row, place in enumerate(places):
        for column, other in enumerate(places):
            if matrix.seconds[row, column] >= 0:
                way = roads.route(place, other)
                assert abs(way.seconds - matrix.seconds[row, column]) <= 1
                assert way.line[0] == (round(snaps.lat[row], 7), round(snaps.lon[row], 7))
                assert way.line[-1] == (round(snaps.lat[column], 7), round(snaps.lon[column], 7))


arcs = st.integers(0, 3)
sequences = st.lists(st.lists(arcs, min_size=2, max_size=4), max_size=6)


@given(sequences, st.lists(arcs, max_size=12))
def test_a_forbidden_sequence_is_noticed_at_its_last_arc(
    forbidden: list[list[int]], driven: list[int]
) -> None:
    automaton, state = Automaton.of(forbidden), 0
    for done, arc in enumerate(driven, 1):
        state = automaton.step(state, arc)
        ends = any(driven[:done][-len(word) :] == word for word in forbidden)
        assert automaton.is_forbidden[state] == ends
