"""Riders move: every open board hears of all who did, in one message each two seconds.

Kept in memory alone. A process that took no positions in itself tells none; the map there asks for
what is written every few seconds.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gancang.fleet.actions import Position
    from gancang.live.board import Board

TELL_EVERY_S = 2
FINENESS = 5
"""Decimals of a degree that are told: a metre, as fine as a phone knows it."""


class Movement:
    """Who moved in which region since the boards were last told."""

    def __init__(self) -> None:
        self._moved: defaultdict[str, dict[int, Position]] = defaultdict(dict)

    def note(self, region: str, positions: Iterable[Position]) -> None:
        """Riders of a region were seen; of each only the newest is told."""
        moved = self._moved[region]
        for where in positions:
            known = moved.get(where.rider_user_id)
            if known is None or known.at < where.at:
                moved[where.rider_user_id] = where

    async def tell_for_ever(self, board: Board) -> None:
        """Tell the boards of each region, once per breath, what was noted meanwhile."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            # Telling takes time too; the next breath does not come later for it.
            due = max(due + TELL_EVERY_S, loop.time())
            await asyncio.sleep(due - loop.time())
            self.tell(board)

    def tell(self, board: Board) -> None:
        """Tell all boards now. The message is made once for all boards of a region."""
        moved, self._moved = self._moved, defaultdict(dict)
        for region, latest in moved.items():
            rows = [
                (rider, round(where.lat, FINENESS), round(where.lon, FINENESS))
                for rider, where in latest.items()
            ]
            board.tell_moved(region, b"event: moved\ndata: " + msgspec.json.encode(rows) + b"\n\n")
