"""The third tier: a pharmacist goes to the patient himself, and writes down what he saw."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from gancang.dispatch.ticking import tick
from gancang.ledger.models import Transfer
from gancang.medicine.models import VisitNote
from gancang.orders.models import Order, Proof
from tests.cast import at_work, client_of, release, typed_hand_over, typed_prescription

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db

SEEN = {
    "home": "rumah panggung, obat di atas lemari",
    "adherence": "dosis malam sering lupa",
    "side_effects": "pusing bila berdiri",
    "advice": "kotak obat mingguan; kabari dr. Ayu",
}


def judged(cast: Cast, number: str = "R-2026-0001") -> Order:
    """A patient whom Bu Rini judged to need her visit, with the bag released."""
    typed = typed_prescription(cast, number=number, pbi="tidak", judged_in_need="ya")
    client_of(cast.pharmacist).post("/medicine/new", typed)
    return release(cast, Order.objects.get(prescription__number=number))


def on_the_way(cast: Cast, number: str = "R-2026-0001") -> Order:
    """Bu Rini is on her way with the bag."""
    order = judged(cast, number)
    url = f"/medicine/visits/{order.code}/take-on"
    client_of(cast.pharmacist).post(url, {"version": order.version})
    order.refresh_from_db()
    assert (order.state, order.carrier) == ("collected", cast.pharmacist)
    return order


def write(cast: Cast, order: Order, **changed: object) -> int:
    """Bu Rini writes the note at the patient's home."""
    typed = {**typed_hand_over(order), **SEEN, **changed}
    answer = client_of(cast.pharmacist).post(f"/medicine/visits/{order.code}", typed)
    order.refresh_from_db()
    return answer.status_code


def test_no_rider_is_asked_for_a_visit(cast: Cast) -> None:
    at_work(cast, cast.rider, cast.second_rider)
    order = judged(cast)
    assert order.way == "visit"
    assert tick(cast.region, now=datetime.now(UTC), seed=1).assigned == 0
    page = client_of(cast.pharmacist).get("/medicine/visits").content.decode()
    assert order.code in page
    assert "Sari" in page


def test_a_visit_is_closed_by_its_note_and_its_proof_and_costs_nothing(cast: Cast) -> None:
    order = on_the_way(cast)
    assert write(cast, order) == 302
    assert order.state == "delivered"
    assert (order.price_rp, order.patient_pays_rp) == (0, 0)
    assert Proof.objects.get(order=order).carrier == cast.pharmacist
    assert VisitNote.objects.get(order=order).advice == SEEN["advice"]
    assert not Transfer.objects.filter(about=order.code).exists()
    page = client_of(cast.pharmacist).get(f"/medicine/visits/{order.code}").content.decode()
    assert SEEN["home"] in page
    assert order.code not in client_of(cast.pharmacist).get("/medicine/visits").content.decode()


def test_what_was_seen_at_home_is_sealed_and_for_the_pharmacy_alone(cast: Cast) -> None:
    order = on_the_way(cast)
    write(cast, order)
    with connection.cursor() as cursor:
        cursor.execute("SELECT home, adherence, side_effects, advice FROM medicine_visitnote")
        stored = str(cursor.fetchone())
    assert not any(words in stored for words in SEEN.values())
    for who in (cast.clerk, cast.operator, cast.auditor, cast.rider, cast.other_pharmacist):
        assert client_of(who).get(f"/medicine/visits/{order.code}").status_code in {403, 404}
    story = client_of(cast.auditor).get(f"/overview/orders/{order.code}").content.decode()
    assert not any(words in story for words in SEEN.values())


def test_a_visit_needs_the_second_factor_like_every_hand_over(cast: Cast) -> None:
    order = on_the_way(cast)
    assert write(cast, order, factor="01-01-1900") == 400
    assert (order.state, order.wrong_tries) == ("collected", 1)
    assert not VisitNote.objects.exists()


def test_a_colleague_cannot_write_the_note_of_somebody_elses_visit(cast: Cast) -> None:
    order = on_the_way(cast)
    Order.objects.filter(pk=order.pk).update(carrier=cast.rider)
    assert write(cast, order) == 400
    assert not VisitNote.objects.exists()


def test_a_patient_who_is_not_met_comes_back_to_the_queue(cast: Cast) -> None:
    order = on_the_way(cast)
    typed = {"version": order.version, "reason": "nobody_home", "note": "ke sawah"}
    client_of(cast.pharmacist).post(f"/medicine/visits/{order.code}/not-met", typed)
    order.refresh_from_db()
    assert (order.state, order.attempts) == ("failed", 1)
    assert order.code in client_of(cast.pharmacist).get("/medicine/queue").content.decode()
