"""Tables, region and cast made once a run, and copied for whoever needs a database of his own.

Running all migrations takes some twenty seconds, so that their tables are kept until a migration
changes. That they run from nothing and from an old release is told in test_migrations.py and
test_command_line.py.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gancang import embedded
from gancang.backup import run_tool

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
KEPT = ROOT / ".pytest_cache" / "tables"
MAKE_TABLES = """
from gancang.started import with_django
with with_django(migrate=True):
    pass
"""
LOAD_REGION = """
from gancang.started import with_django
with with_django():
    from django.conf import settings
    # As conftest.py does: a hash that is meant to be slow would be paid at each log-in.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from tests.cast import get_ready
    get_ready()
"""


def ready_database() -> str:
    """The name of a database with the region of the stories, in the suite's server."""
    name = f"{os.environ['GANCANG_TESTS_READY']}_region"
    with _one_maker() as server:
        if not _is_there(server, name):
            _make(server, name, _tables(server), LOAD_REGION)
    return name


def fill(var: Path) -> None:
    """Lay all tables, and nothing in them, into the embedded database of a new folder."""
    with _one_maker() as server:
        _tables(server)
    with embedded.running(var) as ours:
        _lay(_dump(), ours.url)


@contextmanager
def own_database(name: str, *, like: str = "template1") -> Iterator[str]:
    """A database for processes of a story's own, in the suite's server; dropped at the end."""
    full = f"{name}_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {full} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {full} TEMPLATE {like}")
        try:
            yield psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname=full)
        finally:
            server.execute(f"DROP DATABASE {full} WITH (FORCE)")


def drop_ready_databases() -> None:
    """Leave nothing behind in a server that is not ours."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        for part in ("region", "tables"):
            name = sql.Identifier(f"{os.environ['GANCANG_TESTS_READY']}_{part}")
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))


@contextmanager
def _one_maker() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Whoever needs it first makes it, the other workers wait and find it."""
    folder = Path(os.environ["GANCANG_VAR"])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "making").open("w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            yield server


def _tables(server: psycopg.Connection[tuple[object, ...]]) -> str:
    name, dump = f"{os.environ['GANCANG_TESTS_READY']}_tables", _dump()
    if _is_there(server, name):
        return name
    if dump.exists():
        draft = sql.Identifier(f"{name}_draft")
        server.execute(sql.SQL("CREATE DATABASE {}").format(draft))
        _lay(dump, _url(f"{name}_draft"))
        renaming = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        server.execute(renaming.format(draft, sql.Identifier(name)))
        return name
    _make(server, name, "template1", MAKE_TABLES)
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob("*.dump"):
        old.unlink()
    draft_file = dump.with_suffix(f".{os.getpid()}")  # another run may keep its own at this moment
    run_tool("pg_dump", ["--format=custom", f"--file={draft_file}"], _url(name))
    draft_file.replace(dump)
    return name


def _dump() -> Path:
    """Where the tables are kept that today's migrations make."""
    told = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for file in sorted(ROOT.glob("gancang/*/migrations/*.py")):
        told.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return KEPT / f"{told.hexdigest()[:20]}.dump"


def _lay(dump: Path, url: str) -> None:
    run_tool("pg_restore", ["--exit-on-error", "--no-owner", str(dump)], url)


def _is_there(server: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    asked = server.execute("SELECT FROM pg_database WHERE datname = %s", [name])
    return asked.fetchone() is not None


def _make(
    server: psycopg.Connection[tuple[object, ...]], name: str, source: str, program: str
) -> None:
    """A copy of `source` with what `program` puts in. What was cut short has another name."""
    draft, ready = sql.Identifier(f"{name}_draft"), sql.Identifier(name)
    making = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    server.execute(making.format(draft, sql.Identifier(source)))
    made = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "DATABASE_URL": _url(f"{name}_draft"), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(draft, ready))


def _url(name: str) -> str:
    return psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname=name)
