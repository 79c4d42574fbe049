"""The database that comes along starts for anybody, anywhere, after anything.

Real programs, real servers, real kill -9: each story runs `python -c` against a folder of its own.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gancang import embedded
from tests.embedded.conftest import (
    Program,
    ask,
    kill_all,
    program,
    server_pids,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


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
