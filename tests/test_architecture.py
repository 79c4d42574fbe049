"""The house rules, read off the source. Each rule has a bad sample that it is seen to refuse."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.house_rules import (
    FORBIDDEN_NAMES,
    LINES_A_FUNCTION,
    LINES_A_MODULE,
    RATCHET,
    ROOT,
    Rule,
    addresses_have_names,
    clocks_are_read_at_the_door,
    deeds_are_transactions,
    errors_are_named,
    files_leave_by_one_door,
    functions_are_short,
    lengths_in,
    modules_are_short,
    names_say_what_it_is,
    no_paths_of_a_machine,
    no_region_in_python,
    no_rows_in_pages,
    nothing_hides,
    only_commands_print,
    rows_are_written_in_few_places,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

RULES: list[tuple[Rule, str, str]] = [
    (no_rows_in_pages, "gancang/medicine/pages.py", "Order.objects.all()\n"),
    (rows_are_written_in_few_places, "gancang/x/rules.py", "A.objects.filter(a=1).update(a=2)\n"),
    (rows_are_written_in_few_places, "gancang/x/forms.py", "A.objects.create()\n"),
    (
        deeds_are_transactions,
        "gancang/x/actions.py",
        "def deed():\n    A.objects.create()\n    B.objects.create()\n",
    ),
    (functions_are_short, "gancang/x.py", "def long():\n" + "    pass\n" * 41),
    (functions_are_short, "gancang/x.py", "class A:\n  async def f():\n" + "    pass\n" * 41),
    (modules_are_short, "gancang/x.py", "x = 1\n" * 401),
    (names_say_what_it_is, "gancang/core/x.py", ""),
    (names_say_what_it_is, "gancang/medicine/helpers.py", ""),
    (no_region_in_python, "gancang/x.py", 'name = "Banyuwangi"\n'),
    (no_region_in_python, "gancang/x.py", 'code = "35.10"\n'),
    (no_region_in_python, "gancang/x.py", "if region.code == other:\n    pass\n"),
    (no_region_in_python, "gancang/x.py", "match order.region:\n    case _:\n        pass\n"),
    (nothing_hides, "gancang/x.py", "from django.db.models import signals\n"),
    (nothing_hides, "gancang/x.py", "class A:\n    def save(self):\n        pass\n"),
    (clocks_are_read_at_the_door, "gancang/x/actions.py", "now = timezone.now()\n"),
    (clocks_are_read_at_the_door, "gancang/x/models.py", "at = Field(default=timezone.now)\n"),
    (clocks_are_read_at_the_door, "gancang/x/models.py", "at = Field(auto_now_add=True)\n"),
    (clocks_are_read_at_the_door, "planner/src/p/x.py", "began = time.time()\n"),
    (files_leave_by_one_door, "gancang/x/sheets.py", "lines = csv.writer(text)\n"),
    (files_leave_by_one_door, "gancang/x/pages.py", 'HttpResponse(data, "text/csv")\n'),
    (errors_are_named, "gancang/x.py", "try:\n    a()\nexcept Exception:\n    pass\n"),
    (errors_are_named, "gancang/x.py", "try:\n    a()\nexcept:\n    pass\n"),
    (addresses_have_names, "gancang/x/urls.py", 'urlpatterns = [path("a", pages.a)]\n'),
    (no_paths_of_a_machine, "gancang/x.py", 'open("/root/secret")\n'),
    (only_commands_print, "gancang/x.py", "print(1)\n"),
    (only_commands_print, "gancang/x.py", "def f():\n    if a: print(1)\n"),
]


@pytest.mark.parametrize(("rule", "path", "sample"), RULES)
def test_each_rule_is_seen_to_refuse(rule: Rule, path: str, sample: str) -> None:
    assert list(rule(path, sample))


def sources() -> list[Path]:
    """Our own Python: what the product is made of, without tests and migrations."""
    folders = ("gancang", "planner/src", "planner/kernel/src", "roads/src", "tools", "benchmarks")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if not {"tests", "migrations"} & set(path.parts)]


@pytest.mark.parametrize("rule", dict.fromkeys(rule for rule, _, _ in RULES))
def test_the_house_keeps(rule: Rule) -> None:
    faults = [
        f"{path.relative_to(ROOT)}: {fault}"
        for path in sources()
        for fault in rule(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    ]
    assert not faults, "\n".join(faults)


def test_a_file_of_tests_is_one_idea_too() -> None:
    files = [*ROOT.glob("*/tests/**/*.py"), *ROOT.glob("gancang/*/tests/*.py")]
    files += ROOT.glob("tests/**/*.py")
    assert len(files) > 100
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert not [path.name for path, length in lengths.items() if length > LINES_A_MODULE]


def why_not_ratchet(ratchet: Mapping[str, int], lengths: Mapping[str, int]) -> Iterator[str]:
    """Why the list of giants is out of date: one is gone, shrank, or is no giant any more."""
    for name, told in ratchet.items():
        limit = LINES_A_FUNCTION if ":" in name else LINES_A_MODULE
        now = lengths.get(name, 0)
        if now < told or now <= limit:
            yield f"{name} has {now} lines now: {'write that down' if now > limit else 'strike it'}"


@pytest.mark.parametrize("lengths", [{}, {"a.py:f": 39}, {"a.py:f": 55}])
def test_a_giant_that_shrank_may_not_grow_again(lengths: dict[str, int]) -> None:
    assert list(why_not_ratchet({"a.py:f": 60}, lengths))


def test_the_list_of_giants_is_up_to_date() -> None:
    lengths: dict[str, int] = {}
    for path in sources():
        lengths |= lengths_in(str(path.relative_to(ROOT)), path.read_text("utf-8"))
    assert list(why_not_ratchet(RATCHET, lengths)) == []


def why_not_template(text: str) -> Iterator[str]:
    """Why a template breaks the strict content policy or the look of all pages."""
    if re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text):
        yield "an inline script"
    if re.search(r"<style|\sstyle=", text):
        yield "inline style"
    if re.search(r"\son[a-z]+=|javascript:", text):
        yield "an inline handler"
    if re.search(r"(src|href|action)=[\"']?(https?:)?//", text):
        yield "something of another site"
    if re.search(r"{%\s*extends", text) and text.count("<h1") != 1:
        yield f"{text.count('<h1')} headlines; a page has one"


@pytest.mark.parametrize(
    "sample",
    [
        "<script>x</script>",
        '<p style="color:red">',
        "<style>",
        '<a onclick="x()">',
        '<a href="javascript:x()">',
        '<script src="//cdn.example/x.js"></script>',
        '{% extends "base.html" %}{% block content %}<h2>Orders</h2>{% endblock %}',
        '{% extends "base.html" %}{% block content %}<h1>A</h1><h1>B</h1>{% endblock %}',
    ],
)
def test_a_template_that_breaks_the_rules_is_seen(sample: str) -> None:
    assert list(why_not_template(sample))


def test_every_template_keeps_the_rules() -> None:
    pages = list((ROOT / "gancang").rglob("*.html"))
    assert len(pages) > 30
    assert [f"{p.name}: {f}" for p in pages for f in why_not_template(p.read_text("utf-8"))] == []


def owned_twice(owners: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Files that two distributions install: whichever comes last wins, and removes both."""
    seen: dict[str, str] = {}
    for owner, files in owners.items():
        for file in files:
            if file in seen and file.endswith(".py"):
                yield f"{file} is in {seen[file]} and in {owner}"
            seen[file] = owner


def test_a_module_that_two_distributions_bring_is_seen() -> None:
    # It happened: both have a module of that name.
    owners = {"ninja": ["ninja/__init__.py"], "django-ninja": ["x.py", "ninja/__init__.py"]}
    assert list(owned_twice(owners)) == ["ninja/__init__.py is in ninja and in django-ninja"]


def test_no_two_distributions_bring_the_same_module() -> None:
    installed = {found.name: list(map(str, found.files or ())) for found in distributions()}
    assert len(installed) > 50
    assert list(owned_twice(installed)) == []


def our_files() -> list[Path]:
    """All files of the repository, as .gitignore sees it; also without git."""
    ignored = set((ROOT / ".gitignore").read_text("utf-8").split())
    found = []
    for folder, inside, names in os.walk(ROOT):
        inside[:] = [name for name in inside if name != ".git" and f"{name}/" not in ignored]
        found += [Path(folder, n) for n in names if not {n, f"*{Path(n).suffix}"} & ignored]
    return sorted(found)


def test_no_file_exists_before_it_has_content() -> None:
    allowed = {"__init__.py", "py.typed"}  # what Python itself asks for
    files = our_files()
    assert ROOT / ".ci/run" in files
    assert [str(f) for f in files if not f.stat().st_size and f.name not in allowed] == []


def test_every_folder_of_the_product_is_open_to_the_rules() -> None:
    named = [f for f in our_files() if f.suffix == ".py" and FORBIDDEN_NAMES & set(f.parts)]
    assert named == []


# One sin against each part of .importlinter: where it stands, and what must be said of it.
SINS = [
    ("gancang/audit/sin.py", "import gancang.orders.models", "gancang.audit.sin -> gancang.orders"),
    ("gancang/ledger/sin.py", "import gancang.residents", "gancang.ledger.sin -> gancang.resid"),
    ("gancang/homeless/__init__.py", "", "- gancang.homeless"),
    ("gancang/values/sin.py", "import django.utils", "gancang.values.sin -> django"),
    ("gancang/fleet/rules.py", "import gancang.fleet.models", "gancang.fleet.models -> django"),
    ("gancang/orders/lifecycle.py", "import django", "gancang.orders.lifecycle -> django"),
    ("planner/src/gancang_planner/sin.py", "import django", "gancang_planner.sin -> django"),
    ("planner/src/gancang_planner/sin.py", "import gancang_roads", "sin -> gancang_roads"),
    ("roads/src/gancang_roads/sin.py", "import gancang.values", "gancang_roads.sin -> gancang."),
    (
        "gancang/fleet/sin.py",
        "import gancang_planner_kernel",
        "gancang.fleet.sin -> gancang_planner_k",
    ),
]


def test_each_part_of_the_law_of_imports_is_seen_to_refuse(tmp_path: Path) -> None:
    for source in (*sources(), ROOT / ".importlinter"):
        copy = tmp_path / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)
    for name, sin, _ in SINS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        with (tmp_path / name).open("a") as file:
            file.write(f"\n{sin}\n")
    ran = subprocess.run(
        [ROOT / ".venv/bin/lint-imports", "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": ".:planner/src:roads/src", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "0 kept" in ran.stdout
    assert [said for _, _, said in SINS if said not in ran.stdout] == []
