"""VROOM's users bring their files as they are: what they say holds, what cannot is refused."""

from __future__ import annotations

import json

import pytest
from gancang_planner import Stopping, plan
from gancang_planner.formats import READERS

# Four places in a row, a hundred seconds and a kilometre apart.
SECONDS = [[100 * abs(a - b) for b in range(4)] for a in range(4)]
METRES = [[1000 * abs(a - b) for b in range(4)] for a in range(4)]


def a_file(**more):
    """Van 1 at place 0, out and back, and whatever else."""
    base = {
        "vehicles": [{"id": 1, "start_index": 0, "end_index": 0}],
        "matrices": {"car": {"durations": SECONDS, "distances": METRES}},
    }
    return {**base, **more}


def job(id, place, **more):
    return {"id": id, "location_index": place, **more}


def shipment(id, start, end, **more):
    ends = {"pickup": {"id": id, "location_index": start}}
    return {**ends, "delivery": {"id": id + 1, "location_index": end}, **more}


def van(**more):
    return {"id": 1, "start_index": 0, "end_index": 0, **more}


def read(file):
    return READERS["vroom"](json.dumps(file))


def answered(file, iterations=60):
    case = read(file)
    return case.told(plan(case.snapshot, case.policy, Stopping(iterations), 1), 0.25)


def steps(route):
    return [(step["type"], step.get("id"), step["arrival"]) for step in route["steps"]]


def test_a_whole_day_in_vrooms_terms():
    told = answered(
        a_file(
            vehicles=[van(capacity=[3], description="Adi's van")],
            jobs=[
                job(10, 1, delivery=[2], service=30, description="rice", location=[114.3, -8.2]),
                job(11, 2, pickup=[1], service=20, time_windows=[[500, 900]]),
                job(12, 3, delivery=[9]),
            ],
        )
    )
    assert told["code"] == 0
    assert told["summary"]["cost"] == 400
    assert told["unassigned"] == [
        {"type": "job", "id": 12, "location_index": 3, "reason": "TOO_BIG"}
    ]
    (route,) = told["routes"]
    assert (route["vehicle"], route["description"], route["cost"]) == (1, "Adi's van", 400)
    assert (route["delivery"], route["pickup"], route["distance"]) == ([2], [1], 4000)
    assert steps(route) == [
        ("start", None, 0),
        ("job", 10, 100),
        ("job", 11, 230),
        ("end", None, 720),
    ]
    start, rice, collected, end = route["steps"]
    assert [step["load"] for step in route["steps"]] == [[2], [0], [1], [1]]
    assert (rice["description"], rice["location"], rice["service"]) == ("rice", [114.3, -8.2], 30)
    assert (collected["waiting_time"], collected["duration"], collected["distance"]) == (
        270,
        200,
        2000,
    )
    assert (start["distance"], end["distance"], end["duration"]) == (0, 4000, 400)
    counts = ("setup", "service", "duration", "waiting_time", "priority")
    assert [told["summary"][key] for key in counts] == [0, 50, 400, 270, 0]


def test_a_shipment_is_fetched_before_it_is_brought():
    told = answered(a_file(shipments=[shipment(4, 3, 1, amount=[1])], vehicles=[van(capacity=[1])]))
    (route,) = told["routes"]
    assert [(step["type"], step.get("id")) for step in route["steps"]] == [
        ("start", None),
        ("pickup", 4),
        ("delivery", 5),
        ("end", None),
    ]
    assert [step["load"] for step in route["steps"]] == [[0], [1], [0], [0]]


def test_a_shipment_left_out_is_two_tasks_left_out():
    told = answered(a_file(shipments=[shipment(4, 3, 1, amount=[2])], vehicles=[van(capacity=[1])]))
    assert [(each["type"], each["id"]) for each in told["unassigned"]] == [
        ("pickup", 4),
        ("delivery", 5),
    ]
    assert told["summary"]["unassigned"] == 2
    assert told["routes"] == []


def test_only_who_has_all_skills_comes():
    vans = [van(skills=[1]), van(id=2, skills=[1, 2])]
    told = answered(a_file(vehicles=vans, jobs=[job(1, 1, skills=[2, 1]), job(2, 2, skills=[3])]))
    assert [route["vehicle"] for route in told["routes"]] == [2]
    assert told["unassigned"][0]["reason"] == "SKILL_MISSING"


def test_a_fixed_cost_keeps_a_van_at_home():
    near = [van(), {"id": 2, "start_index": 3, "end_index": 3}]
    jobs = [job(1, 0), job(2, 3)]
    assert len(answered(a_file(vehicles=near, jobs=jobs))["routes"]) == 2
    dear = [{**each, "costs": {"fixed": 1000}} for each in near]
    told = answered(a_file(vehicles=dear, jobs=jobs))
    assert [route["cost"] for route in told["routes"]] == [1600]
    assert told["summary"]["cost"] == 1600


def test_the_cost_is_that_of_the_hour_and_of_the_kilometre():
    costs = {"fixed": 5, "per_hour": 36, "per_km": 7, "per_task_hour": 1800}
    told = answered(a_file(vehicles=[van(costs=costs)], jobs=[job(1, 2, service=10)]))
    # 400 s at 36 an hour, 4 km at 7, 10 s of service at 1,800 an hour.
    assert told["summary"]["cost"] == 5 + 4 + 28 + 5


def test_by_the_kilometre_the_short_way_is_taken_though_it_is_slow():
    """Place 1 is quick to reach from 0 and far; by way of 2 it is slow and near."""
    seconds = [[0, 10, 500], [10, 0, 500], [500, 500, 0]]
    metres = [[0, 9000, 1000], [9000, 0, 1000], [1000, 1000, 0]]
    vans = [van(end_index=2, costs={"per_hour": 0, "per_km": 1})]
    matrices = {"car": {"durations": seconds, "distances": metres}}
    file = a_file(vehicles=vans, jobs=[job(1, 1), job(2, 2)], matrices=matrices)
    (route,) = answered(file)["routes"]
    assert [step.get("id") for step in route["steps"]] == [None, 2, 1, None]
    assert route["cost"] == 3


def test_a_matrix_of_costs_is_what_counts():
    costs = [[0, 900, 10], [900, 0, 10], [10, 10, 0]]
    seconds = [[0, 1, 90], [1, 0, 90], [90, 90, 0]]
    matrices = {"car": {"durations": seconds, "costs": costs}}
    file = a_file(
        vehicles=[{"id": 1, "start_index": 0}], jobs=[job(1, 1), job(2, 2)], matrices=matrices
    )
    (route,) = answered(file)["routes"]
    assert [step.get("id") for step in route["steps"]] == [None, 2, 1]
    assert (route["cost"], route["duration"]) == (20, 180)
    assert "distance" not in route


def test_the_slow_take_longer_and_each_has_the_matrix_of_its_profile():
    matrices = {"car": {"durations": SECONDS}, "bike": {"durations": [[50] * 4] * 4}}
    vans = [van(speed_factor=0.75), van(id=2, profile="bike", skills=[1])]
    jobs = [job(1, 1), job(2, 2, skills=[1])]
    file = a_file(vehicles=vans, jobs=jobs, matrices=matrices)
    file["jobs"][0]["skills"] = []
    told = answered(a_file(vehicles=vans[:1], jobs=jobs[:1], matrices=matrices))
    assert told["routes"][0]["duration"] == 2 * 134  # 133.3 s, rounded up
    told = answered(a_file(vehicles=vans, jobs=[jobs[1]], matrices=matrices))
    assert told["routes"][0]["duration"] == 100


def test_tasks_travel_and_distance_have_their_most():
    jobs = [job(1, 1), job(2, 2), job(3, 3)]

    def served(**limits):
        told = answered(a_file(vehicles=[van(**limits)], jobs=jobs))
        return 3 - told["summary"]["unassigned"]

    assert served() == 3
    assert served(max_tasks=2) == 2
    assert served(max_travel_time=400) == 2
    assert served(max_travel_time=399) == 1
    by_km = {"per_hour": 0, "per_km": 100}
    assert served(max_distance=4000, costs=by_km) == 2
    assert served(max_distance=3999, costs=by_km) == 1


def test_a_shipment_counts_as_two_tasks():
    told = answered(
        a_file(vehicles=[van(max_tasks=3)], shipments=[shipment(1, 1, 2), shipment(3, 2, 3)])
    )
    assert told["summary"]["unassigned"] == 2


def test_the_sum_of_priorities_decides_then_the_number_of_tasks():
    one = [van(max_tasks=1)]
    told = answered(a_file(vehicles=one, jobs=[job(1, 1), job(2, 3, priority=1)]))
    assert [each["id"] for each in told["unassigned"]] == [1]
    assert told["summary"]["priority"] == 1
    # In the time that the one of priority 1 takes, both others could be done.
    late = [van(time_window=[0, 620])]
    jobs = [job(1, 1, service=20), job(2, 2, service=20), job(3, 3, service=20, priority=1)]
    told = answered(a_file(vehicles=late, jobs=jobs), iterations=200)
    assert [each["id"] for each in told["unassigned"]] == [1, 2]
    told = answered(a_file(vehicles=late, jobs=[*jobs[:2], job(3, 3, service=20)]))
    assert [each["id"] for each in told["unassigned"]] == [3]


def test_breaks_are_taken_on_the_way_by_their_ids():
    rest = {"id": 9, "time_windows": [[90, 150]], "service": 60, "description": "rest"}
    told = answered(a_file(vehicles=[van(breaks=[rest])], jobs=[job(1, 2, service=10)]))
    (route,) = told["routes"]
    kinds = [(step["type"], step.get("id")) for step in route["steps"]]
    assert ("break", 9) in kinds
    assert route["service"] == 70
    assert route["duration"] == 400


def test_setup_is_spent_once_at_a_place():
    jobs = [job(1, 2, setup=100, service=5), job(2, 2, setup=100, service=5)]
    (route,) = answered(a_file(jobs=jobs))["routes"]
    assert (route["setup"], route["service"]) == (100, 10)


def test_a_route_begins_at_its_first_task_where_there_is_no_start():
    told = answered(a_file(vehicles=[{"id": 1, "end_index": 0}], jobs=[job(1, 2), job(2, 3)]))
    (route,) = told["routes"]
    assert [step.get("id") for step in route["steps"]] == [2, 1, None]
    assert (route["duration"], route["distance"]) == (300, 3000)
    told = answered(a_file(vehicles=[{"id": 1, "start_index": 0}], jobs=[job(1, 2), job(2, 3)]))
    assert [step["type"] for step in told["routes"][0]["steps"]] == ["start", "job", "job"]


def test_times_per_type_hold_where_all_are_of_that_type():
    vans = [van(type="bike"), van(id=2, type="bike")]
    jobs = [job(1, 1, service=10, service_per_type={"bike": 25, "car": 5})]
    assert answered(a_file(vehicles=vans, jobs=jobs))["routes"][0]["service"] == 25
    with pytest.raises(ValueError, match="job 1: service_per_type differs"):
        read(a_file(vehicles=[*vans, van(id=3, type="car")], jobs=jobs))


def test_without_matrices_the_great_circle_is_the_estimate_and_the_note_says_so():
    file = {
        "vehicles": [{"id": 1, "start": [114.0, 0.0], "end": [114.0, 0.0]}],
        "jobs": [{"id": 1, "location": [114.1, 0.0]}],
    }
    case = read(file)
    assert "great circle" in case.notes[0]
    assert case.coordinates == ((114.1, 0.0), (114.0, 0.0))
    (route,) = answered(file)["routes"]
    # A tenth of a degree is 11,119.5 m on the equator; 1.3 times that; at 10 m/s.
    assert (route["distance"], route["duration"]) == (2 * 14_456, 2 * 1446)
    assert route["steps"][1]["location"] == [114.1, 0.0]


def test_keys_of_nobody_are_noted_and_those_of_vroom_are_not():
    file = a_file(
        jobs=[job(1, 1, name="x")], options={"g": True}, shipments=[shipment(3, 1, 2) | {"id": 8}]
    )
    assert read(file).notes == ("these keys are not of VROOM's format and are ignored: jobs.name",)


def test_steps_of_vehicles_and_earlier_answers_are_a_start():
    jobs = [job(1, 1), job(2, 2), job(3, 3)]
    given_steps = [
        {"type": "start"},
        *({"type": "job", "id": n} for n in (3, 1, 2)),
        {"type": "end"},
    ]
    case = read(a_file(vehicles=[van(steps=given_steps)], jobs=jobs))
    again = plan(case.snapshot, case.policy, Stopping(0), warm=case.warm)
    told = case.told(again, 0)
    assert [step.get("id") for step in told["routes"][0]["steps"]] == [None, 3, 1, 2, None]
    assert case.earlier(told).routes[0].visits == case.warm.routes[0].visits
    with pytest.raises(ValueError, match="job 9"):
        read(a_file(vehicles=[van(steps=[{"type": "job", "id": 9}])], jobs=jobs))
