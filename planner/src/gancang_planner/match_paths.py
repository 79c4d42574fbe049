"""The cheapest assignment of rows to columns over a sparse graph, in plain Python.

Augmenting row reduction, then shortest augmenting paths: Jonker & Volgenant, "A shortest augmenting
path algorithm for dense and sparse linear assignment problems", Computing 38, 1987. Step for step
the kernel's assign.cpp, so that ties fall alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf
from typing import NamedTuple

OUTSIDE = -1
NOBODY = -1
PASSES = 2
STEPS_A_ROW = 8


@dataclass(frozen=True, slots=True)
class Rows:
    """Each row has a list of (column, cost), shared by rows that are alike; or stays outside at a
    price. A column takes as many rows as its capacity."""

    lists: list[list[tuple[int, float]]]
    list_of: list[int]
    outside: list[float]
    capacity: list[int]

    def of(self, row: int) -> list[tuple[int, float]]:
        """What the row may have."""
        return self.lists[self.list_of[row]]


class Seat(NamedTuple):
    """A column that a row may have: what it costs there, less the column's price."""

    reduced: float
    column: int
    cost: float

    def rank(self) -> tuple[float, bool, int]:
        """Rather served than outside, rather the lower number."""
        return self.reduced, self.column == OUTSIDE, self.column


@dataclass(slots=True)
class Tree:
    """The shortest path tree of one augmentation."""

    nearest: float = inf
    end_column: int = OUTSIDE
    end_row: int = NOBODY
    distance: dict[int, float] = field(default_factory=dict)
    came_by: dict[int, tuple[int, float]] = field(default_factory=dict)
    heap: list[tuple[float, int]] = field(default_factory=list)
    done: dict[int, float] = field(default_factory=dict)


class Assigner:
    """The assignment in the making: a column's rows in the places that they took."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.rows_at: list[list[int]] = [[] for _ in rows.capacity]
        self.column_of = [OUTSIDE] * len(rows.list_of)
        self.cost_of = [0.0] * len(rows.list_of)
        self.price = [0.0] * len(rows.capacity)

    def solve(self) -> None:
        """Every row at its place in the cheapest assignment."""
        for row in self._reduced():
            self._augment(row)

    def row_price(self, row: int) -> float:
        """What the row costs all in all (the dual u)."""
        column = self.column_of[row]
        return (
            self.rows.outside[row] if column == OUTSIDE else self.cost_of[row] - self.price[column]
        )

    def _is_full(self, column: int) -> bool:
        return len(self.rows_at[column]) == self.rows.capacity[column]

    def _seat(self, row: int, column: int, cost: float) -> None:
        self.column_of[row] = column
        self.cost_of[row] = cost

    def _reduced(self) -> list[int]:
        """Row reduction; the rows that it leaves to augmentation."""
        todo = list(range(len(self.column_of)))
        steps = STEPS_A_ROW * len(todo)
        for _ in range(PASSES):
            stack, kept = todo[::-1], list[int]()
            while stack:
                row, steps = stack.pop(), steps - 1
                evicted, again = (row, False) if steps < 0 else self._reduce(row)
                if evicted != NOBODY:
                    (stack if again else kept).append(evicted)
            todo = kept
        return todo

    def _reduce(self, row: int) -> tuple[int, bool]:
        """Who lost a place by that, and whether he should look again at once."""
        best, second = self._two_best(row)
        if best.column == OUTSIDE:
            return NOBODY, False
        gains = best.reduced < second.reduced
        column, is_single = best.column, self.rows.capacity[best.column] == 1
        if not self._is_full(column):
            self.rows_at[column].append(row)
            self._seat(row, column, best.cost)
            if gains and is_single:
                self.price[column] -= second.reduced - best.reduced
            return NOBODY, False
        if not gains and second.column != OUTSIDE and not self._is_full(second.column):
            self.rows_at[second.column].append(row)
            self._seat(row, second.column, second.cost)
            return NOBODY, False
        if not gains or not is_single:
            return row, False
        evicted = self.rows_at[column][0]
        self.column_of[evicted] = OUTSIDE
        self.rows_at[column][0] = row
        self._seat(row, column, best.cost)
        self.price[column] -= second.reduced - best.reduced
        return evicted, True

    def _two_best(self, row: int) -> tuple[Seat, Seat]:
        seats = [
            Seat(cost - self.price[column], column, cost)
            for column, cost in self.rows.of(row)
            if self.rows.capacity[column]
        ]
        outside = Seat(self.rows.outside[row], OUTSIDE, 0)
        best, second = sorted([*seats, outside, Seat(inf, OUTSIDE, 0)], key=Seat.rank)[:2]
        return best, second

    def _augment(self, start: int) -> None:
        tree = Tree(end_row=start)
        self._relax(tree, start, 0)
        while tree.heap and tree.heap[0][0] < tree.nearest:
            distance, column = heappop(tree.heap)
            if column in tree.done:
                continue
            tree.done[column] = distance
            for row in self.rows_at[column]:
                self._relax(tree, row, self.cost_of[row] - self.price[column] - distance)
        for column, distance in tree.done.items():
            self.price[column] += distance - tree.nearest
        self._follow_back(tree, start)

    def _relax(self, tree: Tree, row: int, potential: float) -> None:
        """What can be reached from a row, whose dual less its distance is `potential`."""
        if self.rows.outside[row] - potential < tree.nearest:
            tree.nearest = self.rows.outside[row] - potential
            tree.end_column, tree.end_row = OUTSIDE, row
        for column, cost in self.rows.of(row):
            distance = cost - self.price[column] - potential
            known = tree.distance.get(column, inf)
            if distance >= known or column in tree.done or not self.rows.capacity[column]:
                continue
            if self._is_full(column):
                if distance < tree.nearest:
                    heappush(tree.heap, (distance, column))
                else:
                    continue
            elif self._is_nearer_end(tree, distance, column):
                tree.nearest, tree.end_column = distance, column
            else:
                continue
            tree.distance[column] = distance
            tree.came_by[column] = (row, cost)

    @staticmethod
    def _is_nearer_end(tree: Tree, distance: float, column: int) -> bool:
        """At the same distance: rather a free place than outside, rather the lower number."""
        if distance != tree.nearest:
            return distance < tree.nearest
        return tree.end_column == OUTSIDE or column < tree.end_column

    def _follow_back(self, tree: Tree, start: int) -> None:
        """Everybody on the path moves one place on."""
        column = tree.end_column
        if column == OUTSIDE:
            if tree.end_row == start:
                return
            column = self.column_of[tree.end_row]
            place = self.rows_at[column].index(tree.end_row)
            self.column_of[tree.end_row] = OUTSIDE
        else:
            place = len(self.rows_at[column])
            self.rows_at[column].append(NOBODY)
        while True:
            row, cost = tree.came_by[column]
            left = self.column_of[row]
            left_place = self.rows_at[left].index(row) if left != OUTSIDE else 0
            self.rows_at[column][place] = row
            self._seat(row, column, cost)
            if row == start:
                return
            column, place = left, left_place
