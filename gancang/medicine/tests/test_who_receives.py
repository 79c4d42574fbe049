"""Where somebody is named to receive for a patient, another receives only with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.audit.models import Event
from gancang.medicine.models import OtherReceiver
from gancang.orders.models import Order
from tests.cast import assigned, client_of, collected, typed_hand_over

from .test_offline import event, send

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from tests.cast import Cast


def name_receiver(cast: Cast, order: Order) -> None:
    """The counter writes down that Sari's daughter receives for her."""
    typed = {
        "full_name": "Dewi Lestari",
        "relation": "child",
        "because": "illness",
        "may_receive": "on",
    }
    page = f"/residents/{order.resident_id}/representatives"
    assert client_of(cast.clerk).post(page, typed).status_code == 302


def hand_over(cast: Cast, order: Order, **changed: object) -> Response:
    """Toni at the door, with a carer before him."""
    typed = typed_hand_over(order, **{"relation": "carer", **changed})
    return client_of(cast.rider).post(f"/medicine/orders/{order.code}/hand-over", typed)


def test_somebody_who_is_not_named_receives_only_with_a_reason_that_is_kept(cast: Cast) -> None:
    order = collected(cast)
    name_receiver(cast, order)
    refused = hand_over(cast, order, receiver="Pak RT")
    assert refused.status_code == 400
    assert "Dewi Lestari" in refused.content.decode()
    assert hand_over(cast, order, receiver="Pak RT", why_other="Dewi di sawah").status_code == 302
    assert OtherReceiver.objects.get(order=order).why == "Dewi di sawah"
    [kept] = Event.objects.filter(kind="order.other_receiver", subject=order.code)
    assert "sawah" not in kept.payload
    shown = client_of(cast.pharmacist).get(f"/medicine/orders/{order.code}").content.decode()
    assert "Dewi di sawah" in shown


def test_who_is_named_receives_without_more_words_however_the_name_is_written(cast: Cast) -> None:
    order = collected(cast)
    name_receiver(cast, order)
    assert hand_over(cast, order, receiver="DEWI", relation="family").status_code == 302
    assert not OtherReceiver.objects.exists()


def test_the_patient_himself_is_never_asked_why(cast: Cast) -> None:
    order = collected(cast)
    name_receiver(cast, order)
    assert hand_over(cast, order, relation="patient").status_code == 302


def test_where_nobody_is_named_family_and_neighbours_receive_as_before(cast: Cast) -> None:
    assert hand_over(cast, collected(cast), receiver="Pak RT").status_code == 302


def test_who_may_receive_is_told_to_nobody_before_he_has_the_bag(cast: Cast) -> None:
    order = assigned(cast)
    name_receiver(cast, order)
    page = client_of(cast.rider).get(f"/medicine/orders/{order.code}/hand-over")
    assert "Dewi" not in page.content.decode()


def test_what_happened_without_network_is_taken_and_marked(cast: Cast) -> None:
    order = collected(cast)
    name_receiver(cast, order)
    send(cast, [event(order, 1, receiver="Pak RT", relation="carer")])
    order.refresh_from_db()
    assert order.state == "delivered"
    assert OtherReceiver.objects.get(order=order).why == ""
