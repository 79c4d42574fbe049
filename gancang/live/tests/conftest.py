"""A real `gancang serve` in a folder of its own, with an operator, a rider and a clerk in it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psycopg
import pytest

from gancang import embedded
from tests.ready import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[3]
GANCANG = Path(sys.executable).parent / "gancang"
PASSWORD = "kopi-osing-pagi-2026"
PREPARE = """
import sys
from gancang.started import with_django
with with_django(migrate=True):
    from django.utils import timezone
    from gancang.accounts.actions import Newcomer, add_person
    from gancang.accounts.models import Role, User
    from gancang.fleet.actions import enlist, start_shift
    from gancang.regions.models import Organisation
    from tests.cast import load_pack
    region = load_pack()
    print(region.code)
    work = {kind: Organisation.objects.filter(region=region, kind=kind).order_by("code").first()
            for kind in ("hospital", "fleet")}
    for name, role, place in (("admin", Role.ADMIN, None), ("operator", Role.OPERATOR, None),
                              ("rider", Role.RIDER, "fleet"),
                              ("clerk", Role.COUNTER_CLERK, "hospital")):
        add_person(Newcomer(username=name, full_name=name, password=sys.argv[1], role=role,
                            organisation=work.get(place)),
                   region=region, by="tests", now=timezone.now())
    toni = enlist(User.objects.get(username="rider"), organisation=work["fleet"],
                  vehicle="motorcycle", plate="", by="tests", now=timezone.now())
    start_shift(toni, now=timezone.now())
"""


class Installation:
    """A var folder with a region and people, and whatever serves it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        self.environment |= {"GANCANG_VAR": str(var), "PYTHONPATH": str(ROOT)}
        fill(var)
        prepared = subprocess.run(
            [sys.executable, "-c", PREPARE, PASSWORD],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert prepared.returncode == 0, prepared.stderr
        self.region = prepared.stdout.strip()

    @contextmanager
    def serving(self, *options: str) -> Iterator[Serving]:
        """`gancang serve`, ready, until the block ends."""
        running = Serving(self, *options)
        try:
            running.wait_until_ready()
            yield running
        finally:
            running.end()

    def servers(self) -> list[int]:
        """The processes of PostgreSQL that work in this folder."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                folder = (process / "cwd").readlink()
            except OSError:
                continue
            if folder.is_relative_to(self.var):
                found.append(int(process.name))
        return found

    def kill_servers(self) -> None:
        """Kill them all; children leave by themselves once their parent is gone."""
        for pid in self.servers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        """The database, as another program sees it."""
        server = embedded.start(self.var)
        try:
            with psycopg.connect(server.url, autocommit=True) as connection:
                yield connection
        finally:
            server.stop()


class Serving:
    """One `gancang serve`."""

    def __init__(self, installation: Installation, *options: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = installation.var.parent / f"{self.port}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [GANCANG, "serve", "--port", str(self.port), *options],
                env=installation.environment,
                stdout=log,
                stderr=log,
                cwd=installation.var.parent,
            )

    def wait_until_ready(self) -> None:
        """Ask /healthz until it says ok."""
        for _ in range(300):
            try:
                if httpx.get(self.url + "/healthz").status_code == 200:
                    return
            except httpx.TransportError:
                assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=30)

    @contextmanager
    def browser_of(self, username: str) -> Iterator[httpx.Client]:
        """A browser in which somebody, if anybody, has logged in through the front door."""
        with httpx.Client(base_url=self.url, timeout=60) as browser:
            if username:
                browser.get("/masuk")
                form = {
                    "username": username,
                    "password": PASSWORD,
                    "csrfmiddlewaretoken": browser.cookies["csrftoken"],
                }
                assert browser.post("/masuk", data=form).status_code == 302
            yield browser


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """One folder for all stories; what a story stops, the next starts again."""
    folder = Path(tempfile.mkdtemp(prefix="gl-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        made = Installation(folder / "var")
        yield made
        made.kill_servers()
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def served(installation: Installation) -> Iterator[Serving]:
    """A server that many stories ask."""
    with installation.serving() as running:
        yield running


def wait_until(holds: Callable[[], bool]) -> None:
    """Until something comes true; the story fails after half a minute."""
    for _ in range(300):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come true")
