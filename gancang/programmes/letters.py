"""The letters of a programme: every one passes here on its way to the outbox."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gancang.outbox.rules import filled
from gancang.regions.pack_writing import EVENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gancang.outbox.actions import Note
    from gancang.programmes.models import Programme


def in_own_words(programme: Programme, event: str, note: Note) -> list[Note]:
    """A letter as its programme words it; none where the programme does not send it."""
    words = _words(programme, event)
    if words is None:
        return [note] if EVENTS[event].by_itself else []
    return [replace(note, words=words)] if words else []


def writes(programme: Programme, event: str) -> bool:
    """Whether a programme has words of its own for an event."""
    return bool(_words(programme, event))


def sentence_for(programme: Programme, event: str, told: Mapping[str, str]) -> str:
    """What a programme's own letter for an event says, for a page or a print; "" if it has none."""
    words = (_words(programme, event) or {}).get("", "")
    return filled(words, told) if words else ""


def _words(programme: Programme, event: str) -> Mapping[str, str] | None:
    """Words by language; none of them: it is switched off; None: nothing was said of it."""
    told: Mapping[str, Mapping[str, str]] = programme.terms.get("letters", {})
    return told.get(event)
