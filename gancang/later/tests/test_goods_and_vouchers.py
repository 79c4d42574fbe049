"""Goods and vouchers without a network: kept on the telephone, sent later, once, with an answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from gancang.overview.verify import verify
from gancang.parcels.tests.sender import SIGNATURE, at_the_door, desk_of
from gancang.vouchers.models import Redemption, Voucher
from gancang.vouchers.tests.holder import card_of, given, poor, typed
from tests.cast import client_of

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from tests.cast import Cast

DEVICE = "b2f6a1d0-1111-4222-8333-444455556666"


def kept(kind: str, order: str, sequence: int, fields: dict[str, object]) -> dict[str, Any]:
    """What a telephone kept three hours ago."""
    at = datetime.now(UTC) - timedelta(hours=3)
    told = {name: str(value) for name, value in fields.items()}
    event = {"kind": kind, "order": order, "sequence": sequence}
    return {**event, "at": at.isoformat(), "fields": told}


def sent(who: User, *events: dict[str, Any]) -> list[dict[str, Any]]:
    """The telephone has found a mast: what it is told of each."""
    body = {"device": DEVICE, "sent_at": datetime.now(UTC).isoformat(), "events": events}
    answer = client_of(who).post(
        "/medicine/device-events", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 200, answer.content
    told: list[dict[str, Any]] = answer.json()["events"]
    return told


def test_a_document_handed_over_without_network_is_proved_once_it_is_sent(cast: Cast) -> None:
    order = desk_of(cast, "dokumen").brought_to_the_door()
    page = client_of(cast.rider).get(f"/parcels/{order.code}/hand-over").content.decode()
    assert "medicine/offline.js" in page
    assert 'data-kind="hand_over"' in page
    unsigned = kept("hand_over", order.code, 1, at_the_door(order, level="signature"))
    assert [told["state"] for told in sent(cast.rider, unsigned)] == ["refused"]
    order.refresh_from_db()
    assert order.state == "collected"
    signed = at_the_door(order, level="signature", signature=SIGNATURE)
    event = kept("hand_over", order.code, 2, signed)
    assert [told["state"] for told in sent(cast.rider, event)] == ["taken"]
    order.refresh_from_db()
    assert order.state == "delivered"
    assert [told["state"] for told in sent(cast.rider, event)] == ["taken"]


def test_vouchers_taken_without_network_are_sent_later_and_too_much_is_told(cast: Cast) -> None:
    (sari,) = poor(cast, "Sari")
    given(cast)
    Voucher.objects.update(first=Voucher.objects.get().first - timedelta(days=3))
    code = card_of(cast, sari)
    same = typed(code, 40_000)  # the page that the telephone kept has one key for all
    events = [kept("redeem", "-", number, same) for number in (1, 2, 3)]
    told = sent(cast.stall, *events)
    assert [each["state"] for each in told] == ["taken", "taken", "refused"]
    assert "Rp 20.000" in told[2]["why"]
    assert [each["state"] for each in sent(cast.stall, *events)] == ["taken", "taken", "refused"]
    assert Redemption.objects.count() == 2
    assert Voucher.objects.get().spent == 80_000
    assert Redemption.objects.order_by("pk")[0].said_at < datetime.now(UTC) - timedelta(hours=2)
    page = client_of(cast.stall).get("/medicine/device-events/refused").content.decode()
    assert "Rp 20.000" in page
    said = verify([cast.region]).problems
    assert not [each for each in said if not each.startswith("chain")]


def test_a_rider_redeems_nothing(cast: Cast) -> None:
    (sari,) = poor(cast, "Sari")
    given(cast)
    event = kept("redeem", "-", 1, typed(card_of(cast, sari), 1_000))
    assert [told["state"] for told in sent(cast.rider, event)] == ["refused"]
    assert not Redemption.objects.exists()
