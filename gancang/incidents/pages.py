"""The log of incidents: found, reported, worked off, printed, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.fleet.queries import get_rider
from gancang.incidents import actions, queries, rules
from gancang.incidents.forms import BagBackForm, CloseForm, EntryForm, RangForm, ReportForm
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpResponse

    from gancang.incidents.models import Incident


@for_roles(*queries.MAY_SEE)
def log(request: MemberRequest) -> HttpResponse:
    """All incidents that one may see, the newest first."""
    asked = {name: request.GET.get(name, "") for name in ("q", "kind", "state")}
    found = queries.found(
        request.membership, typed=asked["q"], kind=asked["kind"], state=asked["state"]
    )
    page = page_after(found, key=("-id",), cursor=request.GET.get("after", ""))
    context = {
        "page": page,
        "kinds": rules.KINDS,
        "may_act": request.membership.role in queries.MAY_ACT,
        "zone": request.membership.region.timezone,
        **asked,
    }
    return render(request, "incidents/log.html", context)


@for_roles(*queries.MAY_ACT)
def new(request: MemberRequest) -> HttpResponse:
    """Report an incident."""
    asker, now = request.membership, timezone.now()
    riders = queries.list_riders(asker)
    initial = {name: request.GET.get(name, "") for name in ("order", "rider", "kind")}
    form = ReportForm(request.POST or None, riders=riders, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        order = queries.find_order(asker, typed["order"]) if typed["order"] else None
        if typed["order"] and order is None:
            form.add_error("order", _("There is no such order here. Check the code."))
        else:
            told = actions.Report(
                kind=typed["kind"],
                what_happened=typed["what_happened"],
                happened_at=now,
                order=order,
                rider=next((each for each in riders if str(each.pk) == typed["rider"]), None),
            )
            made = actions.report(told, region=asker.region, by=request.user.username, now=now)
            messages.success(request, _("Written down. Now note what is done and who is told."))
            return redirect("incidents:incident", made.pk)
    context = {"form": form}
    return render(request, "incidents/new.html", context, status=400 if form.errors else 200)


@for_roles(*queries.MAY_SEE)
def incident(request: MemberRequest, number: int) -> HttpResponse:
    """One incident: what happened, what was done, who was told, who is still to be rung."""
    return shown(request, queries.get_incident(request.membership, number))


def shown(request: MemberRequest, found: Incident, **forms: forms.Form) -> HttpResponse:
    """The page of an incident; a form that was sent is shown with what is wrong in it."""
    may_act = request.membership.role in queries.MAY_ACT and found.closed_at is None
    context: dict[str, Any] = {
        "incident": found,
        "entries": queries.list_entries(found),
        "rings": queries.call_list(request.membership, found, now=timezone.now()),
        "may_act": may_act,
        "others": [
            (bag, BagBackForm(auto_id=f"other-{bag.pk}-%s"))
            for bag in queries.list_other_bags(found)
        ],
        "road": queries.on_the_road(found),
        "may_relieve": may_act and request.membership.role != Role.PHARMACIST,
        "emergency": found.region.config.get("emergency_phone", ""),
        "may_dispose": may_act and request.membership.role == Role.PHARMACIST,
        "entry_form": EntryForm(),
        "bag_form": BagBackForm(),
        "close_form": CloseForm(),
        "zone": found.region.timezone,
        **forms,
    }
    status = 400 if any(form.errors for form in forms.values()) else 200
    return render(request, "incidents/incident.html", context, status=status)


@for_roles(*queries.MAY_ACT)
@require_POST
def note(request: MemberRequest, number: int) -> HttpResponse:
    """Note what was done, or who was told."""
    found = queries.get_incident(request.membership, number)
    form = EntryForm(request.POST)
    if not form.is_valid():
        return shown(request, found, entry_form=form)
    actions.note(found, **form.cleaned_data, by=request.user.username, now=timezone.now())
    return redirect("incidents:incident", number)


@for_roles(*queries.MAY_ACT)
@require_POST
def rang(request: MemberRequest, number: int) -> HttpResponse:
    """A patient of the call list was rung."""
    call = queries.get_call(request.membership, number)
    form = RangForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    reached = request.POST.get("reached") == "yes"
    actions.rang(call, reached=reached, text=text, by=request.user.username, now=timezone.now())
    return redirect("incidents:incident", call.incident_id)


@for_roles(*queries.MAY_ACT)
@require_POST
def close(request: MemberRequest, number: int) -> HttpResponse:
    """End an incident."""
    found = queries.get_incident(request.membership, number)
    form = CloseForm(request.POST)
    if form.is_valid():
        text, by = form.cleaned_data["text"], request.user.username
        try:
            actions.close(found, text, by=by, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Closed."))
            return redirect("incidents:incident", number)
    return shown(request, found, close_form=form)


@for_roles(Role.RIDER)
@require_POST
def read(request: MemberRequest, number: int) -> HttpResponse:
    """The rider says that he has read what was stopped."""
    found = queries.get_notice(request.user, number)
    user = request.user
    actions.read_by_rider(found, rider_user_id=user.pk, by=user.username, now=timezone.now())
    return redirect("dispatch:rider")


@for_roles(Role.RIDER)
@require_POST
def call_for_help(request: MemberRequest) -> HttpResponse:
    """The safety button: one press, no question."""
    rider = get_rider(request.user)
    actions.call_for_help(rider, now=timezone.now())
    return redirect("dispatch:rider")


@for_roles(*queries.MAY_ACT)
@require_POST
def see(request: MemberRequest, number: int) -> HttpResponse:
    """Somebody has seen an incident and acts."""
    found = queries.get_incident(request.membership, number)
    actions.see(found, by=request.user.username, now=timezone.now())
    return redirect("incidents:incident", number)


@for_roles(Role.OPERATOR, Role.ADMIN)
@require_POST
def see_late(request: MemberRequest, number: int) -> HttpResponse:
    """Somebody has seen that an order is late and acts."""
    found = queries.get_lateness(request.membership, number)
    actions.see_late(found, by=request.user.username, now=timezone.now())
    return redirect("dispatch:board")
