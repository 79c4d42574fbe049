"""The picture of a plan shows all of it, and says it to those who cannot see it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from gancang_planner import Job, Matrix, Snapshot, Stop, Stopping, Vehicle, Window, plan
from gancang_planner.picture import svg

SVG = "{http://www.w3.org/2000/svg}"
PLACES = ((0.0, 0.0), (4.0, 0.0), (0.0, 2.0), (4.0, 2.0))
TABLE = [[round(100 * ((a - c) ** 2 + (b - d) ** 2) ** 0.5) for a, b in PLACES] for c, d in PLACES]


def a_day():
    jobs = (
        Job("soup & <rice>", Stop(1), Stop(2), load=(1,)),
        Job.visit("Bu Sari", Stop(3)),
        Job("piano", Stop(1), Stop(2), load=(9,)),
    )
    adi = Vehicle('"adi" <1>', 0, Window(0, 9000), end_place=0, capacity=(4,))
    snapshot = Snapshot(jobs, (adi,), Matrix.of(TABLE, TABLE))
    return snapshot, plan(snapshot, stop=Stopping(50), seed=1)


def drawn(coordinates=PLACES, **more):
    snapshot, made = a_day()
    return ET.fromstring(svg(coordinates, made, snapshot, **more))


def test_every_stop_has_its_number_and_every_name_is_escaped():
    picture = drawn(title="Tuesday <script>")
    assert picture.find(f"{SVG}title").text == "Tuesday <script>"
    numbers = sorted(text.text for text in picture.findall(f"{SVG}g/{SVG}text"))
    assert numbers == ["1", "2", "3"]
    said = " ".join(title.text for title in picture.findall(f"{SVG}g/{SVG}title"))
    assert "soup & <rice>" in said
    assert picture.findall(f".//{SVG}script") == []


def test_it_is_told_to_those_who_do_not_see_it():
    picture = drawn()
    assert picture.get("role") == "img"
    named = picture.get("aria-labelledby").split()
    assert [picture.find(f"*[@id='{each}']") is not None for each in named] == [True, True]
    told = picture.find(f"{SVG}desc").text
    assert told == '1 routes: "adi" <1> makes 3 stops. 1 jobs are not served.'


def test_the_way_from_the_start_and_home_is_drawn_and_north_is_up():
    line = drawn().find(f"{SVG}polyline").get("points").split()
    assert len(line) == 5
    assert line[0] == line[-1]
    assert float(line[0].split(",")[1]) == max(float(point.split(",")[1]) for point in line)


def test_places_without_coordinates_are_left_out():
    assert len(drawn(PLACES[:3]).find(f"{SVG}polyline").get("points").split()) == 4
    with pytest.raises(ValueError, match="nothing to draw"):
        drawn(())


def test_places_that_all_lie_in_one_point_are_drawn():
    assert drawn([(1.0, 1.0)] * 4).find(f"{SVG}polyline") is not None
