"""What gateways tell us: what became of letters, and what patients write. Signed, twice is once."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseForbidden
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from gancang.contact.receiving import Incoming, take_in
from gancang.outbox.actions import note_receipt
from gancang.outbox.models import Channel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.http import HttpRequest

BODY_MAX = 256 * 1024


@csrf_exempt
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """One thing a call: a receipt or a message, as docs/gateways.md writes it."""
    told = _told(request, header="X-Signature", secret=settings.SMS_SECRET)
    if isinstance(told, HttpResponse):
        return told
    now = timezone.now()
    match told:
        case {"type": "receipt", "id": str(number), "status": "delivered"}:
            note_receipt(Channel.SMS, number, arrived=True, now=now)
        case {"type": "receipt", "id": str(number), "status": "failed"}:
            reason = str(told.get("reason", ""))
            note_receipt(Channel.SMS, number, arrived=False, reason=reason, now=now)
        case {"type": "message", "id": str(number), "from": str(sender), "text": str(text)}:
            _take_in(Channel.SMS, number, sender, text, now=now)
        case _:
            return HttpResponseBadRequest("neither a receipt nor a message")
    return HttpResponse(status=204)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def whatsapp(request: HttpRequest) -> HttpResponse:
    """The first knock, then everything that Meta tells of our number."""
    if request.method == "GET":
        return _first_knock(request)
    told = _told(request, header="X-Hub-Signature-256", secret=settings.WHATSAPP_SECRET)
    if isinstance(told, HttpResponse):
        return told
    now = timezone.now()
    for kind, thing in _things(told):
        match kind, thing:
            case "statuses", {"id": str(number), "status": "delivered" | "read"}:
                note_receipt(Channel.WHATSAPP, number, arrived=True, now=now)
            case "statuses", {"id": str(number), "status": "failed"}:
                reason = _error_of(thing)
                note_receipt(Channel.WHATSAPP, number, arrived=False, reason=reason, now=now)
            case "messages", {"id": str(number), "from": str(sender)}:
                _take_in(Channel.WHATSAPP, number, sender, _text_of(thing), now=now)
    return HttpResponse(status=200)


def _take_in(channel: Channel, number: str, sender: str, text: str, *, now: datetime) -> None:
    # PostgreSQL takes no NUL in a text.
    number, sender, text = (part.replace("\0", "") for part in (number, sender, text))
    take_in(Incoming(channel=channel, number=number, sender=sender, text=text), now=now)


def _first_knock(request: HttpRequest) -> HttpResponse:
    word = settings.WHATSAPP_VERIFY
    given = request.GET.get("hub.verify_token", "")
    if not word or not hmac.compare_digest(given.encode(), word.encode()):
        return HttpResponseForbidden("wrong word")
    return HttpResponse(request.GET.get("hub.challenge", "")[:200], content_type="text/plain")


def _told(request: HttpRequest, *, header: str, secret: str) -> dict[str, Any] | HttpResponse:
    """The signed body, or the answer to whoever is not the gateway or speaks no JSON."""
    body = request.body
    wanted = "sha256=" + hmac.digest(secret.encode(), body, sha256).hex()
    given = request.headers.get(header, "")
    if not secret or not hmac.compare_digest(given.encode(), wanted.encode()):
        return HttpResponseForbidden("wrong signature")
    if len(body) > BODY_MAX:
        return HttpResponseBadRequest("too long")
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return HttpResponseBadRequest("no JSON")
    return told if isinstance(told, dict) else HttpResponseBadRequest("no JSON object")


def _things(told: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The statuses and messages in Meta's envelope; what has another shape is passed over."""
    for entry in _dicts(told.get("entry")):
        for change in _dicts(entry.get("changes")):
            value = change.get("value")
            if isinstance(value, dict):
                for kind in ("statuses", "messages"):
                    yield from ((kind, thing) for thing in _dicts(value.get(kind)))


def _dicts(found: object) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _error_of(status: dict[str, Any]) -> str:
    codes = [error.get("code") for error in _dicts(status.get("errors"))]
    return f"error {codes[0]}" if codes and isinstance(codes[0], int) else "failed"


def _text_of(message: dict[str, Any]) -> str:
    """A message's words; a button's words; for a picture or a voice that it is one."""
    for kind in ("text", "button"):
        part = message.get(kind)
        words = part.get("body", part.get("text")) if isinstance(part, dict) else None
        if isinstance(words, str):
            return words
    return f"[{str(message.get('type', '?'))[:20]}]"
