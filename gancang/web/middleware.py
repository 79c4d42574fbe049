"""What every request passes: an id, safe headers, the visitor's language, refusals told well."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from gancang.values import Refused

Next = Callable[[HttpRequest], HttpResponseBase]
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
LANGUAGE_COOKIE = "language"
CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'; object-src 'none'"
)


def request_id(get_response: Next) -> Next:
    """Give each request an id, the caller's own if it is well-formed, and say it in the answer."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        asked = request.headers.get("X-Request-ID", "")
        number = asked if re.fullmatch(r"[A-Za-z0-9-]{8,64}", asked) else secrets.token_hex(8)
        held = REQUEST_ID.set(number)
        try:
            response = get_response(request)
        finally:
            REQUEST_ID.reset(held)
        response["X-Request-ID"] = number
        return response

    return middleware


def headers(get_response: Next) -> Next:
    """Headers that keep foreign scripts, frames and eyes out."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(self), microphone=()"
        )
        response["X-Frame-Options"] = "DENY"
        if request.path.startswith("/o/"):
            response["Referrer-Policy"] = "no-referrer"
        if not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def language(get_response: Next) -> Next:
    """Indonesian, unless the visitor chose another language."""
    known = {code for code, _name in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
        code = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        response.setdefault("Content-Language", code)
        return response

    return middleware


class _Refusals:
    """Tells what no page told: a refusal (409; JSON for machines), an address of forms (405)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405 or request.path.startswith("/api/"):
            return response
        # Somebody reloaded, or came back from the log-in, where only a form leads.
        page = render(request, "web/405.html", {"turned_away": True}, status=405)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a Refused; leave every other error to Django."""
        if not isinstance(error, Refused):
            return None
        sentence = sentence_of(error)
        if request.path.startswith("/api/"):
            return JsonResponse({"reason": error.reason, "message": sentence}, status=409)
        context = {"sentence": sentence, "back": page_before(request)}
        return render(request, "web/refused.html", context, status=409)


refusals = _Refusals


def page_before(request: HttpRequest) -> str:
    """The page of ours that a form was sent from, or the first page."""
    back = request.headers.get("Referer", "/")
    try:
        ours = f"{request.scheme}://{request.get_host()}/"
    except DisallowedHost:
        return "/"
    return back if back.startswith(ours) else "/"


def sentence_of(refusal: Refused) -> str:
    """A refusal's sentence in the reader's language, with its facts."""
    facts = {name: _told(fact) for name, fact in refusal.facts.items()}
    return _(refusal.reason.sentence).format(**facts)


def _told(fact: object) -> object:
    if isinstance(fact, Refused):
        return sentence_of(fact)
    if isinstance(fact, tuple):
        return "; ".join(str(_told(each)) for each in fact)
    # States and the like are sentences themselves; anything else is a value.
    return _(fact) if isinstance(fact, str) and fact else fact
