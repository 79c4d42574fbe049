"""Which phones may tell positions: asked of the database for many at once, remembered a while.

One by one, the question costs more than all the rest of a position.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, NamedTuple

from django.db import DatabaseError

from gancang.accounts.models import Role
from gancang.live.visitors import find_riders, find_visitor

if TYPE_CHECKING:
    from gancang.accounts.models import Membership
    from gancang.live.database import Threads

log = logging.getLogger(__name__)
REMEMBER_S = 30
LOOK_AGAIN_S = 10  # before the time is over, so that nobody waits for it
GATHER_S = 0.25
REMEMBERED_MAX = 100_000


class Rider(NamedTuple):
    """Whose positions these are."""

    user: int


class Admission:
    """The riders of the sessions that came lately."""

    def __init__(self, threads: Threads) -> None:
        self.threads = threads
        self._let_in: dict[str, tuple[Rider, float]] = {}
        self._asked: dict[str, asyncio.Future[Rider | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def rider_of(self, session_key: str) -> Rider | int:
        """Whose session this is, or the HTTP status that keeps it out."""
        rider, until = self._let_in.get(session_key, (None, 0.0))
        left_s = until - asyncio.get_running_loop().time()
        if rider is not None and left_s > 0:
            if left_s < LOOK_AGAIN_S:
                self._ask(session_key)
            return rider
        # Who goes away while waiting takes nobody's answer with him.
        return await asyncio.shield(self._ask(session_key)) or await self._why_not(session_key)

    def _ask(self, session_key: str) -> asyncio.Future[Rider | None]:
        asked = self._asked.get(session_key)
        if asked is None:
            asked = self._asked[session_key] = asyncio.get_running_loop().create_future()
            if self._asking is None:
                self._asking = asyncio.create_task(self._ask_for_all())
        return asked

    async def _ask_for_all(self) -> None:
        """Gather for a moment, then ask once; again while others came meanwhile."""
        try:
            while self._asked:
                await asyncio.sleep(GATHER_S)
                asked, self._asked = self._asked, {}
                found: dict[str, Membership] = {}
                try:
                    found = await self.threads.ask(find_riders, list(asked))
                except DatabaseError as error:
                    log.warning("riders were not found", extra={"why": type(error).__name__})
                finally:  # whom nobody found asks for himself, and hears what is wrong
                    self._remember(asked, found)
        finally:
            self._asking = None

    def _remember(
        self, asked: dict[str, asyncio.Future[Rider | None]], found: dict[str, Membership]
    ) -> None:
        until = asyncio.get_running_loop().time() + REMEMBER_S
        if len(self._let_in) > REMEMBERED_MAX:
            self._let_in.clear()
        for key, waiting in asked.items():
            membership, rider = found.get(key), None
            self._let_in.pop(key, None)
            if membership is not None:
                rider = Rider(membership.user_id)
                self._let_in[key] = (rider, until)
            if not waiting.done():
                waiting.set_result(rider)

    async def _why_not(self, session_key: str) -> Rider | int:
        visitor = await self.threads.ask(find_visitor, session_key)
        status = visitor.why_not(Role.RIDER)
        if status is not None or visitor.membership is None:
            return status or 403
        return Rider(visitor.membership.user_id)
