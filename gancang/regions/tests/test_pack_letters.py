"""A pack's letters speak a language of the region and name only what there is."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from gancang.regions.pack import check_pack, read_pack
from tests.cast import PACK

if TYPE_CHECKING:
    from pathlib import Path

HEAD = '[letters]\nquiet_from = "20:00"\nquiet_until = "06:00"\n'
LANGUAGE = read_pack(PACK).region.languages[0]


def problems(folder: Path, *, greeting: str, letter: str) -> list[str]:
    """What is wrong with a pack of these letters."""
    copy = folder / PACK.name
    shutil.copytree(PACK, copy, dirs_exist_ok=True)
    (copy / "letters.toml").write_text(f"{HEAD}{greeting}{letter}", encoding="utf-8")
    return [str(problem) for problem in check_pack(copy)]


def greeting(language: str = LANGUAGE) -> str:
    """A greeting."""
    return f'[[greeting]]\nlanguage = "{language}"\ntext = "Salam."\nsource = "Bu Sri"\n'


def letter(text: str, kind: str = "order.collected") -> str:
    """A letter in words of the region's own."""
    return f'[[letter]]\nkind = "{kind}"\nlanguage = "{LANGUAGE}"\ntext = "{text}"\n'


def test_sound_letters_are_taken(tmp_path: Path) -> None:
    assert not problems(tmp_path, greeting=greeting(), letter=letter("{rider}: {link}"))


@pytest.mark.parametrize(
    ("greet", "write", "told"),
    [
        (greeting("Klingon"), letter("x"), "letters.toml:5: Klingon is not spoken here"),
        (greeting(), letter("{code}"), "letters.toml:11: {code} is not known here"),
        (greeting(), letter("a { b"), "letters.toml:11: a brace stands alone"),
        (greeting(), letter("{rider!r}"), "letters.toml:11: a brace stands alone"),
        (greeting(), letter("x", kind="order.lost"), "letters.toml:9: kind is 'order.lost'"),
        (greeting() * 2, letter("x"), "letters.toml:8: greeting in"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, greet: str, write: str, told: str
) -> None:
    found = problems(tmp_path, greeting=greet, letter=write)
    assert any(problem.startswith(told) for problem in found), found


def test_a_pack_without_letters_writes_at_any_hour(tmp_path: Path) -> None:
    copy = tmp_path / PACK.name
    shutil.copytree(PACK, copy)
    (copy / "letters.toml").unlink()
    assert read_pack(copy).letters == {}
