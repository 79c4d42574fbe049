"""What a rule says in words, from its syntax tree: what it does, whatever its sentence claims."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from gancang.programmes.clauses import written
from gancang.values.syntax import Call, Fact, Listed, Literal, Told, Unreadable, tree_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gancang.regions.facts import FactKind
    from gancang.values.syntax import Node

TURNED = {"_<_": "_>_", "_<=_": "_>=_", "_>_": "_<_", "_>=_": "_<=_"}


def rule_in_words(expression: str, kinds: Mapping[str, FactKind], *, language: str) -> str:
    """A rule in a language; "" where it cannot be read."""
    try:
        tree = tree_of(expression)
    except Unreadable:
        return ""
    with translation.override(language):
        return _words(tree, kinds)


def _words(node: Node, kinds: Mapping[str, FactKind]) -> str:
    if isinstance(node, Literal) and isinstance(node.value, bool):
        return _("everybody") if node.value else _("nobody")
    if isinstance(node, Fact):
        return _noun(node, kinds)
    if isinstance(node, Told):
        return _("it is known: %(what)s") % {"what": _noun(node.fact, kinds)}
    if isinstance(node, Call):
        return _call(node, kinds)
    return _formula(node)


def _formula(node: Node) -> str:
    return _("formula: %(formula)s") % {"formula": written(node)}


def _noun(fact: Fact, kinds: Mapping[str, FactKind]) -> str:
    """What a fact is called: its sentence up to the first comma or colon."""
    if fact.name not in kinds:
        return fact.name
    words = kinds[fact.name].words(translation.get_language() or "id")
    return re.split("[,;:]", words, maxsplit=1)[0]


def _call(node: Call, kinds: Mapping[str, FactKind]) -> str:
    if node.name in ("_&&_", "_||_"):
        return _joined(node, kinds)
    if node.name == "!_":
        return _not(node.on[0], kinds)
    if node.name == "@in":
        return _one_of(node, kinds)
    if len(node.on) == 2 and node.name in SAYINGS:
        return _compared(node, kinds)
    return _formula(node)


def _not(node: Node, kinds: Mapping[str, FactKind]) -> str:
    if isinstance(node, Fact | Told):
        return _("not: %(what)s") % {"what": _words(node, kinds)}
    return _("it is not so that (%(what)s)") % {"what": _words(node, kinds)}


def _joined(node: Call, kinds: Mapping[str, FactKind]) -> str:
    parts = _flat(node, node.name)
    if node.name == "_&&_" and (limits := _range(parts)):
        fact, least, most = limits
        told = {"what": _noun(fact, kinds), "least": _value(least), "most": _value(most)}
        return _("%(what)s is from %(least)s to %(most)s") % told
    words = [
        f"({_words(each, kinds)})"
        if isinstance(each, Call) and each.name in {"_&&_", "_||_"} - {node.name}
        else _words(each, kinds)
        for each in parts
    ]
    return (_(" and ") if node.name == "_&&_" else _(" or ")).join(words)


def _flat(node: Node, name: str) -> list[Node]:
    if isinstance(node, Call) and node.name == name:
        return [part for each in node.on for part in _flat(each, name)]
    return [node]


def _range(parts: list[Node]) -> tuple[Fact, Literal, Literal] | None:
    """From and to of one fact: person.x >= 1 && person.x <= 4."""
    if len(parts) != 2:
        return None
    told = [_straight(each) for each in parts]
    by_sign = {each.name: each.on for each in told if each}
    low, high = by_sign.get("_>=_"), by_sign.get("_<=_")
    if not low or not high or low[0] != high[0] or not isinstance(low[0], Fact):
        return None
    if isinstance(low[1], Literal) and isinstance(high[1], Literal):
        return low[0], low[1], high[1]
    return None


def _straight(node: Node) -> Call | None:
    """A comparison with the fact on the left: 3 < x is x > 3."""
    if not isinstance(node, Call) or len(node.on) != 2:
        return None
    one, other = node.on
    if isinstance(one, Literal) and isinstance(other, Fact):
        return Call(TURNED.get(node.name, node.name), (other, one))
    return node


def _one_of(node: Call, kinds: Mapping[str, FactKind]) -> str:
    fact, listed = node.on
    if not isinstance(fact, Fact) or not isinstance(listed, Listed):
        return _formula(node)
    values = ", ".join(_value(each) for each in listed.items)
    return _("%(what)s is one of %(values)s") % {"what": _noun(fact, kinds), "values": values}


def _compared(node: Call, kinds: Mapping[str, FactKind]) -> str:
    told = _straight(node) or node
    fact, value = told.on
    if not isinstance(fact, Fact) or not isinstance(value, Literal):
        return _formula(node)
    if isinstance(value.value, bool):
        is_so = value.value is (told.name == "_==_")
        return _noun(fact, kinds) if is_so else _not(fact, kinds)
    return SAYINGS[told.name]() % {"what": _noun(fact, kinds), "value": _value(value)}


def _value(node: Node) -> str:
    return str(node.value) if isinstance(node, Literal) else written(node)


SAYINGS = {
    "_==_": lambda: _("%(what)s is %(value)s"),
    "_!=_": lambda: _("%(what)s is not %(value)s"),
    "_>=_": lambda: _("%(what)s is at least %(value)s"),
    "_<=_": lambda: _("%(what)s is at most %(value)s"),
    "_>_": lambda: _("%(what)s is more than %(value)s"),
    "_<_": lambda: _("%(what)s is less than %(value)s"),
}
