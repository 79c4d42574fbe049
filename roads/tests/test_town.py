"""A small invented town: where people go, what they are told, what is closed to them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from gancang_roads import (
    UNREACHABLE,
    Closure,
    Network,
    NoWay,
    OffTheMap,
    Place,
    Roads,
    RoadsError,
    build,
)

from roads.tests.towns import Town

TOWN = Path(__file__).parent / "data" / "town.osm"
TODAY = date(2026, 11, 24)

PHARMACY = (-8.2010, 114.3000)  # on Jalan Veteran
MOSQUE = (-8.1980, 114.3025)  # in the middle of Gang Melati
MARKET = (-8.2000, 114.3060)
HARBOUR = (-8.2000, 114.3100)
ISLAND = (-8.2000, 114.3300)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    target = tmp_path_factory.mktemp("town") / "town.road"
    build(TOWN, target)
    return Network.open(target)


@pytest.fixture(scope="module")
def rider(network: Network) -> Roads:
    return network.roads("motorcycle")


@pytest.fixture(scope="module")
def driver(network: Network) -> Roads:
    return network.roads("car")


def built(town: Town, folder: Path, traveller: str = "motorcycle") -> Roads:
    build(town.write(folder / "town.osm"), folder / "net.road", profiles=[traveller])
    return Network.open(folder / "net.road").roads(traveller)


def test_the_town_lies_in_indonesia_and_says_of_when_its_roads_are(network: Network) -> None:
    assert network.told["country"] == "ID"
    assert network.source.startswith("roads of 20")


def test_the_house_behind_the_mosque_is_reached_through_the_alley(
    rider: Roads, driver: Roads
) -> None:
    assert "Gang Melati" in [step.road for step in rider.route(PHARMACY, MOSQUE).steps()]
    assert "Gang Melati" not in [step.road for step in driver.route(PHARMACY, MOSQUE).steps()]
    assert rider.nearest([MOSQUE]).off_m[0] < 1
    assert driver.nearest([MOSQUE]).off_m[0] > 150  # the rest is walked
    assert rider.route(PHARMACY, MOSQUE).seconds < driver.route(PHARMACY, MOSQUE).seconds


def test_the_way_is_told_in_both_languages(rider: Roads) -> None:
    way = rider.route(PHARMACY, MARKET)
    assert [step.text for step in way.steps("id")] == [
        "Berangkat ke arah utara di Jalan Veteran",
        "Belok kanan ke Jalan Basuki Rahmat",
        "Masuk bundaran di Simpang Lima",
        "Keluar bundaran ke Jalan Basuki Rahmat",
        "Tiba di tujuan",
    ]
    assert [step.text for step in way.steps("en")] == [
        "Start towards the north on Jalan Veteran",
        "Turn right onto Jalan Basuki Rahmat",
        "Enter the roundabout on Simpang Lima",
        "Leave the roundabout onto Jalan Basuki Rahmat",
        "You are there",
    ]
    with pytest.raises(RoadsError, match="not in de"):
        way.steps("de")


def test_a_route_is_as_long_as_its_line_and_its_steps(rider: Roads) -> None:
    way = rider.route(PHARMACY, MARKET)
    lat, lon = np.radians(np.array(way.line).T)
    run = np.hypot(np.diff(lat), np.diff(lon) * np.cos(lat[:-1])) * 6_371_008.8
    assert abs(run.sum() - way.metres) < 3
    assert abs(sum(step.metres for step in way.steps()) - way.metres) <= len(way.steps())


def test_the_matrix_and_the_route_agree(rider: Roads) -> None:
    places = [PHARMACY, MOSQUE, MARKET, HARBOUR]
    matrix = rider.matrix(places, places)
    assert matrix.source == rider.source
    for row, begin in enumerate(places):
        for column, end in enumerate(places):
            way = rider.route(begin, end)
            assert way.seconds == matrix.seconds[row, column]
            assert way.metres == matrix.metres[row, column]


def test_a_second_bag_for_the_same_door_costs_no_way(rider: Roads) -> None:
    house = (-8.2007, 114.3016)  # off the road
    matrix = rider.matrix([house, PHARMACY], [house, PHARMACY])
    assert matrix.seconds.diagonal().tolist() == matrix.metres.diagonal().tolist() == [0, 0]
    way = rider.route(house, house)
    assert (way.seconds, way.metres, len(way.line)) == (0, 0, 1)
    assert len(way.steps()) == 1


def test_the_forbidden_left_turn_is_not_driven(rider: Roads) -> None:
    west, south, north = (-8.2, 114.3055), (-8.2010, 114.3060), (-8.1990, 114.3080)
    allowed = rider.route(west, north)
    around = rider.route(south, north)
    assert around.metres > allowed.metres + 200


def test_whoever_walks_need_not_mind_the_turn(network: Network) -> None:
    walker = network.roads("foot")
    assert walker.route((-8.2010, 114.3060), (-8.1990, 114.3080)).metres < 500


def test_a_ferry_leads_to_the_island_and_takes_its_time(rider: Roads) -> None:
    way = rider.route(HARBOUR, ISLAND)
    assert "Naik feri di Penyeberangan" in [step.text for step in way.steps()]
    assert way.seconds > 900


def test_a_rider_who_knows_better_gets_other_ways(rider: Roads) -> None:
    ways = rider.alternatives(PHARMACY, MARKET)
    assert len(ways) >= 2
    assert ways[0] == rider.route(PHARMACY, MARKET)
    assert [way.seconds for way in ways] == sorted(way.seconds for way in ways)
    assert ways[1].seconds <= 1.4 * ways[0].seconds
    assert ways[1].line != ways[0].line


def test_a_place_beside_the_road_is_told_with_side_and_distance(rider: Roads) -> None:
    north_of, south_of = (-8.19985, 114.3015), (-8.20015, 114.3015)
    snaps = rider.nearest([north_of, south_of, Place(-8.2, 114.3015)])
    assert [round(off) for off in snaps.off_m.tolist()] == [17, 17, 0]
    assert snaps.side[0] == -snaps.side[1] != 0
    assert snaps.side[2] == 0
    assert snaps.lat.tolist() == pytest.approx([-8.2] * 3, abs=1e-7)


def test_the_side_of_the_door_is_told_at_the_end(rider: Roads) -> None:
    north_of = (-8.19985, 114.3015)
    assert rider.route(PHARMACY, north_of).steps("en")[-1].kind == "arrive left"
    assert rider.route(MARKET, north_of).steps("en")[-1].kind == "arrive right"


def test_a_flooded_street_is_gone_round_while_it_is_closed(rider: Roads) -> None:
    flood = Closure(
        ring=((-8.2004, 114.3010), (-8.1996, 114.3010), (-8.1996, 114.3014), (-8.2004, 114.3014)),
        why="flood",
        begins=date(2026, 11, 20),
        ends=date(2026, 11, 24),
        decree="SK 188/2026",
    )
    before = rider.route(PHARMACY, MARKET)
    closed = rider.with_closures([flood], on=TODAY)
    around = closed.route(PHARMACY, MARKET)
    assert around.seconds > before.seconds
    assert around.source.endswith("1 closed areas on 2026-11-24")
    assert closed.matrix([PHARMACY], [MARKET]).seconds[0, 0] == around.seconds
    later = rider.with_closures([flood], on=date(2026, 11, 25))
    assert later.route(PHARMACY, MARKET) == before


def test_a_closed_area_that_cuts_the_town_makes_the_other_half_unreachable(rider: Roads) -> None:
    wall = Closure(
        ring=((-8.3, 114.3045), (-8.1, 114.3045), (-8.1, 114.3046), (-8.3, 114.3046)), why="volcano"
    )
    cut = rider.with_closures([wall], on=TODAY)
    assert cut.matrix([PHARMACY], [HARBOUR]).seconds[0, 0] == UNREACHABLE
    assert cut.matrix([PHARMACY], [HARBOUR]).metres[0, 0] == UNREACHABLE
    with pytest.raises(NoWay, match="no way leads there for the traveller motorcycle"):
        cut.route(PHARMACY, HARBOUR)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ring": ((0, 0), (1, 1))}, "three corners"),
        ({"factor": 0.5}, "no road quicker"),
        ({"begins": date(2026, 2, 1), "ends": date(2026, 1, 1)}, "before it begins"),
    ],
)
def test_a_closure_that_makes_no_sense_is_refused(wrong: dict[str, object], said: str) -> None:
    whole: dict[str, object] = {"ring": ((0, 0), (1, 1), (0, 1)), "why": "flood"}
    with pytest.raises(RoadsError, match=said):
        Closure(**(whole | wrong))  # type: ignore[arg-type]


def test_at_seven_in_the_morning_the_main_road_is_slower(rider: Roads) -> None:
    rush, night = rider.at_hour(7), rider.at_hour(2)
    east, west = (-8.2, 114.3020), (-8.2, 114.3035)
    assert rush.route(east, west).seconds > rider.route(east, west).seconds
    assert rush.source.endswith(", at 7:00")
    assert night.route(east, west).seconds == rider.route(east, west).seconds
    with pytest.raises(RoadsError, match="no hour 24"):
        rider.at_hour(24)


def test_what_is_reached_in_a_minute_is_part_of_what_is_reached_in_two(rider: Roads) -> None:
    one, two = rider.isochrone(PHARMACY, 60), rider.isochrone(PHARMACY, 120)
    assert 0 < one.area_km2 < two.area_km2
    assert one.nodes < two.nodes
    for ring in one.rings:
        assert ring[0] == ring[-1]
        assert len(ring) >= 5


def test_a_point_in_the_sea_is_named_by_its_row(rider: Roads) -> None:
    with pytest.raises(OffTheMap, match=r"source 2: -8\.25, 114\.4 is more than 2 km") as told:
        rider.matrix([PHARMACY, (-8.25, 114.4)], [MARKET])
    assert told.value.row == 1


def test_swapped_coordinates_are_recognised(rider: Roads) -> None:
    with pytest.raises(RoadsError, match="are latitude and longitude swapped"):
        rider.matrix([MARKET[::-1]], [MARKET])


def test_a_place_that_is_not_on_earth_is_refused(rider: Roads) -> None:
    for wrong in ((float("nan"), 114.3), (-8.2, 181.0), (114.3, -8.2)):
        with pytest.raises(RoadsError, match="row 1: no such place on earth"):
            rider.nearest([wrong])


def test_no_places_give_an_empty_matrix(rider: Roads) -> None:
    assert rider.matrix([], [MARKET]).seconds.shape == (0, 1)
    assert rider.matrix([MARKET], []).metres.shape == (1, 0)


def test_a_hundred_thousand_points_at_once_find_their_roads(rider: Roads) -> None:
    rng = np.random.default_rng(1)
    points = np.stack([rng.uniform(-8.21, -8.19, 100_000), rng.uniform(114.29, 114.32, 100_000)], 1)
    snaps = rider.nearest(points)
    assert snaps.is_on.all()
    some = rng.integers(0, 100_000, 20)
    for row in some.tolist():
        alone = rider.nearest(points[row : row + 1])
        assert alone.off_m[0] == snaps.off_m[row]


def test_a_network_in_two_halves_is_reported_and_says_no_way(tmp_path: Path) -> None:
    town = Town()
    for base in (0, 10):
        for row in range(3):
            town.road(*[(base + row, column) for column in range(3)], highway="residential")
            town.road(*[(base + r, row) for r in range(3)], highway="residential")
    roads = built(town, tmp_path)
    assert roads.network.islands == {"motorcycle": [9, 9]}
    here, there = town.place(0, 0), town.place(10, 0)
    assert roads.matrix([here], [there]).seconds[0, 0] == UNREACHABLE
    with pytest.raises(NoWay, match="not joined"):
        roads.route(here, there)


def test_a_scrap_of_road_is_no_place_to_start(tmp_path: Path) -> None:
    town = Town()
    for row in range(8):
        town.road(*[(row, column) for column in range(8)], highway="residential")
        town.road(*[(r, row) for r in range(8)], highway="residential")
    town.road((9, 0), (9, 1), highway="service")
    roads = built(town, tmp_path)
    assert roads.nearest([town.place(9, 0.5)]).off_m[0] > 200  # the street behind it


def test_a_bollard_cuts_the_road_for_cars_only(tmp_path: Path) -> None:
    town = Town()
    town.road(*[(0, column) for column in range(5)], highway="residential")
    town.node(0, 2, barrier="bollard")
    ends = town.place(0, 0), town.place(0, 4)
    assert built(town, tmp_path).route(*ends).metres > 400
    car = built(town, tmp_path, "car")
    assert car.matrix([ends[0]], [ends[1]]).seconds[0, 0] == UNREACHABLE


def test_a_turn_forbidden_through_a_short_road_is_not_driven(tmp_path: Path) -> None:
    town = Town()
    west = town.road((0, 0), (0, 1), highway="primary")
    link = town.road((0, 1), (0.3, 1), highway="primary")
    back = town.road((0.3, 1), (0.3, 0), highway="primary")
    town.road((0.3, 1), (3, 1), highway="primary")
    free = built(town, tmp_path).route(town.place(0, 0.5), town.place(0.3, 0.5))
    town.rule_through("no_u_turn", west, link, back)
    barred = built(town, tmp_path).route(town.place(0, 0.5), town.place(0.3, 0.5))
    assert free.metres < 160
    assert barred.metres > free.metres + 400


def test_a_traffic_light_costs_its_wait_once(tmp_path: Path) -> None:
    town = Town()
    town.road(*[(0, column) for column in range(5)], highway="residential")
    ends = [town.place(0, 0)], [town.place(0, 4)]
    before = built(town, tmp_path).matrix(*ends).seconds[0, 0]
    town.node(0, 2, highway="traffic_signals")
    roads = built(town, tmp_path)
    assert roads.matrix(*ends).seconds[0, 0] - before == roads.profile.signal_s


def test_a_one_way_street_is_entered_from_its_own_end(tmp_path: Path) -> None:
    town = Town()
    town.road((0, 0), (0, 1), highway="residential", oneway="yes")
    town.road((0, 1), (1, 1), (1, 0), (0, 0), highway="residential")
    roads = built(town, tmp_path)
    early, late = town.place(0, 0.2), town.place(0, 0.8)
    assert roads.route(early, late).metres == pytest.approx(66, abs=2)
    assert roads.route(late, early).metres == pytest.approx(4 * 111 - 66, abs=5)


def test_a_traveller_that_was_not_built_is_refused(tmp_path: Path) -> None:
    town = Town()
    town.road((0, 0), (0, 1), highway="residential")
    roads = built(town, tmp_path)
    with pytest.raises(RoadsError, match="not built for the traveller car, only for motorcycle"):
        roads.network.roads("car")
