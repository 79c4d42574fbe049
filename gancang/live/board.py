"""Hints to open boards that something changed. One LISTEN serves all streams of this process.

A hint carries no data of a case: the page asks again for its own part, with its own rights.
"""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import psycopg

from gancang.accounts.models import Role
from gancang.live import metrics
from gancang.live.database import Threads, connect
from gancang.live.visitors import find_visitor, session_key_of

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from gancang.accounts.models import Membership

log = logging.getLogger(__name__)
CHANNEL = "board"
ROLES = (Role.OPERATOR, Role.ADMIN)
HEARTBEAT_S = 15
# A plan moves many orders in one breath; the boards are told once.
GATHER_S = 0.25
# The browser comes back by itself, and its session is looked at again.
STREAM_S_MAX = 600
STREAMS_MAX = 20_000
CODES_MAX = 50
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


@dataclass(eq=False, slots=True)
class Stream:
    """One open board. Codes are told only to those who may see every order of the region."""

    region: str
    sees_all: bool
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    changed: set[str] = field(default_factory=set)
    moved: bytes = b""
    """Who moved, ready to be sent; a slow browser gets the last message alone."""
    is_stale: bool = False
    is_closed: bool = False

    def close(self) -> None:
        """End the stream at its next breath."""
        self.is_closed = True
        self.woken.set()


class Board:
    """All open boards of this process, by region."""

    def __init__(self) -> None:
        self._streams: dict[str, set[Stream]] = {}
        self._told: dict[str, set[str]] = {}
        self.is_closed = False

    def open(self, membership: Membership) -> Stream:
        """A stream for somebody who may look at the board of a region."""
        stream = Stream(membership.region.code, sees_all=membership.organisation_id is None)
        self._streams.setdefault(stream.region, set()).add(stream)
        return stream

    def leave(self, stream: Stream) -> None:
        """Forget a stream."""
        self._streams[stream.region].discard(stream)

    def count(self) -> int:
        """How many streams are open."""
        return sum(map(len, self._streams.values()))

    def close(self) -> None:
        """End all streams; the server is stopping."""
        self.is_closed = True
        for streams in self._streams.values():
            for stream in streams:
                stream.close()

    async def listen(self) -> None:
        """Hear what the database tells, for ever; comes back after a lost connection."""
        while True:
            try:
                async with await connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    for region in list(self._streams):
                        self.tell(region)  # nobody knows what was missed meanwhile
                    async for notice in connection.notifies():
                        self.tell(notice.payload)
            except psycopg.Error as error:
                log.warning("board does not hear the database", extra={"why": type(error).__name__})
            await asyncio.sleep(1)

    def tell(self, payload: str) -> None:
        """Something changed: a region's code, and after it, if they are known, orders' codes."""
        region, *codes = payload.split()[: CODES_MAX + 1] or [""]
        if region not in self._streams:
            return
        if not self._told:
            asyncio.get_running_loop().call_later(GATHER_S, self._pass_on)
        self._told.setdefault(region, set()).update(codes)

    def tell_moved(self, region: str, message: bytes) -> None:
        """Riders of a region moved: told to those who may see every order of it."""
        for stream in self._streams.get(region, ()):
            if stream.sees_all:
                stream.moved = message
                stream.woken.set()

    def _pass_on(self) -> None:
        told, self._told = self._told, {}
        for region, codes in told.items():
            for stream in self._streams[region]:
                stream.is_stale = True
                if stream.sees_all:
                    stream.changed |= codes
                stream.woken.set()


class BoardStreams:
    """GET /live/board, as a bare ASGI application: ten thousand of them cost little."""

    def __init__(self, board: Board, threads: Threads) -> None:
        self.board, self.threads = board, threads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in whom the board is for, then tell until the browser or the server leaves."""
        if self.board.is_closed or self.board.count() >= STREAMS_MAX:
            await _refuse(send, 503)
            return
        visitor = await self.threads.ask(find_visitor, session_key_of(scope))
        status = visitor.why_not(*ROLES)
        if status is not None or visitor.membership is None:
            await _refuse(send, status or 403)
            return
        stream = self.board.open(visitor.membership)
        gone = asyncio.create_task(_until_gone(receive, stream))
        try:
            with metrics.STREAMS.track_inprogress():
                await _tell_until_closed(stream, send)
        finally:
            gone.cancel()
            self.board.leave(stream)


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()


async def _tell_until_closed(stream: Stream, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await _say(send, b"retry: 3000\n: open\n\n")
    loop = asyncio.get_running_loop()
    until = loop.time() + STREAM_S_MAX * random.uniform(0.9, 1.1)
    while not stream.is_closed and loop.time() < until:
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                await stream.woken.wait()
        except TimeoutError:
            await _say(send, b": still here\n\n")
            continue
        stream.woken.clear()
        if stream.is_stale and not stream.is_closed:
            await _say(send, _hint(stream))
        if stream.moved and not stream.is_closed:
            message, stream.moved = stream.moved, b""
            await _say(send, message)
    await send({"type": "http.response.body", "body": b""})


def _hint(stream: Stream) -> bytes:
    codes, stream.changed = sorted(stream.changed)[:CODES_MAX], set()
    stream.is_stale = False
    data = msgspec.json.encode({"changed": codes, "at": datetime.now(UTC)})
    return b"event: board\ndata: " + data + b"\n\n"


async def _say(send: Send, text: bytes) -> None:
    await send({"type": "http.response.body", "body": text, "more_body": True})
