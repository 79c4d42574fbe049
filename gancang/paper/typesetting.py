"""Typst, with what people typed handed in as data: no text of theirs is ever read as markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typst

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent / "typ"


def pdf_of(template: str, told: Mapping[str, object]) -> bytes:
    """A PDF of `typ/TEMPLATE.typ`, which reads `told`.

    Only the fonts that come with Typst are used: the same page on every machine.
    """
    return typst.compile(
        str(FOLDER / f"{template}.typ"),
        root=str(FOLDER),
        ignore_system_fonts=True,
        sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
    )
