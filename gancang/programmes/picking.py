"""Common rules as rows of a pick-list: fact, comparison, value, joined by and or by or. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.regions.facts import read_value
from gancang.values import N_
from gancang.values.syntax import Call, Fact, Listed, Literal, Unreadable, tree_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gancang.regions.facts import FactKind
    from gancang.values.syntax import Node

SIGNS = {
    "==": N_("is"),
    "!=": N_("is not"),
    ">=": N_("is at least"),
    "<=": N_("is at most"),
    ">": N_("is more than"),
    "<": N_("is less than"),
    "in": N_("is one of (commas between)"),
}
AND, OR = "and", "or"
_JOINED = {AND: "&&", OR: "||"}
_TYPED = {True: "ya", False: "tidak"}


@dataclass(frozen=True, slots=True)
class Pick:
    """One row: which fact, how it is compared, with what as somebody types it."""

    fact: str
    sign: str
    value: str


def rule_of(picks: Sequence[Pick], joined: str, kinds: Mapping[str, FactKind]) -> str:
    """The rule in CEL. Refused with what is wanted where a value does not fit its fact."""
    return f" {_JOINED[joined]} ".join(_one(pick, kinds[pick.fact]) for pick in picks)


def _one(pick: Pick, kind: FactKind) -> str:
    typed = pick.value.split(",") if pick.sign == "in" else [pick.value]
    values = [json.dumps(read_value(kind, each), ensure_ascii=False) for each in typed]
    value = f"[{', '.join(values)}]" if pick.sign == "in" else values[0]
    return f"person.{pick.fact} {pick.sign} {value}"


def picks_of(expression: str) -> tuple[list[Pick], str] | None:
    """The rows of a rule that a pick-list can tell, and how they are joined; else None."""
    try:
        tree = tree_of(expression)
    except Unreadable:
        return None
    joined = OR if isinstance(tree, Call) and tree.name == "_||_" else AND
    name = "_||_" if joined == OR else "_&&_"
    found = [_pick(each) for each in _parts(tree, name)]
    picks = [pick for pick in found if pick]
    return (picks, joined) if len(picks) == len(found) else None


def _parts(node: Node, name: str) -> list[Node]:
    if isinstance(node, Call) and node.name == name:
        return [part for each in node.on for part in _parts(each, name)]
    return [node]


def _pick(node: Node) -> Pick | None:
    if isinstance(node, Fact):
        return Pick(node.name, "==", _TYPED[True])
    if not isinstance(node, Call) or len(node.on) != 2 or not isinstance(node.on[0], Fact):
        return None
    fact, value = node.on
    sign = "in" if node.name == "@in" else node.name.strip("_")
    items = value.items if isinstance(value, Listed) else (value,)
    values = [each.value for each in items if isinstance(each, Literal)]
    if sign not in SIGNS or len(values) != len(items):
        return None
    typed = ", ".join(_TYPED[each] if isinstance(each, bool) else str(each) for each in values)
    return Pick(fact.name, sign, typed) if isinstance(fact, Fact) else None
