"""Rubbish at the matching's compiled door: a Python exception each, and the process lives on."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

kernel = pytest.importorskip("gancang_planner_kernel._kernel", reason="the kernel is not built")

REFUSED = (ValueError, TypeError, MemoryError)
FUZZ = settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])

NOBODY = np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint8)


def asked() -> dict[str, dict[str, Any]]:
    """A valid call of each door: three jobs, two riders."""
    places = {
        "jobs": np.array([[0, 0], [1, 0], [5, 5]], np.float64),
        "riders": np.array([[0, 1], [4, 4]], np.float64),
        "rule_first": np.array([0, 1, 1, 2], np.int64),
        "rule_rider": np.array([1, 0], np.int32),
        "rule_only": np.array([1, 0, 0], np.uint8),
        "most": 2,
    }
    graph = {"first": np.array([0, 1, 3, 4], np.int64), "rider": np.array([1, 0, 1, 1], np.int32)}
    return {
        "match_candidates": places,
        "match_beyond": {
            **places,
            **graph,
            "known_m": np.array([0, inf, 0.5]),
            "job_reach_m": np.array([9, 9, -1.0]),
            "rider_reach_m": np.array([0, 1.5]),
        },
        "match_assign": {
            **graph,
            "cost": np.array([1, 2, 2.5, 0]),
            "leave": np.array([inf, 1, 0]),
            "capacity": np.array([1, 2], np.int32),
        },
    }


NUMBERS = (
    st.sampled_from(
        [nan, inf, -inf, 0.0, -0.0, -1.0, 1e-320, 1e308, -1e308, 1e150, 2.0**31, 2.0**63, 1.5]
    )
    | st.floats()
)
WHOLE = st.sampled_from([-1, 0, 1, 2, 3, 4, 2**31 - 1, -(2**31), 2**31, 2**62, -(2**63)])
DTYPES = st.sampled_from(
    [
        "int8",
        "uint8",
        "int32",
        "int64",
        "uint64",
        "float32",
        "float64",
        "complex128",
        "bool",
        "O",
        "U3",
    ]
)


@st.composite
def rubbish(draw: st.DrawFn, like: Any) -> Any:
    """Something in the place of `like`."""
    if isinstance(like, int):
        return draw(WHOLE | st.sampled_from([None, "x", 1.5, nan, 2**70, [], True]))
    kind = draw(st.sampled_from(["values", "shape", "dtype", "layout", "other"]))
    if kind == "other":
        return draw(st.sampled_from([None, 1, "x", [], {}, b"", object(), like.tolist(), like[:0]]))
    if kind == "dtype":
        with np.errstate(invalid="ignore"):
            return like.astype(draw(DTYPES))
    if kind == "shape":
        shape = draw(st.lists(st.integers(0, 5), max_size=4))
        return np.resize(like, shape) if like.size else np.zeros(shape, like.dtype)
    if kind == "layout":
        many = np.repeat(like, 2, axis=0)
        return draw(st.sampled_from([many[::2], like[::-1], np.asfortranarray(like), many.T]))
    changed = like.copy()
    numbers = NUMBERS if like.dtype.kind == "f" else WHOLE
    for _ in range(draw(st.integers(1, 3))):
        value = draw(numbers)
        if like.dtype.kind != "f":
            limits = np.iinfo(like.dtype)
            value = min(max(value, int(limits.min)), int(limits.max))
        changed.flat[draw(st.integers(0, max(0, like.size - 1)))] = value
    return changed


@FUZZ
@given(st.data(), st.sampled_from(sorted(asked())))
def test_rubbish_is_refused_or_answered(data: st.DataObject, door: str) -> None:
    call = asked()[door]
    for name in data.draw(st.lists(st.sampled_from(sorted(call)), min_size=1, max_size=3)):
        call[name] = data.draw(rubbish(asked()[door][name]))
    try:
        answer = getattr(kernel, door)(**call)
    except REFUSED:
        return
    check(door, call, answer)


@pytest.mark.parametrize("door", sorted(asked()))
def test_what_is_valid_is_answered(door: str) -> None:
    call = asked()[door]
    check(door, call, getattr(kernel, door)(**call))


def check(door: str, call: dict[str, Any], answer: Any) -> None:
    """The answer is of the size that was asked for, and names nobody who is not there."""
    if door == "match_candidates":
        first, rider, metres, known = answer
        assert len(first) == len(call["jobs"]) + 1 == len(known) + 1
        assert first[-1] == len(rider) == len(metres)
        assert ((rider >= 0) & (rider < len(call["riders"]))).all()
    elif door == "match_beyond":
        job, rider, metres = answer
        assert len(job) == len(rider) == len(metres)
        assert ((job >= 0) & (job < len(call["jobs"]))).all()
        assert ((rider >= 0) & (rider < len(call["riders"]))).all()
    else:
        rider_of, job_price, rider_price, _ = answer
        assert len(rider_of) == len(job_price) == len(call["leave"])
        assert len(rider_price) == len(call["capacity"])
        taken = np.bincount(rider_of[rider_of >= 0], minlength=len(rider_price))
        assert (taken <= call["capacity"]).all()


@pytest.mark.parametrize(
    ("door", "wrong"),
    [
        ("match_candidates", {"most": 0}),
        ("match_candidates", {"most": 2**31}),
        ("match_candidates", {"jobs": np.zeros((1_000_001, 2))}),
        ("match_candidates", {"jobs": np.full((3, 2), nan)}),
        ("match_candidates", {"rule_first": np.array([0, 2, 1, 2], np.int64)}),
        ("match_candidates", {"rule_rider": np.array([1, 2], np.int32)}),
        ("match_beyond", {"job_reach_m": np.array([nan, 0, 0])}),
        ("match_beyond", {"known_m": np.zeros(2)}),
        ("match_assign", {"first": np.array([0, 1, 3, 5], np.int64)}),
        ("match_assign", {"first": np.array([0, 3, 1, 4], np.int64)}),
        ("match_assign", {"rider": np.array([1, 0, 1, -1], np.int32)}),
        ("match_assign", {"cost": np.array([1, 2, nan, 0])}),
        ("match_assign", {"cost": np.array([1, 2, -1.0, 0])}),
        ("match_assign", {"cost": np.array([1, 2, inf, 0])}),
        ("match_assign", {"leave": np.array([nan, 1, 0])}),
        ("match_assign", {"capacity": np.array([1, -1], np.int32)}),
    ],
)
def test_each_kind_of_rubbish_is_refused(door: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        getattr(kernel, door)(**{**asked()[door], **wrong})


def test_riders_all_over_the_place_and_all_in_one() -> None:
    draw = np.random.default_rng(3)
    for spread in (0.0, 1e-300, 1e-9, 1e9):
        jobs, riders = draw.random((300, 2)) * spread, draw.random((200, 2)) * spread
        first, rider, metres, _ = kernel.match_candidates(jobs, riders, *NOBODY, 5)
        assert (np.diff(first) >= 5).all()
        own = np.repeat(np.arange(300), np.diff(first))
        assert metres == pytest.approx(
            np.hypot(*(jobs[own] - riders[rider]).T), rel=1e-12, abs=1e-9
        )


def test_a_lost_rider_far_away_does_no_harm() -> None:
    draw = np.random.default_rng(4)
    riders = np.vstack([draw.random((200, 2)) * 1e4, [[1e9, -1e9]]])
    jobs = draw.random((100, 2)) * 1e4
    _, rider, _, _ = kernel.match_candidates(jobs, riders, *NOBODY, 7)
    far = ((jobs[:, None, :] - riders[None, :, :]) ** 2).sum(axis=2)
    assert rider.reshape(100, 7).shape == (100, 7)
    assert (np.sort(rider.reshape(100, 7)) == np.sort(np.argsort(far)[:, :7])).all()
