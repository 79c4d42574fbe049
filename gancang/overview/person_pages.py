"""What one person gets, and all that is held on him, to be given to him."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.enrolment.queries import programmes_of
from gancang.overview.person_file import file_about
from gancang.overview.person_services import services_of
from gancang.residents.pages import person_of, reader_of
from gancang.residents.queries import household_of, numbers_of, readings_of_person
from gancang.web.files import as_file

if TYPE_CHECKING:
    from django.http import HttpResponse

READERS = (Role.COUNTER_CLERK, Role.OPERATOR, Role.PROGRAMME_OFFICER, Role.ADMIN)


@for_roles(*READERS)
def services(request: MemberRequest, number: int) -> HttpResponse:
    """Enrolments, deliveries, visits, rides, transfers and meals of one person; his household."""
    asker, person = request.membership, person_of(request, number, "registry")
    household = household_of(reader_of(request, "registry"), person.number)
    theirs = programmes_of([one.number for one in household])
    context = {
        "household": [(one, theirs.get(one.number, [])) for one in household],
        "person": person,
        "gets": services_of(asker, numbers_of(person.number)),
        "readings": readings_of_person(asker.region, person.number)[:5],
        "zone": asker.region.timezone,
        "sees_cases": asker.role in READERS,
        "sees_meals": asker.role in (Role.OPERATOR, Role.PROGRAMME_OFFICER),
        "sees_enrolments": asker.role != Role.OPERATOR,
        "may_give": asker.role == Role.ADMIN,
    }
    return render(request, "overview/person.html", context)


@for_roles(Role.ADMIN)
@require_POST
def give_file(request: MemberRequest, number: int) -> HttpResponse:
    """All that is held on a person, on paper or as a file: he asked for it. It is logged."""
    person, asker = person_of(request, number, "own file"), request.membership
    by, now = request.user.username, timezone.now()
    told = file_about(person, region=asker.region, by=by, now=now)
    if request.POST.get("as") == "file":
        text = json.dumps(told, ensure_ascii=False, indent=2).encode()
        return as_file(text, f"{person.local_id}.json", "application/json")
    context = {"person": person, "parts": told, "at": now, "zone": asker.region.timezone}
    return render(request, "overview/person_file.html", context)
