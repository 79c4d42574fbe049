"""The documents: their commands exist, their links lead somewhere, their tables are complete."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib

import pytest

from gancang import cli
from tests.house_rules import ROOT
from tests.test_architecture import our_files

PAGES = [page for page in our_files() if page.suffix == ".md"]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
READMES = ["README.md", "README.id.md"]
# Where a command of ours begins: alone, after variables, after another one, by its path.
OUR = r"(?:^|&& |; |=\S* |\.venv/bin/)"


def read(name: str) -> str:
    """The text of a file, by its path from the root."""
    return (ROOT / name).read_text("utf-8")


def code_of(name: str) -> str:
    """What a page shows as commands: its blocks of shell or units, and what stands in backticks."""
    blocks = re.findall(r"```(?:sh|ini)?\n(.*?)```", read(name), re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", read(name))])


def told(pattern: str) -> set[str]:
    """All that the pages' commands say in the place of the pattern's group."""
    return {found for name in NAMES for found in re.findall(pattern, code_of(name), re.MULTILINE)}


@pytest.mark.parametrize("name", NAMES)
def test_every_link_inside_leads_somewhere(name: str) -> None:
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#:]+)(?:#[^)]*)?\)", read(name)):
        assert ((ROOT / name).parent / target).exists(), target


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_there(name: str) -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", read(name))
    assert shown or name not in READMES
    assert [target for target in shown if not ((ROOT / name).parent / target).exists()] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_file_that_is_named_exists(name: str) -> None:
    paths = re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|md|toml|csv|sh|json|jsonl))`", read(name))
    roots = (ROOT, ROOT / "gancang", (ROOT / name).parent)
    made = ("GANCANG_VAR/", "var/")  # by the program, where it runs
    gone = [p for p in paths if not p.startswith(made) and not any((r / p).exists() for r in roots)]
    assert gone == []


def test_every_command_that_is_told_is_there_with_its_options(
    capsys: pytest.CaptureFixture[str],
) -> None:
    commands = told(rf"{OUR}gancang ((?:[a-z]+-)*[a-z]+)(?= |$)")
    assert {"demo", "serve", "verify", "create-admin"} <= commands
    for command in sorted(commands):
        with pytest.raises(SystemExit) as ended:
            cli.main([command, "--help"])
        assert ended.value.code == 0, command
        offered = capsys.readouterr().out
        lines = told(rf"{OUR}gancang {command}( [^|;&\n]*)?")
        options = re.findall(r" (--[a-z-]+)", " ".join(lines))
        assert [option for option in options if option not in offered] == [], command


def test_every_make_target_that_is_told_exists() -> None:
    targets = told(rf"{OUR}make (?:-C \S+ )?([a-z-]+)")
    assert {"demo", "test", "check"} <= targets
    assert targets - set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE)) == set()


def test_every_variable_that_is_told_is_read() -> None:
    source = "".join(p.read_text("utf-8") for p in our_files() if p.suffix in {".py", ".sh"})
    names = told(r"\b(GANCANG_[A-Z_]+)\b")
    assert {"GANCANG_VAR", "GANCANG_PUBLIC_URL"} <= names
    assert [name for name in names if f'"{name}"' not in source] == []


@pytest.mark.parametrize("name", READMES)
def test_a_readme_says_who_can_be_played(name: str) -> None:
    people = read("gancang/demo/people.py")
    office = re.findall(r'^    \("(\w+)", "[^"]+", Role\.', people, re.MULTILINE)
    password = re.findall(r'^PASSWORD = "([^"]+)"', people, re.MULTILINE)
    assert len(office) == 13
    assert [who for who in [*office, *password] if f"`{who}`" not in read(name)] == []


def test_both_readmes_tell_the_same_commands() -> None:
    first, second = (re.findall(r"```sh\n(make \w+).*\n(make \w+)", read(n)) for n in READMES)
    assert first == second == [("make demo", "make test")]


def test_what_a_guide_says_is_on_the_screen_is_there() -> None:
    labels = re.findall(r"\*\*([^*]+)\*\*", read("docs/guides/sehari-bertugas.md"))
    catalogues = "".join(p.read_text("utf-8") for p in our_files() if p.name == "django.po")
    assert len(labels) > 12
    said = [" ".join(label.split()) for label in labels if label != "tebal"]
    assert [label for label in said if f'msgstr "{label}"' not in catalogues] == []


def test_every_capability_stands_in_the_architecture() -> None:
    folders = [path.parent.name for path in (ROOT / "gancang").glob("*/__init__.py")]
    assert len(folders) > 15
    assert [name for name in folders if f"`{name}`" not in read("ARCHITECTURE.md")] == []


def test_the_architecture_draws_the_law_that_is_enforced() -> None:
    law = re.search(r"^layers =\n((?:    .+\n)+)", read(".importlinter"), re.MULTILINE)
    assert law
    drawn = re.findall(r"^\| (`[^|]+) \|", read("ARCHITECTURE.md"), re.MULTILINE)
    assert re.findall(r"\w+", "".join(drawn)) == re.findall(r"\w+", law[1])


def test_every_noun_stands_in_the_glossary() -> None:
    rows = re.findall(r"^\| ([^|]+) \|", read("docs/glossary.md"), re.MULTILINE)
    known = {word.strip() for row in rows for word in row.split(",")}
    nouns = {
        re.sub(r"(?<!^)([A-Z])", r" \1", noun).lower()
        for path in (ROOT / "gancang").glob("*/models.py")
        for noun in re.findall(r"^class (\w+)\((?:models\.Model|Abstract)", path.read_text(), re.M)
    }
    assert len(nouns) > 25
    assert nouns - known == set()


def test_every_dependency_has_a_row_that_agrees_with_the_lock_file() -> None:
    # Where old Pythons get an older version, the newest comes last.
    locked = {package["name"]: package for package in tomllib.loads(read("uv.lock"))["package"]}
    root = tomllib.loads(read("pyproject.toml"))
    groups = root["dependency-groups"]
    needs = [*root["project"]["dependencies"], *groups["kernel"], *groups["zig"]]
    for member in root["tool"]["uv"]["workspace"]["members"]:
        project = tomllib.loads(read(f"{member}/pyproject.toml"))["project"]
        needs += project["dependencies"]
        needs += [n for extra in project.get("optional-dependencies", {}).values() for n in extra]
    rows = []
    names = {re.split(r"[\[<>=]", need)[0] for need in needs} - set(root["tool"]["uv"]["sources"])
    assert {"django", "numpy", "highspy", "nanobind"} <= names
    for name in names:
        files = [locked[name].get("sdist"), *locked[name].get("wheels", [])]
        day = min(file["upload-time"][:10] for file in files if file)
        rows.append(f"| {name} | {locked[name]['version']} | {day} |")
    assert [row for row in rows if row not in read("docs/decisions/README.md")] == []


def test_the_changelog_says_what_is_new() -> None:
    assert re.search(r"^## (Unreleased|\d)", read("CHANGELOG.md"), re.MULTILINE)


def test_nothing_speaks_of_one_machine() -> None:
    pattern = re.compile(rb"/root/|/home/[a-z]+/|pypi\.org|registry\.npmjs")
    itself = {"uv.lock", "test_docs.py", "test_architecture.py"}
    files = [path for path in our_files() if path.name not in itself]
    assert [str(path) for path in files if pattern.search(path.read_bytes())] == []


def test_the_drawing_of_an_order_s_life_is_what_the_code_says() -> None:
    script = [sys.executable, "tools/lifecycle.py", "--check"]
    ran = subprocess.run(script, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert ran.returncode == 0, "docs/lifecycle.md is old: python tools/lifecycle.py"


SAFETY = "docs/safety.md"


def rows_of_safety() -> list[tuple[str, str, str]]:
    """Hazard, barrier and tests of each row."""
    rows = [line.strip().strip("|").split(" | ") for line in read(SAFETY).splitlines()[6:]]
    return [(row[0].strip(), row[1], row[2]) for row in rows if len(row) == 3]


def test_every_hazard_has_a_barrier_and_a_test_that_still_exist() -> None:
    gone = []
    for hazard, barrier, tests in rows_of_safety():
        file = ""
        named = re.findall(r"`([\w/.]*\.py)?(?:::(\w+))?`", tests)
        for path, name in named:
            file = path or file
            if not (ROOT / file).is_file() or (name and f"def {name}(" not in read(file)):
                gone.append(f"{hazard}: {file}::{name}")
        if not named:
            gone.append(f"{hazard}: no test")
        for path, name in re.findall(r"`(\w+/\w+\.py)`, `(\w+)[`.]", barrier):
            if not re.search(rf"\b(def|class) {name}\b", read(f"gancang/{path}")):
                gone.append(f"{hazard}: {path} has no {name}")
    assert gone == []


def test_no_line_of_the_safety_table_is_overlooked() -> None:
    lines = [line for line in read(SAFETY).splitlines() if line.startswith("|")]
    assert len(rows_of_safety()) == len(lines) - 2
