"""How the chain is computed: the same as the database's trigger, in other words."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple


class Chained(NamedTuple):
    """An event with its link, as read from the store; a tuple, since a chain has millions."""

    event_id: int
    region: str
    at: datetime
    by: str
    kind: str
    subject: str
    payload: str
    number: int
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A seal as somebody has it: on this day the chain ended at this event with this hash."""

    day: str
    number: int
    hash: str


def _is_written_plainly(row: Chained) -> bool:
    """Whether the payload begins and ends letter by letter as its columns say: no need to read it.

    Keys are sorted, so that the facts stand between; no fact can look like the end, since after
    those the payload's own brace would follow.
    """
    begins = f'{{"at":"{row.at.isoformat()}","by":"{row.by}","facts":{{'
    ends = f'}},"kind":"{row.kind}","region":"{row.region}","subject":"{row.subject}"}}'
    told = row.payload
    plain = not ('"' in row.by + row.subject or "\\" in row.by + row.subject)
    return plain and told.startswith(begins) and told.endswith(ends)


def hash_of(previous: str, payload: str) -> str:
    """SHA-256 over the previous hash, a newline and the payload, as lower-case hex."""
    return sha256(f"{previous}\n{payload}".encode()).hexdigest()


def find_fault(row: Chained, *, number: int, previous: str) -> str | None:
    """What is wrong with this link, which should be `number` and follow `previous`."""
    if row.number != number:
        return f"event {row.event_id}: number {row.number} where {number} should stand"
    if row.previous != previous:
        return f"event {row.event_id}: does not follow the event before it"
    if row.hash != hash_of(previous, row.payload):
        return f"event {row.event_id}: was altered after it was written"
    if not _columns_match(row):
        return f"event {row.event_id}: its columns do not say what its payload says"
    return None


def _columns_match(row: Chained) -> bool:
    if _is_written_plainly(row):
        return True
    told = json.loads(row.payload)
    return (
        told["region"] == row.region
        and datetime.fromisoformat(told["at"]) == row.at
        and told["by"] == row.by
        and told["kind"] == row.kind
        and told["subject"] == row.subject
    )
