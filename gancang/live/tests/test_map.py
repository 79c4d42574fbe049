"""A map is loaded by a command while the house works, and its tiles are served by ranges."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import httpx

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


def load_map(installation: Installation, file: Path) -> subprocess.CompletedProcess[str]:
    """The command, as an admin types it."""
    return subprocess.run(
        [GANCANG, "load-map", str(file), "--region", installation.region, "--json"],
        env=installation.environment,
        cwd=installation.var.parent,
        capture_output=True,
        text=True,
        check=False,
    )


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
    first = load_map(installation, town(lat, lon).write(tmp_path / "town.osm"))
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    assert told["tiles"] > 10
    assert told["roads"] == 3
    assert told["villages_off"] < told["villages"]
    old = tiles_of_page(served)
    part = httpx.get(served.url + old, headers={"range": "bytes=0-6"})
    assert (part.status_code, part.content) == (206, b"PMTiles")
    assert "immutable" in part.headers["cache-control"]

    grown = town(lat, lon)
    grown.way((100, 100), (900, 900), highway="secondary", name="Jalan Baru")
    assert load_map(installation, grown.write(tmp_path / "grown.osm")).returncode == 0
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
        told = load_map(installation, file)
        assert told.returncode == 1
        assert words in told.stderr
        assert told.stderr.count("\n") == 1
    assert tiles_of_page(served) == before
    assert not [
        f.name for f in installation.var.glob("maps/*/*") if f.name.startswith((".", "new"))
    ]


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
