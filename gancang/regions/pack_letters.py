"""What must be true of a pack's letters: spoken languages, and names that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gancang.regions.pack_files import Files, Problem, Row
from gancang.regions.pack_schema import LETTER_KINDS
from gancang.regions.pack_writing import names_told

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
        named = names_told(row.values["text"])
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


def _bad(row: Row, what: str, instead: str, key: str) -> Problem:
    return Problem(row.file, row.line_of(key), what, instead)
