"""Mbah Sri is eighty and has no phone; Bu Tun has a plain one without internet (H48).

Both are served to the end by paper, by the village office and by short texts: no app, no link.
"""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.test import Client

from gancang.contact.models import OnBehalf
from gancang.dispatch.models import Offer
from gancang.dispatch.ticking import tick
from gancang.orders.models import Order, Proof
from gancang.outbox.actions import send_waiting
from gancang.outbox.models import Letter
from gancang.outbox.rules import sms_parts
from gancang.outbox.tests.gateways import Gateway, gateway
from tests.cast import BORN, at_work, client_of, offer_to, place, release, typed_hand_over

if TYPE_CHECKING:
    from tests.cast import Cast

SECRET = "tanda-tangan"
PHONE = "+6281399990000"


def brought(cast: Cast, order: Order) -> Order:
    """Toni takes it, fetches it and hands it over against the date of birth."""
    toni, offer = client_of(cast.rider), offer_to(cast, order)
    toni.post(f"/dispatch/rider/offers/{offer.pk}", {"answer": "yes"})
    order.refresh_from_db()
    typed = {"version": order.version, "bag_code": order.bag_code}
    toni.post(f"/dispatch/rider/orders/{order.code}", typed)
    order.refresh_from_db()
    toni.post(f"/medicine/orders/{order.code}/hand-over", typed_hand_over(order))
    order.refresh_from_db()
    return order


def test_mbah_sri_has_paper_and_the_village_office(cast: Cast) -> None:
    at_work(cast, cast.rider)
    # The counter forgets to read the address back, and there is no phone to ask.
    order = release(cast, place(cast, phone="-", full_name="Sri Rahayu", confirmed=""))
    assert not Letter.objects.filter(subject=order.code).exists()
    slip = client_of(cast.clerk).get(f"/contact/patient/{order.code}/slip").content.decode()
    assert order.code in slip
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert not Offer.objects.filter(order=order).exists(), "nobody sets out before it is confirmed"

    # Her neighbour carries the slip to the village office.
    office = client_of(cast.village_clerk)
    found = office.post("/contact/patient", {"code": order.code})["Location"]
    assert "Sri Rahayu" in office.get(found).content.decode()
    asked = {"relation": "neighbour", "name": "Bu Tin", "asked": "on", "deed": "confirm"}
    assert office.post(f"{found}/do", asked).status_code == 302
    order.refresh_from_db()
    assert order.confirmed_how == "clerk"

    # Next week without the slip: by name and date of birth.
    typed = {"name": "sri rahayu", "born": BORN.strftime("%d-%m-%Y")}
    assert office.post("/contact/patient", typed)["Location"] == found

    brought(cast, order)
    assert order.state == "delivered"
    assert Proof.objects.get(order=order).factor
    assert OnBehalf.objects.get(order=order).relation == "neighbour"
    assert not Letter.objects.filter(subject=order.code).exists()
    assert "delivered" not in found
    assert office.get(found).status_code == 200


def test_bu_tun_has_a_basic_phone(cast: Cast, settings: Any) -> None:
    settings.SMS_SECRET, settings.SMS_TOKEN = SECRET, "kunci"
    at_work(cast, cast.rider)
    with gateway("sms") as sms:
        settings.SMS_URL = sms.url
        order = release(cast, place(cast, phone=PHONE, full_name="Tun", confirmed=""))
        question = read_by_her(sms)
        assert order.door_code not in question
        writes("Ya")
        order.refresh_from_db()
        assert order.confirmed_how == "text"
        told = read_by_her(sms)
        assert order.door_code in told
        assert sms_parts(told) <= 2

        writes("obat apa ini bu?")  # a question goes to the pharmacist
        rini = client_of(cast.pharmacist)
        assert order.code in rini.get("/contact/messages").content.decode()

        brought(cast, order)
        assert order.state == "delivered"
        assert len(read_all(sms)) >= 3
    assert not [text for text in sms.texts() if "Amlodipine" in text]


def writes(words: str) -> None:
    """She answers with her phone."""
    body = json.dumps({"type": "message", "id": words, "from": PHONE, "text": words}).encode()
    signature = "sha256=" + hmac.digest(SECRET.encode(), body, sha256).hex()
    answer = Client().post(
        "/contact/gateways/sms",
        body,
        content_type="application/json",
        headers={"X-Signature": signature},
    )
    assert answer.status_code == 204


def read_all(sms: Gateway) -> list[str]:
    """All that her phone has shown, quiet nights apart."""
    now = datetime.now(UTC)
    Letter.objects.filter(state="waiting").update(next_try_at=now)
    morning = now.replace(hour=23, minute=30)  # half past six and later, here
    send_waiting(now=max(now, morning))
    return sms.texts()


def read_by_her(sms: Gateway) -> str:
    """The newest text on her phone."""
    return read_all(sms)[-1]
