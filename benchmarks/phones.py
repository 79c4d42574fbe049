"""Phones that tell where they are, and boards that listen: bare HTTP/1.1, so that one process can
play thousands of either."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEP_DEG = 1e-4
"""How far north a phone goes between two pings: which ping a board hears of is told by it."""
MOVED = re.compile(rb"event: moved\ndata: (.*)\n\n")
Places = dict[int, float]


@dataclass(slots=True)
class Day:
    """What phones and boards tell of their day."""

    address: tuple[str, int]
    at: tuple[float, float]
    sent: dict[tuple[int, float], float] = field(default_factory=dict)
    answers_s: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    delays_s: list[NDArray[np.float32]] = field(default_factory=list)
    is_counted: bool = False
    is_over: bool = False

    async def connect(self, protocol: asyncio.Protocol) -> asyncio.Transport:
        """A connection of its own."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(lambda: protocol, *self.address)
        return transport


class Phone(asyncio.Protocol):
    """One rider's phone: a ping every few seconds on a connection that it keeps."""

    def __init__(self, day: Day, rider: int, session: str) -> None:
        self.day, self.rider, self.session = day, rider, session
        self.pings, self.lost = 0, 0
        self.transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[bytes] | None = None

    @property
    def lat(self) -> float:
        """Where it is after its last ping, as boards are told it."""
        return round(self.day.at[0] + self.pings * STEP_DEG, 5)

    def data_received(self, data: bytes) -> None:
        """The answer, which has no body."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """The next ping connects again."""
        self.transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError())

    async def ride(self, every_s: float, wait_s: float) -> None:
        """Ping until the day is over."""
        loop = asyncio.get_running_loop()
        due = loop.time() + wait_s
        while not self.day.is_over:
            await asyncio.sleep(max(0, due - loop.time()))
            due += every_s
            try:
                await self._ping()
            except OSError:
                self.lost += 1

    async def _ping(self) -> None:
        day = self.day
        if self.transport is None:
            self.transport = await day.connect(self)
        self.pings += 1
        where = {"lat": self.lat, "lon": day.at[1], "at": datetime.now(UTC).isoformat()}
        body = msgspec.json.encode([where])
        self._answer = asyncio.get_running_loop().create_future()
        began = day.sent[self.rider, self.lat] = perf_counter()
        self.transport.write(_request("POST /live/positions", self.session, body) + body)
        status = int((await self._answer).split(b" ", 2)[1])
        if day.is_counted:
            day.answers_s.append(perf_counter() - began)
            day.statuses[status] = day.statuses.get(status, 0) + 1


class Listener(asyncio.Protocol):
    """One open board: hears who moved."""

    def __init__(self, day: Day, session: str) -> None:
        self.day, self.session = day, session
        self.places: Places = {}
        self.messages = self.told = 0
        self.is_open, self.was_lost = False, False
        self._kept = b""

    async def open(self) -> None:
        """Begin to listen."""
        transport = await self.day.connect(self)
        transport.write(_request("GET /live/board", self.session, b""))

    def data_received(self, data: bytes) -> None:
        """Part of the stream: what is whole is heard."""
        self.is_open = self.is_open or data.startswith(b"HTTP/1.1 200")
        *whole, self._kept = (self._kept + data).split(b"\n\n\r\n")
        for part in whole:
            if found := MOVED.search(part + b"\n\n"):
                self._hear(found[1])

    def connection_lost(self, exc: Exception | None) -> None:
        """A board that is cut off while the day goes on."""
        self.was_lost = not self.day.is_over

    def _hear(self, message: bytes) -> None:
        places = _decoded(message)
        self.places.update(places)
        if self.day.is_counted:
            self.messages += 1
            self.told += len(places)
            self.day.delays_s.append((perf_counter() - _sent(self.day, places)).astype("f4"))


def _request(line: str, session: str, body: bytes) -> bytes:
    head = f"{line} HTTP/1.1\r\nhost: localhost\r\ncookie: sessionid={session}\r\n"
    kind = f"content-type: application/json\r\ncontent-length: {len(body)}\r\n" if body else ""
    return f"{head}{kind}\r\n".encode()


@lru_cache(maxsize=8)
def _decoded(message: bytes) -> Places:
    """All boards of a region get the same bytes: read once."""
    return {rider: lat for rider, lat, _lon in msgspec.json.decode(message)}


_last: tuple[int, NDArray[np.float64]] = (0, np.empty(0))


def _sent(day: Day, places: Places) -> NDArray[np.float64]:
    """When the pings of a message were sent."""
    global _last  # noqa: PLW0603 - the same message is heard by every board
    if _last[0] != id(places):
        _last = (id(places), np.array([day.sent[where] for where in places.items()]))
    return _last[1]
