"""Rider, counter, patient: a bag by way of a health centre, each part of its way paid by itself."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gancang.dispatch import parts
from gancang.dispatch.ticking import tick
from gancang.fleet.models import Rider
from gancang.ledger import actions as ledger
from gancang.ledger.models import Transfer
from gancang.ledger.queries import held_for, settled_by_order
from gancang.ledger.queries import verify as verify_book
from gancang.medicine.tests.ways import at_the_counter, clerk_near, only_by
from gancang.orders import legs
from gancang.orders.funding import set_aside
from gancang.orders.links import track_token
from gancang.orders.models import Leg, Proof
from gancang.outbox.models import Letter
from gancang.overview.verify import verify
from gancang.programmes.queries import terms_of
from gancang.values import Money
from tests.cast import (
    at_work,
    client_of,
    leave_in_budgets,
    place,
    typed_hand_over,
    typed_release,
)

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.orders.models import Order
    from tests.cast import Cast


@pytest.fixture
def nurse(cast: Cast) -> User:
    """Bu Tutik, at the only counter; every way leads there."""
    only_by(cast, "relay")
    return clerk_near(cast)


@pytest.fixture
def held(cast: Cast, nurse: User) -> Order:
    """A bag that waits at her counter, as was planned."""
    return at_the_counter(cast, nurse)


def problems(cast: Cast) -> list[str]:
    """What `gancang verify` says of the book."""
    return [each for each in verify([cast.region]).problems if not each.startswith("chain")]


def owed(order: Order) -> dict[str, int]:
    """What each fleet is owed for an order."""
    rows = Transfer.objects.filter(about=order.code, kind="settle").select_related("target__payee")
    found: dict[str, int] = {}
    for row in rows:
        assert row.target.payee is not None
        code = row.target.payee.code
        found[code] = found.get(code, 0) + row.amount_rp
    return found


def test_the_patient_is_told_where_until_when_and_what_to_bring(held: Order) -> None:
    assert held.hold_at is not None
    letter = Letter.objects.get(subject=held.code, kind="order.held")
    for told in (held.hold_at.name, "sampai", "KTP", "tanggal lahir"):
        assert told in letter.body, told
    page = Client().get(f"/o/{track_token(held.code)}")
    text = page.content.decode()
    assert held.hold_at.name in text
    assert "KTP" in text
    assert "kembali ke instalasi farmasi, yang akan" not in text


def test_who_brought_it_to_the_counter_has_earned_his_part_before_anybody_fetches_it(
    cast: Cast, held: Order, nurse: User
) -> None:
    (leg,) = Leg.objects.filter(order=held)
    assert leg.fleet == cast.fleet
    assert owed(held) == {cast.fleet.code: leg.cost_rp}
    assert 0 < leg.cost_rp <= held.price_rp
    assert held_for(held.code) == []
    assert problems(cast) == []
    url = f"/medicine/orders/{held.code}/hand-over"
    assert client_of(nurse).post(url, typed_hand_over(held)).status_code == 302
    held.refresh_from_db()
    assert held.state == "delivered"
    assert Proof.objects.get(order=held).carrier == nurse
    assert owed(held) == {cast.fleet.code: leg.cost_rp}, "the way from the counter costs nothing"
    assert problems(cast) == []


def bring_on(cast: Cast, order: Order, nurse: User, by: User) -> None:
    """Bu Tutik gives the bag to another fleet's rider."""
    if not Rider.objects.filter(user=by).exists():
        at_work(cast, by)
    typed = {"rider": Rider.objects.get(user=by).pk, "bag_codes": order.bag_code}
    answer = client_of(nurse).post(f"/medicine/counter/{order.code}/bring-on", typed)
    assert answer.status_code == 302, answer.content.decode()
    order.refresh_from_db()
    assert (order.state, order.carrier) == ("collected", by)


def test_a_rider_of_the_village_brings_it_on_and_each_fleet_is_paid_its_part(
    cast: Cast, held: Order, nurse: User
) -> None:
    first = owed(held)[cast.fleet.code]
    bring_on(cast, held, nurse, cast.other_rider)
    onward = Leg.objects.get(order=held, kind="onward")
    assert sum(item.amount.rupiah for item in held_for(held.code)) == onward.cost_rp
    assert Letter.objects.filter(subject=held.code, kind="order.onward").exists()
    page = client_of(cast.other_rider).get(f"/dispatch/rider/orders/{held.code}").content.decode()
    assert "Sari" in page, "now he needs to know the house"
    url = f"/medicine/orders/{held.code}/hand-over"
    assert client_of(cast.other_rider).post(url, typed_hand_over(held)).status_code == 302
    held.refresh_from_db()
    assert held.state == "delivered"
    assert owed(held) == {cast.fleet.code: first, cast.other_fleet.code: onward.cost_rp}
    assert held_for(held.code) == []
    assert problems(cast) == []


def test_a_bag_on_its_way_from_the_counter_is_not_offered_to_anybody_else(
    cast: Cast, held: Order, nurse: User
) -> None:
    bring_on(cast, held, nurse, cast.other_rider)
    assert tick(cast.region, now=datetime.now(UTC), seed=1).assigned == 0


def test_nobody_at_home_after_all_and_the_second_part_is_not_owed(
    cast: Cast, held: Order, nurse: User
) -> None:
    first = owed(held)
    assert held.hold_at is not None
    counter = held.hold_at.code
    bring_on(cast, held, nurse, cast.other_rider)
    typed = {"version": held.version, "reason": "nobody_home", "note": "", "counter": counter}
    stop = f"/dispatch/rider/orders/{held.code}/fail"
    assert client_of(cast.other_rider).post(stop, typed).status_code == 302
    url = f"/medicine/orders/{held.code}/take-in"
    assert client_of(nurse).post(url, {"bag_codes": held.bag_code}).status_code == 302
    assert held_for(held.code) == []
    held.refresh_from_db()
    client_of(nurse).post(f"/medicine/orders/{held.code}/hand-over", typed_hand_over(held))
    held.refresh_from_db()
    assert held.state == "delivered"
    assert owed(held) == first
    assert problems(cast) == []


def test_when_nobody_comes_a_rider_takes_it_home_and_the_patient_is_told(
    cast: Cast, held: Order, nurse: User
) -> None:
    assert held.back_by is not None
    tick(cast.region, now=held.back_by + timedelta(minutes=1), seed=1)
    held.refresh_from_db()
    assert held.back_alarmed_at is not None
    clerk = client_of(nurse)
    assert "send-back" in clerk.get("/medicine/counter").content.decode()
    typed = {"rider": Rider.objects.get(user=cast.rider).pk, "bag_codes": held.bag_code}
    assert clerk.post(f"/medicine/counter/{held.code}/send-back", typed).status_code == 302
    held.refresh_from_db()
    assert (held.state, held.carrier) == ("failed", cast.rider)
    assert Letter.objects.filter(subject=held.code, kind="order.not_fetched").exists()
    page = client_of(cast.rider).get(f"/dispatch/rider/orders/{held.code}").content.decode()
    assert held.origin.name in page
    assert "Sari" not in page
    url = f"/medicine/orders/{held.code}/take-back"
    client_of(cast.pharmacist).post(url, {"version": held.version})
    held.refresh_from_db()
    assert held.state == "returned"
    assert problems(cast) == []


def send_home(cast: Cast, order: Order, nurse: User, by: User) -> Leg:
    """Bu Tutik gives the bag to a rider who takes it home to the pharmacy; that part of the way."""
    if not Rider.objects.filter(user=by).exists():
        at_work(cast, by)
    typed = {"rider": Rider.objects.get(user=by).pk, "bag_codes": order.bag_code}
    answer = client_of(nurse).post(f"/medicine/counter/{order.code}/send-back", typed)
    assert answer.status_code == 302, answer.content.decode()
    order.refresh_from_db()
    return Leg.objects.get(order=order, kind="home")


def test_the_way_home_from_a_counter_is_paid_to_whoever_rode_it_once_the_pharmacy_has_the_bag(
    cast: Cast, held: Order, nurse: User
) -> None:
    first = owed(held)[cast.fleet.code]
    home = send_home(cast, held, nurse, cast.other_rider)
    assert home.cost_rp > 0
    assert sum(item.amount.rupiah for item in held_for(held.code)) == home.cost_rp
    assert owed(held) == {cast.fleet.code: first}, "not before he is there"
    url = f"/medicine/orders/{held.code}/take-back"
    client_of(cast.pharmacist).post(url, {"version": held.version})
    assert owed(held) == {cast.fleet.code: first, cast.other_fleet.code: home.cost_rp}
    assert held_for(held.code) == []
    assert problems(cast) == []


def test_a_bag_comes_home_though_no_budget_reaches_for_the_way(
    cast: Cast, held: Order, nurse: User
) -> None:
    leave_in_budgets(cast, {})
    home = send_home(cast, held, nurse, cast.rider)
    assert home.cost_rp == 0
    assert held.state == "failed"
    assert problems(cast) == []


def test_a_bag_that_came_home_from_a_counter_goes_out_again_with_money_of_its_own(
    cast: Cast, held: Order, nurse: User
) -> None:
    first = sum(owed(held).values())
    typed = {"rider": Rider.objects.get(user=cast.rider).pk, "bag_codes": held.bag_code}
    client_of(nurse).post(f"/medicine/counter/{held.code}/send-back", typed)
    held.refresh_from_db()
    url = f"/medicine/orders/{held.code}/release"
    answer = client_of(cast.pharmacist).post(url, typed_release(held))
    assert answer.status_code == 302, answer.content.decode()
    held.refresh_from_db()
    assert held.state == "released"
    again = sum(item.amount.rupiah for item in held_for(held.code))
    assert again == held.price_rp
    assert sum(owed(held).values()) == first + Leg.objects.get(order=held, kind="home").cost_rp
    assert problems(cast) == []


def test_another_bag_is_given_to_nobody(cast: Cast, held: Order, nurse: User) -> None:
    typed = {"rider": Rider.objects.get(user=cast.rider).pk, "bag_codes": "BUKAN-INI"}
    for deed in ("bring-on", "send-back"):
        answer = client_of(nurse).post(f"/medicine/counter/{held.code}/{deed}", typed)
        assert answer.status_code == 400
    held.refresh_from_db()
    assert held.state == "held"


def test_whoever_pays_for_the_way_fetches_it_at_the_counter(cast: Cast, nurse: User) -> None:
    order = at_the_counter(cast, nurse, nik="", pbi="tidak", accepts_rp="900000")
    assert order.patient_pays_rp
    assert owed(order) == {}, "the patient pays all of it"
    typed = {"rider": Rider.objects.get(user=cast.rider).pk, "bag_codes": order.bag_code}
    answer = client_of(nurse).post(f"/medicine/counter/{order.code}/bring-on", typed)
    assert answer.status_code == 400
    url = f"/medicine/orders/{order.code}/hand-over"
    assert client_of(nurse).post(url, typed_hand_over(order)).status_code == 400
    assert client_of(nurse).post(url, typed_hand_over(order, paid="cash")).status_code == 302
    assert problems(cast) == []


def test_no_bag_is_planned_to_a_counter_where_nobody_takes_it_in(cast: Cast) -> None:
    only_by(cast, "relay")
    page = client_of(cast.clerk).get("/reach/where", {"q": cast.village.name}).content.decode()
    assert "petugasnya dapat menerima kantong" in page


@given(
    costs=st.lists(st.tuples(st.integers(0, 150_000), st.booleans()), min_size=1, max_size=5),
)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_parts_a_way_has_each_fleet_is_owed_what_its_parts_cost_to_the_rupiah(
    cast: Cast, costs: list[tuple[int, bool]]
) -> None:
    now = datetime.now(UTC)
    with suppress(Undone), transaction.atomic():
        order = place(cast)
        parts_settled(cast, order, costs, now=now)
        raise Undone


class Undone(Exception):
    """Takes an example's deeds back."""


def parts_settled(
    cast: Cast, order: Order, costs: list[tuple[int, bool]], *, now: datetime
) -> None:
    """Each part is set aside, carried by one of two fleets in turn, and paid or given back."""
    fleets = [(cast.fleet, cast.rider), (cast.other_fleet, cast.other_rider)]
    told = {cast.fleet.code: 0, cast.other_fleet.code: 0}
    ledger.release(order.code, region=cast.region, by="tests", now=now)
    assert terms_of(order.programme).funders
    for place_in_turn, (cost, arrives) in enumerate(costs):
        fleet, carrier = fleets[place_in_turn % 2]
        set_aside(order, Money(cost), by="tests", now=now)
        part = legs.Part(kind=Leg.Kind.ONWARD, fleet=fleet, carrier=carrier, cost=Money(cost))
        legs.begin(order, part, now=now)
        if arrives:
            parts.owe_at_door(order, was_held=False, by="tests", now=now)
            told[fleet.code] += cost
        else:
            ledger.release(order.code, region=cast.region, by="tests", now=now)
        assert held_for(order.code) == []
    assert owed(order) == {code: rupiah for code, rupiah in told.items() if rupiah}
    assert settled_by_order(cast.region).get(order.code, 0) == sum(told.values())
    assert verify_book(cast.region)[1] == []
