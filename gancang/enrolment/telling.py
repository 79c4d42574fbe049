"""What applicants are told of a decision, where their programme has words for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.enrolment.links import appeal_url
from gancang.enrolment.rules import State, Why
from gancang.outbox.actions import Note, post_all
from gancang.programmes.letters import in_own_words, sentence_for, writes
from gancang.residents.queries import Reader, read_people

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.enrolment.models import Enrolment

EVENTS = {
    State.INCOMPLETE: "lacks",
    State.WAITING: "waiting",
    State.ENROLLED: "accepted",
    State.REFUSED: "refused",
    State.ENDED: "ended",
}
# The dead, whoever took his consent back, and the second entry of one person.
SILENT = (Why.DECEASED, Why.NO_CONSENT, Why.TWO_ENTRIES)


def tell(rows: Sequence[Enrolment], *, now: datetime) -> None:
    """Write to those whose programme has words for where they stand now; each is told once."""
    told = [row for row in rows if (event := event_of(row)) and writes(row.programme, event)]
    if not told:
        return
    region = told[0].region
    reader = Reader(region=region, by="system", role="system", purpose="enrolment.letter", now=now)
    people = read_people(reader, [row.resident_id for row in told])
    notes = [
        note
        for row in told
        if (person := people[row.resident_id]).phone and not person.deceased_on
        for note in in_own_words(row.programme, event_of(row), _note(row, person.phone))
    ]
    post_all(notes, region=region.code, now=now)


def event_of(row: Enrolment) -> str:
    """Which letter tells where an application stands; "" where none does."""
    if row.state == State.ENDED and row.why in SILENT:
        return ""
    if row.state == State.REFUSED and row.appeal_until is None:
        return "upheld"
    return EVENTS.get(State(row.state), "")


def own_sentence(row: Enrolment) -> str:
    """The programme's own words for where an application stands, for its printed letter."""
    return sentence_for(row.programme, event_of(row), _told(row))


def _told(row: Enrolment) -> dict[str, str]:
    told = {
        "programme": row.programme.name,
        "number": row.code,
        "phone": row.region.phone,
        "link": appeal_url(row.code),
    }
    day = row.appeal_until if row.state == State.REFUSED else row.due_on
    return {**told, "day": f"{day:%d-%m-%Y}"} if day else told


def _note(row: Enrolment, phone: str) -> Note:
    event = event_of(row)
    # Who is refused a second time has a second time to appeal.
    which = f":{row.appeal_until}" if event == "refused" else ""
    return Note(
        key=f"enrolment.{event}:{row.code}{which}",
        kind=f"enrolment.{event}",
        subject=row.code,
        address=phone,
        body=f"{row.programme.name}: {row.code}",
        person=row.resident_id,
        told=_told(row),
    )
