"""The house rules, each a function that reads one file and yields what is wrong with it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
FORBIDDEN_NAMES = {"utils", "helpers", "services", "core", "managers", "common", "misc"}
# Giants of the past, as "path" or "path:function" -> lines. They may only shrink; nobody is added.
RATCHET: dict[str, int] = {}
LINES_A_FUNCTION = 40
LINES_A_MODULE = 400
MAY_READ_THE_CLOCK = {
    "api.py",
    "cli.py",
    "command.py",
    "doors.py",
    "navigation.py",
    "tasks.py",
}  # and pages
CLOCKS = re.compile(
    r"(timezone\.now|datetime\.(now|utcnow|today)|date\.today|time\.time(_ns)?|Now|auto_now(_add)?)"
)
MAY_WRITE = {
    "actions.py": "the deeds",
    "offline.py": "what a device kept while there was no network",
    "legs.py": "the parts of an order's way that are paid by themselves",
    "failing.py": "what becomes of a bag that was not handed over",
    "exposing.py": "how often sellers were shown",
    "writing.py": "a menu: its dishes, options, sections, photos",
    "importing.py": "a file's rows, staged before a deed takes them",
    "releasing.py": "a bag let out or taken back, with its counselling",
    "rostering.py": "who is to work when, and breaks",
    "reviewing.py": "what the pharmacist found in a prescription and decided of its items",
    "visiting.py": "a pharmacist's visit and its note",
    "owing.py": "what the pharmacy still owes a patient",
    "paying.py": "transfers that go to the bank, and its answer",
    "calls.py": "which Idempotency-Key was answered how",
    "receiving.py": "messages that come in, and their answers",
    "contact_data.py": "the phone and the landmark of a resident",
    "sending.py": "letters that left, and those that came back",
    "ticking.py": "a round of the planner and its offers",
    "outlining.py": "the outlines of villages, all at once",
    "seeding.py": "the landmarks of an extract, all at once",
    "queries.py": "that somebody read a person",
    "forgetting.py": "where riders were, taken from what is kept",
    "forgotten.py": "who asked for a new password, for an hour",
    "invitations.py": "links with which people set their own passwords",
    "sessions.py": "where somebody is logged in",
    "second_factor.py": "a second factor set up, used up code by code, taken off",
    "rechecking.py": "hand-overs that are asked about again",
    "consents.py": "what people agreed to, and took back",
    "needs.py": "reports of neighbours in need",
    "refunding.py": "what is paid back to patients",
    "bringing.py": "what tills bring the treasury of goods that were paid at the door",
    "goods.py": "what buyers paid for goods, kept in trust",
    "correcting.py": "movements that are taken back, asked by one and decided by another",
    "bouncing.py": "payments that came back from the bank",
    "periods.py": "months of the book that two people close",
    "revising.py": "budgets that a document changes",
    "year_end.py": "budget years that end",
    "setting_off.py": "what payees owe back, kept from what they are paid",
    "moving.py": "the lines of the book, written with their balances",
    "proving.py": "a meal's wrong tries at its door, counted though the deed is refused",
    "mourning.py": "who may be the same as somebody who has died",
    "registry.py": "what people correct of a resident",
    "drafting.py": "drafts of programmes, every save of them",
    "approving.py": "drafts submitted, judged by two, taken in; programmes halted",
    "trials.py": "what a draft that is tried on the registry counted",
    "merging.py": "two entries of one person made one",
    "joining.py": "shops that ask to join, and what becomes of that",
    "papers.py": "papers of shops, and help until they are there",
    "overseeing.py": "hygiene checks, suspensions and their appeals",
    "keeping.py": "the owner's own buttons",
    "knocking.py": "who asks to join by telephone number, for an hour",
    "seating.py": "who is enrolled comes to table, all at once",
}
WRITES = {
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update",
    "update_or_create",
}
PACKS = [
    (pack.parent.name, tomllib.loads(pack.read_text("utf-8"))["region"]["code"])
    for pack in sorted((ROOT / "region_packs").glob("*/region.toml"))
]
A_REGION = re.compile(
    # There is no province 99: its codes are examples.
    "|".join(rf"\b{re.escape(w)}\b" for pack in PACKS for w in pack if not w.startswith("99.")),
    re.IGNORECASE,
)

Rule = Callable[[str, str], Iterator[str]]


def no_rows_in_pages(path: str, source: str) -> Iterator[str]:
    """Pages and APIs ask queries and call actions; they touch no rows themselves."""
    if (_is_page(path) or Path(path).name == "api.py") and ".objects" in source:
        yield "a page uses .objects; ask a query that knows who asks"


def rows_are_written_in_few_places(path: str, source: str) -> Iterator[str]:
    """Whoever looks for what changes a table finds it in a file that says so."""
    if Path(path).name in MAY_WRITE or not path.startswith("gancang/"):
        return
    for call in _calls(source):
        if _verb(call) in WRITES and ".objects" in ast.unparse(call.func):
            yield f"line {call.lineno} writes rows; that is an action's work"


def deeds_are_transactions(path: str, source: str) -> Iterator[str]:
    """A public function that writes more than once does so in one transaction."""
    if Path(path).name != "actions.py":
        return
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        text = ast.unparse(node)
        if sum(_verb(call) in WRITES for call in _calls(text)) > 1 and "atomic" not in text:
            yield f"{node.name} writes more than once outside a transaction"


def functions_are_short(path: str, source: str) -> Iterator[str]:
    """No function above 40 lines, but for giants that may only shrink."""
    for name, length in lengths_in(path, source).items():
        if ":" in name and length > RATCHET.get(name, LINES_A_FUNCTION):
            yield f"{name} has {length} lines; what are its parts called?"


def modules_are_short(path: str, source: str) -> Iterator[str]:
    """No module above 400 lines, but for giants that may only shrink."""
    length = lengths_in(path, source)[path]
    if length > RATCHET.get(path, LINES_A_MODULE):
        yield f"{length} lines; is this one idea?"


def names_say_what_it_is(path: str, source: str) -> Iterator[str]:
    """No drawer for odds and ends."""
    del source
    parts = {Path(part).stem for part in Path(path).parts}
    if odd := parts & FORBIDDEN_NAMES:
        yield f"{odd.pop()} says nothing; name it after what it does"


def no_region_in_python(path: str, source: str) -> Iterator[str]:
    """What differs between regencies stands in a pack."""
    if path.startswith("benchmarks/"):  # they name the pack that they measure
        return
    if path == "gancang/cli.py":  # which pack `demo` shows when nobody names one
        source = source.replace('"--pack", default="banyuwangi"', "")
    if found := A_REGION.search(source):
        yield f"names the region {found[0]}; put what differs into the pack"
    if re.search(r"\bif .*region(\.code|\.slug|\.name)? *(==|!=|in) |match .*region\b", source):
        yield "decides by region; put what differs into the pack"


def nothing_hides(path: str, source: str) -> Iterator[str]:
    """No signals, no save() overrides: what a deed does stands in its action."""
    del path
    if re.search(r"django\.(db\.models|core|dispatch)[a-z.]* import .*(signals|receiver)", source):
        yield "signals hide what happens; call it in the action"
    if re.search(r"^    def (save|delete)\(", source, re.M):
        yield "an overridden save() hides what happens; write an action"


def clocks_are_read_at_the_door(path: str, source: str) -> Iterator[str]:
    """Rules, queries, actions and models are handed the time."""
    outside = {"live", "demo", "templatetags", "benchmarks", "tools"} & set(Path(path).parts)
    if _is_page(path) or Path(path).name in MAY_READ_THE_CLOCK or outside:
        return
    for node in _nodes(source):
        name = (node.arg or "") if isinstance(node, ast.keyword) else _dotted(node)
        if CLOCKS.fullmatch(name):
            yield f"{name} reads the clock; take `now` as an argument"


def files_leave_by_one_door(path: str, source: str) -> Iterator[str]:
    """A table for a spreadsheet: typed text is no formula, and nobody between keeps the file."""
    ours = path.startswith("gancang/") and path != "gancang/web/files.py"
    if ours and re.search(r"csv\.(Dict)?[wW]riter|text/csv", source):
        yield "writes a CSV file by itself; use csv_of and as_csv_file of gancang/web/files.py"


def errors_are_named(path: str, source: str) -> Iterator[str]:
    """Catching anything is for clean-up (raise again) and for loops that go on (log it whole)."""
    del path
    for node in _nodes(source):
        if not isinstance(node, ast.ExceptHandler):
            continue
        broad = node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
        text = ast.unparse(node)
        if broad and "raise" not in text and ".exception(" not in text:
            yield f"line {node.lineno} catches what it cannot name"


def addresses_have_names(path: str, source: str) -> Iterator[str]:
    """A page is linked by its name, never by its address."""
    if Path(path).name != "urls.py":
        return
    for call in _calls(source):
        if _verb(call) not in {"path", "re_path"} or "name" in {k.arg for k in call.keywords}:
            continue
        if not re.search(r"include\(|\.urls$", ast.unparse(call.args[1])):
            yield f"{ast.unparse(call.args[0])} has no name"


def no_paths_of_a_machine(path: str, source: str) -> Iterator[str]:
    """The repository runs anywhere."""
    del path
    if re.search(r"[\"' (]/(root|home/[a-z]+|Users)/", source):
        yield "names a folder of one machine"


def only_commands_print(path: str, source: str) -> Iterator[str]:
    """Programs log; only commands speak."""
    if {"tools", "benchmarks"} & set(Path(path).parts):
        return
    if any(isinstance(call.func, ast.Name) and call.func.id == "print" for call in _calls(source)):
        yield "prints; return it, or log it"


def _is_page(path: str) -> bool:
    """`pages.py` of a capability, or `rider_pages.py` and the like where there are too many."""
    return Path(path).stem.rpartition("_")[2] == "pages"


def _calls(source: str) -> list[ast.Call]:
    return [node for node in _nodes(source) if isinstance(node, ast.Call)]


@cache  # each rule reads the same files, and parsing them takes longer than judging them
def _nodes(source: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(source)))


def _dotted(node: ast.AST) -> str:
    """`now`, `timezone.now`; nothing for what is longer or no name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""


def _verb(call: ast.Call) -> str:
    """The last name of what is called: `create` of `Order.objects.create(…)`."""
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def lengths_in(path: str, source: str) -> dict[str, int]:
    """Lines of the module, under its path, and of each function, under path:function."""
    found = {path: source.count("\n")}
    for node in _nodes(source):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            name, length = f"{path}:{node.name}", (node.end_lineno or 0) - node.lineno + 1
            found[name] = max(length, found.get(name, 0))
    return found
