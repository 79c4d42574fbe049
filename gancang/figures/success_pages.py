"""How one programme does by the numbers that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.figures import success
from gancang.figures.pages import asked_for, period_asked
from gancang.programmes.shelf import get_newest
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpResponse

READERS = (Role.PROGRAMME_OFFICER, Role.TREASURER, Role.AUDITOR, Role.ADMIN)


@for_roles(*READERS)
def programme(request: MemberRequest, code: str) -> HttpResponse:
    """Target and what was reached, for a period; this month where none is named."""
    row = get_newest(request.membership, code)
    try:
        period = period_asked(request)
    except Refused as refusal:
        first, last = request.GET.get("from", ""), request.GET.get("until", "")
        wrong = {"row": row, "wrong": sentence_of(refusal), "first": first, "last": last}
        return render(request, "figures/success.html", wrong, status=400)
    counted = success.count(request.membership.region, code, period)
    context = {"row": row, "counted": counted, "rows": success.successes_of(row, counted)}
    return render(request, "figures/success.html", context | asked_for(period))
