"""Who may travel where, and how fast."""

import pytest
from gancang_roads.errors import RoadsError
from gancang_roads.profiles import country_of, drives_left, maxspeed_kmh, profile

RIDER = profile("motorcycle", "ID")
DRIVER = profile("car", "ID")


def test_an_alley_between_houses_lets_a_motorcycle_pass_and_no_car() -> None:
    gang = {"highway": "footway"}
    assert RIDER.kmh(gang) == (9, 9)
    assert DRIVER.kmh(gang) == (0, 0)
    assert profile("motorcycle").kmh(gang) == (0, 0)  # elsewhere it is for people on foot


def test_an_alley_with_a_sign_against_motorcycles_is_closed_to_them() -> None:
    assert RIDER.kmh({"highway": "footway", "motorcycle": "no"}) == (0, 0)


def test_a_toll_road_is_for_cars_only() -> None:
    assert RIDER.kmh({"highway": "motorway"}) == (0, 0)
    assert DRIVER.kmh({"highway": "motorway"}) == (80, 0)


@pytest.mark.parametrize(
    ("tags", "there", "back"),
    [
        ({"oneway": "yes"}, True, False),
        ({"oneway": "-1"}, False, True),
        ({"junction": "roundabout"}, True, False),
        ({"junction": "roundabout", "oneway": "no"}, True, True),
        ({"oneway": "yes", "oneway:motorcycle": "no"}, True, True),
        ({}, True, True),
    ],
)
def test_a_one_way_street_is_open_one_way(tags: dict[str, str], there: bool, back: bool) -> None:
    kmh = RIDER.kmh({"highway": "tertiary", **tags})
    assert (kmh[0] > 0, kmh[1] > 0) == (there, back)
    assert profile("foot").kmh({"highway": "tertiary", **tags}) == (4.8, 4.8)


def test_bicycles_go_against_a_one_way_street_that_lets_them() -> None:
    street = {"highway": "residential", "oneway": "yes", "cycleway": "opposite"}
    assert profile("bicycle").kmh(street) == (16, 16)


def test_the_most_particular_access_tag_decides() -> None:
    road = {"highway": "service", "access": "private"}
    assert RIDER.kmh(road) == (0, 0)
    assert RIDER.kmh({**road, "motor_vehicle": "yes"}) == (15, 15)
    assert RIDER.kmh({**road, "motor_vehicle": "yes", "motorcycle": "no"}) == (0, 0)


def test_a_bad_surface_slows_down_and_a_good_one_does_not_speed_up() -> None:
    assert RIDER.kmh({"highway": "primary", "surface": "mud"}) == (8, 8)
    assert RIDER.kmh({"highway": "residential", "surface": "asphalt"}) == (22, 22)
    assert RIDER.kmh({"highway": "track", "tracktype": "grade5"}) == (9, 9)


def test_a_speed_limit_is_nearly_reached_and_never_the_top_speed_exceeded() -> None:
    assert RIDER.kmh({"highway": "primary", "maxspeed": "50"}) == (45, 45)
    assert RIDER.kmh({"highway": "primary", "maxspeed": "120"}) == (70, 70)


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50),
        ("30 mph", 48.28032),
        ("walk", 5),
        ("none", None),
        ("DE:urban", None),
        ("0", None),
    ],
)
def test_speed_limits_are_read(text: str, kmh: float | None) -> None:
    assert maxspeed_kmh(text) == kmh


def test_a_bollard_stops_cars_and_no_motorcycle() -> None:
    bollard = {"barrier": "bollard"}
    assert RIDER.may_pass(bollard)
    assert not DRIVER.may_pass(bollard)
    assert not RIDER.may_pass({**bollard, "motorcycle": "no"})
    assert not RIDER.may_pass({"barrier": "wall"})


def test_turn_restrictions_hold_for_those_they_name() -> None:
    rule = {"restriction": "no_left_turn"}
    assert RIDER.obeys(rule) == "no_left_turn"
    assert RIDER.obeys({**rule, "except": "bicycle;motorcycle"}) is None
    assert RIDER.obeys({"restriction:hgv": "no_left_turn"}) is None
    assert profile("foot").obeys(rule) is None


def test_the_country_is_known_by_the_place() -> None:
    assert country_of(-8.2, 114.4) == "ID"
    assert drives_left("ID")
    assert country_of(49.4, 8.7) == ""


def test_a_traveller_nobody_knows_is_refused() -> None:
    with pytest.raises(RoadsError, match="no traveller is called horse; there are motorcycle"):
        profile("horse")
