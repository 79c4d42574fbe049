"""Finished trips teach how long rides take; promises and plans follow, prices never do."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.audit.models import Event
from gancang.dispatch import keeping
from gancang.dispatch.command import add_command
from gancang.dispatch.learning import BROUGHT, FETCHED, STOPS, direct, fit_estimate, list_trips
from gancang.dispatch.models import Tick
from gancang.dispatch.planning import HAND_OVER_S
from gancang.dispatch.tasks import fit_estimates
from gancang.dispatch.ticking import tick
from gancang.maps.templatetags.gancang_maps import way_source
from gancang.maps.ways import travel_of
from gancang.orders.models import Proof
from gancang.regions.fitted import fitted
from gancang.regions.models import Region
from gancang.regions.queries import place_of, travel_estimate
from tests.cast import client_of, delivered, place, release

if TYPE_CHECKING:
    from gancang_roads import Place

    from tests.cast import Cast

SLOW = 3
"""How many times longer the rides of these stories took than the pack says."""


def ends(cast: Cast) -> tuple[Place, Place]:
    """The hospital and the village's middle."""
    assert cast.hospital.village is not None
    start = place_of(cast.hospital.village, cast.hospital.lat, cast.hospital.lon)
    return start, place_of(cast.village)


def ridden(cast: Cast, many: int, *, seconds: int) -> None:
    """The one delivery as if it had been made so often, each ride so long."""
    order = delivered(cast)
    proof = Proof.objects.get(order=order)
    now = datetime.now(UTC)
    told: list[Event] = []
    for number in range(many):
        order.pk, order.code = None, f"R-{number}"
        order.state, order.bag_code = "delivered", ""
        order.save(force_insert=True)
        proof.pk, proof.order = None, order
        proof.handed_over_at = proof.recorded_at = now - timedelta(hours=many - number)
        proof.save(force_insert=True)
        took = timedelta(seconds=seconds + HAND_OVER_S)
        for kind, at in ((FETCHED, proof.recorded_at - took), (BROUGHT, proof.recorded_at)):
            facts = {"region_code": cast.region.code, "actor": cast.rider.username, "payload": "{}"}
            told.append(Event(kind=kind, subject=order.code, at=at, **facts))
    Event.objects.bulk_create(told)


@pytest.fixture
def slow(cast: Cast) -> int:
    """A way that took Toni three times as long as told, sixty times."""
    seconds = SLOW * travel_estimate(cast.region).seconds(*ends(cast))
    ridden(cast, 60, seconds=seconds)
    return seconds


def test_rides_are_told_as_long_as_they_took_and_prices_stay(cast: Cast, slow: int) -> None:
    now = datetime.now(UTC)
    before, price = travel_of(cast.region, at=now), travel_of(cast.region)
    assert len(list_trips(cast.region, now=now)) == 60
    assert fit_estimates(0) == 1
    region = Region.objects.get()
    after = travel_of(region, at=now)
    start, end = ends(cast)
    assert before.seconds(start, end) < 0.6 * slow
    assert 0.75 * slow < after.seconds(start, end) < 1.15 * slow
    assert after.metres(start, end) == before.metres(start, end)
    assert travel_of(region) == price, "prices are by the pack's own figures"
    day = f"{datetime.fromisoformat(region.fitted['on']):%d-%m-%Y}"
    assert after.source.startswith("estimate fitted from 60 trips of ")
    assert way_source(after.source) == f"perkiraan dari 60 perjalanan, dihitung {day}"
    event = Event.objects.get(kind="estimate.fitted")
    assert json.loads(event.payload)["facts"]["trips"] == 60
    page = client_of(cast.operator).get("/reach/where").content.decode()
    assert f"dipelajari pada {day} dari 60 perjalanan" in page


def test_rounds_of_before_and_after_are_planned_again_as_they_were(cast: Cast, slow: int) -> None:
    assert slow
    release(cast, place(cast, number="R-1", nik=""))
    tick(cast.region, now=datetime.now(UTC), seed=1)
    first = Tick.objects.latest("pk")
    _, before = keeping.replay(first)
    fit_estimate(cast.region, by="tests", now=datetime.now(UTC))
    release(cast, place(cast, number="R-2", nik=""))
    tick(cast.region, now=datetime.now(UTC), seed=1)
    second = Tick.objects.latest("pk")
    assert second != first
    assert second.ways["sources"] == [travel_of(cast.region, at=second.at).source]
    _, then = keeping.replay(second)
    Region.objects.update(fitted={})
    assert keeping.replay(Tick.objects.get(pk=first.pk))[1] == before
    assert keeping.replay(Tick.objects.get(pk=second.pk))[1] == then


def test_few_trips_change_little_and_none_change_nothing(cast: Cast) -> None:
    now = datetime.now(UTC)
    assert fit_estimates(0) == 0
    assert Region.objects.get().fitted == {}
    plain = travel_estimate(cast.region).seconds(*ends(cast))
    ridden(cast, 2, seconds=SLOW * plain)
    fit_estimate(cast.region, by="tests", now=now)
    assert plain < travel_of(cast.region, at=now).seconds(*ends(cast)) < 2.2 * plain


def test_the_command_says_from_how_many_trips_and_how_far_off(cast: Cast, slow: int) -> None:
    assert slow
    parser = argparse.ArgumentParser()

    def add(name: str, command: Any, says: str) -> argparse.ArgumentParser:
        assert name == "fit-estimate"
        assert says
        parser.set_defaults(command=command)
        return parser

    add_command(add)
    words = parser.parse_args(["--region", cast.region.code])
    told, lines = words.command(words)
    assert told["trips"] == 60
    assert 0 <= told["p50"] <= told["p90"] < 0.5
    assert lines[0].startswith("fitted from 60 trips: half are told within")


STOP = st.tuples(st.sampled_from(["toni", "joko"]), st.sampled_from(STOPS), st.sampled_from("ABC"))


@given(st.lists(st.tuples(STOP, st.integers(1, 20_000)), max_size=30))
def test_a_trip_is_one_rider_one_bag_and_nothing_between(told: list[Any]) -> None:
    at, stops = datetime(2026, 11, 29, tzinfo=UTC), []
    for (who, what, code), later_s in told:
        at += timedelta(seconds=later_s)
        stops.append((who, what, code, at))
    stops.sort(key=lambda stop: stop[0])
    pairs = {
        (after[2], round((after[3] - before[3]).total_seconds()) - HAND_OVER_S)
        for before, after in pairwise(stops)
        if before[0] == after[0] and before[2] == after[2]
        if (before[1], after[1]) == (FETCHED, BROUGHT)
    }
    found = direct(stops)
    assert set(found) <= pairs
    assert all(0 < seconds <= 4 * 3600 for _, seconds in found)
    assert {pair for pair in pairs if 0 < pair[1] <= 4 * 3600 - HAND_OVER_S} == set(found)


def test_what_is_kept_of_a_fit_makes_the_same_estimate_again(cast: Cast, slow: int) -> None:
    assert slow
    found = fit_estimate(cast.region, by="tests", now=datetime.now(UTC))
    assert found is not None
    again = fitted(travel_estimate(cast.region), json.loads(json.dumps(found.told())))
    start, end = ends(cast)
    assert again.seconds(start, end) == pytest.approx(found.estimate.seconds(start, end), rel=0.01)
    late = found.estimate.late_seconds(start, end)
    assert again.late_seconds(start, end) == pytest.approx(late, rel=0.01)
    assert len(json.dumps(found.told())) < 4_000
