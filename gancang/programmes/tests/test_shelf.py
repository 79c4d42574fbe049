"""Programmes are read by those who answer for them: in words, version beside version, as a file."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from gancang.cli import main
from gancang.medicine.actions import PROGRAMME
from gancang.programmes import actions
from gancang.programmes.changes import changes
from gancang.programmes.files import written
from gancang.programmes.models import Programme
from gancang.programmes.pack_holes import problems_in
from gancang.programmes.queries import get_programme
from gancang.programmes.standing import Span, Standing, standings
from gancang.regions.pack import read_pack
from gancang.regions.queries import today_in
from tests.cast import PACK, client_of, place

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast

ON = date(2026, 11, 30)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
spans = st.builds(Span, days, st.none() | days)


def next_version(cast: Cast, *, begins: date, **told: object) -> Programme:
    """A newer version of the programme of the stories, as a pack would bring it."""
    pack = read_pack(PACK)
    old = next(one for one in pack.programmes if one.code == PROGRAMME)
    newer = replace(
        old,
        version=old.version + 1,
        active_from=begins,
        told={**old.told, "version": old.version + 1, "active_from": begins.isoformat(), **told},
    )
    told_pack = replace(pack, programmes=(newer,))
    actions.load(told_pack, region=cast.region, by="tests", now=datetime.now(UTC))
    return Programme.objects.get(code=PROGRAMME, version=old.version + 1)


def test_the_officer_sees_each_programme_and_how_many_cases_it_decided(cast: Cast) -> None:
    place(cast)
    page = client_of(cast.officer).get("/programmes/").content.decode()
    for row in Programme.objects.filter(region=cast.region).distinct("code"):
        assert row.name in page
    assert "berlaku" in page
    shown = client_of(cast.auditor).get(f"/programmes/{PROGRAMME}/").content.decode()
    assert Programme.objects.get(pk=get_programme(cast.region, PROGRAMME).pk).told["clause"]
    for clause in get_programme(cast.region, PROGRAMME).told["clause"]:
        assert clause["sentence_id"] in shown
    assert '<td data-label="Kasus yang diputus dengannya" class="right">1</td>' in shown


def test_a_newer_version_is_seen_beside_the_one_in_force(cast: Cast) -> None:
    tomorrow = today_in(cast.region, datetime.now(UTC)) + timedelta(days=1)
    newer = next_version(cast, begins=tomorrow, attempts_max=7)
    client = client_of(cast.treasurer)
    assert f"versi {newer.version} mulai nanti" in client.get("/programmes/").content.decode()
    shown = client.get(f"/programmes/{PROGRAMME}/compare").content.decode()
    assert '<td data-label="Sesudah">7</td>' in shown
    assert "Kunjungan gagal sampai ada orang yang turun tangan" in shown


@pytest.mark.parametrize("path", sorted(PACK.glob("programmes/*.toml")), ids=lambda p: p.stem)
def test_a_programme_leaves_as_the_file_it_came_from(cast: Cast, path: object) -> None:
    text = path.read_text("utf-8")  # type: ignore[attr-defined]  # pytest hands on any object
    code, version = (tomlkit.parse(text)[key] for key in ("code", "version"))
    Programme.objects.all().update(told={})
    actions.load(read_pack(PACK), region=cast.region, by="tests", now=datetime.now(UTC))
    answer = client_of(cast.officer).get(f"/programmes/{code}/{version}.toml")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{code}.toml"'
    assert tomlkit.parse(answer.content.decode()).unwrap() == tomlkit.parse(text).unwrap()


def test_rows_are_compared_by_name_and_not_by_place() -> None:
    before = {"funder": [{"fund": "apbd", "percent": 40}, {"fund": "csr", "percent": 60}]}
    after = {"funder": [{"fund": "csr", "percent": 60}, {"fund": "baznas", "percent": 40}]}
    found = {
        (change.row, change.key): (change.before, change.after) for change in changes(before, after)
    }
    assert found == {
        ("baznas", "fund"): (None, "baznas"),
        ("baznas", "percent"): (None, 40),
        ("apbd", "fund"): ("apbd", None),
        ("apbd", "percent"): (40, None),
    }


@given(st.lists(spans, max_size=6))
def test_at_most_one_version_is_in_force_and_it_is_the_newest_that_began(told: list[Span]) -> None:
    found = standings(told, on=ON)
    assert found.count(Standing.IN_FORCE) + found.count(Standing.ENDED) <= 1
    begun = [place for place, span in enumerate(told) if span.first <= ON]
    if begun:
        assert found[begun[0]] in (Standing.IN_FORCE, Standing.ENDED)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), min_size=1, max_size=50))
def test_whatever_is_written_in_a_programme_is_read_again(text: str) -> None:
    if any(sign < " " and sign not in "\n\t" for sign in text):
        return
    told = {"name": text, "carriers": [text], "clause": [{"code": "a", "when": text}]}
    assert tomlkit.parse(written(told)).unwrap() == told


def test_check_region_tells_the_holes_of_a_packs_programmes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / PACK.name
    shutil.copytree(PACK, folder)
    assert list(problems_in(read_pack(folder))) == []
    path = folder / "programmes" / "rantang-kasih.toml"
    text = path.read_text("utf-8").replace('number = "on_time_share"\ntarget = 90', "", 1)
    path.write_text(text.replace("target = 95", "target = 950", 1).replace("[[success]]\n\n", ""))
    (problem,) = problems_in(read_pack(folder))
    assert problem.file == "programmes/rantang-kasih.toml"
    assert "950" in str(problem)
    assert main(["check-region", str(folder)]) == 1
    assert "950" in capsys.readouterr().err
