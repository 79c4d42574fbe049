"""Something happens to a rider on the road: what he tells is an incident at once, with steps."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gancang.dispatch.models import Offer
from gancang.dispatch.ticking import tick
from gancang.fleet.models import Shift
from gancang.incidents.models import CallDue, Incident
from gancang.incidents.rules import ON_THE_ROAD
from gancang.orders.lifecycle import Incident as OnRoad
from gancang.outbox.models import Letter
from tests.cast import assigned, at_work, client_of, collected, offer_to, place, release

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from tests.cast import Cast


def befalls(cast: Cast, order: Order, what: str = "accident", note: str = "") -> int:
    """Toni tells on his page what happened to him or the bag."""
    typed = {"version": order.version, "reason": "rider_incident", "incident": what, "note": note}
    url = f"/dispatch/rider/orders/{order.code}/fail"
    answer = client_of(cast.rider).post(url, typed)
    order.refresh_from_db()
    return answer.status_code


def another(cast: Cast, number: int, *, fetched: bool = False) -> Order:
    """One more patient's order that Toni has taken."""
    order = release(cast, place(cast, number=f"R-{number}", nik=f"35101649035{number:05}"))
    offer = offer_to(cast, order)
    client_of(cast.rider).post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    order.refresh_from_db()
    if fetched:
        scanned = {"version": order.version, "bag_code": " ".join(order.codes_on_bags)}
        client_of(cast.rider).post(f"/dispatch/rider/orders/{order.code}", scanned)
        order.refresh_from_db()
    return order


def test_for_all_that_can_happen_on_the_road_there_are_steps() -> None:
    assert {each.value for each in OnRoad} <= set(ON_THE_ROAD)


@pytest.mark.parametrize("what", ["accident", "theft", "cold_chain", "breakdown", "other"])
def test_what_a_rider_tells_is_an_incident_that_rings_on_the_board(cast: Cast, what: str) -> None:
    order = collected(cast)
    Shift.objects.update(lat=-8.21, lon=114.36)
    assert befalls(cast, order, what) == 302
    made = Incident.objects.get()
    assert (made.kind, made.order, made.rider) == (what, order, cast.rider.rider)
    assert (made.lat, made.lon, made.opened_by) == (-8.21, 114.36, cast.rider.username)
    operator = client_of(cast.operator)
    assert f"/incidents/{made.pk}/seen" in operator.get("/dispatch/board").content.decode()
    operator.post(f"/incidents/{made.pk}/seen")
    assert f"/incidents/{made.pk}/seen" not in operator.get("/dispatch/board").content.decode()
    page = operator.get(f"/incidents/{made.pk}").content.decode()
    assert "Yang dilakukan sekarang" in page
    assert order.code in page


def test_an_ordinary_failure_is_no_incident(cast: Cast) -> None:
    order = collected(cast)
    url = f"/dispatch/rider/orders/{order.code}/fail"
    typed = {"version": order.version, "reason": "nobody_home"}
    assert client_of(cast.rider).post(url, typed).status_code == 302
    assert not Incident.objects.exists()


def test_told_of_two_bags_one_fall_is_one_incident(cast: Cast) -> None:
    order, second = collected(cast), another(cast, 2, fetched=True)
    befalls(cast, order, note="Jatuh di jembatan")
    befalls(cast, second)
    made = Incident.objects.get()
    assert made.what_happened == "Jatuh di jembatan"
    assert [entry.whom for entry in made.entries.all()] == [second.code]


def test_with_one_click_all_he_holds_goes_to_others_or_comes_back(cast: Cast) -> None:
    order, unfetched = collected(cast), another(cast, 2)
    at_work(cast, cast.second_rider)
    in_hand = another(cast, 3, fetched=True)
    befalls(cast, order)
    made = Incident.objects.get()
    operator = client_of(cast.operator)
    assert "Ambil 2 pesanan darinya" in operator.get(f"/incidents/{made.pk}").content.decode()
    for _twice in range(2):
        assert operator.post(f"/dispatch/incidents/{made.pk}/relieve").status_code == 302
    for each in (order, unfetched, in_hand):
        each.refresh_from_db()
    assert (order.state, order.frozen_at) == ("failed", None)
    assert (unfetched.state, unfetched.carrier) == ("released", None)
    assert (in_hand.state, in_hand.frozen_why) == ("collected", "Kecelakaan pengantar")
    assert not Shift.objects.filter(rider=cast.rider.rider, ended_at=None).exists()
    assert {entry.whom for entry in made.entries.all()} == {unfetched.code, in_hand.code}
    # Whoever else is at work is asked at once.
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert Offer.objects.get(order=unfetched, answer="open").rider == cast.second_rider
    page = operator.get(f"/incidents/{made.pk}").content.decode()
    assert "/relieve" not in page
    assert unfetched.code in page
    # On his own page stands what he is to do with the bag.
    mine = client_of(cast.rider).get("/dispatch/rider").content.decode()
    assert f"BERHENTI: jangan serahkan {in_hand.code}." in mine


def test_the_patients_are_told_once_and_who_has_no_phone_is_to_be_rung(cast: Cast) -> None:
    order, other = collected(cast), another(cast, 2)
    silent = release(
        cast, place(cast, number="R-3", nik="3510164903500003", phone="-", full_name="Tini")
    )
    offer = offer_to(cast, silent)
    client_of(cast.rider).post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    befalls(cast, order)
    made = Incident.objects.get()
    operator = client_of(cast.operator)
    operator.post(f"/dispatch/incidents/{made.pk}/relieve")
    for _twice in range(2):
        assert operator.post(f"/dispatch/incidents/{made.pk}/tell").status_code == 302
    told = Letter.objects.filter(kind="order.told_late")
    assert [letter.subject for letter in told] == [other.code]
    # The one whose bag was on the road was told by the failure itself.
    assert Letter.objects.filter(subject=order.code, kind="order.failed").exists()
    assert [call.order for call in CallDue.objects.all()] == [silent]
    page = operator.get(f"/incidents/{made.pk}").content.decode()
    assert "Ada kejadian di jalan" in page
    assert "/tell" not in page


def test_a_patient_without_a_phone_whose_bag_it_was_is_to_be_rung(cast: Cast) -> None:
    order = collected(cast, phone="-")
    befalls(cast, order, "theft")
    assert CallDue.objects.get().order == order


def test_nothing_is_done_in_an_incident_that_is_closed(cast: Cast) -> None:
    order = assigned(cast)
    typed = {"kind": "breakdown", "rider": cast.rider.rider.pk, "what_happened": "Rantai putus"}
    operator = client_of(cast.operator)
    operator.post("/incidents/new", typed)
    made = Incident.objects.get()
    assert "/relieve" in operator.get(f"/incidents/{made.pk}").content.decode()
    operator.post(f"/incidents/{made.pk}/close", {"text": "Sudah jalan lagi"})
    assert "/relieve" not in operator.get(f"/incidents/{made.pk}").content.decode()
    assert operator.post(f"/dispatch/incidents/{made.pk}/relieve").status_code == 409
    order.refresh_from_db()
    assert order.state == "assigned"
