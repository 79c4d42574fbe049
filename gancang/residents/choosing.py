"""Finding and choosing whom something is for, on the pages of whoever plans or sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.residents.queries import find_people, read_person, reader_for

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.doors import MemberRequest
    from gancang.residents.queries import Person


def found_by(request: MemberRequest, typed: str | None, *, now: datetime) -> list[Person]:
    """Who fits what was typed; nobody where nothing was. Each reading is logged."""
    if not typed:
        return []
    reader = reader_for(request.membership, purpose="search", now=now)
    return find_people(reader, typed[:120])


def chosen_in(request: MemberRequest, purpose: str, *, now: datetime) -> Person | None:
    """Who was chosen among those found, if the region knows such a number."""
    number = request.POST.get("person") or request.GET.get("person", "")
    if not (number.isascii() and number.isdigit()):
        return None
    reader = reader_for(request.membership, purpose=purpose, now=now)
    try:
        return read_person(reader, int(number[:18]))
    except KeyError:
        return None
