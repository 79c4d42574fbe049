"""Conditions that an officer can read: CEL expressions over the facts about a person."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cel_expr_python import cel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ENVIRONMENT = cel.NewEnv(variables={"person": cel.Type.Map(cel.Type.STRING, cel.Type.DYN)})

_FACT = re.compile(r"""\bperson\s*(?:\.\s*(\w+)|\[\s*["'](\w+)["']\s*\])""")
_PERSON = re.compile(r"\bperson\b")
ANSWERS_MAX = 100_000


@lru_cache(maxsize=1000)
def compiled(expression: str) -> Any:
    """A condition, ready to be asked. RuntimeError: it is no CEL."""
    return _ENVIRONMENT.compile(expression)


def holds(expression: str, person: Mapping[str, bool | int | str]) -> bool:
    """Whether a condition holds. A fact that nobody told makes a condition not hold."""
    names = _all_that_it_reads(expression)
    if names is None:
        return _holds(expression, person)
    return _known_answer(expression, names, *[person.get(name) for name in names])


@lru_cache(maxsize=1000)
def _all_that_it_reads(expression: str) -> tuple[str, ...] | None:
    """The facts on which alone a condition hangs; None where it also looks at the person whole."""
    if len(_PERSON.findall(expression)) != len(_FACT.findall(expression)):
        return None
    return tuple(sorted(facts_named(expression)))


def all_that_they_read(expressions: Iterable[str]) -> tuple[str, ...] | None:
    """The same of several conditions together."""
    each = [_all_that_it_reads(expression) for expression in expressions]
    if None in each:
        return None
    return tuple(sorted({name for names in each for name in names or ()}))


# A registry is a million people and few different answers. Typed: 1 is not true.
@lru_cache(maxsize=ANSWERS_MAX, typed=True)
def _known_answer(
    expression: str, names: tuple[str, ...], *values: bool | int | str | None
) -> bool:
    told = {name: value for name, value in zip(names, values, strict=True) if value is not None}
    return _holds(expression, told)


def _holds(expression: str, person: Mapping[str, bool | int | str]) -> bool:
    answer = compiled(expression).eval(data={"person": dict(person)})
    return bool(answer.type() == cel.Type.BOOL and answer.value() is True)


def answer_of(expression: str, person: Mapping[str, bool | int | str]) -> bool | None:
    """Whether a condition holds; None where that hangs on facts that nobody told."""
    answer = compiled(expression).eval(data={"person": dict(person)})
    return bool(answer.value()) if answer.type() == cel.Type.BOOL else None


@lru_cache(maxsize=1000)
def facts_named(expression: str) -> frozenset[str]:
    """The facts that a condition asks for."""
    return frozenset(one or other for one, other in _FACT.findall(expression))


def why_not_condition(expression: str) -> str | None:
    """What is wrong with a condition as a CEL expression, or None."""
    try:
        kind = compiled(expression).return_type()
    except RuntimeError as error:  # the engine names no narrower class
        return str(error).splitlines()[0]
    return None if kind in (cel.Type.BOOL, cel.Type.DYN) else "does not answer yes or no"
