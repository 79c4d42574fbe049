"""The one application: gateway in front, Django behind it, and what runs besides both."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, cast

from a2wsgi import WSGIMiddleware
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from gancang.live import health, leader, metrics
from gancang.live.board import Board, BoardStreams
from gancang.live.bodies import Whole
from gancang.live.database import Threads
from gancang.live.map_files import MapFiles
from gancang.live.movement import Movement
from gancang.live.positions import Intake
from gancang.live.watched import Pages, Watched
from gancang.maps import stored

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from types import FrameType

    from starlette.types import ASGIApp

DJANGO_THREADS = 16  # each holds one connection to the database
ASKING_THREADS = 4


def create_app() -> ASGIApp:
    """The application that one uvicorn process serves; Django must be set up."""
    threads = Threads(ASKING_THREADS)
    board, movement = Board(), Movement()
    intake = Intake(threads, movement)
    stored.folder().mkdir(parents=True, exist_ok=True)
    routes: list[BaseRoute] = [
        Route("/healthz", health.page),
        Route("/metrics", metrics.page),
        Route("/live/board", BoardStreams(board, threads), methods=["GET"]),
        Route("/live/positions", intake.page, methods=["POST"]),
        Mount("/maps/files", MapFiles(directory=stored.folder(), check_dir=False)),
    ]
    own = {route.path for route in routes if isinstance(route, Route)}
    # a2wsgi describes both protocols in types of its own.
    pages = cast("ASGIApp", WSGIMiddleware(cast("Any", Pages()), DJANGO_THREADS))
    app = Starlette(routes=[*routes, Mount("/", Whole(pages))], lifespan=_besides)
    app.state.threads, app.state.board, app.state.intake = threads, board, intake
    app.state.movement = movement
    return Watched(app, own)


@asynccontextmanager
async def _besides(app: Starlette) -> AsyncIterator[None]:
    """What runs besides the answers, from before the first request to after the last."""
    state = app.state
    leading = asyncio.create_task(leader.lead_when_possible(state.threads))
    listening = asyncio.create_task(state.board.listen())
    writing = asyncio.create_task(state.intake.write_for_ever())
    moving = asyncio.create_task(state.movement.tell_for_ever(state.board))

    def stop() -> None:
        leading.cancel()
        state.board.close()  # or the server would wait for streams that never end

    with _on_signal(stop), _orphaned():
        yield
    stop()
    for task in (listening, writing, moving):
        task.cancel()
    await asyncio.gather(leading, listening, writing, moving, return_exceptions=True)
    state.threads.close()


@contextmanager
def _on_signal(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` as soon as the server is told to end, beside what uvicorn does then."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def heard(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop)
        if callable(handler := before[signal.Signals(number)]):
            handler(number, frame)

    for number in before:
        signal.signal(number, heard)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@contextmanager
def _orphaned() -> Iterator[None]:
    """One process of several ends when the one that started them was killed: the port is free."""
    parent = multiprocessing.parent_process()
    if parent is None:
        yield
        return
    loop = asyncio.get_running_loop()

    def end() -> None:
        loop.remove_reader(parent.sentinel)
        os.kill(os.getpid(), signal.SIGTERM)

    loop.add_reader(parent.sentinel, end)
    yield
    loop.remove_reader(parent.sentinel)
