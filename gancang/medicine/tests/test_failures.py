"""When a bag cannot be handed over: every way has its rule, and none of them is the doorstep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, transaction

from gancang.accounts.actions import Newcomer, add_person
from gancang.accounts.models import Role, User
from gancang.audit.queries import list_story
from gancang.dispatch.ticking import tick
from gancang.ledger.queries import held_for
from gancang.orders import lifecycle
from gancang.orders.actions import Step, move
from gancang.orders.failing import alarm_late_returns
from gancang.orders.models import Attempt, Disposition, Order, Proof
from gancang.outbox.models import Letter
from gancang.programmes.queries import terms_of
from gancang.regions.models import Organisation
from gancang.residents.queries import is_deceased
from tests.cast import (
    PASSWORD,
    assigned,
    client_of,
    collected,
    failed,
    offer_to,
    place,
    release,
    typed_hand_over,
    typed_release,
)

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from tests.cast import Cast


def fail(cast: Cast, order: Order, **typed: str) -> Response:
    """Toni says why he could not hand it over."""
    told = {"version": order.version, "reason": "nobody_home", "note": "", **typed}
    return client_of(cast.rider).post(f"/dispatch/rider/orders/{order.code}/fail", told)


def kinds(order: Order) -> list[str]:
    """What happened to an order, in order."""
    return [told.kind for told in list_story(order.region.code, order.code)]


@pytest.fixture
def puskesmas(cast: Cast) -> Organisation:
    """A health centre near the patients."""
    return Organisation.objects.filter(region=cast.region, kind="puskesmas").order_by("code")[0]


@pytest.fixture
def nurse(cast: Cast, puskesmas: Organisation) -> User:
    """Bu Tutik, who is the clerk there."""
    newcomer = Newcomer(
        username="tutik",
        full_name="Tutik",
        password=PASSWORD,
        role=Role.COUNTER_CLERK,
        organisation=puskesmas,
    )
    return add_person(newcomer, region=cast.region, by="tests", now=datetime.now(UTC))


@pytest.fixture
def brought(cast: Cast, puskesmas: Organisation, nurse: User) -> Order:
    """Nobody was home; Toni brings the bag to the health centre."""
    order = collected(cast)
    assert fail(cast, order, counter=puskesmas.code).status_code == 302
    order.refresh_from_db()
    return order


@pytest.fixture
def held(brought: Order, nurse: User) -> Order:
    """Bu Tutik has scanned it and locked it up."""
    url = f"/medicine/orders/{brought.code}/take-in"
    assert client_of(nurse).post(url, {"bag_codes": brought.bag_code}).status_code == 302
    brought.refresh_from_db()
    assert brought.state == "held"
    return brought


# --- where the bag goes


def test_a_bag_waits_at_a_counter_near_by_and_is_handed_over_with_the_same_proof(
    held: Order, nurse: User
) -> None:
    assert Letter.objects.filter(subject=held.code, kind="order.held").exists()
    clerk, url = client_of(nurse), f"/medicine/orders/{held.code}/hand-over"
    assert f"/orders/{held.code}/hand-over" in clerk.get("/medicine/counter").content.decode()
    wrong = typed_hand_over(held, factor="01-01-1900")
    assert clerk.post(url, wrong).status_code == 400
    held.refresh_from_db()
    assert (held.state, held.wrong_tries) == ("held", 1)
    assert clerk.post(url, typed_hand_over(held, relation="family")).status_code == 302
    held.refresh_from_db()
    assert held.state == "delivered"
    assert Proof.objects.get(order=held).carrier == nurse
    assert held_for(held.code) == []


def test_another_bag_is_not_taken_in_at_the_counter(brought: Order, nurse: User) -> None:
    url = f"/medicine/orders/{brought.code}/take-in"
    assert client_of(nurse).post(url, {"bag_codes": "BUKAN-INI"}).status_code == 400
    brought.refresh_from_db()
    assert brought.state == "failed"
    assert "order.wrong_bag" in kinds(brought)


def test_the_rider_sees_where_the_counter_is_and_nothing_of_the_person(
    cast: Cast, brought: Order, puskesmas: Organisation
) -> None:
    page = client_of(cast.rider).get(f"/dispatch/rider/orders/{brought.code}").content.decode()
    assert puskesmas.name in page
    assert "Sari" not in page


def test_only_the_clerk_of_that_counter_takes_it_in_and_hands_it_over(
    cast: Cast, held: Order
) -> None:
    for path in ("take-in", "hand-over"):
        for stranger in (cast.clerk, cast.rider):
            answer = client_of(stranger).get(f"/medicine/orders/{held.code}/{path}")
            assert answer.status_code in {403, 404}


def test_no_bag_goes_to_a_counter_where_nobody_takes_it_in(
    cast: Cast, puskesmas: Organisation
) -> None:
    order = collected(cast)
    assert fail(cast, order, counter=puskesmas.code).status_code == 400
    order.refresh_from_db()
    assert order.state == "collected"


@pytest.mark.parametrize("reason", ["refused", "moved", "deceased"])
def test_what_nobody_will_fetch_goes_back_to_the_pharmacy(
    cast: Cast, puskesmas: Organisation, nurse: User, reason: str
) -> None:
    order = collected(cast)
    assert fail(cast, order, reason=reason, counter=puskesmas.code).status_code == 400
    order.refresh_from_db()
    assert order.state == "collected"


def test_cold_medicine_waits_at_no_counter(
    cast: Cast, puskesmas: Organisation, nurse: User
) -> None:
    order = collected(cast)
    Order.objects.filter(pk=order.pk).update(cold_minutes=120)
    assert fail(cast, order, counter=puskesmas.code).status_code == 400


def test_a_bag_that_nobody_fetched_goes_home_to_the_pharmacy(cast: Cast, held: Order) -> None:
    url = f"/medicine/orders/{held.code}/take-back"
    client_of(cast.pharmacist).post(url, {"version": held.version})
    held.refresh_from_db()
    assert held.state == "returned"
    assert held_for(held.code) == []


def test_a_bag_for_a_counter_goes_there_without_a_name_on_the_rider_s_page(
    cast: Cast, puskesmas: Organisation, nurse: User
) -> None:
    order = collected(cast)
    Order.objects.filter(pk=order.pk).update(way="relay", hold_at=puskesmas)
    page = client_of(cast.rider).get(f"/dispatch/rider/orders/{order.code}").content.decode()
    assert puskesmas.name in page
    assert "Sari" not in page
    url = f"/medicine/orders/{order.code}/take-in"
    assert client_of(nurse).post(url, {"bag_codes": order.bag_code}).status_code == 302


# --- when it goes out again


def test_after_a_failed_visit_it_is_not_offered_before_the_programme_says(cast: Cast) -> None:
    order = failed(cast)
    waits = timedelta(hours=terms_of(order.programme).retry_after_h[0])
    assert order.not_before
    assert abs(order.not_before - order.changed_at - waits) < timedelta(seconds=5)
    later = order.not_before + timedelta(minutes=1)
    release(cast, order)
    now = datetime.now(UTC)
    assert tick(cast.region, now=now, seed=1).assigned == 0
    assert tick(cast.region, now=later, seed=1).assigned == 1


def test_twenty_one_failures_cannot_happen(cast: Cast) -> None:
    order = collected(cast)
    most = terms_of(order.programme).attempts_max
    for _ in range(21):
        assert fail(cast, order).status_code == 302
        order.refresh_from_db()
        url = f"/medicine/orders/{order.code}/release"
        if client_of(cast.pharmacist).post(url, typed_release(order)).status_code != 302:
            break
        Order.objects.filter(pk=order.pk).update(not_before=None)
        offer = offer_to(cast, order)
        client_of(cast.rider).post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
        order.refresh_from_db()
        typed = {"version": order.version, "bag_code": order.bag_code}
        client_of(cast.rider).post(f"/dispatch/rider/orders/{order.code}", typed)
        order.refresh_from_db()
    assert Attempt.objects.filter(order=order).count() == most < 21
    assert order.state == "failed"


# --- late, and back


def test_a_bag_that_is_not_back_in_time_alarms_once(cast: Cast) -> None:
    order = failed(cast)
    assert alarm_late_returns(cast.region, now=datetime.now(UTC)) == []
    assert order.back_by
    later = order.back_by + timedelta(minutes=1)
    tick(cast.region, now=later, seed=1)
    tick(cast.region, now=later + timedelta(minutes=1), seed=1)
    assert kinds(order).count("order.return_late") == 1
    page = client_of(cast.pharmacist).get(f"/medicine/orders/{order.code}").content.decode()
    assert "Seharusnya sudah kembali" in page


def returned(cast: Cast, **typed: str) -> Order:
    """A bag that is back at the pharmacy."""
    order = collected(cast)
    fail(cast, order, **typed)
    order.refresh_from_db()
    url = f"/medicine/orders/{order.code}/take-back"
    client_of(cast.pharmacist).post(url, {"version": order.version})
    order.refresh_from_db()
    assert order.state == "returned"
    return order


def decide(cast: Cast, order: Order, what: str, why: str = "segel utuh") -> Response:
    """Bu Rini decides what becomes of the bag."""
    url = f"/medicine/orders/{order.code}/dispose"
    return client_of(cast.pharmacist).post(url, {"what": what, "why": why})


@pytest.mark.parametrize("what", sorted(lifecycle.DISPOSITIONS))
def test_the_pharmacist_decides_what_becomes_of_a_bag_once_and_with_a_reason(
    cast: Cast, what: str
) -> None:
    order = returned(cast)
    pharmacist = client_of(cast.pharmacist)
    assert order.code in pharmacist.get("/medicine/returns").content.decode()
    assert decide(cast, order, what, " ").status_code == 400
    assert decide(cast, order, what).status_code == 302
    assert decide(cast, order, what).status_code == 302
    assert kinds(order).count("order.disposed") == 1
    row = Disposition.objects.get(order=order)
    assert (row.what, row.why, row.by) == (what, "segel utuh", cast.pharmacist)
    assert order.code not in pharmacist.get("/medicine/returns").content.decode()
    other = sorted(set(lifecycle.DISPOSITIONS) - {what})[0]
    assert decide(cast, order, other).status_code == 400
    with pytest.raises(DatabaseError), transaction.atomic():
        Disposition.objects.update(what=other)


@pytest.mark.parametrize("incident", ["cold_chain", "theft"])
def test_what_became_warm_or_was_out_of_sight_is_not_given_to_anybody_else(
    cast: Cast, incident: str
) -> None:
    order = returned(cast, reason="rider_incident", incident=incident)
    assert decide(cast, order, "restock").status_code == 400
    assert decide(cast, order, "destroy").status_code == 302


def test_nothing_is_disposed_of_that_is_not_here(cast: Cast) -> None:
    assert decide(cast, failed(cast), "restock").status_code == 400
    assert not Disposition.objects.exists()


# --- incidents, death, the doorstep


@pytest.mark.parametrize("incident", [kind.value for kind in lifecycle.Incident])
def test_what_happened_to_the_rider_is_told_by_its_kind(cast: Cast, incident: str) -> None:
    order = collected(cast)
    assert fail(cast, order, reason="rider_incident").status_code == 400
    assert fail(cast, order, reason="rider_incident", incident=incident).status_code == 302
    assert Attempt.objects.get(order=order).incident == incident
    told, opened = list_story(cast.region.code, order.code)[-2:]
    assert (told.kind, told.facts["incident"]) == ("order.failed", incident)
    assert (opened.kind, opened.facts["kind"]) == ("incident.opened", incident)


def test_after_a_death_nobody_writes_and_everything_for_him_stops(cast: Cast) -> None:
    order = collected(cast)
    waiting = release(cast, place(cast, number="R-2026-0002"))
    placed = place(cast, number="R-2026-0003")
    someone = place(cast, number="R-2026-0004", full_name="Budi", nik="", phone="0813 1111 2222")
    letters = Letter.objects.count()
    assert fail(cast, order, reason="deceased").status_code == 302
    assert is_deceased(order.resident_id)
    queue = client_of(cast.pharmacist).get("/medicine/queue").content.decode()
    for stopped in (order, waiting, placed):
        stopped.refresh_from_db()
        assert stopped.frozen_at
        assert stopped.code in queue
    someone.refresh_from_db()
    assert someone.frozen_at is None
    tick(cast.region, now=datetime.now(UTC), seed=1)
    url = f"/medicine/orders/{placed.code}/release"
    assert client_of(cast.pharmacist).post(url, typed_release(placed)).status_code == 400
    take_back = f"/medicine/orders/{order.code}/take-back"
    client_of(cast.pharmacist).post(take_back, {"version": order.version})
    cancel = {"version": waiting.version, "reason": "berpulang"}
    client_of(cast.clerk).post(f"/dispatch/orders/{waiting.code}/cancel", cancel)
    order.refresh_from_db()
    waiting.refresh_from_db()
    assert (order.state, waiting.state) == ("returned", "cancelled")
    assert Letter.objects.count() == letters


def test_after_a_death_no_page_asks_to_ring_the_patient_or_to_send_it_out_again(
    cast: Cast,
) -> None:
    order = collected(cast)
    answer = fail(cast, order, reason="deceased")
    rider, pharmacist = client_of(cast.rider), client_of(cast.pharmacist)
    assert answer.status_code == 302
    assert "BERHENTI" not in rider.get("/dispatch/rider").content.decode(), "he told it himself"
    page = pharmacist.get(f"/medicine/orders/{order.code}").content.decode()
    assert "telepon pasien" not in page
    assert f"/medicine/orders/{order.code}/take-back" in page
    for asks in ("/release", "/review", "/prepare", "/fetch"):
        assert f"/medicine/orders/{order.code}{asks}" not in page


def test_a_rider_on_his_way_to_fetch_for_the_dead_is_free_again(cast: Cast) -> None:
    order = assigned(cast)
    other = release(cast, place(cast, number="R-2026-0002"))
    move(
        other,
        Step(to="assigned", changes={"carrier": cast.second_rider}),
        by="tests",
        now=datetime.now(UTC),
    )
    typed = {"version": order.version, "bag_code": order.bag_code}
    client_of(cast.rider).post(f"/dispatch/rider/orders/{order.code}", typed)
    order.refresh_from_db()
    fail(cast, order, reason="deceased")
    other.refresh_from_db()
    assert (other.state, other.carrier) == ("released", None)
    assert other.frozen_at


@pytest.mark.parametrize("typed", ["left_at_door", "left at the door", "unattended", ""])
def test_medicine_is_never_left_at_a_door(cast: Cast, typed: Any) -> None:
    order = collected(cast)
    assert fail(cast, order, reason=typed).status_code == 400
    order.refresh_from_db()
    assert order.state == "collected"
    assert not Attempt.objects.exists()
