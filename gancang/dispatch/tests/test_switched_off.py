"""A strike, a flood, an ended agreement: what is off, who is at risk, what goes instead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from gancang.audit.models import Event
from gancang.dispatch.models import Offer, Waiting
from gancang.dispatch.ticking import tick
from gancang.ledger.queries import held_for
from gancang.medicine.tests.ways import only_by
from gancang.orders.models import Order
from gancang.outbox.models import Letter
from gancang.overview.verify import verify
from gancang.reach.models import Closure
from gancang.regions.models import Organisation
from tests.cast import at_work, client_of, place, release

if TYPE_CHECKING:
    from tests.cast import Cast


def close(cast: Cast, what: str, **more: str) -> int:
    """Yanti switches something off."""
    typed = {"what": what, "place": "", "because": "strike", "note": "surat 12", **more}
    return client_of(cast.operator).post("/dispatch/closures", typed).status_code


def here(cast: Cast, moment: datetime) -> str:
    """A moment as the form takes it."""
    return moment.astimezone(ZoneInfo(cast.region.timezone)).strftime("%Y-%m-%dT%H:%M")


def problems(cast: Cast) -> list[str]:
    """What `gancang verify` says of the book."""
    return [each for each in verify([cast.region]).problems if not each.startswith("chain")]


def two_ways(cast: Cast) -> None:
    """A round that goes everywhere, and beside it a dear ride."""
    reach = cast.region.config["reach"]
    ways = {way["kind"]: {**way} for way in reversed(reach["ways"])}
    for way in ways.values():
        for key in ("areas", "up_to_m", "from_organisations"):
            way.pop(key, None)
    chosen = [ways["round"], {**ways["direct"], "price_rp": 140_000}]
    cast.region.config["reach"] = {**reach, "ways": chosen}
    cast.region.save()


def on_the_round(cast: Cast) -> Order:
    """An order that is promised on the round, released in time."""
    order = release(cast, place(cast))
    Order.objects.filter(pk=order.pk).update(way="round", not_before=datetime.now(UTC))
    order.refresh_from_db()
    return order


def test_riders_of_a_fleet_on_strike_are_asked_nothing_and_others_go(cast: Cast) -> None:
    at_work(cast, cast.rider, cast.other_rider)
    order = release(cast, place(cast))
    assert close(cast, f"fleet:{cast.fleet.code}") == 302
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert Offer.objects.get(order=order, answer="open").rider == cast.other_rider
    assert Event.objects.filter(kind="way.switched_off", subject=cast.fleet.code).exists()


def test_a_strike_elsewhere_keeps_nobody_here(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = release(cast, place(cast))
    places = client_of(cast.operator).get("/dispatch/closures").context["places"]
    elsewhere = next(code for code in places if not cast.village.code.startswith(code))
    assert close(cast, f"fleet:{cast.fleet.code}", place=elsewhere) == 302
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert Offer.objects.get(order=order).rider == cast.rider


def test_when_every_fleet_is_off_the_order_is_at_risk_with_its_reason(cast: Cast) -> None:
    order = release(cast, place(cast))
    fleets = Organisation.objects.filter(region=cast.region, kind="fleet")
    for fleet in fleets:
        assert close(cast, f"fleet:{fleet.code}", because="flood") == 302
    page = client_of(cast.operator).get("/reach/where", {"q": cast.village.name})
    told = page.context["lines"][0][1]
    assert told.chosen is None, "nothing goes, and each way says why"
    assert "banjir" in page.content.decode()
    typed = client_of(cast.clerk).post("/medicine/new", {})
    assert typed.status_code == 400
    at_work(cast, cast.rider)
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert not Offer.objects.filter(order=order).exists()
    # And when they serve again, it goes on by itself.
    operator = client_of(cast.operator)
    for closure in Closure.objects.all():
        assert operator.post(f"/dispatch/closures/{closure.pk}/on").status_code == 302
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert Offer.objects.filter(order=order, answer="open").exists()


def test_a_way_that_is_off_is_promised_to_nobody_and_what_was_promised_is_at_risk(
    cast: Cast,
) -> None:
    two_ways(cast)
    order = on_the_round(cast)
    code = cast.region.config["reach"]["ways"][0]["code"]
    assert close(cast, f"way:{code}", because="flood", note="jembatan putus") == 302
    assert place(cast, number="R-2", nik="").way == "direct", "another way, though dearer"
    at_work(cast, cast.rider)
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert Waiting.objects.get(order=order).reason == "way_off"
    operator = client_of(cast.operator)
    board = operator.get("/dispatch/board").content.decode()
    assert "Cara antarnya dimatikan" in board
    assert "terancam" in board
    listed = operator.get("/dispatch/closures").content.decode()
    assert order.code in listed
    assert "jembatan putus" in listed


def test_an_order_whose_way_is_off_goes_by_another_and_the_difference_is_set_aside(
    cast: Cast,
) -> None:
    two_ways(cast)
    order = on_the_round(cast)
    code = cast.region.config["reach"]["ways"][0]["code"]
    close(cast, f"way:{code}", because="flood")
    operator, url = client_of(cast.operator), f"/dispatch/orders/{order.code}/way"
    page = operator.get(url)
    (option,) = [each for each in page.context["options"] if each.answer.way.kind == "direct"]
    assert "140.000" in page.content.decode()
    sent = operator.post(url, {"version": order.version, "way": option.key})
    assert sent.status_code == 302, sent.content.decode()
    order.refresh_from_db()
    assert (order.way, order.price_rp) == ("direct", 140_000)
    assert sum(item.amount.rupiah for item in held_for(order.code)) == 140_000
    assert operator.post(url, {"version": 1, "way": option.key}).status_code == 400, "old page"
    at_work(cast, cast.rider)
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert Offer.objects.get(order=order).pay_rp == 140_000
    assert problems(cast) == []


def test_a_round_that_cannot_go_this_time_is_promised_for_the_next(cast: Cast) -> None:
    only_by(cast, "round")
    order = place(cast)
    assert order.not_before is not None
    code = cast.region.config["reach"]["ways"][0]["code"]
    until = order.not_before + timedelta(minutes=1)
    assert close(cast, f"way:{code}", until=here(cast, until + timedelta(minutes=1))) == 302
    later = place(cast, number="R-2", nik="")
    assert later.not_before is not None
    assert later.not_before > order.not_before
    assert later.promise_at > order.promise_at


def test_a_closure_that_is_over_keeps_nobody(cast: Cast) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    typed = {"since": here(cast, yesterday - timedelta(days=1)), "until": here(cast, yesterday)}
    assert close(cast, f"fleet:{cast.fleet.code}", **typed) == 400
    assert close(cast, "fleet:nobody") == 400
    assert close(cast, "") == 400
    assert not Closure.objects.exists()


def test_an_operator_of_a_fleet_switches_off_his_own_only(cast: Cast) -> None:
    member = cast.member(cast.operator)
    member.organisation = cast.fleet
    member.save()
    assert close(cast, f"fleet:{cast.other_fleet.code}") == 400
    assert close(cast, f"way:{cast.region.config['reach']['ways'][0]['code']}") == 400
    assert close(cast, f"fleet:{cast.fleet.code}") == 302


# --- a round that was missed


def missed(cast: Cast, *, promise_at: timedelta, **typed: str) -> Order:
    """An order whose round has left an hour before the pharmacist releases it."""
    order = place(cast, **typed)
    now = datetime.now(UTC)
    gone, promised = now - timedelta(hours=1), now + promise_at
    Order.objects.filter(pk=order.pk).update(not_before=gone, promise_at=promised)
    order.refresh_from_db()
    return release(cast, order)


def test_a_bag_that_missed_its_round_waits_for_the_next_if_that_keeps_the_promise(
    cast: Cast,
) -> None:
    only_by(cast, "round")
    order = missed(cast, promise_at=timedelta(days=20))
    assert order.not_before is not None
    assert order.not_before > datetime.now(UTC)
    assert order.missed_at is None
    at_work(cast, cast.rider)
    assert tick(cast.region, now=datetime.now(UTC), seed=1).assigned == 0


@pytest.fixture
def left_behind(cast: Cast) -> Order:
    """The next round would be too late."""
    only_by(cast, "round")
    order = missed(cast, promise_at=timedelta(minutes=30))
    assert order.missed_at is not None
    return order


def test_else_the_operator_is_asked_and_nobody_rides_alone_at_full_price(
    cast: Cast, left_behind: Order
) -> None:
    at_work(cast, cast.rider)
    assert tick(cast.region, now=datetime.now(UTC), seed=1).assigned == 0
    assert Waiting.objects.get(order=left_behind).reason == "missed"
    page = client_of(cast.operator).get(f"/dispatch/orders/{left_behind.code}/way")
    text = page.content.decode()
    assert "Sendiri, sekarang juga" in text
    assert {each.key == "alone" for each in page.context["options"]} == {True, False}


@pytest.mark.parametrize("alone", [True, False])
def test_the_operator_decides_between_the_next_round_and_a_ride_alone(
    cast: Cast, left_behind: Order, *, alone: bool
) -> None:
    operator, url = client_of(cast.operator), f"/dispatch/orders/{left_behind.code}/way"
    option = next(each for each in operator.get(url).context["options"] if each.is_alone == alone)
    operator.post(url, {"version": left_behind.version, "way": option.key})
    promised = left_behind.promise_at
    left_behind.refresh_from_db()
    assert left_behind.missed_at is None
    assert left_behind.way == ("direct" if alone else "round")
    at_work(cast, cast.rider)
    assert tick(cast.region, now=datetime.now(UTC), seed=1).assigned == (1 if alone else 0)
    if not alone:
        assert left_behind.promise_at > promised
        assert Letter.objects.filter(subject=left_behind.code, kind="order.told_late").exists()
    assert problems(cast) == []


def test_a_patient_who_has_agreed_to_a_price_pays_no_more_for_another_way(cast: Cast) -> None:
    only_by(cast, "post")
    order = place(cast, nik="", pbi="tidak", accepts_rp="900000")
    order = release(cast, order)
    ways = cast.region.config["reach"]["ways"]
    dear = {"code": "mahal", "kind": "direct", "title": "Mahal", "price_rp": 900_000}
    cast.region.config["reach"]["ways"] = [*ways, dear]
    cast.region.save()
    url = f"/dispatch/orders/{order.code}/way"
    sent = client_of(cast.operator).post(url, {"version": order.version, "way": "mahal"})
    assert sent.status_code == 400
    order.refresh_from_db()
    assert order.way == "post"
