"""The documents: their commands exist, their links lead somewhere, their tables are complete."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    path
    for folder in (".", "docs", "region_packs", "planner", "roads")
    for path in (ROOT / folder).glob("**/*.md" if folder == "docs" else "*.md")
)
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


@pytest.mark.parametrize("name", NAMES)
def test_every_link_inside_leads_somewhere(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_every_command_that_is_told_exists() -> None:
    told = {
        command
        for page in PAGES
        for command in re.findall(r"gancang ((?:[a-z]+-)*[a-z]+)(?: |`|$)", _code(page))
    }
    cli = (ROOT / "gancang/cli.py").read_text("utf-8")
    known = set(re.findall(r'add\("([a-z-]+)"', cli))
    assert {"demo", "serve", "verify"} <= told
    assert told - known == set()


def test_every_make_target_that_is_told_exists() -> None:
    told = {t for page in PAGES for t in re.findall(r"make (?:-C \S+ )?([a-z-]+)", _code(page))}
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= told
    assert told - known == set()


def _code(page: Path) -> str:
    text = page.read_text("utf-8")
    blocks = re.findall(r"```(?:sh|ini)?\n(.*?)```", text, re.DOTALL)
    return "\n".join([*blocks, *(f"{c}\n" for c in re.findall(r"`([^`\n]+)`", text))])


def test_every_capability_stands_in_the_architecture() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    folders = [path.parent.name for path in (ROOT / "gancang").glob("*/__init__.py")]
    assert [folder for folder in folders if f"`{folder}`" not in page] == []


def test_every_noun_stands_in_the_glossary() -> None:
    page = (ROOT / "docs/glossary.md").read_text("utf-8").lower()
    nouns = [
        re.sub(r"(?<!^)([A-Z])", r" \1", noun).lower()
        for path in (ROOT / "gancang").glob("*/models.py")
        for noun in re.findall(r"^class (\w+)\(models\.Model\)", path.read_text(), re.MULTILINE)
    ]
    assert len(nouns) > 25
    assert [noun for noun in nouns if noun not in page] == []


def test_the_changelog_says_what_is_new() -> None:
    assert re.search(
        r"^## (Unreleased|\d)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )


def test_nothing_tracked_speaks_of_one_machine() -> None:
    pattern = r"/root/|/home/[a-z]+/|pypi\.org|registry\.npmjs"
    found = subprocess.run(
        [
            "git",
            "grep",
            "-nIE",
            pattern,
            "--",
            ".",
            ":!*.lock",
            ":!tests/test_docs.py",
            ":!tests/test_architecture.py",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == ""
