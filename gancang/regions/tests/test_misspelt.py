"""A key of the money or of a programme that is misspelt is told with its file and its line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gancang.cli import main
from gancang.regions.pack_files import read_files, read_programme

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKS = sorted(each.parent for each in Path("region_packs").glob("*/money.toml"))
KEY = re.compile(r"^([a-z_]+)( *=)", re.MULTILINE)
TABLE = re.compile(r"^(\[+)([a-z_]+)(\]+)", re.MULTILINE)


def misspelt(text: str) -> Iterator[tuple[str, int, str]]:
    """The text with one key, or the name of one table, misspelt; on which line, and how."""
    for found in (*KEY.finditer(text), *TABLE.finditer(text)):
        group = 2 if found[0].startswith("[") else 1
        end = found.end(group)
        wrong = found[group] + "x"
        yield text[:end] + "x" + text[end:], text.count("\n", 0, end) + 1, wrong


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_each_key_of_money(pack: Path, tmp_path: Path) -> None:
    folder = tmp_path / pack.name
    shutil.copytree(pack, folder)
    text = (pack / "money.toml").read_text()
    assert list(misspelt(text))
    for wrong_text, line, wrong in misspelt(text):
        (folder / "money.toml").write_text(wrong_text)
        _files, problems = read_files(folder)
        told = [each for each in problems if repr(wrong) in each.what]
        assert [(each.file, each.line) for each in told] == [("money.toml", line)], wrong


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_each_key_of_each_programme(pack: Path) -> None:
    for path in sorted((pack / "programmes").glob("*.toml")):
        text = path.read_text()
        assert list(misspelt(text))
        for wrong_text, line, wrong in misspelt(text):
            _row, problems = read_programme(wrong_text)
            told = [each.line for each in problems if repr(wrong) in each.what]
            assert told == [line], (path.name, line, wrong)


@pytest.mark.django_db
def test_load_region_says_where_and_what_was_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "contoh"
    shutil.copytree("region_packs/contoh", folder)
    path = folder / "money.toml"
    text = path.read_text()
    path.write_text(text.replace("due_day", "due_dya", 1))
    line = 1 + text.count("\n", 0, text.index("due_day"))
    assert main(["load-region", str(folder)]) != 0
    said = capsys.readouterr()
    assert f"money.toml:{line}: 'due_dya' is not known here; did you mean due_day?" in (
        said.out + said.err
    )
