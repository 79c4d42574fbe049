"""Files of the literature are read to the last number, and what is wrong in them is named."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from gancang_planner import Stopping, Window, plan
from gancang_planner.formats import READERS
from gancang_planner.formats.numbered import FINENESS

ROOT = Path(__file__).parent.parent.parent
BENCHMARKS = Path(
    os.environ.get("GANCANG_BENCHMARKS", ROOT.parent / "shared" / "data" / "benchmarks")
)

# Two goods: from 1 to 3, and from 2 to 4; 3-4-5 triangles, so that all ways are whole.
LILIM = """2\t10\t1
0\t0\t0\t0\t0\t100\t0\t0\t0
1\t3\t4\t6\t0\t50\t2\t0\t3
2\t0\t4\t5\t0\t60\t2\t0\t4
3\t3\t0\t-6\t10\t70\t2\t1\t0
4\t6\t8\t-5\t0\t80\t2\t2\t0
"""
SOLOMON = """T1

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0          0          0          0        100          0
    1      3          4          6          0         50          2
    2      6          8          4          0         60          2
"""
SARTORI = """NAME: tiny-n5-1
LOCATION: Nowhere
TYPE: PDPTW
SIZE: 5
ROUTE-TIME: 240
CAPACITY: 10
NODES
0 -8.2100 114.3600 0 0 240 0 0 0
1 -8.2200 114.3500 6 0 100 3 0 3
2 -8.2000 114.3500 5 0 100 3 0 4
3 -8.2000 114.3700 -6 0 200 3 1 0
4 -8.2200 114.3700 -5 0 200 3 2 0
EDGES
0 7 8 9 10
7 0 5 9 12
8 5 0 6 11
9 9 6 0 4
10 12 11 4 0
EOF
"""
TEXTS = {"lilim": LILIM, "solomon": SOLOMON, "sartori": SARTORI}


def answered(kind, text, iterations=50):
    case = READERS[kind](text)
    return case.told(plan(case.snapshot, case.policy, Stopping(iterations), 1), 0.5)


def test_a_pair_of_li_and_lim_keeps_its_numbers():
    case = READERS["lilim"](LILIM)
    first, second = case.snapshot.jobs
    assert (first.id, first.load, first.pickups[0].place, first.deliveries[0].place) == (
        "1",
        (6,),
        1,
        3,
    )
    assert second.deliveries[0].service_s == 2 * FINENESS
    assert first.deliveries[0].windows == (Window(10 * FINENESS, 70 * FINENESS),)
    assert [v.capacity for v in case.snapshot.vehicles] == [(10,), (10,)]
    assert case.snapshot.vehicles[0].shift == Window(0, 100 * FINENESS)


def test_whole_ways_stay_whole_and_others_are_rounded_up():
    matrix = READERS["lilim"](LILIM).snapshot.matrix
    assert matrix.metres[0, 1] == matrix.seconds[1, 0] == 5 * FINENESS
    # From 2 (0, 4) to 3 (3, 0) is 5; from 3 (3, 0) to 4 (6, 8) the root of 73 is not whole.
    assert matrix.metres[2, 3] == 5 * FINENESS
    assert matrix.metres[3, 4] == 8_544_004  # 8.5440037…


@pytest.mark.parametrize("kind", TEXTS)
def test_the_answer_speaks_in_the_numbers_of_the_file(kind):
    told = answered(kind, TEXTS[kind])
    keys = ["routes", "vehicles", "distance", "unserved", "iterations", "seconds"]
    assert list(told) == keys
    assert told["vehicles"] == len(told["routes"]) == 1
    tasks = len(READERS[kind](TEXTS[kind]).ways) - 1
    assert sorted(task for route in told["routes"] for task in route) == list(range(1, tasks + 1))
    assert told["unserved"] == []


def test_distances_are_told_in_double_precision():
    assert answered("solomon", SOLOMON)["distance"] == 20.0
    case = READERS["lilim"](LILIM)
    # 0-2 is 4, 2-1 is 3, 1-3 is 4, 3-4 the root of 73, 4-0 is 10.
    assert case.distance([[2, 1, 3, 4]]) == pytest.approx(21 + 73**0.5, abs=1e-12)
    assert answered("sartori", SARTORI)["distance"] % 1 == 0


def test_a_task_that_nobody_can_do_is_named_with_its_reason():
    told = answered("lilim", LILIM.replace("4\t6\t8\t-5\t0\t80", "4\t6\t8\t-5\t0\t11"))
    left_out = [
        {"task": 2, "reason": "WINDOW_CLOSED"},
        {"task": 4, "reason": "WINDOW_CLOSED"},
    ]
    assert told["unserved"] == left_out


@pytest.mark.parametrize("kind", TEXTS)
def test_an_earlier_answer_is_a_start(kind):
    case = READERS[kind](TEXTS[kind])
    first = case.told(plan(case.snapshot, case.policy, Stopping(50), 1), 0)
    warm = case.earlier(first)
    again = plan(case.snapshot, case.policy, Stopping(0), 2, warm=warm)
    assert case.told(again, 0)["routes"] == first["routes"]


@pytest.mark.parametrize(
    "answer",
    [None, [], {"routes": 1}, {"routes": [[99]]}, {"routes": [["1"]]}, {"routes": [[]] * 3}],
)
def test_what_is_no_earlier_answer_is_refused(answer):
    with pytest.raises(ValueError, match="the earlier answer"):
        READERS["lilim"](LILIM).earlier(answer)


@pytest.mark.parametrize(
    ("kind", "was", "becomes", "said"),
    [
        ("lilim", LILIM, "", "the file is empty"),
        ("lilim", LILIM, "2\t10\t1\n", "the file has no depot"),
        ("lilim", "2\t10\t1", "2\t10", "line 1 should hold 3 numbers"),
        ("lilim", "60\t2\t0\t4", "60\t2\t0", "line 4 should hold 9 numbers"),
        ("lilim", "60\t2\t0\t4", "60\tnan\t0\t4", "line 4 should hold 9 numbers"),
        ("lilim", "60\t2\t0\t4", "60\tmuch\t0\t4", "line 4 should hold 9 numbers"),
        ("lilim", "60\t2\t0\t4", "60\t1e99\t0\t4", "line 4 should hold 9 numbers"),
        ("lilim", "60\t2\t0\t4", "60\t0.1234567\t0\t4", "line 4 holds 0.1234567"),
        ("lilim", "60\t2\t0\t4", "60\t2\t0\t9", "task 2 is neither a pickup nor"),
        ("lilim", "60\t2\t0\t4", "60\t2\t0\t3", "tasks 2 and 3 do not belong together"),
        ("lilim", "-6\t10", "-7\t10", "tasks 1 and 3 do not belong together"),
        ("lilim", "1\t3\t4\t6\t0\t50", "1\t3\t4\t6\t60\t50", "task 1 or 3: window closes"),
        ("lilim", "1\t3\t4\t6\t0\t50", "7\t3\t4\t6\t0\t50", "task 7 stands where task 1"),
        ("lilim", "2\t0\t4\t5", "2\t0\t4000\t5", "more than 2147 units apart"),
        ("solomon", SOLOMON, "C101\n", "no line with the number of vehicles"),
        ("solomon", "60          2", "60", "line 12 should hold 7 numbers"),
        ("solomon", "0         50", "60        50", "line 11: window closes"),
        ("sartori", "NODES", "NODE", "no NODES followed by EDGES"),
        ("sartori", "CAPACITY", "SIZE", "no CAPACITY"),
        ("sartori", "8 5 0 6 11", "8 5 0 6", "line 16 should hold 5 whole minutes"),
        ("sartori", "10 12 11 4 0\n", "", "EDGES has 4 rows, not 5"),
        ("sartori", "8 5 0 6 11", "8 5 0 -6 11", "whole numbers"),
    ],
)
def test_what_is_wrong_is_named(kind, was, becomes, said):
    assert was in TEXTS[kind]
    with pytest.raises(ValueError, match=said):
        READERS[kind](TEXTS[kind].replace(was, becomes))


@pytest.mark.skipif(not BENCHMARKS.exists(), reason=f"no instances in {BENCHMARKS.name}/")
@pytest.mark.parametrize("kind", ["lilim", "solomon"])
def test_every_instance_of_the_literature_is_read(kind):
    files = sorted((BENCHMARKS / kind).glob("*.txt"))
    cases = [READERS[kind](file.read_text("utf-8")) for file in files]
    assert len(cases) >= 56
    assert all(len(case.ways) > 100 for case in cases)


def test_the_checker_of_the_benchmarks_sees_each_fault():
    instances = pytest.importorskip("benchmarks.planner.instances")
    checked = pytest.importorskip("benchmarks.planner.checker").checked
    instance = instances.parsed("lilim", LILIM)
    assert checked(instance, [[1, 3], [2, 4]]).problems == ()
    assert checked(instance, [[1, 3], [2, 4]]).distance == pytest.approx(12 + 4 + 52**0.5 + 10)
    for routes, said in [
        ([[1, 3], [2]], "missing [4]"),
        ([[1, 3], [2, 4], [4]], "3 routes, but 2 vehicles"),
        ([[1, 3, 3], [2, 4]], "twice [3]"),
        ([[3, 1], [2, 4]], "3 is delivered before it is fetched at 1"),
        ([[1, 2, 3, 4]], "11 on board after 2"),
        ([[1, 4], [2, 3]], "1 and 3 are not in one vehicle"),
    ]:
        assert said in "; ".join(checked(instance, routes).problems)
    late = instances.parsed("lilim", LILIM.replace("0\t60\t2", "0\t3\t2"))
    assert "2 is reached at 4.00000, it closes at 3" in checked(late, [[1, 3], [2, 4]]).problems[0]


@pytest.mark.parametrize("kind", TEXTS)
def test_rubbish_is_refused_or_read_and_never_breaks(kind):
    draw = Random(kind)
    words = [
        "-1",
        "1e400",
        "NaN",
        "Infinity",
        "0",
        "99999999999999999999",
        "x",
        "\x00",
        "",
        "٣",
        "1_0",
    ]
    for _ in range(400):
        parts = TEXTS[kind].split(" " if kind != "lilim" else "\t")
        for _ in range(draw.randint(1, 2)):
            parts[draw.randrange(len(parts))] = draw.choice(words)
        text = (" " if kind != "lilim" else "\t").join(parts)
        with suppress(ValueError):
            READERS[kind](text)


def test_the_tables_of_the_benchmarks_tell_losses_and_broken_answers():
    told = pytest.importorskip("benchmarks.planner.report").told

    def line(solver, instance, vehicles, distance, *, seconds=1.0, problem=""):
        found = {"vehicles": vehicles, "distance": distance, "problem": problem}
        run = {"set": "lilim100", "limit": 1.0, "seed": 1, "seconds": seconds}
        made = {"version": "1", "machine": "one", "commit": "abc"}
        return {"solver": solver, "instance": instance} | found | run | made

    lines = [line("ours", "a", 3, 110.0), line("ours", "b", 5, 90.0), line("ours", "c", 2, 50.0)]
    lines += [line("pyvrp", "a", 3, 100.0, seconds=1.3), line("pyvrp", "b", 6, 80.0)]
    lines += [line("pyvrp", "c", 2, 50.0, problem="2 on board after 7")]
    text = told(lines, {"a": (3, 100.0), "b": (4, 95.0)})
    assert "| ours | 3 of 3 | 10.0 | +10.00 % on 1 | - | - | - | - | 0 |" in text
    row = "| pyvrp | 2 of 3 | 9.0 | +0.00 % on 1 | -1.0 | +10.00 % on 1 | 2, 0, 1 | 67 % | 1 |"
    assert row in text
    assert "- pyvrp on c, 1 s, seed 1: 2 on board after 7" in text
