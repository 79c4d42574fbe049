"""One process of all runs the jobs and the dispatch: the one that holds the lock."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from procrastinate import exceptions
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Status

from gancang.live import rounds
from gancang.live.database import Threads, connect

if TYPE_CHECKING:
    import psycopg
    from procrastinate import App

log = logging.getLogger(__name__)
LOCK = 0x67616E63  # "ganc": the advisory lock of the leader
TRY_AGAIN_S = 2
JOB_S_MAX = 4  # how long a job may go on after the server is told to stop


async def lead_when_possible(threads: Threads) -> None:
    """Try to become the leader, for ever; lead until the lock or the work is lost."""
    while True:
        try:
            async with await connect() as connection:
                while not await _holds_lock(connection):
                    await asyncio.sleep(TRY_AGAIN_S)
                log.info("this process leads")
                await _lead(connection, threads)
        except Exception:  # whatever it was: the jobs and the dispatch must go on
            log.exception("lost the lead")
        await asyncio.sleep(TRY_AGAIN_S)


async def _holds_lock(connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> bool:
    answer = await connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
    row = await answer.fetchone()
    return row is not None and bool(row[0])


async def _lead(connection: psycopg.AsyncConnection[tuple[Any, ...]], threads: Threads) -> None:
    """Work until one part ends, which none should; then end the others as well."""
    parts = {
        asyncio.create_task(_watch(connection), name="watch"),
        asyncio.create_task(_work(), name="jobs"),
        asyncio.create_task(rounds.go(threads), name="rounds"),
    }
    try:
        ended, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in ended:
            part.result()
            log.error("a part of the leader's work ended", extra={"part": part.get_name()})
    finally:
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)


async def _watch(connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
    """Fail as soon as the connection that holds the lock does."""
    while True:
        await asyncio.sleep(TRY_AGAIN_S)
        async with asyncio.timeout(10):
            await connection.execute("SELECT 1")


async def _work() -> None:
    assert isinstance(jobs.connector, DjangoConnector)
    app = jobs.with_connector(jobs.connector.get_worker_connector())
    async with app.open_async():
        await _take_up_broken_off(app)
        await app.run_worker_async(
            install_signal_handlers=False,
            concurrency=4,
            shutdown_graceful_timeout=JOB_S_MAX,
            delete_jobs="successful",
        )


async def _take_up_broken_off(app: App) -> None:
    """Give the jobs that a killed process held back to the queue.

    There is one worker, and it does not run yet: whatever is said to run was broken off, and
    would keep its lock for ever.
    """
    await app.job_manager.prune_stalled_workers(0)
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=0):
        try:
            await app.job_manager.retry_job(job)
        except exceptions.AlreadyEnqueued:  # the same is waiting already
            with suppress(exceptions.ProcrastinateException):
                await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
