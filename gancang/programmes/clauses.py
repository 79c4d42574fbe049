"""What is wrong with a rule over a region's facts: unknown facts, types, noughts, size. Pure."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gancang.values import N_, Reason
from gancang.values.syntax import (
    DEPTH_MAX,
    LENGTH_MAX,
    NODES_MAX,
    Beyond,
    Call,
    Fact,
    Listed,
    Literal,
    Told,
    Unreadable,
    depth_of,
    parts_of,
    tree_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gancang.regions.facts import FactKind
    from gancang.values.syntax import Node

EQUALS = {"_==_", "_!=_"}
ORDERS = {"_<_", "_<=_", "_>_", "_>=_"}
LOGIC = {"_&&_", "_||_", "!_"}
SUMS = {"_+_", "_-_", "_*_", "_/_", "_%_", "-_"}
TEXTS = {"startsWith", "endsWith", "contains"}
ALLOWED = EQUALS | ORDERS | LOGIC | SUMS | TEXTS | {"@in", "_?_:_", "size"}
BOOL, INT, TEXT, LIST, NUMBER = "bool", "int", "text", "list", "number"
IN_WORDS = {
    BOOL: N_("yes or no"),
    INT: N_("a whole number"),
    NUMBER: N_("a number"),
    TEXT: N_("a text"),
    LIST: N_("a list"),
}


class Why(Reason):
    """Why a rule cannot be used."""

    UNREADABLE = "unreadable", N_("This is no rule that can be read: {said}")
    TOO_LARGE = (
        "too_large",
        N_("The rule is too large. Split it: at most {most} characters, not nested too deeply."),
    )
    BEYOND = "beyond", N_("A rule may only ask the facts of one person; “{what}” is none.")
    UNKNOWN_FACT = "unknown_fact", N_("Nobody tells the fact “{fact}”. Did you mean “{near}”?")
    NO_FACT = "no_fact", N_("Nobody tells the fact “{fact}”. Known facts: {known}")
    NO_FUNCTION = "no_function", N_("“{what}” cannot be used in a rule.")
    BY_NOUGHT = (
        "by_nought",
        N_("Here could be divided by nought. Divide by a number other than 0, not by a fact."),
    )
    TYPES = (
        "types",
        N_("{one} and {other} cannot be compared or joined: {one_type} and {other_type}."),
    )
    NO_ANSWER = (
        "no_answer",
        N_("The rule does not answer yes or no. Compare {what} with something."),
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a rule."""

    why: Why
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)


def faults_in(expression: str, kinds: Mapping[str, FactKind]) -> list[Fault]:
    """All that is wrong with a rule; nothing where it can be used."""
    if len(expression) > LENGTH_MAX:
        return [Fault(Why.TOO_LARGE, {"most": LENGTH_MAX})]
    try:
        tree = tree_of(expression)
    except Unreadable as error:
        return [Fault(Why.UNREADABLE, {"said": plainly(str(error))})]
    if depth_of(tree) > DEPTH_MAX or sum(1 for _ in parts_of(tree)) > NODES_MAX:
        return [Fault(Why.TOO_LARGE, {"most": LENGTH_MAX})]
    found = list(dict.fromkeys(_each(tree, kinds)))
    if found:
        return found
    answer = type_of(tree, kinds)
    if answer not in (BOOL, None):
        return [Fault(Why.NO_ANSWER, {"what": written(tree)})]
    return found


def plainly(said: str) -> str:
    """What the engine said, without its own marks."""
    return said.removeprefix("INVALID_ARGUMENT: ").removeprefix("ERROR: <input>:")


def _each(tree: Node, kinds: Mapping[str, FactKind]) -> Iterator[Fault]:
    for node in parts_of(tree):
        if isinstance(node, Beyond):
            yield Fault(Why.BEYOND, {"what": node.what})
        elif isinstance(node, Fact | Told):
            name = node.fact.name if isinstance(node, Told) else node.name
            if name not in kinds:
                yield _unknown(name, kinds)
        elif isinstance(node, Call):
            yield from _call(node, kinds)


def _unknown(name: str, kinds: Mapping[str, FactKind]) -> Fault:
    if near := difflib.get_close_matches(name, list(kinds), n=1, cutoff=0.5):
        return Fault(Why.UNKNOWN_FACT, {"fact": name, "near": near[0]})
    return Fault(Why.NO_FACT, {"fact": name, "known": ", ".join(kinds)})


def _call(node: Call, kinds: Mapping[str, FactKind]) -> Iterator[Fault]:
    if node.name not in ALLOWED:
        yield Fault(Why.NO_FUNCTION, {"what": node.name.strip("_@")})
        return
    if node.name in ("_/_", "_%_"):
        by = node.on[1]
        if not isinstance(by, Literal) or not by.value:
            yield Fault(Why.BY_NOUGHT)
    wanted = _wanted(node, kinds)
    for one, other, type_ in wanted:
        told = type_of(one, kinds)
        if None not in (told, type_) and not _fits(told, type_):
            facts = {
                "one": written(one),
                "other": written(other) if other is not node else written(node),
                "one_type": IN_WORDS[told or TEXT],
                "other_type": IN_WORDS[type_ or TEXT],
            }
            yield Fault(Why.TYPES, facts)


def _fits(told: str | None, wanted: str | None) -> bool:
    numbers = {INT, NUMBER}
    return told == wanted or (told in numbers and wanted in numbers)


def _wanted(node: Call, kinds: Mapping[str, FactKind]) -> Iterator[tuple[Node, Node, str | None]]:
    """Each part of a call, beside what it must fit, and of which type that is."""
    if node.name in LOGIC:
        yield from ((each, node, BOOL) for each in node.on)
    elif node.name in EQUALS | ORDERS:
        one, other = node.on
        yield other, one, type_of(one, kinds)
        if node.name in ORDERS and type_of(one, kinds) == BOOL:
            yield one, node, INT
    elif node.name == "@in":
        one, listed = node.on
        items = listed.items if isinstance(listed, Listed) else ()
        yield from ((item, one, type_of(one, kinds)) for item in items)
        if not isinstance(listed, Listed):
            yield listed, node, LIST
    elif node.name in SUMS:
        yield from ((each, node, INT) for each in node.on)
    elif node.name in TEXTS:
        yield from ((each, node, TEXT) for each in node.on)


def type_of(node: Node, kinds: Mapping[str, FactKind]) -> str | None:
    """Of which type a part of a rule is; None where nobody knows."""
    if isinstance(node, Fact):
        told = kinds[node.name].type if node.name in kinds else None
        return TEXT if told == "date" else told
    if isinstance(node, Literal):
        return _type_of_value(node.value)
    if isinstance(node, Call):
        if node.name in EQUALS | ORDERS | LOGIC | TEXTS | {"@in"}:
            return BOOL
        if node.name == "_?_:_":
            return type_of(node.on[1], kinds)
        return INT if node.name in SUMS | {"size"} else None
    return BOOL if isinstance(node, Told) else LIST if isinstance(node, Listed) else None


def _type_of_value(value: object) -> str | None:
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return INT
    return NUMBER if isinstance(value, float) else TEXT if isinstance(value, str) else None


def written(node: Node) -> str:
    """A part of a rule as it is written."""
    if isinstance(node, Fact):
        return node.name
    if isinstance(node, Told):
        return f"has({node.fact.name})"
    if isinstance(node, Literal):
        told = node.value
        return str(told).lower() if isinstance(told, bool) else repr(told).replace("'", '"')
    if isinstance(node, Listed):
        return f"[{', '.join(written(each) for each in node.items)}]"
    return _call_written(node) if isinstance(node, Call) else node.what


def _call_written(node: Call) -> str:
    parts = [written(each) for each in node.on]
    sign = {"@in": "in"}.get(node.name, node.name.strip("_"))
    if len(parts) == 2 and sign not in TEXTS:
        return f"{parts[0]} {sign} {parts[1]}"
    return f"{sign}({', '.join(parts)})"
