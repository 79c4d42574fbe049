"""A programme in words: its keys and values as people read them, page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gancang.programmes.changes import Change, is_table, name_of
from gancang.programmes.key_words import STEPS, TABLES, kind_in_words, label_of, step_of
from gancang.programmes.wording import rule_in_words
from gancang.values import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gancang.programmes.shelf import Names
    from gancang.regions.facts import FactKind

A_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True)
class Line:
    """One key with its value, both in words."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one list: its heading, and each row's name and lines."""

    title: str
    rows: list[tuple[str, list[Line]]]


@dataclass(frozen=True, slots=True)
class Section:
    """What one page of the builder tells."""

    slug: str
    title: str
    lines: list[Line]
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words: on which page, of what, before and after."""

    step: str
    label: str
    before: str
    after: str


def sections(told: Mapping[str, Any], names: Names, kinds: Mapping[str, FactKind]) -> list[Section]:
    """A whole programme, a section for each page that tells something."""
    found = []
    for step in STEPS:
        lines = [
            Line(label_of(key), shown(key, told[key], names)) for key in step.keys if key in told
        ]
        blocks = [
            Block(label_of(table), _rows(table, told[table], names, kinds))
            for table in step.tables
            if told.get(table)
        ]
        if lines or blocks:
            found.append(Section(step.slug, _(step.title), lines, blocks))
    return found


def _rows(
    table: str, rows: Any, names: Names, kinds: Mapping[str, FactKind]
) -> list[tuple[str, list[Line]]]:
    if not is_table(rows):
        return []
    return [
        (_title(table, row, place, names), [*_lines(table, row, names), *_said(row, kinds)])
        for place, row in enumerate(rows)
    ]


def _said(row: Mapping[str, Any], kinds: Mapping[str, FactKind]) -> list[Line]:
    """What a rule really asks, made from the rule itself."""
    language = get_language() or "id"
    words = rule_in_words(str(row.get("when", "")), kinds, language=language)
    return [Line(_("That is"), words)] if words else []


def _title(table: str, row: Mapping[str, Any], place: int, names: Names) -> str:
    if table == "clause":
        own = "sentence_id" if (get_language() or "id").startswith("id") else "sentence_en"
        return str(row.get(own) or name_of(row, place))
    return shown("fund", row["fund"], names) if "fund" in row else name_of(row, place)


def _lines(table: str, row: Mapping[str, Any], names: Names) -> list[Line]:
    named = {"fund", "code", "sentence_id", "sentence_en"} if table == "clause" else {"fund"}
    return [
        Line(label_of(key, table), shown(key, row[key], names))
        for key in TABLES[table]
        if key in row and key not in named
    ]


def shown(key: str, value: object, names: Names) -> str:
    """A value as people read it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(shown(key, each, names) for each in value) or _("any")
    if isinstance(value, dict):
        return " ".join(f"{name} {shown(name, each, names)}" for name, each in value.items())
    if isinstance(value, int):
        return in_words(value) if key.endswith("_rp") else str(value)
    return _text(key, str(value), names)


def _text(key: str, value: str, names: Names) -> str:
    if key in ("kind", "event"):
        return kind_in_words(value)
    text = names.get(key, {}).get(value, value)
    return "-".join(reversed(day.groups())) if (day := A_DAY.fullmatch(text)) else text


def payers(told: Mapping[str, Any], names: Names) -> list[str]:
    """Who pays, each with its share: the funders, and the recipient where he does."""
    found = [
        " ".join(
            [shown("fund", row.get("fund"), names)]
            + ([f"{row['percent']} %"] if "percent" in row else [])
            + ([_("(turn %(turn)s)") % {"turn": row["order"]}] if "order" in row else [])
        )
        for row in told.get("funder") or []
    ]
    if told.get("patient_pays_percent"):
        found.append(_("the recipient %(percent)s %%") % {"percent": told["patient_pays_percent"]})
    elif told.get("patient_pays_rp"):
        found.append(_("the recipient %(amount)s") % {"amount": in_words(told["patient_pays_rp"])})
    return found


def changes_in_words(found: list[Change], names: Names) -> list[Told]:
    """Differences between two versions, in words."""
    return list(_each(found, names))


def _each(found: list[Change], names: Names) -> Iterator[Told]:
    for change in found:
        label = label_of(change.key, change.table)
        if change.table:
            row = shown("fund", change.row, names) if change.table == "funder" else change.row
            label = f"{label_of(change.table)}, {row}: {label}"
        yield Told(
            _(step_of(change.table or change.key).title),
            label,
            shown(change.key, change.before, names),
            shown(change.key, change.after, names),
        )
