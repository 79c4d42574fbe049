"""What must reach a human at once: lateness, once an order; a call for help, until taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, transaction

from gancang.audit.models import Event
from gancang.fleet.models import Shift
from gancang.incidents.actions import note_late
from gancang.incidents.models import Incident, Lateness
from tests.cast import at_work, client_of, collected, delivered

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from tests.cast import Cast


def after_the_promise(order: Order) -> datetime:
    """A minute late."""
    return order.promise_at + timedelta(minutes=1)


def test_an_injected_delay_alarms_once(cast: Cast) -> None:
    order = collected(cast)
    assert note_late(cast.region, now=order.promise_at - timedelta(minutes=1)) == 0
    late = after_the_promise(order)
    assert note_late(cast.region, now=late) == 1
    for minutes in (1, 30, 300):
        assert note_late(cast.region, now=late + timedelta(minutes=minutes)) == 0
    assert Event.objects.filter(kind="order.late", subject=order.code).count() == 1
    client = client_of(cast.operator)
    board = client.get("/dispatch/board").content.decode()
    assert "Baru saja terlambat" in board
    seen = f"/incidents/late/{Lateness.objects.get().pk}"
    assert seen in board
    client.post(seen)
    client.post(seen)
    assert seen not in client.get("/dispatch/board").content.decode()
    assert note_late(cast.region, now=late + timedelta(days=1)) == 0
    assert Lateness.objects.get().seen_by == cast.operator.username
    assert Event.objects.filter(kind="order.late_seen").count() == 1


def test_what_came_in_time_never_alarms(cast: Cast) -> None:
    order = delivered(cast)
    assert note_late(cast.region, now=after_the_promise(order)) == 0
    assert not Lateness.objects.exists()


def test_one_press_reaches_the_board_with_place_and_numbers_until_a_person_takes_it(
    cast: Cast,
) -> None:
    at_work(cast, cast.rider)
    Shift.objects.update(lat=-8.21, lon=114.36)
    cast.rider.rider.phone = "+6281299990000"
    cast.rider.rider.save()
    rider, operator = client_of(cast.rider), client_of(cast.operator)
    assert "Saya butuh bantuan" in rider.get("/dispatch/rider").content.decode()
    assert rider.post("/incidents/help").status_code == 302
    emergency = cast.region.config["emergency_phone"]
    page = rider.get("/dispatch/rider").content.decode()
    assert f'href="tel:{emergency}"' in page
    assert "Saya butuh bantuan" not in page
    board = operator.get("/dispatch/board", headers={"HX-Request": "true"}).content.decode()
    for told in ("alarm-banner", "Toni", "+6281299990000", emergency, "-8.21000, 114.36000"):
        assert told in board, told
    call = Incident.objects.get(kind="help")
    operator.post(f"/incidents/{call.pk}/seen")
    board = operator.get("/dispatch/board").content.decode()
    assert "alarm-banner" not in board
    assert "Toni" in board  # until it is closed it stays in sight
    assert cast.operator.username in rider.get("/dispatch/rider").content.decode()
    typed = {"text": "Ban pecah, sudah dijemput, tidak luka"}
    assert operator.post(f"/incidents/{call.pk}/close", typed).status_code == 302
    assert "calls for help" not in operator.get("/dispatch/board").content.decode()
    assert "Saya butuh bantuan" in rider.get("/dispatch/rider").content.decode()
    kinds = Event.objects.filter(kind__startswith="incident.").order_by("pk")
    assert [event.kind for event in kinds] == [
        "incident.opened",
        "incident.seen",
        "incident.closed",
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        call.delete()


def test_pressed_in_panic_many_times_it_is_one_call_that_says_so(cast: Cast) -> None:
    at_work(cast, cast.rider)
    client = client_of(cast.rider)
    for _press in range(3):
        client.post("/incidents/help")
    call = Incident.objects.get(kind="help")
    assert call.entries.count() == 2


def test_a_call_is_closed_only_with_a_word_of_how_it_ended(cast: Cast) -> None:
    at_work(cast, cast.rider)
    client_of(cast.rider).post("/incidents/help")
    call = Incident.objects.get(kind="help")
    answer = client_of(cast.operator).post(f"/incidents/{call.pk}/close", {"text": " "})
    assert answer.status_code == 400
    call.refresh_from_db()
    assert call.closed_at is None


def test_it_works_also_off_shift_and_without_a_place(cast: Cast) -> None:
    at_work(cast, cast.rider)
    Shift.objects.update(ended_at=datetime.now(UTC))
    assert client_of(cast.rider).post("/incidents/help").status_code == 302
    assert (
        "tempat tidak diketahui" in client_of(cast.operator).get("/dispatch/board").content.decode()
    )
