"""A programme's letters as an invented person gets them, and one of them on one's own phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from gancang.audit.actions import record
from gancang.outbox.actions import Note, post
from gancang.outbox.rules import filled, sms_parts
from gancang.programmes.key_words import kind_in_words
from gancang.programmes.lettering import events_of, names_of
from gancang.regions.pack_writing import EVENTS, NAMES, names_told
from gancang.values import N_, Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.programmes.models import Draft


class Why(Reason):
    """Why a letter is not tried on one's own phone."""

    NO_SUCH_LETTER = "no_such_letter", N_("Save words for this letter first, then try them.")
    NO_OWN_PHONE = (
        "no_own_phone",
        N_("No phone of yours is known. Have the admin enter it, then try again."),
    )


@dataclass(frozen=True, slots=True)
class Words:
    """One row's words: in which language, filled in; how long that is."""

    place: int
    language: str
    text: str  # "": it cannot be filled in
    signs: int
    parts: int


@dataclass(frozen=True, slots=True)
class Preview:
    """One letter of a programme: when, what it may name, and its own words if it has any."""

    event: str
    when: str
    names: str
    usual: str  # what happens without words of its own
    words: list[Words]


def previews(told: Mapping[str, Any]) -> list[Preview]:
    """Every letter that a programme can write, in order."""
    rows = list(enumerate(told.get("letter") or []))
    return [
        Preview(
            event,
            kind_in_words(event),
            " ".join(f"{{{name}}}" for name in names_of(event, told)),
            _usual(event, [row for _place, row in rows if row.get("event") == event]),
            [_shown(place, row) for place, row in rows if row.get("event") == event],
        )
        for event in events_of(told)
    ]


def _usual(event: str, rows: list[Mapping[str, Any]]) -> str:
    if any(row.get("off") for row in rows):
        return _("It is not sent.")
    if rows:
        return ""
    return _("As it always is.") if EVENTS[event].by_itself else _("Is not sent without words.")


def _shown(place: int, row: Mapping[str, Any]) -> Words:
    text = words_of(row)
    return Words(place, row.get("language", ""), text, len(text), sms_parts(text) if text else 0)


def words_of(row: Mapping[str, Any]) -> str:
    """A letter for the invented person; "" where there is none, or one that cannot be filled in."""
    words = row.get("text", "")
    if row.get("off") or not isinstance(words, str) or names_told(words) is None:
        return ""
    return filled(words, NAMES)


@transaction.atomic
def try_on_oneself(draft: Draft, place: int, *, by: User, now: datetime) -> None:
    """One letter of a draft goes to the officer's own phone. Refused where it cannot."""
    rows = draft.told.get("letter") or []
    text = words_of(rows[place]) if place < len(rows) else ""
    if not text:
        raise Refused(Why.NO_SUCH_LETTER)
    if not by.phone:
        raise Refused(Why.NO_OWN_PHONE)
    subject, region = f"draft-{draft.pk}", draft.region.code
    note = Note(
        # One a minute: nobody's phone is flooded by a finger on a button.
        key=f"programme.trial:{draft.pk}:{place}:{by.pk}:{now:%Y%m%d%H%M}",
        kind="programme.trial",
        subject=subject,
        address=by.phone,
        body=text,
    )
    post(note, region=region, now=now)
    facts: dict[str, object] = {"letter": place + 1}
    record("programme.letter_tried", subject, region=region, by=by.username, now=now, facts=facts)
