"""`facts.toml`: what a region may know of a person, and what conditions may ask."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from gancang.regions.facts import BUILT_IN, DERIVED, TYPES, kinds_of
from gancang.regions.pack_values import Key, one_of, text, texts, whole
from gancang.values.conditions import facts_named, why_not_condition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gancang.regions.facts import FactKind
    from gancang.regions.pack_files import Files, Row

FACT = {
    "code": Key(text(40, r"[a-z][a-z0-9_]*", "lives_alone"), "name; conditions ask person.name"),
    "type": Key(one_of(*TYPES), "bool, int, text or date"),
    "sentence_id": Key(text(200), "what it says of a person, in Indonesian"),
    "sentence_en": Key(text(200), "what it says of a person, in English"),
    "source": Key(text(200), "who may tell it: which office, card or register"),
    "max_age_days": Key(
        whole(1, 3650),
        "after so many days it has to be asked again, even where a programme would allow more",
    ),
    "least": Key(whole(0, 10**9), "int: the least value; left out: 0", needed=False),
    "most": Key(whole(0, 10**9), "int: the highest value; left out: any", needed=False),
    "choices": Key(texts, "text: the values that there are; left out: any", needed=False),
}

Fault = tuple["Row", str, str, str]  # the row, what is wrong, what would be right, at which key


def kinds_in(files: Files) -> dict[str, FactKind]:
    """All facts that the pack's conditions may ask for, by code."""
    return kinds_of(row.values for row in files["fact"])


def check_facts(files: Files) -> Iterator[Fault]:
    """Facts that cannot be: derived ones told anew, known ones of another type."""
    derived = {kind.code for kind in DERIVED}
    built_in = {kind.code: kind.type for kind in BUILT_IN}
    for row in files["fact"]:
        code, kind = row.values["code"], row.values["type"]
        if code in derived:
            yield row, f"{code} follows from the registry", "leave it out", "code"
        if built_in.get(code, kind) != kind:
            yield row, f"{code} is of type {kind}", f"it is {built_in[code]} everywhere", "type"
        if row.values.get("choices") is not None and kind != "text":
            yield row, f"choices of a fact of type {kind}", "leave them out", "choices"
        if row.values.get("least", 0) > row.values.get("most", 10**9):
            yield row, "least is above most", "swap the two", "least"


def why_not_rule(when: str, kinds: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """All that is wrong with a condition over these facts: what, and what would be right."""
    if fault := why_not_condition(when):
        yield fault, "write CEL, like person.pbi_active == true"
    for fact in sorted(facts_named(when) - set(kinds)):
        near = difflib.get_close_matches(fact, list(kinds), n=1)
        mend = f"did you mean {near[0]}?" if near else f"known facts: {', '.join(kinds)}"
        yield f"nobody tells the fact {fact}", mend
