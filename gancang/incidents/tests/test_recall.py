"""A bag turns out to be the wrong patient's after the pharmacist let it go: it is stopped anywhere.

Told for each stage: before it is fetched, on the road, and already handed over.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, transaction

from gancang.dispatch.models import Offer
from gancang.dispatch.ticking import tick
from gancang.incidents.models import CallDue, Entry, Incident
from gancang.outbox.models import Letter
from gancang.residents.models import Reading
from tests.cast import (
    assigned,
    at_work,
    client_of,
    collected,
    delivered,
    offer_to,
    place,
    release,
    typed_hand_over,
    typed_release,
)

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.orders.models import Order
    from tests.cast import Cast

WHY = "Etiket tertukar di meja 2, diketahui saat hitung ulang"


def recall(by: User, order: Order, **changed: str) -> Incident:
    """Somebody recalls the bag on the order's page."""
    answer = client_of(by).post(f"/dispatch/orders/{order.code}/recall", {"why": WHY, **changed})
    assert answer.status_code == 302, answer.content.decode()
    order.refresh_from_db()
    found = Incident.objects.get(order=order, kind="recall")
    assert answer["Location"] == f"/incidents/{found.pk}"
    return found


def ring(by: User, incident: Incident, reached: str) -> None:
    """Somebody rings the patient from the call list."""
    call = CallDue.objects.get(incident=incident, order=incident.order)
    typed = {"reached": reached, "text": "tidak ada yang diminum"}
    assert client_of(by).post(f"/incidents/calls/{call.pk}", typed).status_code == 302


def bag_back(cast: Cast, incident: Incident, disposition: str = "quarantine") -> int:
    """The pharmacist has the bag again."""
    typed = {"disposition": disposition, "text": "segel utuh"}
    url = f"/dispatch/incidents/{incident.pk}/bag"
    return client_of(cast.pharmacist).post(url, typed).status_code


def close(by: User, incident: Incident) -> int:
    """Somebody ends the incident."""
    url = f"/incidents/{incident.pk}/close"
    return client_of(by).post(url, {"text": "Meja 2 kini satu pasien satu baki"}).status_code


def test_before_it_is_fetched_the_bag_goes_back_through_the_whole_check(cast: Cast) -> None:
    order = assigned(cast)
    incident = recall(cast.pharmacist, order)
    assert (order.state, order.carrier, order.bag_code) == ("placed", None, "")
    assert order.frozen_at
    assert incident.stage == "assigned"
    # The rider reads it before all else, and says so.
    rider = client_of(cast.rider)
    page = rider.get("/dispatch/rider").content.decode()
    assert order.code in page
    assert "tidak perlu mengambilnya" in page
    assert WHY not in page
    rider.post(f"/incidents/{incident.pk}/read")
    assert order.code not in rider.get("/dispatch/rider").content.decode()
    # Nobody is offered it, and it cannot be let out until the pharmacist has decided.
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert not Offer.objects.filter(order=order, answer="open").exists()
    url = f"/medicine/orders/{order.code}/release"
    pharmacist = client_of(cast.pharmacist)
    assert pharmacist.post(url, typed_release(order)).status_code == 400
    assert bag_back(cast, incident, "restock") == 302
    order.refresh_from_db()
    assert pharmacist.post(url, typed_release(order)).status_code == 302
    order.refresh_from_db()
    assert order.state == "released"
    assert order.frozen_at is None


def test_an_offer_for_a_recalled_bag_is_gone(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = release(cast, place(cast))
    offer = offer_to(cast, order)
    recall(cast.operator, order)
    offer.refresh_from_db()
    assert offer.answer == "withdrawn"
    answer = client_of(cast.rider).post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    assert answer.status_code == 409


def test_on_the_road_the_rider_is_stopped_and_brings_the_bag_back(cast: Cast) -> None:
    order = collected(cast)
    incident = recall(cast.pharmacist, order)
    assert (order.state, incident.stage) == ("collected", "collected")
    rider = client_of(cast.rider)
    home = rider.get("/dispatch/rider").content.decode()
    assert f"BERHENTI: jangan serahkan {order.code}." in home
    stop = rider.get(f"/dispatch/rider/orders/{order.code}").content.decode()
    assert "Sari" not in stop  # no door to go to any more
    hand_over = f"/medicine/orders/{order.code}/hand-over"
    assert rider.post(hand_over, typed_hand_over(order)).status_code == 400
    order.refresh_from_db()
    assert order.state == "collected"
    # The patient is told that it comes later, and is rung.
    letter = Letter.objects.get(subject=order.code, kind="order.recalled")
    assert "lebih lambat" in letter.body
    ring(cast.operator, incident, "yes")
    assert bag_back(cast, incident) == 302
    order.refresh_from_db()
    incident.refresh_from_db()
    assert (order.state, order.frozen_at) == ("failed", None)
    assert (incident.disposition, incident.disposed_by) == ("quarantine", "pharmacist")
    assert order.code in client_of(cast.pharmacist).get("/medicine/queue").content.decode()
    assert close(cast.operator, incident) == 302


def test_after_the_hand_over_the_patient_is_told_not_to_take_it_until_somebody_reached_him(
    cast: Cast,
) -> None:
    order = delivered(cast)
    incident = recall(cast.pharmacist, order)
    assert order.state == "delivered"
    letter = Letter.objects.get(subject=order.code, kind="order.recalled")
    assert "Jangan minum apa pun" in letter.body
    assert "Amlodipine" not in letter.body
    page = client_of(cast.operator).get(f"/incidents/{incident.pk}").content.decode()
    assert "+6281234567890" in page
    assert "Sari" in page
    assert "Mohon jangan minum apa pun" in page
    assert Reading.objects.filter(purpose="incident", by=cast.operator.username).exists()
    # It stays open until the patient is reached and the bag is back.
    assert close(cast.operator, incident) == 400
    ring(cast.operator, incident, "no")
    assert close(cast.operator, incident) == 400
    ring(cast.operator, incident, "yes")
    assert close(cast.operator, incident) == 400
    assert bag_back(cast, incident, "destroy") == 302
    assert close(cast.operator, incident) == 302
    page = client_of(cast.operator).get(f"/incidents/{incident.pk}").content.decode()
    assert "+6281234567890" not in page
    assert "Dimusnahkan" in page
    assert "tidak ada yang diminum" in page
    assert "Dilihat" not in page
    kinds = [e.kind for e in Entry.objects.filter(incident=incident)]
    assert kinds == ["told", "told", "done", "done"]


def test_with_the_bag_back_it_stays_open_until_the_patient_was_reached(cast: Cast) -> None:
    incident = recall(cast.pharmacist, delivered(cast))
    assert bag_back(cast, incident, "destroy") == 302
    assert close(cast.operator, incident) == 400
    ring(cast.operator, incident, "no")
    assert close(cast.operator, incident) == 400
    ring(cast.operator, incident, "yes")
    assert close(cast.operator, incident) == 302


def test_the_other_patients_order_is_stopped_too_and_stands_on_the_call_list(cast: Cast) -> None:
    order = collected(cast)
    other = release(cast, place(cast, number="R-2", nik="3510164903510002"))
    incident = recall(cast.pharmacist, order, other=other.code.lower())
    other.refresh_from_db()
    assert (other.state, bool(other.frozen_at)) == ("placed", True)
    assert {call.order for call in CallDue.objects.filter(incident=incident)} == {order, other}


def test_both_bags_of_a_swap_are_awaited_and_each_order_goes_on_when_the_pharmacist_has_its_bag(
    cast: Cast,
) -> None:
    order = collected(cast)
    other = release(cast, place(cast, number="R-2", nik="3510164903510002"))
    incident = recall(cast.pharmacist, order, other=other.code)
    for each in (order, other):
        call = CallDue.objects.get(incident=incident, order=each)
        client_of(cast.operator).post(f"/incidents/calls/{call.pk}", {"reached": "yes"})
    assert bag_back(cast, incident) == 302
    # The first bag alone does not end it.
    assert close(cast.operator, incident) == 400
    page = client_of(cast.pharmacist).get(f"/incidents/{incident.pk}").content.decode()
    assert f'name="order" value="{other.code}"' in page
    url = f"/dispatch/incidents/{incident.pk}/bag"
    typed = {"order": other.code, "disposition": "restock", "text": "isi benar"}
    assert client_of(cast.pharmacist).post(url, {**typed, "order": "XX-1"}).status_code == 404
    for _twice in range(2):
        assert client_of(cast.pharmacist).post(url, typed).status_code == 302
    other.refresh_from_db()
    assert (other.state, other.frozen_at) == ("placed", None)
    again = f"/medicine/orders/{other.code}/release"
    assert client_of(cast.pharmacist).post(again, typed_release(other)).status_code == 302
    assert close(cast.operator, incident) == 302


def test_whose_bag_it_was_may_become_known_later(cast: Cast) -> None:
    order = collected(cast)
    other = release(cast, place(cast, number="R-2", nik="3510164903510002"))
    incident = recall(cast.pharmacist, order)
    for _twice in range(2):
        assert recall(cast.pharmacist, order, other=other.code) == incident
    other.refresh_from_db()
    assert other.frozen_at
    assert CallDue.objects.filter(incident=incident).count() == 2
    assert Letter.objects.filter(subject=other.code, kind="order.recalled").count() == 1


def test_a_recall_pressed_twice_is_one_recall(cast: Cast) -> None:
    order = collected(cast)
    first = recall(cast.pharmacist, order)
    assert recall(cast.operator, order) == first
    assert Letter.objects.filter(kind="order.recalled").count() == 1


def test_there_is_nothing_to_recall_before_a_release(cast: Cast) -> None:
    order = place(cast)
    url = f"/dispatch/orders/{order.code}/recall"
    assert client_of(cast.pharmacist).post(url, {"why": WHY}).status_code == 400
    assert not Incident.objects.exists()


def test_a_wrong_code_of_the_other_order_stops_nothing_yet(cast: Cast) -> None:
    order = collected(cast)
    url = f"/dispatch/orders/{order.code}/recall"
    answer = client_of(cast.pharmacist).post(url, {"why": WHY, "other": "XX-0000"})
    assert answer.status_code == 400
    assert WHY in answer.content.decode()
    assert not Incident.objects.exists()


@pytest.mark.parametrize("deed", ["delete", "update"])
def test_what_was_noted_cannot_be_unwritten(cast: Cast, deed: str) -> None:
    incident = recall(cast.pharmacist, collected(cast))
    client_of(cast.operator).post(
        f"/incidents/{incident.pk}/entries", {"kind": "done", "text": "Kirim kurir kedua"}
    )
    rows = Entry.objects.filter(incident=incident)
    assert rows.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete() if deed == "delete" else rows.update(by="nobody")
    with pytest.raises(DatabaseError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).delete()
