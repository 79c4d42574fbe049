"""GET /healthz: whether this installation works, and if not, why."""

from __future__ import annotations

import asyncio
import importlib.metadata
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection
from starlette.responses import JSONResponse, Response

from gancang.live.leader import LOCK

if TYPE_CHECKING:
    from starlette.requests import Request

ANSWER_S_MAX = 3


async def page(request: Request) -> Response:
    """200 when the database answers and some process runs the jobs, else 503 with the reason."""
    reason = None
    try:
        async with asyncio.timeout(ANSWER_S_MAX):
            if not await request.app.state.threads.ask(_is_led):
                reason = "no process runs the jobs"
    except (DatabaseError, TimeoutError):
        reason = "the database does not answer"
    told = {"status": "ok", "version": importlib.metadata.version("gancang")}
    if reason is not None:
        told |= {"status": "unavailable", "reason": reason}
    return JSONResponse(told, 503 if reason else 200, headers={"cache-control": "no-store"})


def _is_led() -> bool:
    # A leader that stops, breaks or dies loses its lock at once.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = 0 AND objid = %s)",
            [LOCK],
        )
        row = cursor.fetchone()
    return bool(row[0])
