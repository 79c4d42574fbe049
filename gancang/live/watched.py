"""Every request counted, timed and logged, by its route's pattern: a path may hold a code."""

from __future__ import annotations

import logging
import time
import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from gancang.live import metrics

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)
SEEN = "gancang.seen"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Pages(WSGIHandler):
    """Django. Tells the gateway which route a request took and what it was called."""

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """Django's answer."""
        response = super().get_response(request)
        seen = request.META["asgi.scope"][SEEN]
        seen["request_id"] = response.headers.get("X-Request-ID", seen["request_id"])
        if request.resolver_match is not None:
            seen["route"] = "/" + request.resolver_match.route
        elif request.path.startswith(settings.STATIC_URL):
            seen["route"] = settings.STATIC_URL
        return response


class Watched:
    """An application, watched. `own` are the paths that the gateway answers itself."""

    def __init__(self, app: ASGIApp, own: set[str]) -> None:
        self.app, self.own = app, own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and write down how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        route = scope["path"] if scope["path"] in self.own else "unmatched"
        seen: dict[str, Any] = {"route": route, "status": 500, "request_id": uuid.uuid4().hex}
        scope[SEEN] = seen

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            await send(message)

        began = time.perf_counter()
        try:
            await self.app(scope, receive, noting)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "OTHER"
            _write_down(method, seen, time.perf_counter() - began)


def _write_down(method: str, seen: dict[str, Any], seconds: float) -> None:
    metrics.REQUESTS.labels(seen["route"], method, str(seen["status"])).inc()
    if seen["route"] != "/live/board":  # lasts as long as somebody looks
        metrics.SECONDS.labels(seen["route"]).observe(seconds)
    # Who watches asks every few seconds; that it was answered is no news.
    is_news = seen["route"] not in {"/healthz", "/metrics"} or seen["status"] != 200
    level = logging.INFO if is_news else logging.DEBUG
    log.log(level, "request", extra={"method": method, "took_ms": round(seconds * 1e3, 1), **seen})
