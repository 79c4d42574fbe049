"""One meal to one door, as whoever pays and checks it reads it: whose tick, whose money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.residents.queries import read_person, reader_for
from gancang.servings import queries
from gancang.servings.pages import PLANNERS

if TYPE_CHECKING:
    from django.http import HttpResponse

READS = (*PLANNERS, Role.TREASURER, Role.AUDITOR, Role.ADMIN)


@for_roles(*READS)
def stop(request: MemberRequest, code: str) -> HttpResponse:
    """One meal: from which stall, on whose round, seen or not, what became owed to whom."""
    asker, row = request.membership, queries.get_serving(request.membership, code)
    person = None
    if asker.role in PLANNERS:
        reader = reader_for(asker, purpose="meals", now=timezone.now())
        person = read_person(reader, row.diner.resident_id)
    context = {
        "row": row,
        "person": person,
        "story": queries.story_of(row),
        "zone": row.region.timezone,
    }
    return render(request, "servings/stop.html", context)
