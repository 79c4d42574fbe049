"""Ten patients in the farthest district are brought their medicine on a round, not by ten trips."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gancang.dispatch.models import Offer, Waiting
from gancang.dispatch.ticking import tick
from gancang.fleet.models import Shift
from gancang.ledger.models import Transfer
from gancang.ledger.queries import held_for
from gancang.orders.models import Order
from gancang.programmes.queries import get_programme, terms_of
from gancang.reach.queries import Door, atlas_of
from gancang.reach.rules import ROUND
from gancang.regions.queries import get_tariff, place_of, today_in, villages_by_code
from tests.cast import at_work, client_of, place, release, typed_hand_over

if TYPE_CHECKING:
    from gancang.regions.models import Village
    from tests.cast import Cast

PATIENTS = 10


def farthest_on_a_round(cast: Cast) -> list[Village]:
    """The villages of the farthest district to which rounds go from the hospital."""
    now = datetime.now(UTC)
    atlas = atlas_of(cast.region, now=now)
    terms = terms_of(get_programme(cast.region, "gancang-aron-1"))
    tariff = get_tariff(cast.region, terms.tariff, on=today_in(cast.region, now))
    assert cast.hospital.village is not None
    start = place_of(cast.hospital.village, cast.hospital.lat, cast.hospital.lon)
    villages = list(villages_by_code(cast.region).values())
    by_round = []
    for village in villages:
        chosen = atlas.answers_for(
            Door(village=village), terms, tariff, origin=cast.hospital
        ).chosen
        if chosen is not None and chosen.way.kind == ROUND:
            by_round.append(village)
    far = max(by_round, key=lambda v: atlas.travel.metres(start, place_of(v)))
    return [village for village in by_round if village.district_id == far.district_id]


def placed_far(cast: Cast) -> list[Order]:
    """Ten released orders to the farthest district."""
    villages = farthest_on_a_round(cast)
    return [
        release(
            cast,
            place(
                cast,
                number=f"J-{n}",
                nik=f"35101649037{n:05}",
                village=villages[n % len(villages)].code,
            ),
        )
        for n in range(PATIENTS)
    ]


def test_ten_patients_far_away_cost_less_than_ten_trips(cast: Cast) -> None:
    orders = placed_far(cast)
    (departs,) = {order.not_before for order in orders}
    assert departs is not None
    assert departs > datetime.now(UTC)
    assert all(order.way == "round" and order.promise_at > departs for order in orders)
    alone = sum(order.price_rp for order in orders)

    # Until the round departs, nobody is asked, and the board says why.
    at_work(cast, cast.rider, cast.second_rider)
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert not Offer.objects.exists()
    assert set(Waiting.objects.values_list("reason", flat=True)) == {"not_yet"}

    # At its departure few riders are asked, each for all that he takes along.
    Shift.objects.update(started_at=departs - timedelta(hours=1))
    assert tick(cast.region, now=departs, seed=1).assigned == PATIENTS
    offers = Offer.objects.select_related("rider").order_by("pk")
    groups = {offer.group: offer for offer in offers}
    assert 1 <= len(groups) <= 2
    assert "" not in groups
    for offer in groups.values():
        many = offers.filter(group=offer.group)
        page = client_of(offer.rider).get("/dispatch/rider").content.decode()
        assert f"Putaran {many.count()} pesanan" in page
        assert page.count("/dispatch/rider/offers/") == 1
        client_of(offer.rider).post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    assert set(Order.objects.values_list("state", flat=True)) == {"assigned"}

    for order in Order.objects.order_by("pk"):
        bring(order)

    # What was set aside for ten trips went back but for the price of the routes.
    settled = Transfer.objects.filter(kind="settle")
    paid = {o.code: sum(t.amount_rp for t in settled.filter(about=o.code)) for o in orders}
    assert all(0 < paid[order.code] <= order.price_rp for order in orders)
    assert sum(paid.values()) == sum(offer.pay_rp for offer in offers)
    assert 2 * sum(paid.values()) < alone
    assert not any(held_for(order.code) for order in orders)


def bring(order: Order) -> None:
    """His rider fetches the bag and hands it over."""
    assert order.carrier is not None
    rider = client_of(order.carrier)
    typed = {"version": order.version, "bag_code": order.bag_code}
    rider.post(f"/dispatch/rider/orders/{order.code}", typed)
    order.refresh_from_db()
    assert order.state == "collected"
    rider.post(f"/medicine/orders/{order.code}/hand-over", typed_hand_over(order))
    order.refresh_from_db()
    assert order.state == "delivered"


def test_a_no_is_a_no_to_the_whole_round_and_the_next_rider_is_asked_for_all(cast: Cast) -> None:
    orders = placed_far(cast)[:4]
    Order.objects.exclude(pk__in=[order.pk for order in orders]).update(
        frozen_at=orders[0].placed_at
    )
    departs = orders[0].not_before
    assert departs is not None
    at_work(cast, cast.rider, cast.second_rider)
    Shift.objects.update(started_at=departs - timedelta(hours=1))
    tick(cast.region, now=departs, seed=1)
    offers = list(Offer.objects.select_related("rider"))
    assert len({offer.rider for offer in offers}) == 1
    client_of(offers[0].rider).post(f"/dispatch/rider/offers/{offers[0].pk}", {"answer": "no"})
    assert not Offer.objects.filter(answer="open").exists()
    tick(cast.region, now=departs + timedelta(seconds=1), seed=1)
    asked = Offer.objects.filter(answer="open").select_related("rider")
    assert {offer.order_id for offer in asked} == {order.pk for order in orders}
    assert {offer.rider for offer in asked} == {cast.rider, cast.second_rider} - {offers[0].rider}
