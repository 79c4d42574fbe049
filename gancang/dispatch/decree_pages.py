"""Roads that a decree closes: which hold, are to come or are over, and a form to close some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.dispatch.decree_forms import DecreeForm
from gancang.maps import actions
from gancang.maps.queries import get_closure, has_roads, list_closures
from gancang.values import Refused
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

OPERATORS = (Role.OPERATOR, Role.ADMIN)


@for_roles(*OPERATORS)
def closed_roads(request: MemberRequest) -> HttpResponse:
    """The closures as a list, and a form to close roads."""
    region, now = request.membership.region, timezone.now()
    form = DecreeForm(request.POST or None, zone=region.timezone, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            by = request.user.username
            _row, many = actions.close_roads(form.told(), region=region, by=by, now=now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            told = ngettext(
                "%(n)s stretch of road is closed. The planner, promises and ways follow.",
                "%(n)s stretches of road are closed. The planner, promises and ways follow.",
                many,
            )
            messages.success(request, told % {"n": many})
            return redirect("dispatch:closed_roads")
    past = "past" in request.GET
    found = list_closures(region, now=now, past=past)
    key = ("-since", "-id") if past else ("since", "id")
    context = {
        "page": page_after(found, key=key, cursor=request.GET.get("after", "")),
        "form": form,
        "past": past,
        "has_roads": has_roads(region),
        "zone": region.timezone,
        "now": now,
    }
    status = 400 if form.errors else 200
    return render(request, "dispatch/closed_roads.html", context, status=status)


@for_roles(*OPERATORS)
@require_POST
def open_roads(request: MemberRequest, number: int) -> HttpResponse:
    """A closure ends now."""
    closure = get_closure(request.membership.region, number)
    actions.open_roads(closure, by=request.user.username, now=timezone.now())
    messages.success(request, _("The roads are open again."))
    return redirect("dispatch:closed_roads")
