"""A patient answers by text: it lands on the right order, once, or with somebody who answers."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from gancang.contact.models import PatientMessage
from gancang.contact.rules import Meaning, read_text
from gancang.dispatch.models import Offer
from gancang.dispatch.ticking import tick
from gancang.orders.models import Order
from gancang.outbox.models import Letter, State, Stopped
from tests.cast import assigned, at_work, client_of, collected, offer_to, place, release

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.cast import Cast

SARIS_PHONE = "6281234567890"
SECRET = "tanda-tangan-gerbang"


@pytest.fixture(autouse=True)
def secrets(settings: Any) -> None:
    """What the gateways sign with."""
    settings.SMS_SECRET = settings.WHATSAPP_SECRET = SECRET
    settings.WHATSAPP_VERIFY = "kopi"


def signed(path: str, told: object, *, header: str, secret: str = SECRET) -> HttpResponse:
    """What we answer to a gateway."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    signature = "sha256=" + hmac.digest(secret.encode(), body, sha256).hex()
    client = Client(enforce_csrf_checks=True)
    return client.post(  # type: ignore[return-value]  # the test client's own kind of response
        path, body, content_type="application/json", headers={header: signature}
    )


def text(words: str, *, number: str = "m-1", sender: str = SARIS_PHONE, **how: str) -> HttpResponse:
    """Somebody writes an SMS."""
    told = {"type": "message", "id": number, "from": sender, "text": words}
    return signed("/contact/gateways/sms", told, header="X-Signature", **how)


def whatsapp(value: dict[str, Any]) -> HttpResponse:
    """Meta tells us something."""
    told = {"object": "whatsapp_business_account", "entry": [{"changes": [{"value": value}]}]}
    return signed("/contact/gateways/whatsapp", told, header="X-Hub-Signature-256")


def unconfirmed(cast: Cast, **changed: str) -> Order:
    """An order that nobody has confirmed."""
    order = place(cast, **changed)
    Order.objects.filter(pk=order.pk).update(confirmed_at=None, confirmed_how="")
    Letter.objects.filter(subject=order.code).delete()
    order.refresh_from_db()
    return order


def test_ya_confirms_the_address_and_only_then_the_code_is_sent(cast: Cast) -> None:
    order = unconfirmed(cast)
    assert text("Ya, terima kasih pak").status_code == 204
    order.refresh_from_db()
    assert order.confirmed_how == "text"
    assert order.door_code in Letter.objects.get(subject=order.code).body
    assert not PatientMessage.objects.filter(state="waits").exists()


def test_besok_lands_on_the_right_order_and_no_rider_is_asked_before_morning(cast: Cast) -> None:
    at_work(cast, cast.rider)
    order = release(cast, place(cast))
    other = release(cast, place(cast, number="R-2", nik="", phone="0813 1111 2222"))
    offer_to(cast, order)
    text("BESOK")
    order.refresh_from_db()
    other.refresh_from_db()
    assert order.not_before is not None
    assert order.not_before > datetime.now(UTC)
    assert order.promise_at > order.not_before
    assert other.not_before is None
    assert not Offer.objects.filter(order=order, answer="open").exists()
    tick(cast.region, now=datetime.now(UTC), seed=1)
    assert not Offer.objects.filter(order=order, answer="open").exists()
    assert Letter.objects.filter(kind="contact.answer", subject=order.code).count() == 1


def test_besok_takes_the_order_from_a_rider_who_has_not_fetched_it(cast: Cast) -> None:
    order = assigned(cast)
    text("besok saja")
    order.refresh_from_db()
    assert (order.state, order.carrier) == ("released", None)


@pytest.mark.parametrize("words", ["BESOK", "BATAL"])
def test_once_a_rider_holds_the_bag_a_person_answers(cast: Cast, words: str) -> None:
    order = collected(cast)
    text(words)
    order.refresh_from_db()
    assert (order.state, order.not_before) == ("collected", None)
    message = PatientMessage.objects.get()
    assert (message.state, message.why, message.order) == ("waits", "too_late", order)


def test_batal_calls_off_once(cast: Cast) -> None:
    order = place(cast)
    text("Batal")
    text("Batal")  # the gateway tells it again
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert PatientMessage.objects.count() == 1
    assert Letter.objects.filter(subject=order.code, kind="order.cancelled").count() == 1


def test_stop_and_mulai(cast: Cast) -> None:
    place(cast)
    text("STOP")
    assert Stopped.objects.count() == 1
    text("stop", number="m-2")
    assert Stopped.objects.count() == 1
    text("mulai", number="m-3")
    assert not Stopped.objects.exists()


@pytest.mark.parametrize(
    "words", ["Ya tapi rumah saya pindah", "obat apa ini?", "", "batal atau besok", "🙏", "12"]
)
def test_what_is_not_plain_is_answered_by_a_person(cast: Cast, words: str) -> None:
    order = unconfirmed(cast)
    text(words)
    order.refresh_from_db()
    assert (order.state, order.confirmed_at, order.not_before) == ("placed", None, None)
    [message] = PatientMessage.objects.all()
    assert (message.state, message.why, message.order) == ("waits", "words", order)
    reader = client_of(cast.pharmacist)
    assert b"/contact/messages/" in reader.get("/contact/messages").content
    answered = reader.post(f"/contact/messages/{message.pk}", {"words": "Kami telepon nanti."})
    assert answered.status_code == 302
    letter = Letter.objects.get(kind="contact.answer")
    assert (letter.body, letter.address) == ("Kami telepon nanti.", f"+{SARIS_PHONE}")
    again = reader.post(f"/contact/messages/{message.pk}", {"words": "Sekali lagi."})
    assert again.status_code == 409
    assert Letter.objects.filter(kind="contact.answer").count() == 1


def test_a_phone_that_nobody_knows_is_answered_too(cast: Cast) -> None:
    place(cast)
    text("YA", sender="628999888777")
    [message] = PatientMessage.objects.all()
    assert (message.state, message.why, message.order) == ("waits", "nothing_open", None)
    operator = client_of(cast.operator)
    assert operator.get(f"/contact/messages/{message.pk}").status_code == 200
    operator.post(f"/contact/messages/{message.pk}", {"aside": "1"})
    message.refresh_from_db()
    assert message.state == "set_aside"


def test_a_phone_of_two_patients_must_say_which_order_it_means(cast: Cast) -> None:
    first, second = place(cast), place(cast, number="R-2", nik="", full_name="Made")
    text("BATAL")
    assert PatientMessage.objects.get().why == "several"
    text(f"batal {second.code.lower()}", number="m-2")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("placed", "cancelled")


def test_whatsapp_brings_receipts_and_words_in_one_envelope_twice(cast: Cast) -> None:
    order = unconfirmed(cast)
    text_of_hers = {"id": "wamid.1", "from": SARIS_PHONE, "type": "text", "text": {"body": "ya"}}
    letter = Letter.objects.create(
        region_code=cast.region.code,
        key="x",
        kind="order.placed",
        subject="x",
        channel="whatsapp",
        created_at=datetime.now(UTC),
        next_try_at=datetime.now(UTC),
        state=State.SENT,
        gateway_number="wamid.9",
    )
    status = {"id": "wamid.9", "status": "delivered"}
    for _ in range(2):
        assert whatsapp({"messages": [text_of_hers], "statuses": [status]}).status_code == 200
    order.refresh_from_db()
    letter.refresh_from_db()
    assert order.confirmed_how == "text"
    assert letter.state == State.DELIVERED
    assert PatientMessage.objects.count() == 1


def test_a_voice_message_is_kept_for_a_person(cast: Cast) -> None:
    place(cast)
    whatsapp({"messages": [{"id": "w", "from": SARIS_PHONE, "type": "audio", "audio": {}}]})
    assert PatientMessage.objects.get().body == "[audio]"


@pytest.mark.parametrize(
    "body",
    [b"", b"[", b"[]", b"{}", b'{"type": "message"}', b'{"type":"receipt","id":7,"status":"x"}'],
)
def test_rubbish_of_the_gateway_is_refused_in_words(db: None, body: bytes) -> None:
    answer = signed("/contact/gateways/sms", body, header="X-Signature")
    assert answer.status_code == 400


def test_meta_may_send_what_we_do_not_know(db: None) -> None:
    odd: list[dict[str, Any]] = [{}, {"messages": [7]}, {"statuses": [{"id": 1}]}, {"contacts": []}]
    for value in odd:
        assert whatsapp(value).status_code == 200
    assert not PatientMessage.objects.exists()


def test_nobody_but_the_gateway_is_heard(cast: Cast, settings: Any) -> None:
    order = place(cast)
    assert text("BATAL", secret="tebakan").status_code == 403
    settings.SMS_SECRET = ""
    assert text("BATAL", secret="").status_code == 403, "an unset secret opens nothing"
    order.refresh_from_db()
    assert order.state == "placed"


def test_metas_first_knock_is_answered_with_its_own_word(db: None, settings: Any) -> None:
    knock = {"hub.mode": "subscribe", "hub.challenge": "4711", "hub.verify_token": "kopi"}
    answer = Client().get("/contact/gateways/whatsapp", knock)
    assert (answer.status_code, answer.content) == (200, b"4711")
    wrong = Client().get("/contact/gateways/whatsapp", knock | {"hub.verify_token": "teh"})
    assert wrong.status_code == 403


@given(st.text(max_size=300))
def test_any_text_has_a_meaning(words: str) -> None:
    assert read_text(words).meaning in set(Meaning)


def test_receipts_of_sms(cast: Cast) -> None:
    order = place(cast)
    Letter.objects.filter(subject=order.code).update(
        state=State.SENT, gateway_number="s-1", created_at=datetime.now(UTC) - timedelta(hours=1)
    )
    told = {"type": "receipt", "id": "s-1", "status": "failed", "reason": "no such number"}
    assert signed("/contact/gateways/sms", told, header="X-Signature").status_code == 204
    letter = Letter.objects.get(subject=order.code)
    assert (letter.state, letter.error) == (State.GIVEN_UP, "SMS: no such number")
