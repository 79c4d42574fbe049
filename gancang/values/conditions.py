"""Conditions that an officer can read: CEL expressions over the facts about a person."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cel_expr_python import cel

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENVIRONMENT = cel.NewEnv(variables={"person": cel.Type.Map(cel.Type.STRING, cel.Type.DYN)})

_FACT = re.compile(r"""\bperson\s*(?:\.\s*(\w+)|\[\s*["'](\w+)["']\s*\])""")


@lru_cache(maxsize=1000)
def compiled(expression: str) -> Any:
    """A condition, ready to be asked. RuntimeError: it is no CEL."""
    return _ENVIRONMENT.compile(expression)


def holds(expression: str, person: Mapping[str, bool | int | str]) -> bool:
    """Whether a condition holds. A fact that nobody told makes a condition not hold."""
    answer = compiled(expression).eval(data={"person": dict(person)})
    return bool(answer.type() == cel.Type.BOOL and answer.value() is True)


def answer_of(expression: str, person: Mapping[str, bool | int | str]) -> bool | None:
    """Whether a condition holds; None where that hangs on facts that nobody told."""
    answer = compiled(expression).eval(data={"person": dict(person)})
    return bool(answer.value()) if answer.type() == cel.Type.BOOL else None


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
