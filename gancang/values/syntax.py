"""The syntax tree of a condition, as the CEL engine itself parsed it. No Django.

The engine hands out its checked expression as a message of protocol buffers (cel.expr.CheckedExpr,
https://github.com/google/cel-spec/blob/master/proto/cel/expr/syntax.proto); of it only what a rule
may consist of is described here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from google.protobuf import descriptor_pb2, descriptor_pool, message, message_factory

from gancang.values.conditions import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

LENGTH_MAX, DEPTH_MAX, NODES_MAX = 500, 20, 120


class Unreadable(Exception):
    """A condition that is no CEL; the text says what the engine said."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands there: true, 4, "meal"."""

    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact about the person."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A comparison, `and`, a sum, a function: its name in CEL and what it works on."""

    name: str
    on: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of values."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Whether a fact is told at all: has(person.x)."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Beyond:
    """What a rule may not consist of: loops over lists, other names, maps."""

    what: str


Node = Literal | Fact | Call | Listed | Told | Beyond


def tree_of(expression: str) -> Node:
    """The tree of a condition. Unreadable where it is no CEL, or far too long or deep."""
    if len(expression) > LENGTH_MAX:
        raise Unreadable(f"longer than {LENGTH_MAX} characters")
    try:
        serialized = compiled(expression).serialize()
        wrapped = _kind("Any").FromString(serialized)
        checked = _kind("CheckedExpr").FromString(wrapped.value)
    except (RuntimeError, message.DecodeError) as error:  # the engine names no narrower class
        raise Unreadable(str(error).splitlines()[0]) from error
    return _node(checked.expr, 0)


def parts_of(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    below: tuple[Node, ...] = ()
    if isinstance(node, Call):
        below = node.on
    elif isinstance(node, Listed):
        below = node.items
    for each in below:
        yield from parts_of(each)


def depth_of(node: Node) -> int:
    """How many floors the tree has."""
    below = node.on if isinstance(node, Call) else node.items if isinstance(node, Listed) else ()
    return 1 + max((depth_of(each) for each in below), default=0)


def _node(told: Any, depth: int) -> Node:
    kind = told.WhichOneof("kind")
    if depth > 100:
        return Beyond("nested too deeply")
    if kind == "const":
        name = told.const.WhichOneof("kind")
        return Literal(None if name == "null_value" else getattr(told.const, name))
    if kind == "select":
        return _select(told.select)
    if kind == "list":
        return Listed(tuple(_node(each, depth + 1) for each in told.list.elements))
    if kind == "call":
        on = [told.call.target] if told.call.HasField("target") else []
        parts = tuple(_node(each, depth + 1) for each in (*on, *told.call.args))
        return _fact_by_index(told.call.function, parts) or Call(told.call.function, parts)
    return Beyond(told.ident.name if kind == "ident" else str(kind))


def _select(told: Any) -> Node:
    if told.operand.WhichOneof("kind") != "ident" or told.operand.ident.name != "person":
        return Beyond(told.field)
    return Told(Fact(told.field)) if told.test_only else Fact(told.field)


def _fact_by_index(name: str, parts: tuple[Node, ...]) -> Fact | None:
    """person["age"] is person.age."""
    if name != "_[_]" or parts[0] != Beyond("person") or not isinstance(parts[1], Literal):
        return None
    return Fact(str(parts[1].value))


# Message, then its fields: name, number, type; "*" for a list, "?" for one of several kinds.
_MESSAGES: dict[str, list[tuple[str, int, str]]] = {
    "Any": [("value", 2, "bytes")],
    "CheckedExpr": [("expr", 4, "Expr")],
    "Expr": [
        ("const", 3, "?Constant"),
        ("ident", 4, "?Ident"),
        ("select", 5, "?Select"),
        ("call", 6, "?Call"),
        ("list", 7, "?CreateList"),
        ("map", 8, "?CreateStruct"),
        ("loop", 9, "?Comprehension"),
    ],
    "Constant": [
        ("null_value", 1, "?int64"),
        ("bool_value", 2, "?bool"),
        ("int64_value", 3, "?int64"),
        ("uint64_value", 4, "?uint64"),
        ("double_value", 5, "?double"),
        ("string_value", 6, "?string"),
        ("bytes_value", 7, "?bytes"),
    ],
    "Ident": [("name", 1, "string")],
    "Select": [("operand", 1, "Expr"), ("field", 2, "string"), ("test_only", 3, "bool")],
    "Call": [("target", 1, "Expr"), ("function", 2, "string"), ("args", 3, "*Expr")],
    "CreateList": [("elements", 1, "*Expr")],
    "CreateStruct": [],
    "Comprehension": [],
}
_TYPES = {"double": 1, "int64": 3, "uint64": 4, "bool": 8, "string": 9, "bytes": 12}
_MESSAGE = 11


@cache
def _pool() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="gancang_cel.proto", package="gancang.cel")
    file.syntax = "proto3"
    for name, fields in _MESSAGES.items():
        kind = file.message_type.add(name=name)
        if any(told.startswith("?") for _name, _number, told in fields):
            kind.oneof_decl.add(name="kind")
        for field_name, number, told in fields:
            plain = told.lstrip("?*")
            field = kind.field.add(name=field_name, number=number, label=3 if "*" in told else 1)
            field.type = _TYPES.get(plain, _MESSAGE)
            if plain not in _TYPES:
                field.type_name = f".gancang.cel.{plain}"
            if "?" in told:
                field.oneof_index = 0
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool


@cache
def _kind(name: str) -> Any:
    return message_factory.GetMessageClass(_pool().FindMessageTypeByName(f"gancang.cel.{name}"))
