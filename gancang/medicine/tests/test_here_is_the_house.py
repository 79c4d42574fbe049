"""Toni stands at the gate: his phone's place is remembered as the house, if the phone knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gancang.orders.models import Proof
from gancang.residents.models import Resident
from tests.cast import client_of, collected, typed_hand_over

if TYPE_CHECKING:
    from tests.cast import Cast

POOR = "jadi tidak diingat"


def handed_over(cast: Cast, **more: object) -> str:
    """The page that Toni sees after he handed the bag over a hundred metres from the point."""
    order = collected(cast)
    rider = client_of(cast.rider)
    url = f"/medicine/orders/{order.code}/hand-over"
    assert "Di sini rumahnya" in rider.get(url).content.decode()
    gate = {"lat": cast.village.lat + 0.001, "lon": cast.village.lon}
    answer = rider.post(url, typed_hand_over(order, **gate, **more), follow=True)
    return answer.content.decode()


@pytest.mark.parametrize("told", [{"accuracy": "12.5"}, {"accuracy": "50"}, {}])
def test_a_place_that_the_phone_knows_is_remembered(cast: Cast, told: dict[str, str]) -> None:
    assert POOR not in handed_over(cast, **told)
    row = Resident.objects.get()
    assert (row.lat, row.pin_grade) == (cast.village.lat + 0.001, "learned")


@pytest.mark.parametrize(("accuracy", "proves"), [("80.2", True), ("400", False)])
def test_a_place_that_it_only_guesses_is_not_and_he_is_told(
    cast: Cast, accuracy: str, *, proves: bool
) -> None:
    page = handed_over(cast, accuracy=accuracy)
    assert POOR in page
    assert f"{float(accuracy):.0f} m" in page
    assert (Proof.objects.get().lat is not None) == proves
    row = Resident.objects.get()
    assert (row.lat, row.pin_grade) == (None, "village")
