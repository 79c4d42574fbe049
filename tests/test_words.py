"""Auditors read words, not codes: whatever is recorded has its sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gancang.overview.templatetags.gancang_overview import EVENTS
from gancang.residents.templatetags.gancang_residents import PURPOSES

SOURCES = [
    path
    for path in (Path(__file__).parent.parent / "gancang").rglob("*.py")
    if not {"tests", "migrations", "demo"} & set(path.parts)
]
RECORDED = re.compile(r'\brecord\(\s*"([a-z_]+\.[a-z_]+)"|\bkind="([a-z_]+\.[a-z_]+)"')
READ_FOR = re.compile(r'\bpurpose="([^"]+)"')
# Kinds of letters, which have words of their own.
LETTERS = {"account.phone", "contact.answer", "programme.trial", "shop.code", "voucher.lapses"}


def found(pattern: re.Pattern[str]) -> set[str]:
    """What is written between quotes, in all sources."""
    matches = [match for path in SOURCES for match in pattern.finditer(path.read_text("utf-8"))]
    return {next(word for word in match.groups() if word) for match in matches}


def test_the_sources_are_really_read() -> None:
    assert {"order.placed", "labels.printed"} <= found(RECORDED)
    assert {"queue", "day list"} <= found(READ_FOR)


@pytest.mark.parametrize("kind", sorted(found(RECORDED) - LETTERS))
def test_every_event_has_its_words(kind: str) -> None:
    assert kind in EVENTS


@pytest.mark.parametrize("purpose", sorted(found(READ_FOR)))
def test_every_reading_has_the_words_of_its_purpose(purpose: str) -> None:
    assert purpose in PURPOSES or "." in purpose
