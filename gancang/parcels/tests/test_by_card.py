"""A programme that asks for the receiver's own card: enforced where it is taken, lost ones dead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.cards.actions import give_card, replace_card
from gancang.cards.queries import printed_codes
from gancang.parcels.models import Shown
from gancang.parcels.tests.sender import at_the_door, desk_of
from gancang.programmes.models import Programme
from tests.cast import client_of

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from tests.cast import Cast


def asks_for_a_card(cast: Cast) -> None:
    """Documents are handed over against the card; a signature stands in, with the reason."""
    row = Programme.objects.get(region=cast.region, code="dokumen")
    row.terms = {**row.terms, "proof": ["card", "signature"]}
    row.save()


def card_of(cast: Cast, order: Order) -> str:
    """The receiver's card, made at a desk."""
    give_card(order.resident_id, region=cast.region, by="tests", now=order.placed_at)
    return printed_codes(cast.region, [order.resident_id])[order.resident_id]


def test_only_the_card_that_the_receiver_holds_now_opens(cast: Cast) -> None:
    asks_for_a_card(cast)
    desk = desk_of(cast, "dokumen")
    order = desk.brought_to_the_door()
    rider = client_of(cast.rider)
    old = card_of(cast, order)
    replace_card(order.resident_id, "lost", region=cast.region, by="tests", now=order.placed_at)
    new = card_of(cast, order)
    url = f"/parcels/{order.code}/hand-over"
    assert "data-scan" in rider.get(url).content.decode()
    for typed in ("", "AAAA", old):
        answer = rider.post(url, at_the_door(order, level="card", factor=typed))
        assert answer.status_code == 400
    assert rider.post(url, at_the_door(order, level="tick")).status_code == 400
    assert rider.post(url, at_the_door(order, level="signature")).status_code == 400  # no reason
    assert not Shown.objects.exists()
    answer = rider.post(url, at_the_door(order, level="card", factor=new.lower()))
    assert answer.status_code == 302
    assert Shown.objects.get().level == "card"
