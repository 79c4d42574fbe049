"""Indonesian first: whatever a page, a form or a refusal says is translated, whole and sound."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Message

GANCANG = Path(__file__).parents[2]
QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
CALLS = {"_", "N_", "gettext", "gettext_lazy", "ngettext"}


def said_in_template(source: str) -> Iterator[str]:
    """Each msgid of a template, read as Django's own makemessages reads it."""
    for quoted in re.findall(rf"\b(?:n?gettext|_)\(u?({QUOTED})", templatize(source)):
        yield ast.literal_eval(quoted)


def said_in_python(source: str) -> Iterator[str]:
    """Each msgid that Python marks."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def reasons_in_python(source: str) -> Iterator[str]:
    """The sentences of Reason classes, marked with N_ or not."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and any("Reason" in ast.unparse(b) for b in node.bases):
            for value in (s.value for s in node.body if isinstance(s, ast.Assign)):
                last = value.elts[-1] if isinstance(value, ast.Tuple) else None
                if isinstance(last, ast.Constant) and isinstance(last.value, str):
                    yield last.value


def said() -> dict[str, str]:
    """Every msgid of the project and the first file that says it."""
    found: dict[str, str] = {}
    for path in sorted(GANCANG.rglob("*.html")):
        for msgid in said_in_template(path.read_text("utf-8")):
            found.setdefault(msgid, str(path.relative_to(GANCANG)))
    for path in sorted(GANCANG.rglob("*.py")):
        if "tests" not in path.parts:
            source = path.read_text("utf-8")
            for msgid in (*said_in_python(source), *reasons_in_python(source)):
                found.setdefault(msgid, str(path.relative_to(GANCANG)))
    return found


CATALOGUES = sorted(GANCANG.glob("*/locale/id/LC_MESSAGES/django.po"))


def texts_of(message: Message) -> list[str]:
    """The translations of one message: one, or one a plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or [])


def translated() -> dict[str, list[str]]:
    """Every msgid of the catalogues with its translations."""
    known: dict[str, list[str]] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file, abort_invalid=True):
                if message.id:
                    msgid = message.id if isinstance(message.id, str) else message.id[0]
                    texts = texts_of(message)
                    sound = [text for text in texts if text] if not message.fuzzy else []
                    known.setdefault(msgid, []).extend(sound)
    return known


def test_the_readers_find_what_is_said() -> None:
    template = (
        '{% trans "A" %}{% blocktrans with n=x %}B {{ n }} 5%{% endblocktrans %}'
        "{% blocktrans count n=x %}{{ n }} bag{% plural %}{{ n }} bags{% endblocktrans %}"
        "{% blocktrans trimmed %}\n  Two\n  lines\n{% endblocktrans %}"
        """{% translate "It's" as x %}{{ _("E") }}{% include "x" with y=_("F") %}"""
    )
    told = ["A", "B %(n)s 5%%", "%(n)s bag", "Two lines", "It's", "E", "F"]
    assert list(said_in_template(template)) == told
    assert list(said_in_python('x = _("C")\ny = N_("D")\nz = f("E")')) == ["C", "D"]


def test_everything_that_is_said_is_said_in_indonesian() -> None:
    known, everything = translated(), said()
    assert len(everything) > 300
    missing = [f"{file}: {msgid!r}" for msgid, file in everything.items() if not known.get(msgid)]
    assert not missing, "\n".join(missing)


def test_nothing_is_translated_that_nobody_says() -> None:
    everything = said()
    assert [msgid for msgid in translated() if msgid not in everything] == []


def test_what_several_catalogues_translate_they_translate_alike() -> None:
    differing = [f"{msgid!r}: {texts}" for msgid, texts in translated().items() if odd(texts)]
    assert not differing, "\n".join(differing)


def odd(texts: list[str]) -> bool:
    """Whether one msgid has several translations; Indonesian has a single form."""
    return len(set(texts)) > 1


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parents[3].name)
def test_translations_keep_every_placeholder(path: Path) -> None:
    with path.open("rb") as file:
        for message in read_po(file):
            texts = texts_of(message)
            msgid = message.id if isinstance(message.id, str) else message.id[0]
            for text in texts if msgid else []:
                assert placeholders(text) == placeholders(msgid), msgid


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|\{\w+\}|</?\w+>", text))
