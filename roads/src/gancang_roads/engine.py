"""Single ways by RoutingKit's customizable contraction hierarchies (Dibbelt, Strasser, Wagner)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gancang_roads.arrays import Ints
from gancang_roads.errors import EngineMissing
from gancang_roads.graph import COST_SHIFT, Graph
from gancang_roads.hierarchy import INFINITE, Hierarchy

CLOSED_CS = 2**31 - 1


@dataclass(frozen=True)
class Engine:
    """The hierarchy of one graph as RoutingKit wants it; made when the first way is asked for."""

    graph: Graph
    hierarchy: Hierarchy

    @cached_property
    def _form(self) -> Any:
        order = np.argsort(self.hierarchy.rank).tolist()
        return routingkit().CCH(order, self.graph.tail.tolist(), self.graph.head.tolist(), False)  # noqa: FBT003

    def metric(self, cs: Ints) -> Any:
        """What `path` wants, for centiseconds of each arc."""
        return routingkit().CCHMetric(self._form, cs.tolist())


def centiseconds(costs: Ints) -> Ints:
    """Of each arc; CLOSED_CS where nobody may go."""
    return np.where(costs < INFINITE, np.minimum(costs >> COST_SHIFT, CLOSED_CS), CLOSED_CS)


def path(
    metric: Any, sources: list[tuple[int, int]], targets: list[tuple[int, int]]
) -> tuple[int, list[int], list[int]] | None:
    """Centiseconds, nodes and arcs of the quickest way from any source to any target, or None.

    Sources and targets are pairs of a node and what it costs to get there.
    """
    found = routingkit().CCHQuery(metric).run_multi(sources, targets)
    if found.distance is None or found.distance >= CLOSED_CS:
        return None
    return found.distance, found.node_path, found.arc_path


def routingkit() -> Any:
    """The package. Raises EngineMissing where there is no wheel of it."""
    try:
        import routingkit_cch  # noqa: PLC0415 - only maps need it
    except ImportError:
        raise EngineMissing(
            "road networks need the package routingkit-cch: pip install gancang-roads[map]"
        ) from None
    return routingkit_cch
