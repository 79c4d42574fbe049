"""The library by itself: wheels in a bare venv, without Django, on a file of four lines."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
# A depot, and a pickup with its delivery, as Li and Lim write it.
INSTANCE = """2 10 1
0 0 0 0 0 1000 0 0 0
1 3 4 5 0 500 10 0 2
2 6 8 -5 0 900 10 1 0
"""
WITHOUT = ("django", "gancang", "gancang_roads", "scipy", "highspy")


def uv(*arguments: str | Path) -> None:
    """The installer that filled this venv; what is in its cache needs no network."""
    found = shutil.which("uv") or str(ROOT / ".uv/bin/uv")
    if not Path(found).exists():
        pytest.skip("uv is needed to make a bare venv")
    ran = subprocess.run([found, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a venv with the library's wheels, and the kernel's where it is built here."""
    folder = tmp_path_factory.mktemp("bare venv")
    uv("venv", "--quiet", "--python", sys.executable, folder / "venv")
    wheels = ["planner"]
    isolation = []
    if find_spec("gancang_planner_kernel"):
        wheels.append("planner/kernel")
        isolation = ["--no-build-isolation"]  # with the locked tools, which are here
    for name in wheels:
        options = isolation if name == "planner/kernel" else []
        uv("build", "--quiet", "--wheel", "--out-dir", folder / "dist", *options, name)
    python = folder / "venv/bin/python"
    numpy = f"numpy=={version('numpy')}"  # the one that was fetched already
    uv("pip", "install", "--quiet", "--python", python, numpy, *(folder / "dist").glob("*.whl"))
    return python


def run(bare: Path, *arguments: str | Path) -> str:
    """What the program of the bare venv prints; it must succeed."""
    ran = subprocess.run(
        [bare.parent / arguments[0], *arguments[1:]],
        cwd=bare.parent,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_it_solves_a_file_where_nothing_else_is(bare: Path, tmp_path: Path) -> None:
    file = tmp_path / "tiny.txt"
    file.write_text(INSTANCE)
    told = run(
        bare, "gancang-planner", "solve", file, "--format", "lilim", "--iterations", "20", "--json"
    )
    answer: dict[str, Any] = json.loads(told)
    assert answer["routes"] == [[1, 2]]
    assert answer["unserved"] == []
    assert answer["distance"] == pytest.approx(20.0)


def test_it_brings_nothing_of_the_platform_along(bare: Path) -> None:
    names = ", ".join(map(repr, WITHOUT))
    find = f"import importlib.util as u; print([n for n in ({names}) if u.find_spec(n)])"
    assert run(bare, "python", "-c", find).strip() == "[]"


def test_it_has_the_kernel_where_a_compiler_is(bare: Path) -> None:
    find = "import importlib.util as u; print(bool(u.find_spec('gancang_planner_kernel')))"
    assert run(bare, "python", "-c", find).strip() == str(bool(find_spec("gancang_planner_kernel")))


def test_its_import_loads_nothing_heavy(bare: Path) -> None:
    heavy = "{'scipy', 'highspy', 'argparse', 'asyncio', 'unittest', 'ctypes.util', 'json'}"
    loaded = (
        "import numpy, sys; before = set(sys.modules); import gancang_planner;"
        f" print(sorted((set(sys.modules) - before) & {heavy}))"
    )
    assert run(bare, "python", "-c", loaded).strip() == "[]"


WITHOUT_KERNEL = """
import sys, warnings
sys.modules["gancang_planner_kernel"] = None
from gancang_planner import *
from gancang_planner.match import Request, Rider, match
ways = Matrix.of([[0, 9], [9, 0]], [[0, 9], [9, 0]])
world = Snapshot((Job.visit("sari", Stop(1)),), (Vehicle("adi", 0, Window(0, 99)),), ways)
with warnings.catch_warnings(record=True, action="always") as said:
    plans = [plan(world), plan(world)]
    matched = match([Request("soup", (0, 0))], [Rider("siti", (0, 0))])
assert [each.category for each in said] == [KernelMissing], said
assert plans[0] == plans[1] and not plans[0].unserved and matched.pairs
assert said[0].filename == "<string>", said[0]
print(said[0].message)
"""


def test_without_the_kernel_it_warns_once_and_plans_and_matches(bare: Path) -> None:
    said = run(bare, "python", "-c", WITHOUT_KERNEL).strip()
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
    passed = [entry.split(":")[1] for entry in settings["ini_options"]["filterwarnings"][1:]]
    assert [words for words in passed if said.startswith(words)], "the suite would stop at it"
