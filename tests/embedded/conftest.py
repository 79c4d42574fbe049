"""Other programs that use an embedded server, and what is left of them when they are gone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
NOBODY = 65534
# Says where the server is, keeps it as long as its input is open, then leaves.
PROGRAM = """
import os, sys
from pathlib import Path
from gancang import embedded
if user := int(sys.argv[2]):  # from here on, and not before: the interpreter may be root's alone
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
with embedded.running(Path(sys.argv[1])) as server:
    print(server.url, server.started_by_us, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that others may enter, which pytest's own are not."""
    path = Path(tempfile.mkdtemp(prefix="gc-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    kill_all(server_pids(path))
    for link in path.rglob("*.where"):
        shutil.rmtree(link.readlink(), ignore_errors=True)
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """A var folder in which a server was started and stopped once."""
    path = Path(tempfile.mkdtemp(prefix="gc-", dir="/tmp"))
    path.chmod(0o755)
    with program(path / "var"):
        pass
    yield path / "var"
    shutil.rmtree(path)


@pytest.fixture
def settled(folder: Path, cluster: Path) -> Path:
    """A folder whose `var` has been used before."""
    subprocess.run(["cp", "-a", cluster, folder / "var"], check=True)
    return folder


def server_pids(under: Path) -> list[int]:
    """The processes that work in a data folder below `under`, or where its links lead."""
    places = [under.resolve(), *(link.resolve() for link in under.rglob("*.where"))]
    found = []
    for process in Path("/proc").iterdir():
        try:
            folder = (process / "cwd").readlink()
        except OSError:
            continue
        if process.name.isdigit() and any(folder.is_relative_to(place) for place in places):
            found.append(int(process.name))
    return found


def kill_all(pids: list[int]) -> None:
    """Kill these; a server's children leave by themselves once their parent is gone."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


class Program:
    """Another program that uses the database of `var`, told to leave by `close`."""

    def __init__(self, var: Path, *, user: int = 0, source: Path = ROOT) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(var), str(user)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env={"PYTHONPATH": str(source), "PGPORT": "6543", "PATH": os.defpath},
        )
        self.url = ""

    def ready(self) -> Program:
        """Wait until it has its server."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.close()
        self.url, started = line.split()
        self.started = started == "True"
        return self

    def close(self) -> tuple[int, str]:
        """Let it leave; its exit code and what it said to people."""
        _, told = self.process.communicate(timeout=30)
        return self.process.returncode, told

    def kill(self) -> None:
        """As the kernel does when memory is short."""
        self.process.kill()
        self.process.communicate()


@contextmanager
def program(var: Path, *, user: int = 0) -> Iterator[Program]:
    """A program that has its server and leaves at the end of the block."""
    used = Program(var, user=user)
    try:
        yield used.ready()
    finally:
        if used.process.poll() is None:
            code, told = used.close()
            assert code == 0, told


def ask(url: str, question: str) -> str:
    """The one answer of the database."""
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return str(row[0])


def write(url: str, word: str) -> None:
    """Put something down that must be found again."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [word])
