"""Compile every catalogue (django.po) beside itself (django.mo), where it is not up to date."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent / "gancang"


def compile_all(root: Path) -> int:
    """Compile what is older than its source; how many catalogues were written."""
    written = 0
    for source in sorted(root.glob("*/locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
        with target.open("wb") as file:
            write_mo(file, catalogue)
        written += 1
    return written


if __name__ == "__main__":
    print(f"{compile_all(ROOT)} catalogues compiled")  # noqa: T201 - a command speaks
