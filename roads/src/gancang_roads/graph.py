"""The network of one traveller: arcs between crossings, with time and length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gancang_roads.arrays import Ints, Small
from gancang_roads.osm import Extract, TurnRule
from gancang_roads.profiles import Profile
from gancang_roads.segments import Segments
from gancang_roads.turns import Arc, Automaton, forbidden_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COST_SHIFT = 32
"""A cost is centiseconds << 32 | decimetres: the least is the quickest way, then the shortest."""
CS_MAX = 2**27


@dataclass(frozen=True, slots=True)
class Graph:
    """Arcs by `segment` * 2 + direction, ascending; copies of an arc (see turns) come after it.

    x, y: of each node, degrees * 1e7. first_arc[a]: where the arcs with number a begin. cs, dm:
    centiseconds and decimetres.
    """

    tail: Small
    head: Small
    arc: Small
    cs: Small
    dm: Small
    x: Small
    y: Small
    first_arc: Small

    @property
    def nodes(self) -> int:
        """How many."""
        return len(self.x)

    def costs(self) -> Ints:
        """The cost of each arc."""
        return (self.cs.astype(np.int64) << COST_SHIFT) | self.dm


def build(extract: Extract, segments: Segments, profile: Profile) -> Graph:
    """The graph of one traveller."""
    tail, head, x, y = _cut_at_barriers(extract, segments, profile)
    there, back = _centiseconds(extract, segments, profile)
    arcs = np.arange(2 * len(tail))
    cs = np.stack([there, back], axis=1).ravel()
    tails = np.stack([tail, head], axis=1).ravel()
    heads = np.stack([head, tail], axis=1).ravel()
    is_open = cs > 0
    arcs, cs, tails, heads = arcs[is_open], cs[is_open], tails[is_open], heads[is_open]
    forbidden = _forbidden(extract, segments, profile, arcs)
    arc, tails, heads, copied = _woven(_Base(arcs, tails, heads, len(x)), forbidden)
    x, y = np.append(x, x[copied]), np.append(y, y[copied])
    order = np.argsort(arc, kind="stable")
    arc, tails, heads = arc[order], tails[order], heads[order]
    used, ends = np.unique(np.concatenate([tails, heads]), return_inverse=True)
    cost = np.zeros(2 * len(segments.tail), np.int64)
    cost[arcs] = cs
    return Graph(
        tail=ends[: len(arc)].astype(np.int32),
        head=ends[len(arc) :].astype(np.int32),
        arc=arc.astype(np.int32),
        cs=cost[arc].astype(np.int32),
        dm=np.rint(segments.metres * 10).astype(np.int32)[arc >> 1],
        x=x[used],
        y=y[used],
        first_arc=np.searchsorted(arc, np.arange(2 * len(segments.tail) + 1)).astype(np.int32),
    )


def _centiseconds(extract: Extract, segments: Segments, profile: Profile) -> tuple[Ints, Ints]:
    """How long each segment takes along and against; 0 is closed."""
    kmh = np.array([profile.kmh(tags) for tags in extract.tag_sets])
    kind = extract.way_tags[segments.way]
    is_ferry = np.array([tags.get("route") == "ferry" for tags in extract.tag_sets])[kind]
    waits = np.where(is_ferry, profile.ferry_wait_s, 0.0)
    lights = (segments.signals_there, segments.signals_back)
    found = []
    for column, signals in enumerate(lights):
        speed = kmh[kind, column]
        with np.errstate(divide="ignore"):
            seconds = segments.metres * 3.6 / speed + waits + signals * profile.signal_s
        cs = np.clip(np.rint(seconds * 100), 1, CS_MAX)
        found.append(np.where(speed > 0, cs, 0).astype(np.int64))
    return found[0], found[1]


def _cut_at_barriers(
    extract: Extract, segments: Segments, profile: Profile
) -> tuple[Small, Small, Small, Small]:
    """Tails and heads where each segment has its own end at a barrier that lets nobody through."""
    shut = [n for n, tags in extract.marks.items() if "barrier" in tags]
    shut = [n for n in shut if not profile.may_pass(extract.marks[n])]
    is_shut = np.isin(segments.node_ids, np.array(shut, np.int64))
    tail, head = segments.tail.copy(), segments.head.copy()
    x, y, count = segments.node_x, segments.node_y, len(segments.node_ids)
    for ends in (tail, head):
        at = np.flatnonzero(is_shut[np.minimum(ends, len(is_shut) - 1)] & (ends < len(is_shut)))
        x, y = np.append(x, segments.node_x[ends[at]]), np.append(y, segments.node_y[ends[at]])
        ends[at] = count + np.arange(len(at))
        count += len(at)
    return tail, head, x, y


@dataclass(frozen=True, slots=True)
class _Base:
    """The arcs before turn restrictions, ascending by number; nodes: how many there are."""

    arcs: Ints
    tails: Ints
    heads: Ints
    nodes: int


def _woven(base: _Base, forbidden: Iterable[tuple[Arc, ...]]) -> tuple[Ints, Ints, Ints, list[int]]:
    """Arcs, tails, heads and of which node each further node is a copy."""
    automaton = Automaton.of(forbidden)
    count = base.nodes
    row_of = {arc: row for row, arc in enumerate(base.arcs.tolist())} if automaton.after[0] else {}
    heads = base.heads.copy()
    states = [s for s in range(1, len(automaton.after)) if not automaton.is_forbidden[s]]
    node_of = {state: count + place for place, state in enumerate(states)}
    for arc, state in automaton.after[0].items():
        heads[row_of[arc]] = node_of.get(state, heads[row_of[arc]])
    by_tail = np.argsort(base.tails, kind="stable")
    firsts = np.searchsorted(base.tails[by_tail], np.arange(count + 1))
    more: list[tuple[int, int, int]] = []
    copied = []
    for state in states:
        last = automaton.last[state]
        crossing = int(base.heads[row_of[last]])
        copied.append(crossing)
        rows = by_tail[firsts[crossing] : firsts[crossing + 1]]
        steps = [(int(base.arcs[row]), int(base.heads[row])) for row in rows.tolist()]
        after = [(arc, head, automaton.step(state, arc)) for arc, head in steps]
        allowed = [step for step in after if not automaton.is_forbidden[step[2]]]
        # Nobody turns round at the crossing to get past its sign, but where it is the only way.
        onward = [step for step in allowed if step[0] != last ^ 1] or allowed
        more += [(arc, node_of[state], node_of.get(nxt, head)) for arc, head, nxt in onward]
    extra = np.array(more, np.int64).reshape(-1, 3)
    columns = (base.arcs, base.tails, heads)
    arcs, tails, ends = (np.append(c, extra[:, i]) for i, c in enumerate(columns))
    return arcs, tails, ends, copied


def _forbidden(
    extract: Extract, segments: Segments, profile: Profile, open_arcs: Ints
) -> list[tuple[Arc, ...]]:
    """The sequences of open arcs that turn restrictions forbid this traveller."""
    rules = [(kind, rule) for rule in extract.turn_rules if (kind := profile.obeys(rule.tags))]
    rules = [(kind, rule) for kind, rule in rules if kind.startswith(("no_", "only_"))]
    if not rules:
        return []
    roads = _Roads(extract, segments, rules, open_arcs)
    return [sequence for kind, rule in rules for sequence in roads.forbidden(kind, rule)]


class _Roads:
    """Arcs by way and by crossing, for the few ways and crossings that restrictions name."""

    def __init__(
        self,
        extract: Extract,
        segments: Segments,
        rules: Iterable[tuple[str, TurnRule]],
        open_arcs: Ints,
    ) -> None:
        named = {w for _, r in rules for w in (r.from_way, r.to_way, *r.via_ways)}
        way_ids = extract.way_ids[segments.way]
        self._open = set(open_arcs.tolist())
        self._ends = np.stack([segments.tail, segments.head], axis=1)
        self._number = {int(n): i for i, n in enumerate(segments.node_ids.tolist())}
        self._of_way: dict[int, list[int]] = {}
        for row in np.flatnonzero(np.isin(way_ids, np.array(list(named), np.int64))).tolist():
            self._of_way.setdefault(int(way_ids[row]), []).append(row)
        touched = np.unique(self._ends[[r for rows in self._of_way.values() for r in rows]])
        self._out: dict[int, list[Arc]] = {}
        is_near = np.isin(self._ends, touched)
        for side in (0, 1):
            for row in np.flatnonzero(is_near[:, side]).tolist():
                self._leave(int(self._ends[row, side]), 2 * row + side)

    def _leave(self, crossing: int, arc: Arc) -> None:
        if arc in self._open:
            self._out.setdefault(crossing, []).append(arc)

    def forbidden(self, kind: str, rule: TurnRule) -> list[tuple[Arc, ...]]:
        """The sequences that one restriction forbids; none if its parts do not meet."""
        into = list(self._into(rule))
        if kind == "no_u_turn" and rule.from_way == rule.to_way:
            return [(*coming, coming[-1] ^ 1) for coming in into if coming[-1] ^ 1 in self._open]
        onto = {arc for row in self._of_way.get(rule.to_way, []) for arc in (2 * row, 2 * row + 1)}
        crossings = {self._head(coming[-1]) for coming in into}
        if not any(onto & set(self._out.get(crossing, [])) for crossing in crossings):
            return []
        return forbidden_by(kind, into, onto, lambda arc: self._out.get(self._head(arc), []))

    def _into(self, rule: TurnRule) -> Iterable[tuple[Arc, ...]]:
        for coming in self._arcs(rule.from_way):
            if rule.via_node is not None:
                if self._head(coming) == self._number.get(rule.via_node):
                    yield (coming,)
            else:
                yield from self._through(coming, rule)

    def _through(self, coming: Arc, rule: TurnRule) -> Iterable[tuple[Arc, ...]]:
        """Along the via ways, without turning round, to a crossing with the way onto."""
        goal = {int(n) for row in self._of_way.get(rule.to_way, []) for n in self._ends[row]}
        along = {arc for way in rule.via_ways for arc in self._arcs(way)}
        paths: list[tuple[Arc, ...]] = [(coming,)]
        while paths:
            path = paths.pop()
            if len(path) > 1 and self._head(path[-1]) in goal:
                yield path
                continue
            visited = {arc >> 1 for arc in path}
            for arc in self._out.get(self._head(path[-1]), []):
                if arc in along and arc >> 1 not in visited:
                    paths.append((*path, arc))

    def _arcs(self, way: int) -> list[Arc]:
        rows = self._of_way.get(way, [])
        return [arc for row in rows for arc in (2 * row, 2 * row + 1) if arc in self._open]

    def _head(self, arc: Arc) -> int:
        return int(self._ends[arc >> 1, 1 - (arc & 1)])


def road_classes(extract: Extract) -> tuple[list[str], Mapping[int, int]]:
    """The classes of road that occur, and which each set of tags belongs to."""
    told = [tags.get("highway", tags.get("route", "")) for tags in extract.tag_sets]
    classes = sorted(set(told))
    return classes, {i: classes.index(name) for i, name in enumerate(told)}
