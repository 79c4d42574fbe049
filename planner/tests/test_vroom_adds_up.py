"""Whatever a file of VROOM's asks, the sums that the answer tells are those of its routes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

# Four places in a row, a hundred seconds and a kilometre apart.
from planner.tests.test_vroom import a_file, answered, shipment, van


@st.composite
def files(draw):
    """Small days with all that a file may hold."""
    size = draw(st.integers(2, 4))
    ways = st.lists(
        st.lists(st.integers(1, 90), min_size=size, max_size=size), min_size=size, max_size=size
    )
    durations, distances = draw(ways), draw(ways)
    for at in range(size):
        durations[at][at] = distances[at][at] = 0
    place, some = st.integers(0, size - 1), st.integers(0, 60)

    def a_stop(id):
        opens = draw(some)
        extra = {"service": draw(some), "setup": draw(st.sampled_from([0, 7]))}
        windows = draw(st.sampled_from([None, [[opens, opens + 300]]]))
        return {"id": id, "location_index": draw(place), "time_windows": windows, **extra}

    jobs = [
        a_stop(n) | {draw(st.sampled_from(["delivery", "pickup"])): [1]}
        for n in range(draw(st.integers(0, 3)))
    ]
    shipments = [
        {
            "pickup": a_stop(n),
            "delivery": a_stop(n),
            "amount": [1],
            "priority": draw(st.integers(0, 2)),
        }
        for n in range(draw(st.integers(0, 2)))
    ]
    vehicles = []
    for n in range(draw(st.integers(1, 2))):
        ends = draw(
            st.sampled_from([("start_index",), ("end_index",), ("start_index", "end_index")])
        )
        rests = [{"id": 1, "time_windows": [[draw(some), 120]], "service": 15}]
        rests[0]["time_windows"][0].sort()
        vehicles.append(
            {
                "id": n,
                "capacity": [2],
                **{end: draw(place) for end in ends},
                "costs": {"fixed": draw(some), "per_hour": draw(some), "per_km": draw(some)},
                "breaks": draw(st.sampled_from([[], rests])),
                "speed_factor": draw(st.sampled_from([1, 0.7, 1.3])),
            }
        )
    matrices = {"car": {"durations": durations, "distances": distances}}
    return {"vehicles": vehicles, "jobs": jobs, "shipments": shipments, "matrices": matrices}


@settings(max_examples=150, deadline=None)
@given(files())
def test_all_that_an_answer_says_adds_up(file):
    told = answered(file, iterations=15)
    tasks = len(file["jobs"]) + 2 * len(file["shipments"])
    done = [
        s for r in told["routes"] for s in r["steps"] if s["type"] in ("job", "pickup", "delivery")
    ]
    assert len(done) + len(told["unassigned"]) == tasks
    for route in told["routes"]:
        costs = file["vehicles"][route["vehicle"]]["costs"]
        for before, after in zip(route["steps"], route["steps"][1:], strict=False):
            travel = after["duration"] - before["duration"]
            spent = before["setup"] + before["service"] + before["waiting_time"]
            assert after["arrival"] == before["arrival"] + spent + travel
            assert min(travel, before["waiting_time"], after["distance"] - before["distance"]) >= 0
        for key in ("setup", "service", "waiting_time"):
            assert route[key] == sum(step[key] for step in route["steps"])
        money = costs["fixed"] + costs["per_hour"] * route["duration"] / 3600
        assert route["cost"] == int(money + costs["per_km"] * route["distance"] / 1000 + 1e-9)
    assert told["summary"]["duration"] == sum(route["duration"] for route in told["routes"])


def test_the_checker_of_the_benchmarks_sees_each_fault_of_a_round():
    checked = pytest.importorskip("benchmarks.planner.checker").checked_round
    windows = {"service": 10, "time_windows": [[0, 450]]}
    meals = [shipment(1, 1, 2, amount=[1]), shipment(3, 1, 3, amount=[1])]
    for meal in meals:
        meal["pickup"] |= windows
        meal["delivery"] |= windows
    problem = a_file(vehicles=[van(capacity=[1], time_window=[0, 790])], shipments=meals)

    def faults(*told, problem=problem):
        given_steps = [{"type": kind, "id": id} for kind, id in told]
        return "; ".join(
            checked(problem, {"routes": [{"vehicle": 1, "steps": given_steps}]}).problems
        )

    one, other = [("pickup", 1), ("delivery", 2)], [("pickup", 3), ("delivery", 4)]
    assert faults(*one) == "2 of 4 stops are left out"
    assert "delivery 4 begins at 530, its window closes at 450" in faults(*one, *other)
    assert "back too late" in faults(*one, *other)
    assert "2 on board after pickup 3" in faults(one[0], *other, one[1])
    assert "delivery 2 comes before its pickup" in faults(*reversed(one))
    assert "a shipment is not whole" in faults(*one, other[0])
    room = a_file(vehicles=[van(capacity=[2], time_window=[0, 790])], shipments=meals)
    whole = (one[0], other[0], one[1], other[1])
    assert faults(*whole, problem=room) == ""
