"""Every village has an answer: a way, what it costs, by when; and why not the other ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gancang.programmes.queries import list_programmes, terms_of
from gancang.reach.closing import Closed, closed_at
from gancang.reach.queries import Atlas, Door, answers_for, atlas_of
from gancang.reach.rules import DIRECT, RELAY, ROUND, Answers, Why
from gancang.regions.models import Holiday, Organisation, Region, Village
from gancang.regions.queries import get_tariff, place_of, today_in, villages_by_code, zone_of
from gancang.values import Money

if TYPE_CHECKING:
    from gancang.programmes.rules import Terms

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # a Tuesday morning


def hospitals(region: Region) -> list[Organisation]:
    rows = Organisation.objects.filter(region=region, kind="hospital")
    return list(rows.select_related("village").order_by("code"))


def terms_from(region: Region, origin: Organisation) -> Terms:
    found = (terms_of(each) for each in list_programmes(region))
    medicine = (terms for terms in found if terms.item_class == "medicine")
    return next(terms for terms in medicine if not terms.origins or origin.code in terms.origins)


def ask(atlas: Atlas, village: Village, origin: Organisation, **more: Any) -> Answers:
    terms = terms_from(village.region, origin)
    tariff = get_tariff(village.region, terms.tariff, on=today_in(village.region, atlas.now))
    return atlas.answers_for(Door(village=village, **more), terms, tariff, origin=origin)


def by_distance(atlas: Atlas, origin: Organisation) -> list[Village]:
    assert origin.village is not None
    start = place_of(origin.village, origin.lat, origin.lon)
    villages = villages_by_code(origin.region).values()
    return sorted(villages, key=lambda v: atlas.travel.metres(start, place_of(v)))


def test_every_village_has_a_way_with_cost_and_promise_from_every_hospital(region: Region) -> None:
    atlas = atlas_of(region, now=NOW)
    villages = villages_by_code(region).values()
    assert len(villages) == Village.objects.filter(region=region).count() > 0
    for origin in hospitals(region):
        for village in villages:
            found = ask(atlas, village, origin)
            assert found.chosen is not None, (origin, village)
            assert found.chosen.cost is not None, (origin, village)
            assert found.chosen.cost > Money(0), (origin, village)
            assert found.chosen.promise_at is not None, (origin, village)
            assert NOW < found.chosen.promise_at < NOW + timedelta(days=10), (origin, village)
            # And each other way has its reason.
            assert len(found.others) == len(atlas.reach.ways) - 1
            assert all(str(each.why_not) for each in found.others)


def test_near_the_hospital_somebody_rides_at_once_and_the_farthest_are_reached_together(
    region: Region,
) -> None:
    atlas = atlas_of(region, now=NOW)
    origin = hospitals(region)[0]
    near, *_, far = by_distance(atlas, origin)
    assert ask(atlas, near, origin).chosen.way.kind == DIRECT  # type: ignore[union-attr]
    chosen = ask(atlas, far, origin).chosen
    assert chosen is not None
    assert chosen.way.kind in (ROUND, RELAY)
    assert chosen.cost is not None
    assert chosen.at_most is not None
    assert 2 * chosen.cost.rupiah < chosen.at_most.rupiah
    assert chosen.departs_at is not None


def test_what_comes_on_a_day_off_is_promised_for_a_working_day(region: Region) -> None:
    origin = hospitals(region)[0]
    zone = zone_of(region)
    eve = datetime(2026, 11, 24, 23, 30, tzinfo=zone).astimezone(UTC)
    Holiday.objects.create(region=region, on=datetime(2026, 11, 25, tzinfo=zone).date(), name="x")
    atlas = atlas_of(region, now=eve)
    near = by_distance(atlas, origin)[0]
    chosen = ask(atlas, near, origin).chosen
    assert chosen is not None
    assert chosen.promise_at is not None
    # After the cut-off on Tuesday, closed on Wednesday: Thursday.
    assert chosen.promise_at.astimezone(zone).day == 26


def test_cold_medicine_that_no_way_brings_in_time_is_refused_with_each_reason(
    region: Region,
) -> None:
    origin = hospitals(region)[0]
    atlas = atlas_of(region, now=NOW)
    near, *_, far = by_distance(atlas, origin)
    assert ask(atlas, near, origin, cold_min=60).chosen is not None
    found = ask(atlas, far, origin, cold_min=10)
    assert found.chosen is None
    reasons = {each.why_not.reason for each in found.others if each.why_not}
    assert Why.TOO_WARM in reasons
    assert [each.facts["way"] for each in found.reasons()] == [w.way.title for w in found.others]


def test_a_fleet_that_is_switched_off_leaves_the_other_ways(region: Region) -> None:
    origin = hospitals(region)[0]
    atlas = atlas_of(region, now=NOW)
    post = next(way for way in atlas.reach.ways if way.kind == "post")
    lonely = replace(atlas, reach=replace(atlas.reach, ways=(post,)))
    far = by_distance(atlas, origin)[-1]
    assert ask(lonely, far, origin).chosen is not None
    closed = tuple(Closed(fleet=code, since=NOW) for code in post.carriers)
    off = replace(lonely, reach=replace(lonely.reach, closed=closed))
    found = ask(off, far, origin)
    assert found.chosen is None
    assert [e.why_not.reason for e in found.others if e.why_not] == [Why.OFF]


@pytest.mark.parametrize("hours", [1, 24 * 30])
def test_what_is_needed_sooner_than_any_way_comes_is_told_so(region: Region, hours: int) -> None:
    origin = hospitals(region)[0]
    atlas = atlas_of(region, now=NOW)
    far = by_distance(atlas, origin)[-1]
    found = ask(atlas, far, origin, needed_by=NOW + timedelta(hours=hours))
    late = [each for each in found.others if each.why_not and each.why_not.reason == Why.TOO_LATE]
    assert bool(late) == (hours == 1)


def test_a_region_that_tells_no_ways_rides_everywhere_at_once(region: Region) -> None:
    region.config.pop("reach")
    origin = hospitals(region)[0]
    village = by_distance(atlas_of(region, now=NOW), origin)[-1]
    village.region = region
    terms = terms_from(region, origin)
    tariff = get_tariff(region, terms.tariff, on=today_in(region, NOW))
    found = answers_for(village, terms, tariff, origin=origin, now=NOW)
    assert found.chosen is not None
    assert found.chosen.way.kind == DIRECT
    assert found.chosen.promise_at == NOW + timedelta(minutes=terms.promise_min)
    assert found.others == ()


def test_one_fleet_that_strikes_stops_no_way_that_the_pack_no_longer_names() -> None:
    strikes = Closed(fleet="ojek", since=NOW)
    both, alone = frozenset({"ojek", "post"}), frozenset({"ojek"})
    assert closed_at([strikes], "", both, "99.01.01.2001", NOW) is None
    assert closed_at([strikes], "", alone, "99.01.01.2001", NOW) == strikes
