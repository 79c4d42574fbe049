"""How long each budget line will last, and what would be if something changed."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.forecast import actions, queries
from gancang.forecast.drawing import draw, month_ends
from gancang.forecast.forms import ChangeForm
from gancang.programmes.queries import list_programmes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from gancang.ledger.models import Budget

READERS = (Role.PROGRAMME_OFFICER, Role.TREASURER, Role.AUDITOR, Role.ADMIN)


@for_roles(*READERS)
def lines(request: MemberRequest) -> HttpResponse:
    """Each budget line of this year with the day on which it will be used up."""
    asker = request.membership
    found = queries.lines_of(asker.region, now=timezone.now())
    names = _names(request)
    context = {
        "lines": [(each, _name(each.budget, names)) for each in found],
        "notices": [(each, _name(each.budget, names)) for each in queries.notices_of(asker)],
        "zone": asker.region.timezone,
    }
    return render(request, "forecast/lines.html", context)


@for_roles(*READERS)
def line(request: MemberRequest, number: int) -> HttpResponse:
    """One budget line: the band, month by month, and what if."""
    now, asker = timezone.now(), request.membership
    found = queries.get_line(asker, number, now=now)
    people = queries.people_served(asker.region, found.budget.programme, now=now)
    form = ChangeForm(request.GET.dict() or None, people=people)
    changed = None
    if form.is_valid():
        changed = found.if_only(form.change())
    context: dict[str, Any] = {
        "line": found,
        "told": found.told,
        "changed": changed,
        "form": form,
        "people": people,
        "name": _name(found.budget, _names(request)),
    }
    if found.told:
        after = month_ends(changed) if changed else []
        context["drawing"] = draw(found.told, changed)
        context["months"] = list(zip_longest(month_ends(found.told), after))
    wrong = form.is_bound and not form.is_valid()
    return render(request, "forecast/line.html", context, status=400 if wrong else 200)


@for_roles(Role.PROGRAMME_OFFICER, Role.TREASURER)
@require_POST
def see(request: MemberRequest, number: int) -> HttpResponse:
    """Seen: it waits for nobody of this role any more."""
    notice = queries.get_notice(request.membership, number)
    actions.see(request.membership, notice, now=timezone.now())
    return redirect("forecast:lines")


def _name(budget: Budget, names: Mapping[str, str]) -> str:
    return names.get(budget.programme, budget.programme)


def _names(request: MemberRequest) -> dict[str, str]:
    return {each.code: each.name for each in list_programmes(request.membership.region)}
