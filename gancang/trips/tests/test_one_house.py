"""Several prescriptions for one house: one rider, one door, one price, every bag proved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.dispatch.models import Offer, Tick, Waiting
from gancang.dispatch.queries import owed_for
from gancang.dispatch.ticking import tick
from gancang.ledger.models import Transfer
from gancang.orders.models import Order, Proof
from gancang.overview.verify import verify
from gancang.trips.models import Joined, Trip
from gancang.trips.rules import price_of_trip
from gancang.values import Money
from tests.cast import (
    at_work,
    client_of,
    place,
    release,
    typed_hand_over,
    typed_prescription,
    typed_release,
)

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from gancang.accounts.models import User
    from tests.cast import Cast

BUDI_BORN = "01-01-1980"


def second(cast: Cast, **changed: str) -> Order:
    """Sari's prescription of another clinic."""
    return place(cast, **{"number": "R-2026-0002", "clinic": "Jantung", **changed})


def of_budi(cast: Cast) -> Order:
    """Budi lives behind the same door."""
    return second(cast, full_name="Budi", nik="", birth_date=BUDI_BORN)


def elsewhere(cast: Cast) -> Order:
    """Sari's prescription of another hospital."""
    typed = typed_prescription(cast, number="R-LAIN")
    page = client_of(cast.other_pharmacist).post("/medicine/new", typed)
    assert page.status_code == 302, page.content.decode()
    order = Order.objects.get(prescription__number="R-LAIN", origin=cast.other_hospital)
    # In some regions that hospital is so far that its bags go by departures.
    Order.objects.filter(pk=order.pk).update(way="direct", not_before=None, hold_at=None)
    order.refresh_from_db()
    return order


def send_together(cast: Cast, order: Order, other: Order, user: User | None = None) -> Response:
    """The desk presses the button."""
    page = f"/medicine/orders/{order.code}/join"
    return client_of(user or cast.clerk).post(page, {"other": other.code})


def released(cast: Cast, *orders: Order) -> None:
    """Each prescription by its own pharmacist."""
    for order in orders:
        order.refresh_from_db()
        own = order.origin == cast.hospital
        desk = client_of(cast.pharmacist if own else cast.other_pharmacist)
        page = desk.post(f"/medicine/orders/{order.code}/release", typed_release(order))
        assert page.status_code == 302, page.content.decode()
        order.refresh_from_db()


def plan(cast: Cast, *, after: timedelta = timedelta(0)) -> None:
    """A round of the planner."""
    tick(cast.region, now=datetime.now(UTC) + after, seed=1)


def taken(cast: Cast, *orders: Order) -> None:
    """Toni is asked once and takes all of it."""
    at_work(cast, cast.rider)
    released(cast, *orders)
    plan(cast)
    offer = Offer.objects.filter(answer="open").first()
    assert offer is not None, list(Waiting.objects.values_list("reason", flat=True))
    client_of(cast.rider).post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    for order in orders:
        order.refresh_from_db()
    assert {order.state for order in orders} == {"assigned"}


def codes(*orders: Order) -> str:
    """All that stands on their bags."""
    return " ".join(code for order in orders for code in order.codes_on_bags)


def fetch(cast: Cast, order: Order, scanned: str) -> int:
    """At one counter."""
    typed = {"version": order.version, "bag_code": scanned}
    page = client_of(cast.rider).post(f"/dispatch/rider/orders/{order.code}", typed)
    return page.status_code


def hand_over(cast: Cast, order: Order, scanned: str, **changed: object) -> Response:
    """At the one door."""
    order.refresh_from_db()
    typed = typed_hand_over(order, **{"bag_codes": scanned, **changed})
    return client_of(cast.rider).post(f"/medicine/orders/{order.code}/hand-over", typed)


def states(*orders: Order) -> set[str]:
    """Where they stand."""
    return set(Order.objects.filter(pk__in=[o.pk for o in orders]).values_list("state", flat=True))


def book_problems(cast: Cast) -> list[str]:
    """What `gancang verify` finds; the chain is linked when a story's own changes are kept."""
    return [each for each in verify([cast.region]).problems if not each.startswith("chain")]


def owed_to_carriers() -> int:
    """What the public funds owe for hand-overs."""
    return sum(Transfer.objects.filter(kind="settle").values_list("amount_rp", flat=True))


def test_two_prescriptions_of_one_patient_are_one_trip_one_hand_over_and_one_price(
    cast: Cast,
) -> None:
    one, two = place(cast), second(cast)
    page = client_of(cast.pharmacist).get(f"/medicine/orders/{one.code}").content.decode()
    assert "Menunggu untuk rumah yang sama" in page
    assert two.code in page
    assert send_together(cast, one, two).status_code == 302
    taken(cast, one, two)
    offers = Offer.objects.filter(answer="yes")
    assert sum(offer.pay_rp for offer in offers) == max(one.price_rp, two.price_rp)
    assert fetch(cast, one, codes(one)) == 400  # the other bag lies here too
    assert fetch(cast, one, codes(one, two)) == 302
    assert states(one, two) == {"collected"}
    assert hand_over(cast, one, codes(one)).status_code == 400
    assert hand_over(cast, one, codes(one, two)).status_code == 302
    assert states(one, two) == {"delivered"}
    assert Proof.objects.count() == 2
    assert owed_to_carriers() == max(one.price_rp, two.price_rp)
    assert book_problems(cast) == []


def test_bags_of_two_pharmacies_are_fetched_each_at_its_place_and_handed_over_at_once(
    cast: Cast,
) -> None:
    here, there = place(cast), elsewhere(cast)
    assert send_together(cast, here, there).status_code == 302
    taken(cast, here, there)
    [kept] = Tick.objects.filter(assigned__gt=0)
    [job] = kept.world["jobs"]
    assert len(job["counters"]) == 2
    paid = sum(offer.pay_rp for offer in Offer.objects.filter(answer="yes"))
    assert max(here.price_rp, there.price_rp) <= paid <= here.price_rp + there.price_rp
    assert fetch(cast, here, codes(here)) == 302
    assert states(there) == {"assigned"}
    assert fetch(cast, there, codes(there)) == 302
    assert hand_over(cast, there, codes(here, there)).status_code == 302
    assert states(here, there) == {"delivered"}
    assert owed_to_carriers() == paid


def test_another_patient_of_the_house_gives_his_own_second_factor(cast: Cast) -> None:
    sari, budi = place(cast), of_budi(cast)
    send_together(cast, sari, budi)
    taken(cast, sari, budi)
    assert fetch(cast, sari, codes(sari, budi)) == 302
    rider = client_of(cast.rider)
    asked = rider.get(f"/medicine/orders/{sari.code}/hand-over").content.decode()
    assert f'name="factor_{budi.code}"' in asked
    wrong = {f"factor_{budi.code}": "02-02-1980"}
    assert hand_over(cast, sari, codes(sari, budi), **wrong).status_code == 400
    assert states(sari, budi) == {"collected"}
    budi.refresh_from_db()
    assert budi.wrong_tries == 1
    right = {f"factor_{budi.code}": BUDI_BORN}
    assert hand_over(cast, sari, codes(sari, budi), **right).status_code == 302
    assert states(sari, budi) == {"delivered"}


def test_what_is_ready_waits_for_the_rest_until_its_own_promise_is_near(cast: Cast) -> None:
    one, two = place(cast), second(cast)
    send_together(cast, one, two)
    at_work(cast, cast.rider)
    released(cast, one)
    plan(cast)
    assert not Offer.objects.exists()
    assert Waiting.objects.get(order=one).reason == "with_others"
    board = client_of(cast.operator).get("/dispatch/board").content.decode()
    assert "Menunggu kantong lain untuk rumah yang sama" in board
    Order.objects.filter(pk=one.pk).update(promise_at=datetime.now(UTC) + timedelta(minutes=30))
    plan(cast)
    assert Offer.objects.get(answer="open").order == one
    assert not Trip.objects.exists()
    assert owed_for(one).rupiah == one.price_rp - one.patient_pays_rp


def test_a_patient_who_pays_pays_his_share_of_one_trip_and_alone_what_he_agreed_to(
    cast: Cast,
) -> None:
    pays = {"pbi": "tidak", "accepts_rp": "9000000"}
    one, two = place(cast, **pays), second(cast, **pays)
    agreed = one.patient_pays_rp
    assert agreed == two.patient_pays_rp > 0
    send_together(cast, one, two)
    one.refresh_from_db()
    two.refresh_from_db()
    assert one.patient_pays_rp + two.patient_pays_rp == agreed
    client_of(cast.clerk).post(f"/medicine/orders/{two.code}/part")
    one.refresh_from_db()
    two.refresh_from_db()
    assert one.patient_pays_rp == two.patient_pays_rp == agreed


def test_the_rider_takes_one_trips_price_from_a_patient_with_two_prescriptions(cast: Cast) -> None:
    pays = {"pbi": "tidak", "accepts_rp": "9000000"}
    one, two = place(cast, **pays), second(cast, **pays)
    agreed = one.patient_pays_rp
    send_together(cast, one, two)
    taken(cast, one, two)
    assert fetch(cast, one, codes(one, two)) == 302
    page = client_of(cast.rider).get(f"/medicine/orders/{one.code}/hand-over").content.decode()
    assert f"{agreed:,}".replace(",", ".") in page
    assert hand_over(cast, one, codes(one, two), paid="cash").status_code == 302
    assert states(one, two) == {"delivered"}
    assert owed_to_carriers() == 0
    assert book_problems(cast) == []


def test_when_one_is_called_off_the_other_goes_alone_at_its_own_price(cast: Cast) -> None:
    one, two = place(cast), second(cast)
    send_together(cast, one, two)
    taken(cast, one, two)
    two.refresh_from_db()
    typed = {"version": two.version, "reason": "batal"}
    page = client_of(cast.operator).post(f"/dispatch/orders/{two.code}/cancel", typed)
    assert page.status_code == 302, page.content.decode()
    assert states(one) == {"assigned"}
    assert not Joined.objects.exists()
    assert owed_for(one).rupiah == one.price_rp - one.patient_pays_rp


def test_nobody_home_holds_for_all_bags_of_the_patient_and_for_nobody_elses(cast: Cast) -> None:
    one, two, budi = place(cast), second(cast), place(cast, number="R-B", full_name="Budi", nik="")
    send_together(cast, one, two)
    send_together(cast, one, budi)
    taken(cast, one, two, budi)
    assert fetch(cast, one, codes(one, two, budi)) == 302
    one.refresh_from_db()
    typed = {"version": one.version, "reason": "nobody_home", "note": ""}
    client_of(cast.rider).post(f"/dispatch/rider/orders/{one.code}/fail", typed)
    assert states(one, two) == {"failed"}
    assert states(budi) == {"collected"}
    assert not Joined.objects.exists()


def test_who_cannot_come_gives_all_of_it_back_and_who_is_named_by_hand_has_all_of_it(
    cast: Cast,
) -> None:
    one, two = place(cast), second(cast)
    send_together(cast, one, two)
    taken(cast, one, two)
    client_of(cast.rider).post(f"/dispatch/rider/orders/{one.code}/give-up", {})
    assert states(one, two) == {"released"}
    at_work(cast, cast.second_rider)
    two.refresh_from_db()
    typed = {"version": two.version, "rider": cast.second_rider.pk, "reason": "dekat"}
    page = client_of(cast.operator).post(f"/dispatch/orders/{two.code}/assign", typed)
    assert page.status_code == 302, page.content.decode()
    for order in (one, two):
        order.refresh_from_db()
        assert (order.state, order.carrier) == ("assigned", cast.second_rider)


def test_other_houses_are_not_offered_and_not_joined(cast: Cast) -> None:
    one = place(cast)
    other = second(cast, full_name="Budi", nik="", address="Dusun Lain RT 09/RW 04 no 7")
    assert "Menunggu untuk rumah yang sama" not in (
        client_of(cast.clerk).get(f"/medicine/orders/{one.code}").content.decode()
    )
    assert send_together(cast, one, other).status_code == 409
    assert send_together(cast, one, one).status_code == 409
    assert not Trip.objects.exists()


def test_what_a_rider_has_taken_is_not_joined_any_more(cast: Cast) -> None:
    one = place(cast)
    taken(cast, one)
    two = second(cast)
    assert send_together(cast, two, one).status_code == 409


def test_who_is_being_asked_about_one_is_asked_anew_about_both(cast: Cast) -> None:
    one, two = release(cast, place(cast)), second(cast)
    at_work(cast, cast.rider)
    plan(cast)
    assert Offer.objects.get().answer == "open"
    send_together(cast, one, two)
    assert Offer.objects.get().answer == "withdrawn"
    released(cast, two)
    plan(cast)
    assert Offer.objects.filter(answer="open").count() == 2


def test_another_pharmacy_hears_of_the_trip_and_of_no_other_patient(cast: Cast) -> None:
    here, there = place(cast), elsewhere(cast)
    budi = of_budi(cast)
    send_together(cast, here, there)
    send_together(cast, here, budi)
    page = client_of(cast.other_pharmacist).get(f"/medicine/orders/{there.code}").content.decode()
    assert here.code in page
    assert "Budi" not in page


@pytest.mark.parametrize("user", ["rider", "treasurer", "village_clerk"])
def test_who_has_no_desk_joins_nothing(cast: Cast, user: str) -> None:
    one, two = place(cast), second(cast)
    assert send_together(cast, one, two, getattr(cast, user)).status_code == 403


@given(st.lists(st.integers(0, 10**6).map(Money), min_size=1, max_size=6), st.integers(0, 10**5))
def test_one_trip_never_costs_less_than_its_dearest_order_nor_more_than_all(
    alone: list[Money], metres: int
) -> None:
    price = price_of_trip(alone, metres, None).rupiah
    assert max(each.rupiah for each in alone) <= price <= sum(each.rupiah for each in alone)
