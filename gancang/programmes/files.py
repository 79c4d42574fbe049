"""A programme as the text of its file, and back: TOML as packs keep it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import tomlkit

from gancang.programmes.key_words import TABLES
from gancang.regions.pack_values import day

if TYPE_CHECKING:
    from collections.abc import Mapping


def written(told: Mapping[str, Any]) -> str:
    """The file of a programme: its keys in the order of the schema, then its lists."""
    document = tomlkit.document()
    for key, value in _ordered(told, ""):
        document.add(key, value)
    for table in TABLES:
        if table and told.get(table):
            rows = tomlkit.aot()
            for row in told[table]:
                rows.append(tomlkit.item(dict(_ordered(row, table))))
            document.add(table, rows)
    return tomlkit.dumps(document)


def _ordered(told: Mapping[str, Any], table: str) -> list[tuple[str, Any]]:
    keys = TABLES[table]
    found = [(key, told[key]) for key in keys if key in told]
    return [
        (key, date.fromisoformat(value) if keys[key].check is day else value)
        for key, value in found
    ]
