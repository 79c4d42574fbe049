"""A map is loaded by a command while the house works, and its tiles are served by ranges."""

from __future__ import annotations

import json
import subprocess
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from gancang.live.tests.conftest import GANCANG
from gancang.maps.tests.town import Drawing, town

if TYPE_CHECKING:
    from pathlib import Path

    from gancang.live.tests.conftest import Installation, Serving


def middle_of(running: Serving, region: str) -> tuple[float, float]:
    """Where a village of the region lies."""
    ground = httpx.get(f"{running.url}/maps/{region}/ground.json").json()
    village = ground["villages"][0]
    assert ground["districts"]
    return village["lat"], village["lon"]


def loading(installation: Installation, file: Path, kb_max: int = 0) -> subprocess.Popen[str]:
    """The command, as an admin types it; where asked, on a disk that holds only small files."""
    asked = [str(GANCANG), "load-map", str(file), "--region", installation.region, "--json"]
    small = ["bash", "-c", f'ulimit -f {kb_max}; exec "$@"', "bash"] if kb_max else []
    return subprocess.Popen(
        [*small, *asked],
        env=installation.environment,
        cwd=installation.var.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def load_map(installation: Installation, file: Path, kb_max: int = 0) -> tuple[int, str, str]:
    """The command to its end: how it exits, what it prints, what it says on stderr."""
    with loading(installation, file, kb_max) as command:
        out, told = command.communicate()
    return command.returncode, out, told


def left_halves(installation: Installation) -> list[str]:
    """Files of maps that are not whole."""
    lying = installation.var.glob("maps/*/**/*")
    return [f.name for f in lying if f.name.startswith((".", "new"))]


def tiles_of_page(running: Serving) -> str:
    """The address of the tiles that the operator's map names."""
    with running.browser_of("operator") as browser:
        page = browser.get("/dispatch/map").text
    return page.partition('data-tiles="')[2].partition('"')[0]


def test_a_new_map_is_there_at_once_and_the_one_before_stays_for_who_looks_at_it(
    installation: Installation, served: Serving, tmp_path: Path
) -> None:
    lat, lon = middle_of(served, installation.region)
    assert tiles_of_page(served) == ""
    status, out, said = load_map(installation, town(lat, lon).write(tmp_path / "town.osm"))
    assert status == 0, said
    told = json.loads(out)
    assert told["tiles"] > 10
    assert told["roads"] == 3
    assert told["villages_off"] < told["villages"]
    old = tiles_of_page(served)
    part = httpx.get(served.url + old, headers={"range": "bytes=0-6"})
    assert (part.status_code, part.content) == (206, b"PMTiles")
    assert "immutable" in part.headers["cache-control"]

    grown = town(lat, lon)
    grown.way((100, 100), (900, 900), highway="secondary", name="Jalan Baru")
    assert load_map(installation, grown.write(tmp_path / "grown.osm"))[0] == 0
    new = tiles_of_page(served)
    assert new != old
    for file in (old, new):
        assert httpx.get(served.url + file, headers={"range": "bytes=0-6"}).status_code == 206


def test_what_is_no_map_is_told_in_one_line_and_changes_nothing(
    installation: Installation, served: Serving, tmp_path: Path
) -> None:
    before = tiles_of_page(served)
    strange = tmp_path / "foto.osm.pbf"
    strange.write_bytes(b"\xff\xd8" * 500)
    lat, lon = middle_of(served, installation.region)
    houses = Drawing(lat, lon)
    houses.way((30, 30), (50, 30), (50, 50), (30, 50), closed=True, building="yes")
    elsewhere = town(50.0, 10.0).write(tmp_path / "elsewhere.osm")
    for file, words in (
        (tmp_path / "none.osm", "Tidak ada berkas"),
        (strange, "OpenStreetMap"),
        (elsewhere, "elsewhere.osm"),
        (houses.write(tmp_path / "houses.osm"), "tidak memuat jalan di sekitar"),
    ):
        status, _, said = load_map(installation, file)
        assert status == 1
        assert words in said
        assert said.count("\n") == 1
    assert tiles_of_page(served) == before
    assert left_halves(installation) == []


def a_wide_town(served: Serving, region: str) -> Drawing:
    """So many streets that their map is made for a while and weighs something."""
    lat, lon = middle_of(served, region)
    drawn = Drawing(lat, lon)
    for street in range(600):
        across, along = 40 * (street // 2), (-12_000, 12_000)
        ends = [(at, across) if street % 2 else (across, at) for at in along]
        drawn.way(*ends, highway="residential", name=f"Jalan {street}")
    return drawn


@pytest.mark.parametrize("kb_max", [8, 90])
def test_on_a_full_disk_the_old_map_stays_and_one_line_says_what_to_do(
    installation: Installation, served: Serving, tmp_path: Path, kb_max: int
) -> None:
    before = tiles_of_page(served)
    wide = a_wide_town(served, installation.region).write(tmp_path / "wide.osm")
    status, out, said = load_map(installation, wide, kb_max)
    assert (status, out) == (1, "")
    assert "Sediakan ruang di penyimpanan server" in said
    assert said.count("\n") == 1, said
    assert tiles_of_page(served) == before
    assert left_halves(installation) == []


def test_a_loading_that_was_killed_serves_nothing_and_the_next_one_tidies_up(
    installation: Installation, served: Serving, tmp_path: Path
) -> None:
    before, region = tiles_of_page(served), installation.region
    wide = a_wide_town(served, region).write(tmp_path / "wide.osm")
    half = installation.var / "maps" / region / ".half"
    with loading(installation, wide) as command:
        while not list(half.glob("*")):
            assert command.poll() is None, command.communicate()
            time.sleep(0.02)
        command.kill()
    (half / "new.pmtiles").touch()
    assert tiles_of_page(served) == before
    assert httpx.get(f"{served.url}/maps/files/{region}/.half/new.pmtiles").status_code == 404
    assert load_map(installation, wide)[0] == 0
    assert tiles_of_page(served) not in ("", before)
    assert left_halves(installation) == []


def test_nothing_but_maps_is_served_from_there(installation: Installation, served: Serving) -> None:
    roads = f"{installation.region}/2026-11-20-0123456789ab.road"
    for path in (
        f"{installation.region}/now.json",
        roads,
        "../keys.json",
        "%2e%2e/keys.json",
        "",
        "x",
    ):
        assert httpx.get(f"{served.url}/maps/files/{path}").status_code == 404
