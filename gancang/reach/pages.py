"""Where medicine is brought: every village with its way, its cost and its promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.reach import queries
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_roles(Role.OPERATOR, Role.ADMIN, Role.COUNTER_CLERK, Role.PHARMACIST, Role.PROGRAMME_OFFICER)
def where(request: MemberRequest) -> HttpResponse:
    """All villages: the chosen way, and why not each other."""
    asker, typed = request.membership, request.GET.get("q", "")
    view = queries.view_for(asker, origin=request.GET.get("from", ""), now=timezone.now())
    found = queries.villages_like(asker.region, typed)
    page = page_after(
        found, key=("district__name", "name", "id"), cursor=request.GET.get("after", "")
    )
    view = view.measured(page.rows)
    context = {
        "page": page,
        "lines": [(village, view.answers_for(village)) for village in page.rows],
        "view": view,
        "q": typed,
        "learned": queries.find_learned(asker.region),
        "zone": asker.region.timezone,
        "can_close": asker.role in (Role.OPERATOR, Role.ADMIN),
    }
    return render(request, "reach/where.html", context)
