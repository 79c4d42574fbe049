"""A server is lost: the copy brings everything back and proves it; without keys nothing opens."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from gancang import keys
from gancang.backup import digest_queries, digests, fingerprints, why_not_keys
from tests.ready import own_database, ready_database
from tests.test_command_line import PACK, Gancang, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def regency(tmp_path: Path) -> Iterator[Gancang]:
    """A regency at work: its region, an admin, a letter that was written, keys of its own."""
    with own_database("lost", like=ready_database()) as url:
        call = Gancang(url, tmp_path / "var")
        (tmp_path / "var" / "letters").mkdir(parents=True)
        (tmp_path / "var" / "letters" / "00000001-note.json").write_text("{}")
        (tmp_path / "var" / keys.FILE).write_text(keys.fresh())
        del call.environment["GANCANG_KEYS"]
        made = call(
            "create-admin", "bagus", "--region", PACK.name, GANCANG_ADMIN_PASSWORD="kopi-pagi-2026"
        )
        assert made.returncode == 0, made.stderr
        with psycopg.connect(url) as connection:
            connection.execute("UPDATE accounts_user SET language = 'id'")
        yield call


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Gancang]:
    """A new machine with an empty database."""
    with own_database("found") as url:
        call = Gancang(url, tmp_path / "new-var")
        del call.environment["GANCANG_KEYS"]
        (tmp_path / "new-var").mkdir()
        yield call


def seal_a_phone(regency: Gancang) -> None:
    """Something sealed stands in the database."""
    words = "import django; django.setup()\nfrom gancang.accounts.models import User\n"
    words += "u = User.objects.get(username='bagus'); u.phone = '+6281234567890'; u.save()"

    environment = {**os.environ, **regency.environment}
    environment.pop("GANCANG_KEYS", None)
    environment["DJANGO_SETTINGS_MODULE"] = "gancang.settings"
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def test_a_lost_server_comes_back_whole_on_another_machine(
    regency: Gancang, elsewhere: Gancang, tmp_path: Path
) -> None:
    seal_a_phone(regency)
    told = regency.json("backup", "--to", str(tmp_path / "safe"), "--drill")
    copy = Path(told["folder"])
    assert told["drill_seconds"] > 0
    assert told["rows"] > 100
    assert told["files"] == 1
    ring = (tmp_path / "var" / keys.FILE).read_text()
    assert not [path for path in copy.rglob("*") if path.name == keys.FILE]
    assert "+6281234567890" not in (copy / "database.dump").read_bytes().decode("latin-1")

    # The machine burns down: its database and its folder are gone.
    url = regency.environment["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    shutil.rmtree(tmp_path / "var")

    # Without the keys from the safe nothing is begun, and no new ones are made.
    assert keys.FILE in one_line(elsewhere("restore", str(copy)))
    assert not (tmp_path / "new-var" / keys.FILE).exists()

    (tmp_path / "new-var" / keys.FILE).write_text(ring)
    back = elsewhere.json("restore", str(copy))
    assert back["events"] > 0
    assert back["problems"] == []
    assert back["opened"] == "accounts_user.phone"
    assert (tmp_path / "new-var" / "letters" / "00000001-note.json").exists()
    assert elsewhere.json("verify")["ok"] is True
    # A second time there is something to lose.
    assert "not empty" in one_line(elsewhere("restore", str(copy)))


def test_a_damaged_or_foreign_copy_is_refused_before_anything_is_written(
    regency: Gancang, elsewhere: Gancang, tmp_path: Path
) -> None:
    copy = Path(regency.json("backup")["folder"])
    assert copy.parent == tmp_path / "var" / "backups"
    (tmp_path / "new-var" / keys.FILE).write_text(keys.fresh())
    assert "not those of the copy" in one_line(elsewhere("restore", str(copy)))
    shutil.copy(tmp_path / "var" / keys.FILE, tmp_path / "new-var" / keys.FILE)
    with (copy / "database.dump").open("ab") as file:
        file.write(b"x")
    assert "damaged" in one_line(elsewhere("restore", str(copy)))
    assert "no whole copy" in one_line(elsewhere("restore", str(tmp_path)))
    with psycopg.connect(elsewhere.environment["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert row.fetchone() == (0,)


def test_a_copy_from_before_which_read_1_10_2_is_still_brought_back(
    regency: Gancang, elsewhere: Gancang, tmp_path: Path
) -> None:
    copy = Path(regency.json("backup")["folder"])
    manifest = json.loads((copy / "manifest.json").read_text())
    assert manifest.pop("sorted") == "by key"
    with psycopg.connect(regency.environment["DATABASE_URL"]) as connection:
        manifest["tables"], now = digests(connection, numbers_as_text=True), manifest["tables"]
    assert manifest["tables"] != now, "some table has more than nine rows"
    (copy / "manifest.json").write_text(json.dumps(manifest))
    shutil.copy(tmp_path / "var" / keys.FILE, tmp_path / "new-var" / keys.FILE)
    assert elsewhere.json("restore", str(copy))["problems"] == []


def test_no_long_table_is_sorted_for_its_digest_and_a_restored_one_has_been_counted(
    regency: Gancang, elsewhere: Gancang, tmp_path: Path
) -> None:
    copy = regency.json("backup")["folder"]
    shutil.copy(tmp_path / "var" / keys.FILE, tmp_path / "new-var" / keys.FILE)
    elsewhere.json("restore", copy)
    with psycopg.connect(elsewhere.environment["DATABASE_URL"]) as connection:
        connection.execute("SET enable_seqscan TO off")  # small tables are not worth an index
        for table in ("audit_event", "audit_link", "ledger_transfer", "residents_reading"):
            asked = sql.SQL("EXPLAIN {}").format(digest_queries(connection)[table])
            assert "Index Scan" in connection.execute(asked).fetchall()[0][0], table
        uncounted = "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples < 0"
        assert connection.execute(uncounted).fetchall() == []


def test_the_manifest_tells_by_which_keys_and_never_the_keys(
    regency: Gancang, tmp_path: Path
) -> None:
    copy = Path(regency.json("backup")["folder"])
    text = (copy / "manifest.json").read_text()
    ring = json.loads((tmp_path / "var" / keys.FILE).read_text())
    assert not [key for key in (ring["index"], *ring["data"].values()) if key in text]
    assert json.loads(text)["tables"]["accounts_user"]["rows"] >= 1


def test_a_newer_key_beside_the_old_one_opens_the_copy_too() -> None:
    old = keys.Keys("s", b"i" * 32, {1: b"a" * 32})
    newer = keys.Keys("s", b"i" * 32, {1: b"a" * 32, 2: b"b" * 32})
    assert why_not_keys(fingerprints(old), fingerprints(newer)) is None
    assert "2" in (why_not_keys(fingerprints(newer), fingerprints(old)) or "")
