"""The `gancang` command as its users call it: in a process of its own, on a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from gancang.maps.tests.town import town
from tests.ready import own_database

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACK = ROOT / "region_packs" / os.environ.get("GANCANG_PACK", "banyuwangi")


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """An empty database beside the suite's own, in the same server."""
    with own_database("cli") as url:
        yield url


class Gancang:
    """Calls the command."""

    def __init__(self, url: str, var: Path) -> None:
        self.environment = {**os.environ, "DATABASE_URL": url, "GANCANG_VAR": str(var)}

    def __call__(self, *words: str, **extra: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "gancang.cli", *words]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env={**self.environment, **extra}
        )

    def json(self, *words: str) -> Any:
        """The one JSON document of a call that must succeed."""
        ran = self(*words, "--json")
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def gancang(database: str, tmp_path_factory: pytest.TempPathFactory) -> Gancang:
    """The command, with the region of the stories loaded."""
    call = Gancang(database, tmp_path_factory.mktemp("var"))
    ran = call("load-region", str(PACK))
    assert ran.returncode == 0, ran.stderr
    return call


@pytest.fixture(scope="module")
def code(gancang: Gancang) -> str:
    """The region's folder name, by which commands may call it."""
    del gancang
    return PACK.name


def one_line(ran: subprocess.CompletedProcess[str]) -> str:
    """The reason of a call that was refused: exit 1, one line, no traceback."""
    assert ran.returncode == 1, (ran.stdout, ran.stderr)
    assert ran.stderr.count("\n") == 1, ran.stderr
    assert "Traceback" not in ran.stderr
    return ran.stderr


def test_a_second_load_says_that_nothing_changed(gancang: Gancang) -> None:
    assert gancang.json("load-region", str(PACK)) == {"changed": []}


def test_a_sound_pack_passes_and_a_missing_one_is_refused(gancang: Gancang) -> None:
    assert gancang.json("check-region", str(PACK)) == {"ok": True, "problems": []}
    ran = gancang("check-region", "/nowhere", "--json")
    assert ran.returncode == 1
    assert json.loads(ran.stdout)["problems"][0]["instead"]
    assert "check-region" in one_line(gancang("load-region", "/nowhere"))


def test_verify_is_clean_after_loading(gancang: Gancang, code: str) -> None:
    found = gancang.json("verify", "--region", code)
    assert found["ok"]
    assert found["events"] > 0
    assert found["entries"] > 0
    assert found["problems"] == []


def test_a_tick_with_nothing_to_do_says_so(gancang: Gancang, code: str) -> None:
    found = gancang.json("dispatch", "--once", "--region", code)
    assert (found["considered"], found["assigned"], found["unserved"]) == (0, 0, [])
    assert found["seconds"] >= 0


def test_an_empty_month_owes_nothing(gancang: Gancang, code: str) -> None:
    found = gancang.json("statement", "--region", code, "--month", "2026-11")
    assert (found["lines"], found["total_rp"]) == ([], 0)


@pytest.mark.parametrize("month", ["2026-13", "november", "", "9999-12"])
def test_no_month_is_refused_on_one_line(gancang: Gancang, code: str, month: str) -> None:
    assert "2026-11" in one_line(gancang("statement", "--region", code, "--month", month))


def test_unknown_regions_and_orders_are_refused_on_one_line(gancang: Gancang) -> None:
    assert "00.00" in one_line(gancang("verify", "--region", "00.00"))
    assert "XXX" in one_line(gancang("why", "XXX"))


def test_an_admin_is_made_once_and_never_with_a_weak_password(gancang: Gancang, code: str) -> None:
    words = ("create-admin", "bagus", "--name", "Bagus", "--region", code)
    assert "kata sandi" in one_line(gancang(*words, GANCANG_ADMIN_PASSWORD="1234")).lower()
    assert gancang(*words, GANCANG_ADMIN_PASSWORD="kopi-pagi-osing").returncode == 0
    assert "bagus" in one_line(gancang(*words, GANCANG_ADMIN_PASSWORD="kopi-pagi-osing"))


def test_passwords_are_kept_by_argon2(gancang: Gancang, code: str, database: str) -> None:
    words = ("create-admin", "dewi", "--name", "Dewi", "--region", code)
    assert gancang(*words, GANCANG_ADMIN_PASSWORD="kopi-pagi-osing").returncode == 0
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT password FROM accounts_user").fetchone()
    assert row is not None
    assert row[0].startswith("argon2")


def test_wrong_usage_is_exit_2_and_help_is_there(gancang: Gancang) -> None:
    assert gancang("fly").returncode == 2
    assert gancang("verify", "--colour").returncode == 2
    for command in (
        "demo",
        "serve",
        "load-region",
        "check-region",
        "import-prescriptions",
        "dispatch",
        "verify",
        "statement",
        "why",
        "create-admin",
    ):
        helped = gancang(command, "--help")
        assert helped.returncode == 0
        assert "--json" in helped.stdout


def test_a_tampered_book_is_found_and_named(gancang: Gancang, database: str, code: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # a superuser's own hand
        connection.execute(
            "UPDATE ledger_transfer SET amount_rp = amount_rp + 1 WHERE kind='grant'"
        )
        try:
            ran = gancang("verify", "--region", code, "--json")
            assert ran.returncode == 1
            assert not json.loads(ran.stdout)["ok"]
            assert "account" in ran.stderr
        finally:
            connection.execute(
                "UPDATE ledger_transfer SET amount_rp = amount_rp - 1 WHERE kind='grant'"
            )
    assert gancang.json("verify")["ok"]


def test_a_person_who_is_not_there_is_refused_on_one_line(gancang: Gancang, code: str) -> None:
    assert "nomor lokal" in one_line(gancang("person", "L-000001-8", "--region", code))


def test_without_finished_trips_there_is_nothing_to_fit(gancang: Gancang, code: str) -> None:
    ran = gancang("fit-estimate", "--region", code)
    assert ran.returncode == 1
    assert "angka dari paket tetap berlaku" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_landmarks_of_an_extract_are_taken_in_or_refused_in_one_line(
    gancang: Gancang, code: str, database: str, tmp_path: Path
) -> None:
    with psycopg.connect(database) as rows:
        row = rows.execute("SELECT lat, lon FROM regions_village ORDER BY code").fetchone()
    assert row is not None
    extract = town(*row).write(tmp_path / "kota.osm")
    call = ("load-landmarks", str(extract), "--region", code)
    assert gancang.json(*call) == {"added": 1, "known": 0}
    assert gancang.json(*call) == {"added": 0, "known": 1}
    extract.write_text("bukan peta")
    assert "kota.osm" in one_line(gancang(*call))


def test_outlines_of_villages_are_taken_in_or_refused_in_one_line(
    gancang: Gancang, code: str, database: str, tmp_path: Path
) -> None:
    with psycopg.connect(database) as rows:
        row = rows.execute("SELECT code, lat, lon FROM regions_village ORDER BY code").fetchone()
    assert row is not None
    village, lat, lon = row
    ring = [[lon, lat], [lon + 0.01, lat], [lon, lat + 0.01], [lon, lat]]
    shape = {"geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {"id": village}}
    file = tmp_path / "desa.geojson"
    file.write_text(json.dumps({"features": [shape]}))
    call = ("load-polygons", str(file), "--region", code)
    assert gancang.json(*call)["villages"] == 1
    file.write_text(json.dumps({"features": [shape, shape]}))
    assert "kedua" in one_line(gancang(*call))
