"""Whose supply ends is seen before it does, and planned ahead."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import assume, given
from hypothesis import strategies as st

from gancang.audit.models import Event
from gancang.repeats.rules import urgency
from tests.cast import client_of, collected, place, typed_hand_over

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from tests.cast import Cast


def delivered_with(cast: Cast, left: int, *, days_ago: int = 0) -> Order:
    """Sari got her medicine and has so many days of it left."""
    supply = days_ago + left
    order = collected(cast, items=f"Amlodipine 5 mg 1x1 | 30 | {supply}\nVitamin B | 90 | 90")
    url = f"/medicine/orders/{order.code}/hand-over"
    at = datetime.now(UTC) - timedelta(days=days_ago)
    typed = typed_hand_over(order, device_at=at.isoformat())
    answer = client_of(cast.rider).post(url, typed)
    assert answer.status_code == 302, answer.content.decode()
    order.refresh_from_db()
    return order


def listed(cast: Cast) -> str:
    """The pharmacist's list."""
    return client_of(cast.pharmacist).get("/repeats/").content.decode()


def test_a_patient_with_three_days_left_is_on_the_list_and_her_next_prescription_is_a_click_away(
    cast: Cast,
) -> None:
    order = delivered_with(cast, 3)
    page = listed(cast)
    assert order.code in page
    assert f"/medicine/new?patient={order.resident_id}" in page
    place(cast, number="R-2026-0002")
    assert order.code not in listed(cast), "the next one is on its way"


def test_nobody_asks_for_the_next_prescription_of_the_dead(cast: Cast) -> None:
    order = delivered_with(cast, 3)
    assert order.code in listed(cast)
    typed = {"on": datetime.now(UTC).strftime("%d-%m-%Y"), "source": "family"}
    died = f"/dispatch/people/{order.resident_id}/deceased"
    assert client_of(cast.clerk).post(died, typed).status_code == 302
    assert order.code not in listed(cast)


def test_who_has_plenty_left_is_not_on_the_list(cast: Cast) -> None:
    order = delivered_with(cast, 20)
    assert order.code not in listed(cast)


def test_a_supply_that_ended_unseen_stands_first_and_stays(cast: Cast) -> None:
    order = delivered_with(cast, 0, days_ago=40)
    page = listed(cast)
    assert order.code in page
    assert "pill bad" in page


def test_a_next_delivery_that_was_cancelled_brings_the_patient_back_to_the_list(cast: Cast) -> None:
    order = delivered_with(cast, 2)
    following = place(cast, number="R-2026-0002")
    url = f"/dispatch/orders/{following.code}/cancel"
    typed = {"version": following.version, "reason": "salah resep"}
    assert client_of(cast.clerk).post(url, typed).status_code == 302
    assert order.code in listed(cast)


def test_no_further_one_needs_a_reason_and_takes_it_off_the_list(cast: Cast) -> None:
    order = delivered_with(cast, 1)
    clerk = client_of(cast.clerk)
    assert clerk.post(f"/repeats/{order.code}/drop", {"reason": " "}).status_code == 409
    assert order.code in listed(cast)
    for _twice in range(2):
        answer = clerk.post(f"/repeats/{order.code}/drop", {"reason": "terapi selesai"})
        assert answer.status_code == 302
    assert order.code not in listed(cast)
    assert Event.objects.filter(kind="repeat.dropped", subject=order.code).count() == 1


def test_the_other_hospital_sees_nothing_of_it(cast: Cast) -> None:
    order = delivered_with(cast, 1)
    assert order.code not in client_of(cast.other_pharmacist).get("/repeats/").content.decode()


@given(st.dates(), st.integers(-40, 40))
def test_a_supply_is_pressing_for_three_days_and_then_over(today: date, days: int) -> None:
    assume(date.min.toordinal() < today.toordinal() + days < date.max.toordinal())
    told = urgency(today + timedelta(days=days), today=today)
    assert told == ("over" if days <= 0 else "pressing" if days <= 3 else "soon")
