"""Somebody leaves: nothing that was open is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.audit.models import Event
from gancang.fleet.models import Shift
from gancang.incidents.models import Incident
from tests.cast import assigned, client_of, collected

if TYPE_CHECKING:
    from tests.cast import Cast

LEAVES = {"reason": "kontrak selesai"}


def test_a_rider_who_leaves_gives_back_what_he_has_not_fetched(cast: Cast) -> None:
    order = assigned(cast)
    phone = client_of(cast.rider)
    admin = client_of(cast.admin)
    page = "/overview/people/rider/leave"
    assert order.code in admin.get(page).content.decode()
    assert admin.post(page, {"reason": ""}).status_code == 400
    assert admin.post(page, LEAVES).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.carrier) == ("released", None)
    assert not Shift.objects.filter(ended_at=None).exists()
    assert not Incident.objects.exists()
    assert phone.get("/dispatch/rider").status_code == 302


def test_each_bag_in_the_hands_of_a_leaver_is_an_incident_for_the_operator(cast: Cast) -> None:
    order = collected(cast)
    client_of(cast.admin).post("/overview/people/rider/leave", LEAVES)
    order.refresh_from_db()
    assert order.state == "collected"
    incident = Incident.objects.get()
    assert incident.order == order
    left = Event.objects.get(kind="person.left")
    assert order.code in left.payload
    assert "kontrak selesai" in left.payload


def test_the_tokens_that_a_leaver_made_are_named(cast: Cast) -> None:
    from gancang.accounts.tests.test_people import hire  # noqa: PLC0415

    second = hire(cast.region, "second-admin")
    form = {"name": "SIMRS", "organisation": cast.hospital.pk}
    client_of(second).post("/accounts/tokens", form)
    page = client_of(cast.admin).get("/overview/people/second-admin/leave").content.decode()
    assert "SIMRS" in page


def test_the_last_admin_does_not_leave(cast: Cast) -> None:
    answer = client_of(cast.admin).post("/overview/people/admin/leave", LEAVES)
    assert answer.status_code == 409
    cast.admin.refresh_from_db()
    assert cast.admin.is_active


def test_nobody_is_shut_out_past_the_handing_over(cast: Cast) -> None:
    admin = client_of(cast.admin)
    page = admin.get("/accounts/people/rider").content.decode()
    assert 'href="/overview/people/rider/leave"' in page
    assert 'value="no"' not in page
    sent = admin.post("/accounts/people/rider/active", {"active": "no"})
    assert sent["Location"] == "/overview/people/rider/leave"
    cast.rider.refresh_from_db()
    assert cast.rider.is_active
