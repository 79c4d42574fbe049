"""The database from within the event loop: a connection of one's own, or a thread that asks."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import psycopg
from django.db import close_old_connections
from procrastinate.contrib.django.utils import connector_params

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


async def connect() -> psycopg.AsyncConnection[tuple[Any, ...]]:
    """A new connection outside of Django's, in autocommit."""
    params = {"connect_timeout": 5, **connector_params()}
    return await psycopg.AsyncConnection.connect(**params, autocommit=True)


class Threads:
    """A few threads in which Django's own code, which blocks, answers the event loop."""

    def __init__(self, number: int) -> None:
        self._pool = ThreadPoolExecutor(number, thread_name_prefix="live")

    async def ask(self, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `question` returns, as if it were called here."""
        call = partial(_with_living_connection, partial(question, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    def close(self) -> None:
        """Take no more questions; those asked are still answered."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _with_living_connection(question: Callable[[], T]) -> T:
    # As Django does around a request: a connection that died meanwhile is not used again.
    close_old_connections()
    try:
        return question()
    finally:
        close_old_connections()
