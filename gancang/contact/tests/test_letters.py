"""What no gateway brought is told by phone, and the office sees what letters cost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from gancang.accounts.models import Role
from gancang.contact.letters import placed_notes
from gancang.orders.models import Order
from gancang.outbox.models import Letter, State
from gancang.outbox.rules import sms_parts
from gancang.residents.models import Reading
from tests.cast import client_of, place

if TYPE_CHECKING:
    from tests.cast import Cast


def given_up(cast: Cast) -> Letter:
    """A letter that no way brings."""
    order = place(cast)
    Letter.objects.filter(subject=order.code).update(
        state=State.GIVEN_UP, error="SMS: 500", cost_rp=700, sent_at=datetime.now(UTC)
    )
    return Letter.objects.get(subject=order.code)


def test_the_operator_rings_and_tells_what_the_letter_says(cast: Cast) -> None:
    letter, operator = given_up(cast), client_of(cast.operator)
    page = operator.get("/contact/letters?state=given_up").content.decode()
    assert letter.subject in page
    assert "SMS: 500" in page
    assert "700" in page
    assert letter.address not in page, "a list tells no number"
    opened = operator.get(f"/contact/letters/{letter.pk}").content.decode()
    assert letter.address in opened
    reading = Reading.objects.filter(resident_number=letter.person).latest("pk")
    assert (reading.role, reading.purpose) == (Role.OPERATOR, "letter")
    operator.post(f"/contact/letters/{letter.pk}/end", {"deed": "told"})
    letter.refresh_from_db()
    assert letter.state == State.TOLD
    assert operator.post(f"/contact/letters/{letter.pk}/end", {"deed": "told"}).status_code == 409


def test_a_letter_is_sent_again_by_hand(cast: Cast) -> None:
    letter = given_up(cast)
    client_of(cast.admin).post(f"/contact/letters/{letter.pk}/end", {"deed": "again"})
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.rounds) == (State.WAITING, 0, 1)


@pytest.mark.parametrize("changed", [{}, {"way": "visit"}, {"patient_pays_rp": 18_000}])
def test_the_first_letter_is_one_short_message(
    cast: Cast, settings: Any, changed: dict[str, Any]
) -> None:
    settings.PUBLIC_URL = "https://antar.example.go.id"
    order = place(cast)
    Order.objects.filter(pk=order.pk).update(**changed)
    order.refresh_from_db()
    order.origin.name = "RSUD Maju Sehat"
    note = placed_notes(order, "+6281234567890")[0]
    assert order.door_code in note.body
    assert sms_parts(note.body) == 1, note.body


def test_a_patient_without_a_phone_costs_no_letter(cast: Cast) -> None:
    order = place(cast, phone="-")
    assert not Letter.objects.filter(subject=order.code).exists()
