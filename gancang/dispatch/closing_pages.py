"""Switching a fleet or a way off, the orders that this puts at risk, and another way for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.dispatch import queries, rerouting
from gancang.dispatch.closing_forms import ClosureForm, WayForm
from gancang.dispatch.rerouting import Option
from gancang.orders.forms import tell
from gancang.orders.queries import get_order
from gancang.reach import actions as reach
from gancang.reach.queries import (
    closures_of,
    fleets_to_close,
    get_closure,
    places_of,
    ways_of,
)
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

OPERATORS = (Role.OPERATOR, Role.ADMIN)


@for_roles(*OPERATORS)
def closures(request: MemberRequest) -> HttpResponse:
    """What is switched off, what that puts at risk, and a form to switch something off."""
    asker, now = request.membership, timezone.now()
    places = places_of(asker.region)
    form = ClosureForm(
        request.POST or None,
        fleets=fleets_to_close(asker),
        # A fleet's own operator closes his fleet; ways are of the whole region.
        ways=() if asker.organisation_id else ways_of(asker.region),
        places=places,
        zone=asker.region.timezone,
        now=now,
    )
    if request.method == "POST" and form.is_valid():
        try:
            reach.switch_off(form.told(), region=asker.region, by=request.user, now=now)
        except Refused as refusal:
            form.add_error("until", sentence_of(refusal))
        else:
            messages.success(request, _("Switched off. New promises and the planner follow."))
            return redirect("dispatch:closures")
    found = closures_of(asker, now=now)
    page = page_after(found, key=("since", "id"), cursor=request.GET.get("after", ""))
    context = {
        "page": page,
        "form": form,
        "titles": {way.code: way.title for way in ways_of(asker.region)},
        "places": dict(places),
        "at_risk": queries.list_without_way(asker, now=now),
        "zone": asker.region.timezone,
        "now": now,
    }
    return render(request, "dispatch/closures.html", context, status=400 if form.errors else 200)


@for_roles(*OPERATORS)
@require_POST
def switch_on(request: MemberRequest, number: int) -> HttpResponse:
    """It serves again."""
    now = timezone.now()
    reach.switch_on(get_closure(request.membership, number, now=now), by=request.user, now=now)
    messages.success(request, _("Switched on again."))
    return redirect("dispatch:closures")


@for_roles(*OPERATORS)
def way(request: MemberRequest, code: str) -> HttpResponse:
    """By which way an order goes from now on: each with its cost and its promise."""
    order, now = get_order(request.membership, code), timezone.now()
    options = rerouting.options_for(order, now=now)
    form = WayForm(request.POST or None, options=options, initial={"version": order.version})
    if request.method == "POST" and form.is_valid():
        seen, chosen = form.cleaned_data["version"], form.cleaned_data["way"]
        option: Option = next(each for each in options if each.key == chosen)
        try:
            by = request.user.username
            rerouting.send_by(order, option, by=by, seen_version=seen, now=now)
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("%(code)s goes by this way now.") % {"code": code})
            return redirect("dispatch:board")
    context = {
        "order": order,
        "form": form,
        "options": options,
        "closed": queries.find_closed(order, now=now),
        "zone": order.region.timezone,
    }
    return render(request, "dispatch/way.html", context, status=400 if form.errors else 200)
