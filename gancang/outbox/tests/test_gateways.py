"""Letters leave by WhatsApp, then by SMS, then somebody rings; nothing goes twice or at night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from gancang.outbox import actions
from gancang.outbox.actions import Note, post, send_waiting
from gancang.outbox.carriers import gateway as carriers
from gancang.outbox.models import Channel, Letter, State
from gancang.outbox.queries import cost_since
from gancang.outbox.rules import ATTEMPTS_MAX
from gancang.outbox.tests.gateways import Gateway, gateway
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # nine in the morning
NIGHT = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # half past ten in the evening
MORNING = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)  # six o'clock
REGION = "00.07"
PHONE = "+6281234567890"
pytestmark = pytest.mark.django_db


@pytest.fixture
def sms(settings: Any) -> Iterator[Gateway]:
    """The only gateway is one for SMS."""
    settings.SMS_TOKEN, settings.SMS_PART_RP = "kunci-sms", 350
    with gateway("sms") as found:
        settings.SMS_URL = found.url
        yield found


@pytest.fixture
def whatsapp(settings: Any) -> Iterator[Gateway]:
    """WhatsApp Business, too."""
    settings.WHATSAPP_TOKEN, settings.WHATSAPP_MESSAGE_RP = "kunci-wa", 500
    settings.WHATSAPP_NUMBER_ID = "1055"
    with gateway("whatsapp") as found:
        settings.WHATSAPP_URL = found.url
        yield found


def posted(kind: str = "order.placed", body: str = "Obat diantar.", **more: Any) -> Letter:
    """A letter to Sari that waits."""
    key = f"{kind}:{Letter.objects.count()}"
    note = Note(key=key, kind=kind, subject="A", address=PHONE, body=body, person=7, **more)
    post(note, region=REGION, now=NOW)
    return Letter.objects.get(key=key)


def manner(**changed: Any) -> None:
    """How the region writes."""
    letters = {"quiet_from": "20:00", "quiet_until": "06:00", "urgent": ["order.collected"]}
    actions.keep_manner(
        REGION, timezone="Asia/Jakarta", language="Indonesia", letters=letters | changed
    )


def test_an_sms_leaves_with_its_key_and_its_price_is_kept(sms: Gateway) -> None:
    letter = posted(body="Obat diantar. " * 20)  # two parts
    assert send_waiting(now=NOW) == 1
    [asked] = sms.asked
    assert asked["authorization"] == "Bearer kunci-sms"
    assert asked["body"] == {"to": PHONE, "text": letter.body, "reference": asked["key"]}
    letter.refresh_from_db()
    assert (letter.state, letter.gateway_number, letter.cost_rp) == (State.SENT, "sms-1", 700)
    assert cost_since(REGION, since=NOW) == 700
    assert cost_since(REGION, since=NOW + timedelta(days=1)) == 0


def test_nothing_personal_stands_in_an_address(sms: Gateway, whatsapp: Gateway) -> None:
    posted()
    send_waiting(now=NOW)
    assert [call["path"] for call in whatsapp.asked + sms.asked] == ["/send/1055/messages"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_gateway_that_stumbles_is_asked_again_with_the_same_key(
    sms: Gateway, status: int
) -> None:
    letter = posted()
    sms.answers = [(status, {}, {"error": PHONE})]
    assert send_waiting(now=NOW) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.error) == (State.WAITING, 1, f"SMS: {status}")
    assert send_waiting(now=NOW + timedelta(seconds=29)) == 0
    assert send_waiting(now=NOW + timedelta(seconds=30)) == 1
    assert len({call["key"] for call in sms.asked}) == 1


def test_retry_after_is_obeyed_but_not_for_ever(sms: Gateway) -> None:
    letter = posted()
    sms.answers = [(429, {"Retry-After": "600"}, {}), (429, {"Retry-After": "9" * 12}, {})]
    send_waiting(now=NOW)
    letter.refresh_from_db()
    assert letter.next_try_at == NOW + timedelta(minutes=10)
    send_waiting(now=letter.next_try_at)
    later = Letter.objects.get().next_try_at
    assert later == letter.next_try_at + timedelta(hours=1)


def test_a_gateway_that_took_it_and_fell_silent_does_not_send_it_twice(
    sms: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carriers, "TIMEOUT", httpx.Timeout(0.3))
    letter = posted()
    sms.silent_s = 1
    assert send_waiting(now=NOW) == 0
    letter.refresh_from_db()
    assert letter.error == "SMS: ReadTimeout"
    sms.silent_s = 0
    assert send_waiting(now=NOW + timedelta(minutes=1)) == 1
    assert len(sms.asked) == 2
    assert sms.texts() == ["Obat diantar."]


@pytest.mark.parametrize("told", ["no JSON", [], {}, {"id": 7}, {"id": ""}])
def test_an_answer_without_a_number_is_no_answer(sms: Gateway, told: Any) -> None:
    letter = posted()
    sms.answers = [(200, {}, told)]
    assert send_waiting(now=NOW) == 0
    letter.refresh_from_db()
    assert letter.state == State.WAITING
    assert letter.error.startswith("SMS: an answer ")


def test_a_gateway_that_is_not_there_says_so_without_the_number(settings: Any) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/send"
    letter = posted()
    assert send_waiting(now=NOW) == 0
    letter.refresh_from_db()
    assert letter.error == "SMS: ConnectError"


def test_who_has_no_whatsapp_gets_an_sms(sms: Gateway, whatsapp: Gateway) -> None:
    letter = posted()
    assert letter.channel == Channel.WHATSAPP
    whatsapp.answers = [(400, {}, {"error": {"code": 131026, "message": f"not {PHONE}"}})]
    assert send_waiting(now=NOW) == 0
    letter.refresh_from_db()
    assert (letter.channel, letter.error) == (Channel.SMS, "WhatsApp: 400, error 131026")
    assert send_waiting(now=NOW) == 1
    assert sms.texts() == ["Obat diantar."]


def test_whatsapp_that_is_down_for_a_minute_and_a_half_is_left_for_sms(
    sms: Gateway, whatsapp: Gateway
) -> None:
    posted()
    whatsapp.answers = [(500, {}, {})] * 3
    for seconds in (0, 30, 90):
        assert send_waiting(now=NOW + timedelta(seconds=seconds)) == 0
    assert send_waiting(now=NOW + timedelta(seconds=90)) == 1
    assert (len(whatsapp.asked), sms.texts()) == (3, ["Obat diantar."])


def test_a_letter_that_no_way_brings_is_told_by_phone_or_sent_again(sms: Gateway) -> None:
    letter = posted()
    sms.answers = [(500, {}, {})] * ATTEMPTS_MAX
    for hours in range(ATTEMPTS_MAX):
        send_waiting(now=NOW + timedelta(hours=hours))
    letter.refresh_from_db()
    assert letter.state == State.GIVEN_UP
    actions.send_again(letter, now=NOW + timedelta(days=1))
    assert send_waiting(now=NOW + timedelta(days=1)) == 1
    assert len({call["key"] for call in sms.asked}) == 2, "by hand it is another letter"
    with pytest.raises(Refused):
        actions.note_told(letter)


def test_a_template_carries_the_whole_text(whatsapp: Gateway, settings: Any) -> None:
    settings.WHATSAPP_TEMPLATE = "kabar_obat"
    posted(body="Obat\ndiantar.")
    send_waiting(now=NOW)
    [asked] = whatsapp.asked
    told = asked["body"]["template"]
    assert (told["name"], told["language"]) == ("kabar_obat", {"code": "id"})
    assert told["components"][0]["parameters"] == [{"type": "text", "text": "Obat diantar."}]
    assert asked["body"]["to"] == PHONE.removeprefix("+")


def test_a_receipt_says_that_it_arrived_once_or_often(sms: Gateway) -> None:
    letter = posted()
    send_waiting(now=NOW)
    for _ in range(2):
        actions.note_receipt(Channel.SMS, "sms-1", arrived=True, now=NOW)
    actions.note_receipt(Channel.SMS, "sms-1", arrived=False, reason="late", now=NOW)
    letter.refresh_from_db()
    assert (letter.state, letter.delivered_at) == (State.DELIVERED, NOW)


def test_a_receipt_that_it_failed_takes_the_next_way_once(sms: Gateway, whatsapp: Gateway) -> None:
    letter = posted()
    send_waiting(now=NOW)
    for _ in range(3):
        actions.note_receipt(
            Channel.WHATSAPP, "whatsapp-1", arrived=False, reason="error 131026", now=NOW
        )
        send_waiting(now=NOW)
    letter.refresh_from_db()
    assert (letter.state, letter.channel) == (State.SENT, Channel.SMS)
    assert len(sms.asked) == 1
    assert letter.cost_rp == 500 + 350


def test_a_receipt_that_is_quicker_than_our_own_note_counts(sms: Gateway) -> None:
    letter = posted()
    actions.note_receipt(Channel.SMS, "sms-1", arrived=True, now=NOW)
    send_waiting(now=NOW)
    letter.refresh_from_db()
    assert letter.state == State.DELIVERED


def test_at_night_only_the_urgent_leaves(sms: Gateway) -> None:
    manner()
    posted("order.placed", "besok saja")
    posted("order.collected", "Toni di jalan.")
    assert send_waiting(now=NIGHT) == 1
    assert sms.texts() == ["Toni di jalan."]
    assert Letter.objects.get(kind="order.placed").next_try_at == MORNING
    assert send_waiting(now=MORNING - timedelta(seconds=1)) == 0
    assert send_waiting(now=MORNING) == 1


def test_whoever_wrote_stop_gets_only_what_he_needs(sms: Gateway) -> None:
    actions.stop(PHONE, now=NOW)
    posted("order.delivered", "Sudah diserahkan.")
    posted("order.collected", "Toni di jalan.")
    send_waiting(now=NOW)
    assert sms.texts() == ["Toni di jalan."]
    assert Letter.objects.get(kind="order.delivered").state == State.DROPPED
    actions.let_write(PHONE)
    posted("order.delivered", "Sudah diserahkan.")
    assert send_waiting(now=NOW) == 1


def test_no_letter_about_the_dead_leaves_not_even_one_that_waits(sms: Gateway) -> None:
    waiting = posted("order.collected", "Toni di jalan.")
    actions.note_death(7, now=NOW)
    posted("order.failed", "Tidak ada orang.")
    assert send_waiting(now=NOW) == 0
    assert not sms.asked
    waiting.refresh_from_db()
    assert (waiting.state, waiting.error) == (State.DROPPED, "the person has died")
    actions.note_life(7)
    posted("order.placed")
    assert send_waiting(now=NOW) == 1


def test_a_person_is_written_to_in_the_language_he_speaks(sms: Gateway) -> None:
    words = [{"kind": "order.collected", "language": "Using", "text": "{rider} teka: {link}"}]
    manner(words=words, greetings={"Using": "Nuwun sewu.", "Indonesia": "Salam."})
    told = {"rider": "Toni", "link": "https://x/o/1"}
    posted("order.collected", "Toni di jalan.", told=told)
    actions.write_in(7, "Using")
    posted("order.failed", "Tidak ada orang.")
    send_waiting(now=NOW)
    assert sms.texts() == ["Nuwun sewu. Toni teka: https://x/o/1", "Nuwun sewu. Tidak ada orang."]


def test_a_greeting_never_costs_a_further_message(sms: Gateway) -> None:
    manner(greetings={"Indonesia": "Salam."})
    posted(body="x" * 155)
    send_waiting(now=NOW)
    assert sms.texts() == ["x" * 155]


def test_a_demonstration_writes_to_nobody(sms: Gateway, settings: Any, tmp_path: Any) -> None:
    settings.DEMO, settings.LETTERS_DIR = True, tmp_path
    posted()
    assert send_waiting(now=NOW) == 1
    assert not sms.asked
