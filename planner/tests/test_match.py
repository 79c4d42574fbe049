"""Matching: the cheapest way for all, the same in whatever order the world is told."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from dataclasses import replace
from math import inf, isfinite
from random import Random
from threading import Thread
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
import numpy as np
import pytest
from gancang_planner import KernelMissing, match_reference
from gancang_planner.door import has_kernel
from gancang_planner.match import (
    Geometry,
    Matching,
    Request,
    Rider,
    Travel,
    Why,
    demonstration,
    generated,
    match,
)
from gancang_planner.match_crowd import crowd_of
from gancang_planner.match_graph import answered, engine, first_graph, solved
from hypothesis import HealthCheck, given, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    World = tuple[list[Request], list[Rider]]

pytestmark = pytest.mark.filterwarnings("ignore::gancang_planner.KernelMissing")
law = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
PLANE = Travel(speed_mps=1.0, geometry=Geometry.METRES)
NEAR = 1e-6
# A few places for many: ties everywhere.
PLACES = st.tuples(st.integers(0, 6), st.integers(0, 6))
FINE_PLACES = st.tuples(st.floats(0, 1000), st.floats(0, 1000))


@st.composite
def worlds(draw: st.DrawFn, places: st.SearchStrategy[Any] = PLACES | FINE_PLACES) -> World:
    """Up to nine requests and seven riders, some of whom may not, or carry several."""
    names = [f"r{number}" for number in range(draw(st.integers(0, 7)))]
    some = st.frozensets(st.sampled_from(names)) if names else st.just(frozenset[str]())
    riders = [
        Rider(
            name,
            draw(places),
            seats=draw(st.sampled_from([1, 1, 1, 2, 3])),
            price=draw(st.sampled_from([0, 0, 1, 2.5])),
        )
        for name in names
    ]
    requests = [
        Request(
            f"j{number}",
            draw(places),
            leave_cost=draw(st.sampled_from([None, None, 0, 2, 5, 400.5])),
            allowed_riders=draw(st.just(None) | st.just(None) | some),
            forbidden_riders=draw(st.just(frozenset[str]()) | some),
        )
        for number in range(draw(st.integers(0, 9)))
    ]
    return requests, riders


def cost_of(request: Request, rider: Rider) -> float:
    """What the pair costs; inf if it may not be."""
    if rider.id in request.forbidden_riders:
        return inf
    if request.allowed_riders is not None and rider.id not in request.allowed_riders:
        return inf
    (a, b), (c, d) = request.place, rider.place
    return float(((a - c) ** 2 + (b - d) ** 2) ** 0.5) + rider.price


def optimum(requests: Sequence[Request], riders: Sequence[Rider]) -> tuple[int, float]:
    """Requests left that must be served, and the cost: by scipy, over all seats of all riders."""
    scipy = pytest.importorskip("scipy.optimize", reason="scipy is not installed")
    seats = [rider for rider in riders for _ in range(rider.seats)]
    must, never = 1e6, 1e9
    table = np.full((len(requests), len(seats) + len(requests)), never)
    for row, request in enumerate(requests):
        for column, rider in enumerate(seats):
            table[row, column] = min(cost_of(request, rider), never)
        table[row, len(seats) + row] = must if request.leave_cost is None else request.leave_cost
    rows, columns = scipy.linear_sum_assignment(table)
    chosen = table[rows, columns]
    assert (chosen < never).all()
    return int((chosen == must).sum()), float(chosen[chosen != must].sum())


def by(compiled: Any, world: World, travel: Travel = PLANE, nearest: int = 3) -> Matching:
    """The matching by an engine of the test's choice."""
    crowd = crowd_of(*world, travel)
    return answered(
        crowd, *solved(compiled, crowd, first_graph(compiled, crowd, nearest), rounds=20)
    )


def left_must(found: Matching, requests: Sequence[Request]) -> int:
    """How many that must be served are not."""
    must = {request.id for request in requests if request.leave_cost is None}
    return sum(each.request_id in must for each in found.left)


@law
@given(worlds(), st.integers(1, 8))
def test_nobody_could_be_served_more_cheaply(world: World, nearest: int) -> None:
    found = match(*world, PLANE, nearest=nearest)
    assert found.is_proven
    left, cost = optimum(*world)
    assert left_must(found, world[0]) == left
    assert found.cost == pytest.approx(cost, abs=NEAR)


@law
@given(worlds())
def test_every_request_is_taken_once_or_left_and_no_rider_overloaded(world: World) -> None:
    requests, riders = world
    found = match(requests, riders, PLANE)
    taken = [pair.request_id for pair in found.pairs]
    left = [each.request_id for each in found.left]
    assert sorted(taken + left) == [request.id for request in requests]
    assert (taken, left) == (sorted(taken), sorted(left))
    seats = {rider.id: rider.seats for rider in riders}
    assert all(many <= seats[who] for who, many in Counter(p.rider_id for p in found.pairs).items())
    asked, there = {r.id: r for r in requests}, {r.id: r for r in riders}
    for pair in found.pairs:
        cost = cost_of(asked[pair.request_id], there[pair.rider_id])
        assert pair.cost == pytest.approx(cost)
        assert pair.seconds == pytest.approx(cost - there[pair.rider_id].price)


@law
@given(worlds(), st.integers(0, 2**32), st.integers(1, 4))
def test_the_order_of_the_input_changes_nothing(world: World, seed: int, nearest: int) -> None:
    requests, riders = world
    mixed_requests = Random(seed).sample(requests, len(requests))
    mixed_riders = Random(seed + 1).sample(riders, len(riders))
    # Everything, down to the last bit of a price.
    assert match(requests, riders, PLANE, nearest=nearest) == match(
        mixed_requests, mixed_riders, PLANE, nearest=nearest
    )


@law
@given(worlds(), st.integers(1, 4))
def test_the_kernel_answers_as_python_does(world: World, nearest: int) -> None:
    kernel = pytest.importorskip("gancang_planner_kernel._kernel", reason="the kernel is not built")
    assert by(kernel, world, nearest=nearest) == by(match_reference, world, nearest=nearest)


@pytest.mark.parametrize(("many", "riders"), [(40, 25), (25, 40), (30, 30)])
def test_the_kernel_answers_as_python_does_in_larger_worlds(many: int, riders: int) -> None:
    kernel = pytest.importorskip("gancang_planner_kernel._kernel", reason="the kernel is not built")
    for seed in range(20):
        requests, there = generated(many, riders, seed)
        # Whole hundreds of metres: many pairs are equally far.
        requests = [replace(r, place=(r.place[0] // 500, r.place[1] // 500)) for r in requests]
        there = [replace(r, place=(r.place[0] // 500, r.place[1] // 500)) for r in there]
        world = requests, there
        assert by(kernel, world, nearest=4) == by(match_reference, world, nearest=4)


@law
@given(worlds())
def test_prices_prove_the_matching(world: World) -> None:
    """Duals: no pair costs less than its two prices say, those that are made cost just that."""
    requests, riders = world
    found = match(requests, riders, PLANE)
    if any(price == inf for price in found.request_prices.values()):
        return  # a request more or less that must be served: nothing to compare
    for request in requests:
        for rider in riders:
            slack = found.rider_prices[rider.id] + cost_of(request, rider)
            assert found.request_prices[request.id] <= slack + NEAR
    for pair in found.pairs:
        price = found.request_prices[pair.request_id] - found.rider_prices[pair.rider_id]
        assert price == pytest.approx(pair.cost, abs=NEAR)
    for each in found.left:
        leave = next(r.leave_cost for r in requests if r.id == each.request_id)
        assert leave is not None
        assert found.request_prices[each.request_id] == pytest.approx(leave, abs=NEAR)


@law
@given(worlds())
def test_each_reason_is_true(world: World) -> None:
    requests, riders = world
    asked = {request.id: request for request in requests}
    for each in match(requests, riders, PLANE).left:
        request = asked[each.request_id]
        costs = [cost_of(request, rider) for rider in riders]
        assert (each.why is Why.NO_CANDIDATE) == (not any(map(isfinite, costs)))
        if each.why is Why.OPTED_OUT:
            assert request.leave_cost is not None
        if each.why is Why.NO_RIDER_LEFT:
            assert request.leave_cost is None
            # One rider more of the kind that may: one request more is served.
            who = next(r for r, cost in zip(riders, costs, strict=True) if isfinite(cost))
            more = [replace(r, seats=r.seats + (r is who)) for r in riders]
            found = match(requests, more, PLANE)
            assert left_must(found, requests) < left_must(match(requests, riders, PLANE), requests)


def test_all_at_one_hospital_and_all_riders_at_one_base_are_matched() -> None:
    """The nearest twenty are the same for everybody; the prices ask for the others."""
    requests = [Request(f"j{number:03}", (0, 0)) for number in range(150)]
    riders = [Rider(f"r{number:03}", (3000, 4000)) for number in range(150)]
    found = match(requests, riders, PLANE, nearest=20)
    assert (len(found.pairs), found.left, found.is_proven) == (150, (), True)
    assert found.cost == pytest.approx(150 * 5000)


def test_without_rounds_the_candidates_are_all() -> None:
    requests = [Request(f"j{number}", (0, 0)) for number in range(4)]
    riders = [Rider(f"r{number}", (number, 0)) for number in range(4)]
    found = match(requests, riders, PLANE, nearest=1, rounds=0)
    assert [pair.rider_id for pair in found.pairs] == ["r0"]
    assert {each.why for each in found.left} == {Why.NO_RIDER_LEFT}
    assert not found.is_proven
    assert len(match(requests, riders, PLANE, nearest=1, rounds=20).pairs) == 4


def test_a_request_goes_without_where_that_is_cheaper() -> None:
    riders = [Rider("Budi", (0, 0))]
    requests = [Request("near", (10, 0), leave_cost=5), Request("far", (60, 0), leave_cost=100)]
    found = match(requests, riders, PLANE)
    assert [(pair.request_id, pair.rider_id) for pair in found.pairs] == [("far", "Budi")]
    assert [(each.request_id, each.why) for each in found.left] == [("near", Why.OPTED_OUT)]
    assert found.cost == 65
    # Without him it would cost 40 more; a second one would not help the one left.
    price = found.rider_prices["Budi"]
    assert 0 <= price <= 40
    assert found.request_prices == {"near": 5, "far": 60 + price}


def test_a_seat_that_is_free_costs_nothing_however_few_know_of_it() -> None:
    riders = [Rider("near", (1, 0), price=1), Rider("far", (1, 0), seats=2)]
    requests = [
        Request("a", (3, 1), leave_cost=5),
        Request("b", (1, 0), allowed_riders=frozenset({"far"})),
    ]
    found = match(requests, riders, PLANE, nearest=1)
    assert found.rider_prices == {"near": 0, "far": 0}
    assert {pair.rider_id for pair in found.pairs} == {"far"}


def test_what_must_be_served_comes_before_what_is_cheap() -> None:
    riders = [Rider("Budi", (0, 0))]
    requests = [Request("must", (9e5, 0)), Request("cheap", (1, 0), leave_cost=1e9)]
    assert [pair.request_id for pair in match(requests, riders, PLANE).pairs] == ["must"]


@law
@given(worlds(), st.randoms(use_true_random=False), st.integers(1, 3))
def test_real_times_may_be_told_by_a_function_or_a_table(
    world: World, random: Random, nearest: int
) -> None:
    requests, riders = world
    table = np.array(
        [
            [np.hypot(a.place[0] - b.place[0], a.place[1] - b.place[1]) for b in riders]
            for a in requests
        ]
    ).reshape(len(requests), len(riders))
    for row in range(len(requests)):
        for column in range(len(riders)):
            table[row, column] *= random.choice([1, 1.5, 3])
            if random.random() < 0.2:
                table[row, column] = inf
    asked = replace(PLANE, seconds=lambda request, rider: table[request, rider])
    by_function = match(requests, riders, asked, nearest=nearest)
    by_table = match(requests, riders, replace(PLANE, seconds=table), nearest=nearest)
    assert by_function.cost == pytest.approx(by_table.cost, abs=NEAR)
    assert left_must(by_function, requests) == left_must(by_table, requests)
    order = random.sample(range(len(requests)), len(requests))
    turned = replace(PLANE, seconds=table[order])
    assert match([requests[j] for j in order], riders, turned, nearest=nearest) == by_table
    where = {r.id: row for row, r in enumerate(requests)}, {r.id: c for c, r in enumerate(riders)}
    for pair in by_function.pairs:
        assert pair.seconds == table[where[0][pair.request_id], where[1][pair.rider_id]]


def test_places_on_the_earth_are_as_far_apart_as_they_are() -> None:
    degrees = Travel(speed_mps=1)
    found = match([Request("j", (-8.21, 114.37))], [Rider("r", (-8.31, 114.37))], degrees)
    assert found.cost == pytest.approx(11_119.5, rel=1e-3)
    found = match([Request("j", (0, 179.95))], [Rider("r", (0, -179.95))], degrees)
    assert found.cost == pytest.approx(11_119.5, rel=1e-3)


def test_nobody_there_and_nothing_to_do_are_answers_too() -> None:
    assert match([], [], PLANE).pairs == ()
    assert match([], [Rider("r", (0, 0))]).rider_prices == {"r": 0}
    (left,) = match([Request("j", (0, 0))], []).left
    assert left.why is Why.NO_CANDIDATE


def forget_what_is_installed() -> None:
    """It is looked for once in a process."""
    engine.cache_clear()
    has_kernel.cache_clear()


def test_without_the_kernel_the_same_comes_from_python_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = generated(30, 20, 1)
    expected = match(*world, PLANE)
    monkeypatch.setitem(sys.modules, "gancang_planner_kernel", None)
    forget_what_is_installed()
    try:
        with pytest.warns(KernelMissing) as told:
            found = [match(*world, PLANE) for _ in range(2)]
    finally:
        forget_what_is_installed()
    assert found == [expected, expected]
    assert len(told) == 1


def test_the_demonstration_tells_pairs_and_cost_and_is_the_same_again() -> None:
    told = [demonstration(60, 30, 5, 7) for _ in range(2)]
    assert told[0]["pairs"] == 30
    assert told[0]["cost"] == told[1]["cost"] > 0
    assert list(told[0]) == ["pairs", "cost", "seconds_candidates", "seconds_assign"]
    with pytest.raises(ValueError, match="too many"):
        demonstration(10_000_000, 5, 20, 1)


class Enough(Exception):
    """Somebody pressed Ctrl-C."""


def test_a_long_matching_can_be_interrupted() -> None:
    compiled = engine()
    if compiled is match_reference:
        pytest.skip("the kernel is not built")
    many = 4_000
    first = np.arange(many + 1, dtype=np.int64) * 1_000
    draw = np.random.default_rng(1)
    rider = draw.integers(0, many, many * 1_000, dtype=np.int32)
    # All like the same few: long ways to the last free ones.
    cost = rider.astype(float) + draw.random(len(rider))

    def stop(*_: object) -> None:
        raise Enough

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(Enough):  # and not the answer, which takes very much longer
            compiled.match_assign(first, rider, cost, np.full(many, inf), np.ones(many, np.int32))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_matchings_run_side_by_side() -> None:
    worlds_ = [generated(300, 200, seed) for seed in range(4)]
    alone = [match(*world, PLANE) for world in worlds_]
    together: list[Matching | None] = [None] * len(worlds_)

    def work(number: int) -> None:
        together[number] = match(*worlds_[number], PLANE)

    threads = [Thread(target=work, args=(number,)) for number in range(len(worlds_))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone
