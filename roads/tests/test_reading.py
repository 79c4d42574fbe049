"""Extracts in every form give the same roads; what is none is told so, and nothing is left."""

from __future__ import annotations

import gzip
import json
import os
import resource
import signal
from typing import TYPE_CHECKING

import numpy as np
import osmium
import pytest
from gancang_roads import (
    BadExtract,
    BadNetwork,
    Box,
    Network,
    NotWritten,
    Polygon,
    RoadsError,
    build,
)
from gancang_roads.osm import read
from gancang_roads.segments import cut

from roads.tests.towns import Town, grid_town

if TYPE_CHECKING:
    from pathlib import Path


def as_pbf(source: Path) -> Path:
    target = source.with_suffix(".osm.pbf")
    writer = osmium.SimpleWriter(str(target))
    for thing in osmium.FileProcessor(str(source)):
        writer.add(thing)
    writer.close()
    return target


def town_with_all_kinds() -> Town:
    town = grid_town(4, 4)
    town.node(1, 1, barrier="bollard")
    town.node(2, 2, highway="traffic_signals")
    town.rule("no_left_turn", 1, town.node(0, 1), 6)
    return town


def test_every_form_of_a_file_gives_the_same_roads(tmp_path: Path) -> None:
    town = town_with_all_kinds()
    plain = town.write(tmp_path / "town.osm")
    zipped = tmp_path / "town.osm.gz"
    zipped.write_bytes(gzip.compress(plain.read_bytes()))
    told = tmp_path / "town.json"
    told.write_text(json.dumps(town.overpass()))
    found = [read(path) for path in (plain, zipped, as_pbf(plain), told)]
    for other in found[1:]:
        assert other.marks == found[0].marks
        assert other.turn_rules == found[0].turn_rules
        assert [other.tag_sets[i] for i in other.way_tags] == [
            found[0].tag_sets[i] for i in found[0].way_tags
        ]
        for column in ("refs", "x", "y", "start", "way_ids"):
            assert np.array_equal(getattr(other, column), getattr(found[0], column)), column
    assert found[3].stamp == "2026-11-01"
    assert len(cut(found[0]).tail) == 24


def test_overpass_with_geometry_needs_no_nodes(tmp_path: Path) -> None:
    town = grid_town(2, 2)
    answer = town.overpass()
    ways = [e for e in answer["elements"] if e["type"] == "way"]  # type: ignore[attr-defined]
    for way in ways:
        places = [town.nodes[n] for n in way["nodes"]]
        way["geometry"] = [{"lat": lat, "lon": lon} for lat, lon in places]
    path = tmp_path / "town.json"
    path.write_text(json.dumps({"elements": ways}))
    assert len(cut(read(path)).tail) == 4


def test_a_box_keeps_what_lies_inside(tmp_path: Path) -> None:
    path = grid_town(6, 6).write(tmp_path / "town.osm")
    south, west = -8.2005, 114.2995
    inside = read(path, Box(west, south, west + 0.003, south + 0.003))
    assert len(cut(inside).tail) == 12  # three by three crossings


def test_a_polygon_keeps_what_lies_inside(tmp_path: Path) -> None:
    path = grid_town(6, 6).write(tmp_path / "town.osm")
    south, west, size = -8.2005, 114.2995, 0.003
    ring = [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
    ]
    shape = tmp_path / "shape.geojson"
    shape.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    assert len(cut(read(path, Polygon.read(shape))).tail) == 12


def test_a_road_is_cut_where_the_file_lacks_its_nodes(tmp_path: Path) -> None:
    town = Town()
    town.road(*[(0, column) for column in range(6)], highway="primary")
    text = town.xml().replace('<node id="3"', '<node id="99"')
    path = tmp_path / "holed.osm"
    path.write_text(text)
    assert [len(cut(read(path)).tail), len(read(path).refs)] == [2, 5]


WRONG = [
    ("page.osm.pbf", b"<html>404 not found</html>", "no OpenStreetMap data, or was cut off"),
    ("page.osm", b"<html><body>404</body></html>", "no OpenStreetMap data, or was cut off"),
    ("empty.osm.pbf", b"", "is empty: fetch it again"),
    ("empty.json", b"", "is empty: fetch it again"),
    ("hello.osm.gz", gzip.compress(b"hello", mtime=0), "no OpenStreetMap data, or was cut off"),
    ("noise.osm.pbf", bytes(range(256)) * 400, "no OpenStreetMap data, or was cut off"),
    ("empty.osm", b'<?xml version="1.0"?><osm version="0.6"></osm>', "holds no roads"),
    ("other.json", b'{"type": "FeatureCollection"}', "no answer of Overpass"),
    ("cut.json", b'{"elements": [', "no JSON, or was cut off"),
    ("binary.json", b"\xff\xfe\x00", "no JSON, or was cut off"),
    ("strange.xyz", b"hello", "no OpenStreetMap data, or was cut off"),
]


@pytest.mark.parametrize(("name", "content", "said"), WRONG)
def test_what_is_no_extract_is_told_so_and_leaves_nothing(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadExtract, match=said):
        build(path, tmp_path / "net.road")
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_no_extract(tmp_path: Path) -> None:
    with pytest.raises(BadExtract, match="is a folder"):
        build(tmp_path, tmp_path / "net.road")


@pytest.mark.parametrize("share", [0.01, 0.1, 0.3, 0.5, 0.9, 0.999])
def test_a_file_cut_anywhere_leaves_nothing(tmp_path: Path, share: float) -> None:
    path = as_pbf(grid_town(30, 30).write(tmp_path / "town.osm"))
    whole = path.read_bytes()
    path.write_bytes(whole[: round(len(whole) * share)])
    with pytest.raises(BadExtract):
        build(path, tmp_path / "net.road", profiles=["car"])
    assert not [p.name for p in tmp_path.iterdir() if "net.road" in p.name]


def test_what_a_killed_build_left_goes_with_the_next_and_a_living_one_stays(tmp_path: Path) -> None:
    path = grid_town(3, 3).write(tmp_path / "town.osm")
    killed, living, other = (
        tmp_path / name for name in (".net.road.a.half", ".net.road.b.half", ".else.road.a.half")
    )
    for half in (killed, living, other):
        half.write_bytes(b"half")
    for half in (killed, other):
        os.utime(half, (1, 1))
    build(path, tmp_path / "net.road", profiles=["car"])
    assert [half.exists() for half in (killed, living, other)] == [False, True, True]


def test_a_full_disk_is_told_and_leaves_the_old_network(tmp_path: Path) -> None:
    path = grid_town(30, 30).write(tmp_path / "town.osm")
    net = tmp_path / "net.road"
    net.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
        with pytest.raises(NotWritten, match=r"net\.road was not written: File too large"):
            build(path, net, profiles=["car"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert net.read_bytes() == b"old"
    assert not list(tmp_path.glob("*.half"))
    assert not list(tmp_path.glob(".*.half"))


@pytest.mark.parametrize("form", ["pbf", "gz", "osm"])
def test_a_truncated_file_is_told_so_and_keeps_the_old_network(tmp_path: Path, form: str) -> None:
    path = grid_town(30, 30).write(tmp_path / "town.osm")
    net = tmp_path / "net.road"
    build(path, net, profiles=["car"])
    before = net.read_bytes()
    if form == "pbf":
        path = as_pbf(path)
    elif form == "gz":
        path.with_suffix(".osm.gz").write_bytes(gzip.compress(path.read_bytes()))
        path = path.with_suffix(".osm.gz")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(BadExtract, match="fetch it again"):
        build(path, net, profiles=["car"])
    assert net.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_an_extract_of_another_country_is_told_by_the_box(tmp_path: Path) -> None:
    path = grid_town().write(tmp_path / "town.osm")
    with pytest.raises(BadExtract, match=r"within 8,49,9,50; its roads lie within 114\.300,-8"):
        build(path, tmp_path / "net.road", clip=Box(8, 49, 9, 50))


def test_a_box_with_latitude_first_is_refused() -> None:
    with pytest.raises(RoadsError, match="west,south,east,north"):
        Box.parse("-8.8,113.8,-7.7,114.7")


def test_roads_for_nobody_are_no_network(tmp_path: Path) -> None:
    town = Town()
    town.road((0, 0), (0, 1), highway="steps")
    path = town.write(tmp_path / "town.osm")
    with pytest.raises(BadExtract, match="no road in it is open to the traveller car"):
        build(path, tmp_path / "net.road", profiles=["car"])


@pytest.fixture
def net(tmp_path: Path) -> Path:
    path = grid_town().write(tmp_path / "town.osm")
    build(path, tmp_path / "net.road", profiles=["motorcycle"])
    return tmp_path / "net.road"


def test_a_damaged_network_is_noticed(net: Path) -> None:
    whole = net.read_bytes()
    for at in (0, 9, 30, len(whole) // 2, len(whole) - 1):
        spoilt = bytearray(whole)
        spoilt[at] ^= 255
        net.write_bytes(bytes(spoilt))
        with pytest.raises(BadNetwork, match="build it again"):
            Network.open(net)
    for length in (0, 10, 100, len(whole) - 1):
        net.write_bytes(whole[:length])
        with pytest.raises(BadNetwork, match="build it again"):
            Network.open(net)
    net.write_bytes(whole)
    assert Network.open(net).profiles == ["motorcycle"]


def test_a_network_that_is_not_there_or_a_folder_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(BadNetwork, match="No such file"):
        Network.open(tmp_path / "none.road")
    with pytest.raises(BadNetwork, match="directory"):
        Network.open(tmp_path)


def test_an_open_network_goes_on_while_a_new_one_takes_its_place(net: Path, tmp_path: Path) -> None:
    roads = Network.open(net).roads("motorcycle")
    before = roads.matrix([(-8.2, 114.3)], [(-8.195, 114.305)]).seconds
    build(grid_town(3, 3).write(tmp_path / "other.osm"), net, profiles=["motorcycle"])
    assert (roads.matrix([(-8.2, 114.3)], [(-8.195, 114.305)]).seconds == before).all()
    assert Network.open(net).told["profiles"]["motorcycle"]["nodes"] == 9


def test_the_same_extract_gives_the_same_file(tmp_path: Path) -> None:
    path = grid_town().write(tmp_path / "town.osm")
    build(path, tmp_path / "one.road")
    build(path, tmp_path / "two.road")
    assert (tmp_path / "one.road").read_bytes() == (tmp_path / "two.road").read_bytes()
