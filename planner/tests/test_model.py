"""What cannot be true is refused at birth, with a sentence that names it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gancang_planner import (
    Cost,
    Job,
    Matrix,
    OnBoard,
    Policy,
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
