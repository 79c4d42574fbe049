"""The command, as those outside call it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from gancang_roads.cli import main

TOWN = str(Path(__file__).parent / "data" / "town.osm")
BEGIN, END = "-8.2010,114.3000", "-8.2000,114.3060"


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> str:
    target = tmp_path_factory.mktemp("cli") / "town.road"
    assert main(["build", TOWN, "-o", str(target)]) == 0
    return str(target)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command that succeeds prints."""
    assert main(list(words)) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line with which a command refuses."""
    assert main(list(words)) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("gancang-roads: ")
    assert told.err.count("\n") == 1
    return told.err


def csv(folder: Path, text: str) -> str:
    path = folder / "points.csv"
    path.write_text(text, "utf-8")
    return str(path)


def test_build_prints_nodes_edges_and_seconds(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "town.road"
    out = said(capsys, "build", TOWN, "-o", str(target), "--profiles", "motorcycle,car")
    assert out.startswith("nodes 15, edges 19, seconds ")
    assert "motorcycle: 16 nodes, 38 edges" in out
    assert "roads of 20" in out
    assert [p.name for p in tmp_path.iterdir()] == ["town.road"]
    told = json.loads(said(capsys, "build", TOWN, "-o", str(target), "--json"))
    assert (told["nodes"], told["edges"]) == (15, 19)
    assert told["seconds"] > 0


def test_build_within_a_box(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = str(tmp_path / "town.road")
    box = "114.2999,-8.2021,114.3050,-8.1940"
    told = json.loads(said(capsys, "build", TOWN, "-o", target, "--bbox", box, "--json"))
    assert told["nodes"] < 15
    assert "west,south,east,north" in refused(
        capsys, "build", TOWN, "-o", target, "--bbox", "-8.2,114,-8.1,115"
    )


def test_matrix_answers_as_the_contract_says(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, net: str
) -> None:
    points = csv(tmp_path, "name,lat,lon\npharmacy,-8.2010,114.3000\nmarket,-8.2,114.306\n")
    for traveller in ("motorcycle", "car"):
        words = ("matrix", net, "--points", points, "--profile", traveller, "--json")
        told = json.loads(said(capsys, *words))
        assert [len(row) for row in told["seconds"] + told["metres"]] == [2] * 4
        assert told["seconds"][0][0] == told["metres"][1][1] == 0
        assert told["metres"][0][1] == pytest.approx(790, abs=3)
        assert told["took_s"] >= 0
    assert said(capsys, *words[:-1]).count(",") == 2


def test_an_unreachable_pair_is_null(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = str(tmp_path / "mainland.road")
    text = Path(TOWN).read_text("utf-8").replace('v="ferry"', 'v="none"')
    source = tmp_path / "split.osm"
    source.write_text(text, "utf-8")
    assert "split" in refused(capsys, "build", str(source), "-o", target, "--bbox", "1,1,2,2")
    assert "not joined: 14 + 2" in said(capsys, "build", str(source), "-o", target)
    points = csv(tmp_path, "lat,lon\n-8.2010,114.3000\n-8.2,114.3300\n")
    told = json.loads(said(capsys, "matrix", target, "--points", points, "--json"))
    assert told["seconds"] == [[0, None], [None, 0]]


def test_route_answers_as_the_contract_says(capsys: pytest.CaptureFixture[str], net: str) -> None:
    words = ("route", net, "--from", BEGIN, "--to", END)
    told = json.loads(said(capsys, *words, "--profile", "car", "--json"))
    assert told["seconds"] > 0
    assert told["metres"] == pytest.approx(790, abs=3)
    assert told["line"][0] == [-8.201, 114.3]
    assert told["line"][-1] == [-8.2, 114.306]
    assert told["source"].startswith("roads of 20")
    assert "Belok kanan ke Jalan Basuki Rahmat" in said(capsys, *words)
    assert "Turn right onto Jalan Basuki Rahmat" in said(capsys, *words, "--language", "en")
    more = json.loads(said(capsys, *words, "--alternatives", "2", "--json"))
    assert len(more["alternatives"]) == 1
    slow = json.loads(said(capsys, *words, "--hour", "7", "--json"))
    assert slow["seconds"] > more["seconds"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("lat,lon\n-8.201,114.3\n-8.3,115.9\n", "row 2: -8.3, 115.9 is more than 2 km from any"),
        ("lat,lon\n114.3,-8.2\n", "row 1: no such place on earth.*swapped"),
        ("lat,lon\n-8.2,114.3\nx,114.3\n", "row 2: 'x', '114.3' are not two numbers"),
        ("lat,lon\n-8.2\n", "row 1: '-8.2', None are not two numbers"),
        ("y,x\n-8.2,114.3\n", "no column 'lat'; its first line is lat,lon"),
        ("lat,lon\n", "has no rows"),
        ("lat,lon\nnan,114.3\n", "row 1: no such place on earth"),
    ],
)
def test_a_wrong_row_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, net: str, content: str, why: str
) -> None:
    told = refused(capsys, "matrix", net, "--points", csv(tmp_path, content), "--json")
    assert re.search(why, told)


def test_a_million_points_at_once_are_refused_at_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, net: str
) -> None:
    points = csv(tmp_path, "lat,lon\n" + "-8.2,114.303\n" * 1_000_000)
    told = refused(capsys, "matrix", net, "--points", points, "--json")
    assert "1,000,000 x 1,000,000 points are more than 100,000,000 pairs" in told
    assert "in parts" in told


def test_what_is_no_network_or_not_there_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert "is no road network" in refused(capsys, "route", TOWN, "--from", BEGIN, "--to", END)
    gone = str(tmp_path / "gone")
    assert "No such file" in refused(capsys, "route", gone, "--from", BEGIN, "--to", END)
    assert "no such file" in refused(capsys, "build", gone, "-o", str(tmp_path / "net"))
    nowhere = str(tmp_path / "nowhere" / "net")
    assert "there is no folder" in refused(capsys, "build", TOWN, "-o", nowhere)
    words = ("build", TOWN, "-o", str(tmp_path / "n"), "--profiles", "horse")
    assert "no traveller is called horse" in refused(capsys, *words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("build", TOWN),
        ("route", "net", "--from", "here", "--to", END),
        ("route", "net", "--from", BEGIN, "--to", "1,2,3"),
        ("matrix", "net", "--points", "p.csv", "--profile", "horse"),
    ],
)
def test_wrong_usage_is_2(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert ended.value.code == 2
    assert "usage: gancang-roads" in capsys.readouterr().err
