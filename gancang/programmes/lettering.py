"""Which letters a programme writes, and what is wrong with its own words for them. Pure."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from gancang.programmes.hole_reasons import Why
from gancang.regions.pack_writing import (
    ENROLLED,
    EVENTS,
    GOODS,
    PAID,
    PLANNED,
    VOUCHERS,
    names_told,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

MEDICINE, DELIVER, TRANSFER = "medicine", "deliver", "transfer"


class Fault(NamedTuple):
    """What is wrong with one letter: at which key of which row."""

    why: Why
    key: str
    facts: Mapping[str, object]
    place: int


def events_of(told: Mapping[str, Any]) -> list[str]:
    """What a programme can write letters for, in order."""
    return [event for event, known in EVENTS.items() if known.of in _written_by(told)]


def _written_by(told: Mapping[str, Any]) -> set[str]:
    kind, is_medicine = told.get("kind", DELIVER), told.get("item_class") == MEDICINE
    if told.get("counts_people"):
        return set()
    if told.get("voucher"):
        return {ENROLLED, VOUCHERS}
    if told.get("meal"):
        return {ENROLLED}
    if kind == DELIVER or is_medicine:
        return {ENROLLED, GOODS}
    return {ENROLLED, PLANNED, PAID} if kind == TRANSFER else {ENROLLED, PLANNED}


def names_of(event: str, told: Mapping[str, Any]) -> tuple[str, ...]:
    """What the letter for an event may name. Never what is in a bag of medicine."""
    names = EVENTS[event].names
    if told.get("item_class") == MEDICINE:
        return tuple(name for name in names if name != "item")
    return names


def faults_of(
    told: Mapping[str, Any], *, languages: Collection[str], never: Collection[str]
) -> Iterator[Fault]:
    """All that is wrong with a programme's letters; `never`: words that stand in no letter."""
    rows: Sequence[Mapping[str, Any]] = told.get("letter") or []
    yield from _twice(rows)
    can = events_of(told)
    for place, row in enumerate(rows):
        event, language = row.get("event"), row.get("language", "")
        if event not in EVENTS:
            continue  # said already: it is missing, or no event
        if event not in can:
            yield Fault(Why.NOT_WRITTEN, "event", {}, place)
        if language and languages and language not in languages:
            yield Fault(Why.NOT_SPOKEN, "language", {"language": language}, place)
        yield from _words(row, told, never, place)
        if language and not EVENTS[event].by_itself and not _has_usual(rows, event):
            yield Fault(Why.NOT_FOR_ALL, "language", {"language": language}, place)


def _twice(rows: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    names = [(row.get("event"), row.get("language", "")) for row in rows]
    for name, count in Counter(names).items():
        if name[0] and count > 1:
            place = len(names) - 1 - names[::-1].index(name)
            yield Fault(Why.ROW_TWICE, "event", {"row": " ".join(filter(None, name))}, place)


def _has_usual(rows: Sequence[Mapping[str, Any]], event: str) -> bool:
    return any(row.get("event") == event and not row.get("language") for row in rows)


def _words(
    row: Mapping[str, Any], told: Mapping[str, Any], never: Collection[str], place: int
) -> Iterator[Fault]:
    words = row.get("text")
    if row.get("off"):
        if not EVENTS[row["event"]].may_be_off:
            yield Fault(Why.NEEDED_LETTER, "off", {}, place)
        if words:
            yield Fault(Why.BOTH_OFF_AND_TEXT, "off", {}, place)
    elif not isinstance(words, str) or not words.strip():
        yield Fault(Why.MISSING, "text", {}, place)
    elif (named := names_told(words)) is None:
        yield Fault(Why.BRACE_ALONE, "text", {}, place)
    else:
        faults = _names(named, row["event"], told)
        yield from (Fault(why, "text", facts, place) for why, facts in faults)
        if found := _find_word(words, never):
            yield Fault(Why.TELLS_HEALTH, "text", {"word": found}, place)


def _names(
    named: set[str], event: str, told: Mapping[str, Any]
) -> Iterator[tuple[Why, dict[str, object]]]:
    may = names_of(event, told)
    for name in sorted(named - set(may)):
        yield Why.UNKNOWN_NAME, {"name": f"{{{name}}}", "names": _in_braces(may)}
    if lacking := [name for name in _needed(event, told) if name not in named]:
        yield Why.LETTER_LACKS, {"names": _in_braces(lacking)}


def _needed(event: str, told: Mapping[str, Any]) -> list[str]:
    """What must be named: of what is paid at the door, the price among it."""
    pays = told.get("patient_pays_rp") or told.get("patient_pays_percent")
    return [*EVENTS[event].needed, *(["price"] if event == "placed" and pays else [])]


def _in_braces(names: Collection[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _find_word(words: str, never: Collection[str]) -> str:
    """The first of some words that stands in a text by itself, or ""."""
    plain = words.lower()
    return next((word for word in never if re.search(rf"\b{re.escape(word)}\b", plain)), "")
