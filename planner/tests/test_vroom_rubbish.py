"""Files of VROOM's that cannot be understood are refused in a sentence; no rubbish breaks it."""

from __future__ import annotations

import copy
import json
from contextlib import suppress

import pytest
from gancang_planner.formats import READERS
from hypothesis import given, settings
from hypothesis import strategies as st

# Four places in a row, a hundred seconds and a kilometre apart.
from planner.tests.test_vroom import SECONDS, a_file, job, read, shipment, van


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"vehicles": []}, "no vehicles"),
        ({"vehicles": [{"id": 1}]}, "vehicle 1 has neither a start nor an end"),
        ({"vehicles": [van(), van()]}, "vehicle '1' is empty or given twice"),
        ({"vehicles": [van(profile="truck")]}, "vehicle 1 needs a matrix of profile 'truck'"),
        ({"vehicles": [van(max_distance=5)]}, "max_distance is understood only beside"),
        ({"vehicles": [van(costs={"per_km": 2}, max_travel_time=5)]}, "max_travel_time is"),
        ({"vehicles": [van(max_tasks=0)]}, "with max_tasks 0 it does nothing"),
        ({"vehicles": [van(speed_factor=9)]}, "speed_factor must be above 0 and at most 5"),
        ({"vehicles": [van(time_window=[9, 2])]}, "vehicle 1: time_window: window closes"),
        ({"vehicles": [van(breaks=[{"id": 1, "max_load": [1]}])]}, "break 1: max_load is not"),
        (
            {"vehicles": [van(), van(id=2, costs={"per_task_hour": 3})]},
            "per_task_hour must be the same",
        ),
        (
            {"vehicles": [van(steps=[{"type": "job", "id": 1, "service_at": 3}])]},
            "step 1: service_at is not understood",
        ),
        ({"jobs": [job(1, 1, delivery=[1], pickup=[1])]}, "write two jobs"),
        ({"jobs": [job(1, 7)]}, "job 1: location_index 7 is not in matrices of 4 places"),
        ({"jobs": [{"id": 1, "location": [0, 0]}]}, "job 1 needs location_index"),
        ({"jobs": [{"id": 1}]}, "job 1 has no location"),
        ({"jobs": [{"id": 1, "location_index": 1, "location": [200, 0]}]}, "no place on Earth"),
        ({"jobs": [job(1, 1, service=-1)]}, "job 1: service must be a whole number, not -1"),
        ({"jobs": [job(1, 1, service=1.5)]}, "job 1: service must be a whole number, not 1.5"),
        ({"jobs": [job(1, 1, skills="cold")]}, "job 1: skills must list whole numbers"),
        ({"jobs": [job(1, 1, priority=101)]}, "job 1: priority must be a whole number"),
        ({"jobs": [job(1, 1, time_windows=[[5, 9], [7, 8]])]}, "job 1: windows must follow"),
        ({"jobs": [job(1, 1, time_windows=[5, 9])]}, "job 1: time_windows: 5 is not a window"),
        ({"jobs": [job(1, 1), job(1, 2)]}, "job 'job 1' is empty or given twice"),
        ({"jobs": 3}, "jobs must be a list"),
        ({"jobs": [3]}, "must be an object, not 3"),
        ({"jobs": [job("a", 1)]}, "id must be a whole number"),
        ({"shipments": [{"pickup": {"id": 1, "location_index": 0}}]}, "id must be a whole"),
        ({"matrices": {"car": {}}}, "car has no durations"),
        ({"matrices": {"car": {"durations": [[0, 1], [1]]}}}, "row 1 of the file: matrices: car"),
        ({"matrices": {"car": {"durations": [[0.5]]}}}, "more than whole numbers"),
        ({"matrices": {"car": {"durations": SECONDS, "distances": [[0]]}}}, "1 rows, not 4"),
        (
            {"matrices": {"car": {"durations": SECONDS}, "bike": {"durations": [[0]]}}},
            "the matrices differ in size",
        ),
        ({"matrix": SECONDS}, "write matrices.car.durations"),
        (
            {
                "matrices": {"car": {"durations": SECONDS}},
                "vehicles": [van(costs={"per_km": 3})],
            },
            "costs.per_km needs the distances",
        ),
        (
            {
                "matrices": {"car": {"durations": SECONDS, "costs": SECONDS}},
                "vehicles": [van(costs={"per_hour": 3})],
            },
            "do not go with a matrix of costs",
        ),
    ],
)
def test_what_cannot_be_understood_is_refused_in_a_sentence(more, said):
    with pytest.raises(ValueError, match=said) as refused:
        read(a_file(**more))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "3", '{"a": NaN}', "[" * 100_000, '{"vehicles": "x"}'])
def test_what_is_no_file_of_vrooms_is_refused(text):
    with pytest.raises(ValueError, match=r"the file|not a number of JSON"):
        READERS["vroom"](text)


FULL = a_file(
    vehicles=[
        van(
            capacity=[4],
            skills=[1],
            time_window=[0, 9000],
            breaks=[{"id": 1, "time_windows": [[0, 9000]], "service": 5}],
            costs={"fixed": 1, "per_hour": 3600, "per_km": 2},
            speed_factor=1.5,
            max_tasks=9,
        )
    ],
    jobs=[job(1, 1, delivery=[1], setup=5, service=3, skills=[1], time_windows=[[0, 8000]])],
    shipments=[shipment(2, 1, 2, amount=[1], priority=5)],
)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**70) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def _paths(value, path=()):
    yield path
    if not isinstance(value, dict | list):
        return
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _paths(each, (*path, key))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([path for path in _paths(FULL) if path]), JUNK)
def test_rubbish_anywhere_is_refused_or_read_and_never_breaks(path, junk):
    file = copy.deepcopy(FULL)
    inside = file
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = junk
    with suppress(ValueError):
        READERS["vroom"](json.dumps(file))
