"""An estimate that learns from trips: little from few, the truth from many, no nonsense."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from gancang_roads import Estimate, Place, RoadsError
from gancang_roads.fitting import Trip, fit, fit_errors, round_ways

PRIOR = Estimate(speed_kmh=40, start_s=120, mountain_areas=frozenset({"high"}))
CENTRES = {"low": (-8.2, 114.3), "high": (-8.1, 114.2), "coast": (-8.3, 114.4)}


def trips(truth: Estimate, count: int, seed: int = 3, noise: float = 0.15) -> list[Trip]:
    """Trips between places scattered around three centres, as long as the truth says, or about."""
    rng = np.random.default_rng(seed)
    names = list(CENTRES)

    def place() -> Place:
        name = names[rng.integers(0, 3)]
        lat, lon = CENTRES[name] + rng.normal(0, 0.02, 2)
        return Place(lat, lon, name)

    found = []
    for _ in range(count):
        begin, end = place(), place()
        seconds = round(truth.seconds(begin, end) * float(np.exp(rng.normal(0, noise))))
        found.append(Trip(begin, end, seconds))
    return found


TRUTH = Estimate(
    speed_kmh=30,
    start_s=200,
    mountain_areas=frozenset({"high"}),
    pair_speeds={("low", "high"): 15, ("low", "coast"): 45},
)


def error(one: Estimate, over: list[Trip]) -> float:
    told = np.array([one.seconds(t.source, t.target) for t in over])
    return float(np.mean(np.abs(told / np.array([max(t.seconds, 1) for t in over]) - 1)))


def test_many_trips_show_how_long_the_ways_are() -> None:
    learnt = fit(trips(TRUTH, 3000), PRIOR)
    unseen = trips(TRUTH, 2000, seed=9, noise=0)
    assert error(learnt, unseen) < 0.06 < error(PRIOR, unseen)
    assert learnt.source == f"estimate from {learnt.source.split()[2]} trips"
    assert learnt.metres(Place(-8.2, 114.3), Place(-8.3, 114.3)) == PRIOR.metres(
        Place(-8.2, 114.3), Place(-8.3, 114.3)
    )


def test_three_trips_hardly_move_the_prior() -> None:
    learnt = fit(trips(TRUTH, 3), PRIOR)
    begin, end = Place(-8.2, 114.3, "low"), Place(-8.25, 114.35, "low")
    assert learnt.seconds(begin, end) == pytest.approx(PRIOR.seconds(begin, end), rel=0.2)


def test_riders_who_forgot_to_press_the_button_change_little() -> None:
    honest = trips(TRUTH, 2000)
    rng = np.random.default_rng(5)
    forgotten = [
        Trip(t.source, t.target, t.seconds * 20 if rng.random() < 0.1 else t.seconds)
        for t in honest
    ]
    unseen = trips(TRUTH, 1000, seed=9, noise=0)
    assert error(fit(forgotten, PRIOR), unseen) < 0.15


def test_what_is_promised_is_kept_nine_times_in_ten() -> None:
    learnt = fit(trips(TRUTH, 3000), PRIOR)
    unseen = [t for t in trips(TRUTH, 3000, seed=9) if t.seconds > 300]
    kept = [t.seconds <= learnt.late_seconds(t.source, t.target) for t in unseen]
    assert np.mean(kept) == pytest.approx(0.9, abs=0.03)


@pytest.mark.parametrize("noise", [0.05, 0.15, 0.3])
def test_how_far_off_a_fit_is_grows_with_how_much_trips_differ(noise: float) -> None:
    half, most = fit_errors(trips(TRUTH, 3000, noise=noise), PRIOR)
    # Of errors that are spread normally, half lie within 0.67 and nine of ten within 1.64 times.
    assert half == pytest.approx(0.67 * noise, rel=0.3)
    assert most == pytest.approx(1.64 * noise, rel=0.3)
    with pytest.raises(RoadsError):
        fit_errors([], PRIOR)


def test_trips_without_areas_teach_too() -> None:
    nameless = [
        Trip(Place(t.source.lat, t.source.lon), Place(t.target.lat, t.target.lon), t.seconds)
        for t in trips(Estimate(speed_kmh=25, start_s=60), 500)
    ]
    learnt = fit(nameless, Estimate(speed_kmh=40, start_s=60))
    assert learnt.speed_kmh == pytest.approx(25, rel=0.05)


def test_trips_around_the_corner_teach_nothing() -> None:
    here = Place(-8.2, 114.3)
    with pytest.raises(RoadsError, match="no trip of 300 m or more"):
        fit([Trip(here, here, 600), Trip(here, Place(-8.3, 114.3), 0)], PRIOR)


AROUND = {
    # A volcano between west and east: one goes round by the north.
    "west": Place(-8.10, 114.20),
    "north": Place(-7.90, 114.30),
    "east": Place(-8.10, 114.40),
    "south": Place(-8.30, 114.40),
}
TOUCHING = {
    "west": ["north"],
    "north": ["west", "east"],
    "east": ["north", "south"],
    "south": ["east"],
}


def test_no_straight_line_leads_across_the_volcano() -> None:
    travel = round_ways(PRIOR, TOUCHING, AROUND)
    west, east = (Place(p.lat, p.lon, n) for n, p in AROUND.items() if n in {"west", "east"})
    assert travel.metres(west, east) > 2 * PRIOR.metres(west, east)
    north = Place(-7.90, 114.30, "north")
    assert travel.metres(west, north) == PRIOR.metres(west, north)
    assert ("north", "south") not in travel.pair_detours  # through the east is no way round


def test_a_detour_that_is_known_stays_and_a_stranger_is_refused() -> None:
    known = Estimate(speed_kmh=40, pair_detours={("west", "east"): 1.9})
    assert round_ways(known, TOUCHING, AROUND).pair_detours["west", "east"] == 1.9
    with pytest.raises(RoadsError, match="the area nowhere has neighbours, but no centre"):
        round_ways(PRIOR, {"west": ["nowhere"]}, AROUND)


@pytest.mark.parametrize(
    "wrong",
    [
        {"pair_speeds": {("a", "b"): 0.0}},
        {"pair_speeds": {("a", "b"): 30.0, ("b", "a"): 40.0}},
        {"late": ()},
        {"late": ((inf, 0.9),)},
    ],
)
def test_an_estimate_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"areas|nine of ten|two speeds"):
        Estimate(speed_kmh=40, **wrong)  # type: ignore[arg-type]
