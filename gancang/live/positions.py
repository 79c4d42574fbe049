"""POST /live/positions: where riders are, taken in by the handful and written once a second."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import msgspec
from django.db import DatabaseError
from django.utils import timezone
from starlette.responses import PlainTextResponse, Response

from gancang.fleet import actions as fleet
from gancang.live import metrics
from gancang.live.admission import Admission
from gancang.live.visitors import session_key_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from gancang.live.database import Threads
    from gancang.live.movement import Movement

log = logging.getLogger(__name__)
BODY_BYTES_MAX = 64 * 1024
WAITING_MAX = 100_000
WRITE_EVERY_S = 1
OLD_NEWS = timedelta(days=1)


class Position(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a phone was, and when, by its own clock."""

    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    at: Annotated[datetime, msgspec.Meta(tz=True)]


Told = Annotated[list[Position], msgspec.Meta(min_length=1, max_length=500)]
# A page of another site cannot send these types without asking first, and is told no.
DECODERS = {
    "application/json": msgspec.json.Decoder(Told).decode,
    "application/msgpack": msgspec.msgpack.Decoder(Told).decode,
}


class Intake:
    """Positions that wait to be written."""

    def __init__(self, threads: Threads, movement: Movement) -> None:
        self.threads, self.movement = threads, movement
        self._waiting: list[fleet.Position] = []
        self._admission = Admission(threads)

    async def page(self, request: Request) -> Response:
        """Take in what a rider's phone tells: 204, or the status that says why not."""
        decode = DECODERS.get(request.headers.get("content-type", "").partition(";")[0])
        if decode is None:
            return PlainTextResponse("send application/json or application/msgpack\n", 415)
        rider = await self._admission.rider_of(session_key_of(request.scope))
        if isinstance(rider, int):
            return Response(status_code=rider)
        if len(self._waiting) >= WAITING_MAX:
            return Response(status_code=503, headers={"retry-after": "10"})
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > BODY_BYTES_MAX:
                return Response(status_code=413)
        try:
            told = decode(body)
        except msgspec.DecodeError as error:  # its message names the place, not the value
            return PlainTextResponse(f"{error}\n", 400)
        believed = _believable(told, rider.user, now=timezone.now())
        self._waiting += believed
        metrics.POSITIONS.inc(len(believed))
        return Response(status_code=204)

    async def write_for_ever(self) -> None:
        """Write what waits once a second, and a last time at the end."""
        try:
            while True:
                await asyncio.sleep(WRITE_EVERY_S)
                await self.write()
        finally:
            await self.write()

    async def write(self) -> None:
        """Write what waits, then tell the boards what was written: nobody on his break.

        What cannot be written is lost: the next position comes soon.
        """
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        try:
            written = await self.threads.ask(_record, batch)
        except DatabaseError:
            log.exception("positions were not written")
            return
        for region, moved in written.items():
            self.movement.note(region, moved)


def _record(batch: list[fleet.Position]) -> dict[str, list[fleet.Position]]:
    return fleet.record_positions(batch, now=timezone.now())


def _believable(told: list[Position], rider: int, *, now: datetime) -> list[fleet.Position]:
    """Without old news; a clock that runs ahead is set to ours, or it would outrun the truth."""
    return [
        fleet.Position(rider, where.lat, where.lon, min(where.at, now))
        for where in told
        if where.at > now - OLD_NEWS
    ]
