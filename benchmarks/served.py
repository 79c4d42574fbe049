"""`gancang serve` on a folder of its own, for days that are played over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
GANCANG = Path(sys.executable).parent / "gancang"


@dataclass(slots=True)
class Server:
    """`gancang serve` on one folder; it can be killed and started again at the same address."""

    folder: str
    port: int
    through: tuple[str, ...] = ()  # what it is started with, such as taskset
    command: tuple[str, ...] = ("serve",)  # or the demonstration
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it; returns once it answers."""
        log = Path(self.folder) / "log"
        with log.open("a") as told:
            self.process = subprocess.Popen(
                [*self.through, GANCANG, *self.command, "--port", str(self.port)],
                env=environment(self.folder),
                stdout=told,
                stderr=told,
            )
        _wait(self.url, self.process, log)


@contextmanager
def serving(folder: str, *people: str, through: tuple[str, ...] = ()) -> Iterator[Server]:
    """A server with the people that a module (with arguments) hires, stopped at the end."""
    Path(folder).chmod(0o755)  # as root, PostgreSQL runs as somebody else, who has to get in
    asked = [sys.executable, "-m", *people]
    subprocess.run(asked, env=environment(folder), cwd=ROOT, check=True)
    with _running(Server(folder, _free_port(), through)) as server:
        yield server


@contextmanager
def demonstrating(folder: str, *options: str) -> Iterator[Server]:
    """`gancang demo` with these options, stopped at the end."""
    Path(folder).chmod(0o755)
    command = ("demo", "--no-browser", *options)
    with _running(Server(folder, _free_port(), command=command)) as server:
        yield server


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.process.send_signal(signal.SIGTERM)
        server.process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def environment(folder: str) -> dict[str, str]:
    """What a command of ours is told: the folder, and nothing of this process's own database."""
    ours = ("DATABASE_URL", "GANCANG_VAR", "GANCANG_KEYS", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "GANCANG_VAR": f"{folder}/var", "PYTHONPATH": str(ROOT)}


def peak_mib(pid: int) -> int:
    """The most memory that a process had so far."""
    told = Path(f"/proc/{pid}/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0]) // 1024


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    while process.poll() is None:
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(log.read_text())
