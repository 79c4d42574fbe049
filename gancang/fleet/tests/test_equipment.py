"""What a rider carries bags in: told by the operator, kept when somebody else mends the rest."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from gancang.audit.models import Event
from tests.cast import client_of

if TYPE_CHECKING:
    from gancang.fleet.models import Rider
    from tests.cast import Cast


def test_the_operator_says_that_a_rider_has_a_cold_bag_and_his_page_shows_it(
    cast: Cast, toni: Rider
) -> None:
    client = client_of(cast.operator)
    before = client.get(f"/fleet/riders/{toni.pk}").content.decode()
    assert "tanpa tas dingin" in before
    typed = {
        "vehicle": "Honda Beat",
        "plate": "P 1 A",
        "phone": "0812 9999 8888",
        "bags_max": 6,
        "has_opaque_bag": "on",
        "has_cold_bag": "on",
        "equipment_checked_on": "2026-11-23",
    }
    assert client.post(f"/fleet/riders/{toni.pk}/change", typed).status_code == 302
    toni.refresh_from_db()
    told = (toni.has_opaque_bag, toni.has_cold_bag, toni.equipment_checked_on)
    assert told == (True, True, date(2026, 11, 23))
    page = client.get(f"/fleet/riders/{toni.pk}").content.decode()
    assert "tanpa tas dingin" not in page
    assert "diperiksa 23-11-2026" in page
    assert "cold_bag" in Event.objects.filter(kind="rider.enlisted").latest("pk").payload


def test_a_training_for_what_must_stay_cold_can_be_noted(cast: Cast, toni: Rider) -> None:
    client = client_of(cast.operator)
    assert "medicine-cold" in client.get(f"/fleet/riders/{toni.pk}").content.decode()
    typed = {"item_class": "medicine-cold", "trained_on": "2026-11-01", "expires_on": "2027-11-01"}
    assert client.post(f"/fleet/riders/{toni.pk}/trainings", typed).status_code == 302
    assert toni.trainings.get().item_class == "medicine-cold"
