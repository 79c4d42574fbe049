"""`gancang serve`: web, live gateway and jobs in one command, until it is told to end."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import django
import uvicorn
from uvicorn.supervisors import Multiprocess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import ASGIApp

log = logging.getLogger(__name__)
FINISH_S_MAX = 7  # for running requests; with jobs and database, all is over within 10 s


def app() -> ASGIApp:
    """What each process serves."""
    django.setup()
    # Only now can models be imported.
    from django.urls import get_resolver  # noqa: PLC0415

    from gancang.live import logs  # noqa: PLC0415
    from gancang.live.app import create_app  # noqa: PLC0415

    logs.set_up()
    # Every page is imported before anybody asks, or the first visitor would wait for that.
    assert get_resolver().url_patterns
    return create_app()


def run(host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT; returns when all that was begun is finished."""
    from django.conf import settings  # noqa: PLC0415 - read from an environment made before

    from gancang.live import logs  # noqa: PLC0415

    logs.set_up()
    listener = _listen(host, port)
    if workers > 1:
        _count_together(settings.VAR / "metrics")
    config = uvicorn.Config(
        "gancang.live.serve:app",
        factory=True,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=FINISH_S_MAX,
    )
    log.info("serving", extra={"url": f"http://{host}:{listener.getsockname()[1]}"})
    with _kept_to_the_end():
        if workers > 1:
            Multiprocess(config, sockets=[listener]).run()
        else:
            uvicorn.Server(config).run(sockets=[listener])
    log.info("stopped")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = (error.strerror or "no such address").partition(" (")[0]
        raise SystemExit(f"gancang: cannot listen on {host}:{port}: {reason}") from error
    listener.set_inheritable(True)
    return listener


def _count_together(folder: Path) -> None:
    """Let all processes count in one folder, as prometheus_client wants it; it starts empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


@contextmanager
def _kept_to_the_end() -> Iterator[None]:
    """Uvicorn sends the signal that ended it once more; having ended well, do not die of it."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, lambda *_: None)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
