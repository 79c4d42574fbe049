"""Requests reach Django whole: a slow sender waits here, where waiting costs no thread."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import suppress
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BYTES_MAX = 25 * 2**20  # somewhat more than Django itself takes
IN_MEMORY_MAX = 2**20
SEND_S_MAX = 120
CHUNK = 2**16


class Whole:
    """An application that is asked only when the whole body has come in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Collect the body and pass it on; 408 for a sender too slow, 413 for too much."""
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_MAX) as body:
            status = 408
            with suppress(TimeoutError):
                async with asyncio.timeout(SEND_S_MAX):
                    status = await _collect(receive, body)
            if status == 200:
                await self.app(scope, _replay(body, receive), send)
            elif status != 499:
                headers = [(b"connection", b"close")]
                await send({"type": "http.response.start", "status": status, "headers": headers})
                await send({"type": "http.response.body", "body": b""})


async def _collect(receive: Receive, body: IO[bytes]) -> int:
    """200 when all is there, 413 when it is too much, 499 when the sender has gone."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return 499
        body.write(message.get("body", b""))
        if body.tell() > BYTES_MAX:
            return 413
        if not message.get("more_body", False):
            body.seek(0)
            return 200


def _replay(body: IO[bytes], receive: Receive) -> Receive:
    is_told = False

    async def again() -> Message:
        nonlocal is_told
        if is_told:
            return await receive()
        part = body.read(CHUNK)
        is_told = len(part) < CHUNK
        return {"type": "http.request", "body": part, "more_body": not is_told}

    return again
