"""What cannot be true is refused at birth, with a sentence that names it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from gancang_planner import (
    Break,
    Cost,
    Job,
    JobKind,
    Matrix,
    OnBoard,
    Policy,
    Share,
    Snapshot,
    Stop,
    Stopping,
    Term,
    Vehicle,
    Window,
)

DAY = Window(0, 86_400)
JOB = Job("a", Stop(0), Stop(1), load=(1,))
RIDER = Vehicle("adi", 0, DAY, capacity=(4,))
TWO = Matrix.of([[0, 60], [60, 0]], [[0, 500], [500, 0]])

ONE = Matrix.of([[0]], [[0]])


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Window(10, 5), "window closes at 5 s, before it opens at 10 s"),
        (lambda: Window(-1, 5), "whole number of zero or more, not -1"),
        (lambda: Window(0, 2**60), "whole number of zero or more"),
        (lambda: Stop(0, (Window(0, 5), Window(5, 9))), "windows must follow one another"),
        (lambda: Stop(0, service_s=-3), "service time of a stop"),
        (lambda: replace(JOB, id=""), "a job needs an id"),
        (lambda: replace(JOB, load=(-1,)), "the load of job a"),
        (lambda: replace(JOB, load=(0.5,)), "the load of job a"),
        (lambda: replace(JOB, priority=0), "the priority of job a"),
        (lambda: replace(JOB, max_onboard_s=float("nan")), "a time of job a"),
        (lambda: replace(RIDER, id=""), "a vehicle needs an id"),
        (lambda: replace(RIDER, max_jobs=0), "max_jobs of vehicle adi"),
        (lambda: replace(RIDER, promised=("a", "a")), "job of vehicle adi 'a'"),
        (lambda: replace(RIDER, promised=("a",), on_board=(OnBoard("a", 0),)), "given twice"),
        (lambda: OnBoard("a", -1), "job a came on board"),
        (lambda: Matrix.of([[0, 1]], [[0, 1]]), "row 0 of seconds has 2 entries, not 1"),
        (lambda: Matrix.of([[0]], []), "metres has 0 rows, not 1"),
        (lambda: Matrix.of([[float("nan")]], [[0]]), "row 0 of seconds holds more than whole"),
        (lambda: Matrix.of([[-1]], [[0]]), "row 0 of seconds"),
        (lambda: Matrix.of([[2**31]], [[0]]), "row 0 of seconds"),
        (lambda: Snapshot((JOB, JOB), (), TWO), "job 'a' is empty or given twice"),
        (lambda: Snapshot((), (RIDER, RIDER), TWO), "vehicle 'adi' is empty or given twice"),
        (lambda: Snapshot((replace(JOB, deliveries=Stop(2)),), (), TWO), "job a names place 2"),
        (lambda: Snapshot((), (replace(RIDER, end_place=7),), TWO), "vehicle adi names place 7"),
        (lambda: Snapshot((JOB,), (replace(RIDER, capacity=()),), TWO), "adi has 0 dimensions"),
        (lambda: Snapshot((), (replace(RIDER, promised=("x",)),), TWO), "an unknown job 'x'"),
        (
            lambda: Snapshot(
                (JOB,), tuple(replace(RIDER, id=v, promised=("a",)) for v in "vw"), TWO
            ),
            "committed job 'a'",
        ),
        (lambda: Snapshot((), (), TWO, now_s=-1), "now must be"),
        (lambda: Stopping(-1), "the number of iterations"),
        (lambda: Stopping(no_gain=0), "without a gain"),
        (lambda: Stopping(seconds=float("nan")), "seconds must be a number"),
        (lambda: Stopping(seconds=-0.1), "seconds must be a number"),
        (lambda: Stop(0, setup_s=-3), "setup time of a stop"),
        (lambda: Job("a"), "job a has neither a pickup nor a delivery"),
        (lambda: Job.visit("a", Stop(0), max_onboard_s=9), "a most time on board but no pickup"),
        (
            lambda: Job("a", Stop(0), (Stop(0), Stop(1)), max_detour_percent=120),
            "job a has a most detour",
        ),
        (lambda: Job("a", Stop(0, load=(1,)), Stop(1)), "the load of job a belongs to the job"),
        (
            lambda: Job("a", (Stop(0), Stop(1)), Stop(2), load=(1,)),
            "the load of job a: (2,) is taken, but (1,) left",
        ),
        (
            lambda: Job("a", pickups=(Stop(0, load=(1,)), Stop(1, load=(1, 2)))),
            "the loads of the stops of job a differ in dimensions",
        ),
        (lambda: Break((), 60), "a break needs a window"),
        (lambda: Break((Window(5, 9), Window(0, 1)), 60), "windows must follow one another"),
        (lambda: replace(RIDER, max_stops=0), "max_stops of vehicle adi"),
        (lambda: replace(RIDER, pace_percent=0), "the pace of vehicle adi"),
        (lambda: replace(RIDER, pace_percent=10_001), "one to 10000, not 10001"),
        (lambda: replace(RIDER, cost_per_km=-1), "a cost of vehicle adi"),
        (lambda: replace(RIDER, max_work_s=-1), "the most distance or work of adi"),
        (lambda: Matrix.of([[0, 1], [2]], [[0, 1], [2, 0]]), "row 1 of seconds has 1 entries"),
        (lambda: Matrix.of(np.zeros((2, 3), int), [[0, 1], [2, 0]]), "row 0 of seconds has 3"),
        (lambda: Matrix.of(np.zeros(2, int), [[0, 1], [2, 0]]), "row 0 of seconds has 1"),
        (lambda: Matrix.of([[0, 1], [1, 0]], [[0, 1], [1, 0.5]]), "row 1 of metres holds more"),
        (lambda: Matrix.of([[0, 2**70], [1, 0]], [[0, 1], [1, 0]]), "row 0 of seconds holds more"),
        (lambda: Matrix.of([[True]], [[0]]), "row 0 of seconds holds more"),
        (lambda: Matrix.of([["x"]], [[0]]), "row 0 of seconds holds more"),
        (lambda: Matrix.of([[None]], [[0]]), "row 0 of seconds holds more"),
        (lambda: Snapshot((), (), {}), "a snapshot needs a matrix"),
        (lambda: Snapshot((), (), {"": TWO, "boat": ONE}), "the matrices differ in size"),
        (lambda: Snapshot((), (replace(RIDER, profile="boat"),), TWO), "profile 'boat'"),
        (lambda: Snapshot((), (), TWO, 0, (100,)), "hour_percent has 1 entries"),
        (lambda: Snapshot((), (), TWO, 0, (0,) * 24), "a percentage of an hour"),
        (lambda: Snapshot((), (), TWO, 0, (), (("a", "v"), ("a", "w"))), "running job 'a'"),
        (lambda: Snapshot(range(10_000_000), (), TWO), "10000000 jobs and 0 vehicles are too many"),
        (lambda: Snapshot((), range(20_001), TWO), "0 jobs and 20001 vehicles are too many"),
        (lambda: Share("pos", 60, 40), "fleet 'pos' cannot have between 60 and 40 percent"),
        (lambda: Share("pos", 0, 101), "fleet 'pos' cannot have"),
        (
            lambda: Policy.strict(Term.OFF_SHARE, shares=(Share("pos"), Share("pos"))),
            "the share of a fleet once",
        ),
        (lambda: Policy(()), "the first level of a policy"),
        (lambda: Policy((((Term.WAIT, 1),),)), "the first level of a policy"),
        (lambda: Policy.strict(Term.WAIT, Term.WAIT), "names each term once"),
        (lambda: Policy.weighted({}), "at least one term"),
        (lambda: Policy.weighted({Term.WAIT: -1}), "weights are whole numbers"),
    ],
)
def test_what_cannot_be_true_is_refused(make, says):
    with pytest.raises(ValueError, match=r".*") as refusal:
        make()
    assert says in str(refusal.value)


def test_a_strict_policy_looks_at_a_later_term_only_where_the_earlier_are_equal():
    policy = Policy.strict(Term.LATENESS, Term.DISTANCE)
    near_but_late = policy.score(Cost(lateness_s=1))
    assert policy.score(Cost(distance_m=9000)) < near_but_late < policy.score(Cost(unserved=1))


def test_a_weighted_policy_adds_up():
    policy = Policy.weighted({Term.WAIT: 2, Term.DURATION: 3})
    assert policy.score(Cost(unserved=1, wait_s=10, duration_s=100)) == (1, 320)


def test_a_matrix_is_read_only_whole_and_equal_by_value():
    rows = np.array([[0, 60], [60, 0]], np.int64)
    matrix = Matrix.of(rows, [(0, 500), (500, 0)])
    rows[0, 1] = 9
    assert matrix == TWO
    assert hash(matrix) == hash(TWO)
    assert matrix.seconds.dtype == np.int32
    with pytest.raises(ValueError, match="read-only"):
        matrix.seconds[0, 1] = 9


def test_one_stop_stands_for_a_tuple_of_one():
    assert Job("a", Stop(0), Stop(1)) == Job("a", (Stop(0),), (Stop(1),))
    assert Job("a", pickups=Stop(0)).kind == JobKind.COLLECT
    assert Job.visit("a", Stop(0)).kind == JobKind.BRING
    assert Job.ride("a", Stop(0), Stop(1), priority=3).load == (1,)
