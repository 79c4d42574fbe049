"""A programme's file taken in as a draft: what is sound is kept, all else told at once."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from gancang.programmes.key_words import TABLES
from gancang.regions.pack_schema import LISTS
from gancang.values import N_, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gancang.regions.pack_values import Key


class Why(Reason):
    """What was not taken over from a file."""

    NO_TOML = "no_toml", N_("This is no file of a programme: line {line} cannot be read.")
    NO_TEXT = "no_text", N_("This file is no text, or far too long.")
    NO_PROGRAMME = "no_programme", N_("There is no key of a programme in this file.")
    UNKNOWN_KEY = "unknown_key", N_("“{key}” is not known here and was left out. Meant: {near}?")
    UNKNOWN_KEY_ALONE = "unknown_key_alone", N_("“{key}” is not known here and was left out.")
    WRONG_VALUE = "wrong_value", N_("“{key}” was left out: {value} does not fit.")
    NO_LIST = "no_list", N_("“{key}” was left out: write it as [[{key}]].")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one key of a file."""

    why: Why
    key: str
    facts: Mapping[str, object]
    table: str = ""


def read_file(text: str) -> tuple[dict[str, Any], list[Fault]]:
    """The keys of a programme that are sound, as JSON keeps them, and every fault."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        at = re.search(r"line (\d+)", str(error))
        return {}, [Fault(Why.NO_TOML, "", {"line": at[1] if at else 1})]
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    for key, value in data.items():
        if key in LISTS and key in TABLES:
            _take_rows(key, value, found, faults)
        else:
            _take(key, value, "", found, faults)
    if not found and not faults:
        faults.append(Fault(Why.NO_PROGRAMME, "", {}))
    return found, faults


def _take_rows(table: str, value: object, found: dict[str, Any], faults: list[Fault]) -> None:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        faults.append(Fault(Why.NO_LIST, table, {"key": table}))
        return
    rows: list[dict[str, Any]] = []
    for row in value:
        taken: dict[str, Any] = {}
        for key, each in row.items():
            _take(key, each, table, taken, faults)
        if taken:
            rows.append(taken)
    if rows:
        found[table] = rows


def _take(key: str, value: object, table: str, found: dict[str, Any], faults: list[Fault]) -> None:
    keys = TABLES[table]
    if key not in keys:
        faults.append(_unknown(key[:60], keys, table))
    elif keys[key].check(value):
        facts = {"key": key, "value": _short(value)}
        faults.append(Fault(Why.WRONG_VALUE, key, facts, table))
    else:
        found[key] = plain(value)


def _unknown(key: str, keys: Mapping[str, Key], table: str) -> Fault:
    near = difflib.get_close_matches(key, list(keys), n=1)
    if near:
        return Fault(Why.UNKNOWN_KEY, near[0], {"key": key, "near": near[0]}, table)
    return Fault(Why.UNKNOWN_KEY_ALONE, "", {"key": key}, table)


def _short(value: object) -> str:
    try:
        return str(value)[:60]
    except (ValueError, RecursionError):  # thousands of digits, or nested without end
        return "..."


def plain(value: object) -> Any:
    """A value of TOML as JSON keeps it."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return value.isoformat() if isinstance(value, date) else value
