"""Who comes to the counter is taken as he is: what is odd is told, nobody is sent away for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.orders.models import Order
from gancang.residents.actions import mark_deceased
from tests.cast import NIK, client_of, place, typed_prescription

if TYPE_CHECKING:
    from tests.cast import Cast


def told(cast: Cast, **changed: str) -> str:
    """What the counter reads after it placed a prescription."""
    typed = typed_prescription(cast, **changed)
    answer = client_of(cast.clerk).post("/medicine/new", typed, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_a_person_with_a_corrected_birth_date_is_accepted_with_a_warning(cast: Cast) -> None:
    assert "NIK memuat tanggal lahir lain" in told(cast, birth_date="10-03-1951")
    assert Order.objects.exists()


def test_whose_nik_agrees_hears_no_warning_of_it(cast: Cast) -> None:
    assert "NIK memuat tanggal lahir" not in told(cast)


def test_a_newborn_is_accepted_without_a_nik(cast: Cast) -> None:
    born = (datetime.now(UTC).date() - timedelta(days=1)).strftime("%d-%m-%Y")
    assert "Bayi Ny. Sari" in told(cast, nik="", full_name="Bayi Ny. Sari", birth_date=born)


@pytest.mark.parametrize("day", ["00", "32", "40", "72"])
def test_what_cannot_be_a_nik_is_refused(cast: Cast, day: str) -> None:
    typed = typed_prescription(cast, nik=NIK[:6] + day + NIK[8:])
    assert client_of(cast.clerk).post("/medicine/new", typed).status_code == 400
    assert not Order.objects.exists()


def test_medicine_for_somebody_noted_as_dead_is_asked_about(cast: Cast) -> None:
    number, now = place(cast).resident_id, datetime.now(UTC)
    mark_deceased(number, now.date() - timedelta(days=2), "family", "clerk", now)
    assert "tercatat sudah wafat" in told(cast, number="R-2")
