"""The house rules, read off the source. Each rule has a bad sample that it is seen to refuse."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORBIDDEN_NAMES = {"utils", "helpers", "services", "core", "managers", "common", "misc"}
# Giants of the past, as path:function -> lines. They may only shrink; nobody is added.
RATCHET: dict[str, int] = {}
LINES_A_FUNCTION = 40
LINES_A_MODULE = 400
MAY_READ_THE_CLOCK = {"pages.py", "rider_pages.py", "api.py", "cli.py", "tasks.py"}

Rule = Callable[[str, str], Iterator[str]]


def no_rows_in_pages(path: str, source: str) -> Iterator[str]:
    """Pages and APIs ask queries and call actions; they touch no rows themselves."""
    if Path(path).name in {"pages.py", "rider_pages.py", "api.py"} and ".objects" in source:
        yield "a page uses .objects; ask a query that knows who asks"


def functions_are_short(path: str, source: str) -> Iterator[str]:
    """No function above 40 lines, but for giants that may only shrink."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > RATCHET.get(f"{path}:{node.name}", LINES_A_FUNCTION):
                yield f"{node.name} has {length} lines; what are its parts called?"


def modules_are_short(path: str, source: str) -> Iterator[str]:
    """No module above 400 lines."""
    del path
    if source.count("\n") > LINES_A_MODULE:
        yield f"{source.count(chr(10))} lines; is this one idea?"


def names_say_what_it_is(path: str, source: str) -> Iterator[str]:
    """No drawer for odds and ends."""
    del source
    parts = {Path(part).stem for part in Path(path).parts}
    if odd := parts & FORBIDDEN_NAMES:
        yield f"{odd.pop()} says nothing; name it after what it does"


def no_region_in_python(path: str, source: str) -> Iterator[str]:
    """What differs between regencies stands in a pack. Benchmarks name the pack they measure."""
    if path.startswith("benchmarks/"):
        return
    if re.search(r"banyuwangi|contoh\b|35\.10", re.sub(r'default="banyuwangi"', "", source), re.I):
        yield "a region's name in Python; put what differs into the pack"
    if re.search(r"if .*region(\.code|\.slug|\.name)? *(==|!=|in) ", source):
        yield "Python decides by region; put what differs into the pack"


def nothing_hides(path: str, source: str) -> Iterator[str]:
    """No signals, no save() overrides: what a deed does stands in its action."""
    del path
    if re.search(r"django\.(db\.models|core|dispatch)[a-z.]* import .*(signals|receiver)", source):
        yield "signals hide what happens; call it in the action"
    if re.search(r"^    def (save|delete)\(", source, re.M):
        yield "an overridden save() hides what happens; write an action"


def clocks_are_read_at_the_door(path: str, source: str) -> Iterator[str]:
    """Rules, queries and actions are handed the time."""
    name = Path(path).name
    outside = {"live", "demo", "web", "benchmarks", "tools"} & set(Path(path).parts)
    if name in MAY_READ_THE_CLOCK or outside:
        return
    if re.search(r"timezone\.now\(\)|datetime\.(now|today|utcnow)\(|date\.today\(", source):
        yield "reads the clock; take `now` as an argument"


def deeds_are_transactions(path: str, source: str) -> Iterator[str]:
    """A function of actions.py that writes more than once does so in one transaction."""
    if Path(path).name != "actions.py":
        return
    writes = {"create", "bulk_create", "update", "save", "delete", "get_or_create"}
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        calls = [
            n.func.attr
            for n in ast.walk(node)
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
        ]
        if sum(call in writes for call in calls) > 1 and "atomic" not in ast.unparse(node):
            yield f"{node.name} writes more than once outside a transaction"


def no_paths_of_a_machine(path: str, source: str) -> Iterator[str]:
    """The repository runs anywhere."""
    del path
    if re.search(r"[\"' (]/(root|home/[a-z]+|Users)/", source):
        yield "names a folder of one machine"


def only_commands_print(path: str, source: str) -> Iterator[str]:
    """Programs log; only commands speak."""
    inside = {"tools", "benchmarks"} & set(Path(path).parts)
    if not inside and re.search(r"^\s*print\(", source, re.M):
        yield "prints; return it, or log it"


RULES: list[tuple[Rule, str, str]] = [
    (no_rows_in_pages, "gancang/medicine/pages.py", "Order.objects.all()\n"),
    (functions_are_short, "gancang/x.py", "def long():\n" + "    pass\n" * 41),
    (modules_are_short, "gancang/x.py", "x = 1\n" * 401),
    (names_say_what_it_is, "gancang/core/x.py", ""),
    (names_say_what_it_is, "gancang/medicine/helpers.py", ""),
    (no_region_in_python, "gancang/x.py", 'name = "Banyuwangi"\n'),
    (no_region_in_python, "gancang/x.py", "if region.code == other:\n    pass\n"),
    (nothing_hides, "gancang/x.py", "from django.db.models import signals\n"),
    (nothing_hides, "gancang/x.py", "class A:\n    def save(self):\n        pass\n"),
    (clocks_are_read_at_the_door, "gancang/x/actions.py", "now = timezone.now()\n"),
    (
        deeds_are_transactions,
        "gancang/x/actions.py",
        "def deed():\n    A.objects.create()\n    B.objects.create()\n",
    ),
    (no_paths_of_a_machine, "gancang/x.py", 'open("/root/secret")\n'),
    (only_commands_print, "gancang/x.py", "print(1)\n"),
]


@pytest.mark.parametrize(("rule", "path", "sample"), RULES)
def test_each_rule_is_seen_to_refuse(rule: Rule, path: str, sample: str) -> None:
    assert list(rule(path, sample))


def sources() -> list[Path]:
    """Our own Python: what the product is made of, without tests and migrations."""
    folders = ("gancang", "planner/src", "roads/src", "tools", "benchmarks")
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


def why_not_template(text: str) -> Iterator[str]:
    """Why a template breaks the strict content policy or the look of all pages."""
    if re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text):
        yield "an inline script"
    if re.search(r"<style|\sstyle=", text):
        yield "inline style"
    if re.search(r"\son[a-z]+=", text):
        yield "an inline handler"


@pytest.mark.parametrize(
    "sample", ["<script>x</script>", '<p style="color:red">', '<a onclick="x()">', "<style>"]
)
def test_templates_with_inline_code_are_seen(sample: str) -> None:
    assert list(why_not_template(sample))


def test_no_template_holds_inline_code() -> None:
    pages = list((ROOT / "gancang").rglob("*.html"))
    assert len(pages) > 30
    faults = [f"{p.name}: {f}" for p in pages for f in why_not_template(p.read_text("utf-8"))]
    assert not faults


def test_every_page_extends_a_base_and_has_one_headline() -> None:
    parts = {"web", "base.html", "base_light.html"}
    for page in (ROOT / "gancang").rglob("templates/*/*.html"):
        text = page.read_text("utf-8")
        if page.parent.name in parts or "{% extends" not in text:
            continue
        assert text.count("<h1") == 1, page


def test_no_file_exists_before_it_has_content() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    empty = [
        name
        for name in listed
        if name and (ROOT / name).exists() and not (ROOT / name).stat().st_size
    ]
    allowed = {"__init__.py", "py.typed"}  # what Python itself asks for
    assert [name for name in empty if Path(name).name not in allowed] == []


CONTRACT = """
[importlinter]
root_package = house

[importlinter:contract:layers]
name = layers
type = layers
containers = house
exhaustive = true
layers =
    upper
    lower
"""


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        ({"upper.py": "from house import lower", "lower.py": ""}, True),
        ({"upper.py": "", "lower.py": "from house import upper"}, False),
        ({"upper.py": "", "lower.py": "", "homeless.py": ""}, False),
    ],
)
def test_the_law_of_imports_is_seen_to_refuse(
    tmp_path: Path, files: dict[str, str], *, kept: bool
) -> None:
    house = tmp_path / "house"
    house.mkdir()
    for name, text in {"__init__.py": "", **files}.items():
        (house / name).write_text(text)
    (tmp_path / ".importlinter").write_text(CONTRACT)
    lint = ROOT / ".venv/bin/lint-imports"
    ran = subprocess.run(
        [lint, "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert (ran.returncode == 0) is kept
