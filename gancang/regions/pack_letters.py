"""What must be true of a pack's letters: spoken languages, and names that there are."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Any

from gancang.regions.pack_files import Files, Problem, Row
from gancang.regions.pack_schema import LETTER_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator


def check_letters(files: Files) -> Iterator[Problem]:
    """All that is wrong with the greetings and the words of a pack."""
    spoken = files["region"][0].values["languages"]
    for row in files["greeting"] + files["letter"]:
        if row.values["language"] not in spoken:
            what = f"{row.values['language']} is not spoken here"
            yield _bad(row, what, "see languages in region.toml", "language")
    for row in files["letter"]:
        known = LETTER_KINDS[row.values["kind"]]
        named = _names_in(row.values["text"])
        if named is None:
            yield _bad(row, "a brace stands alone", "write {name}, or {{ for a brace", "text")
        elif unknown := sorted(named - set(known)):
            yield _bad(
                row, f"{{{unknown[0]}}} is not known here", f"of: {', '.join(known)}", "text"
            )


def letters_of(files: Files) -> dict[str, Any]:
    """A pack's letters as one value, empty where it has none."""
    if not files["letters"]:
        return {}
    return {
        **files["letters"][0].values,
        "greetings": {row.values["language"]: row.values["text"] for row in files["greeting"]},
        "words": [row.values for row in files["letter"]],
    }


def _names_in(text: str) -> set[str] | None:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    # {rider!r} and {rider:>9} are for programmers.
    plain = all(not form and not conversion for _text, _name, form, conversion in parts)
    return {name for _text, name, _f, _c in parts if name is not None} if plain else None


def _bad(row: Row, what: str, instead: str, key: str) -> Problem:
    return Problem(row.file, row.line_of(key), what, instead)
