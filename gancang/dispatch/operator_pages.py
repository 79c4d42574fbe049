"""The operator's and the pharmacist's hand on the brake: recalling a bag, having it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.dispatch import stopping
from gancang.dispatch.forms import RecallForm, RemedyForm
from gancang.incidents import pages as incident_pages
from gancang.incidents.forms import BagBackForm
from gancang.incidents.queries import find_order, find_rider_of, get_incident, get_other_bag
from gancang.orders.queries import get_order
from gancang.residents.queries import Reader, read_person
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpResponse

STOPPERS = (Role.PHARMACIST, Role.OPERATOR, Role.ADMIN)


@for_roles(*STOPPERS)
def recall(request: MemberRequest, code: str) -> HttpResponse:
    """The bag is not this patient's: stop it, wherever it is, and write it down."""
    order = get_order(request.membership, code)
    form = RecallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        other = find_order(request.membership, typed["other"]) if typed["other"] else None
        if typed["other"] and other is None:
            form.add_error("other", _("There is no such order here. Check the code."))
        else:
            try:
                found = stopping.recall(
                    order,
                    why=typed["why"],
                    rider=find_rider_of(order),
                    other=other,
                    by=request.user.username,
                    now=timezone.now(),
                )
            except Refused as refusal:
                form.add_error(None, sentence_of(refusal))
            else:
                messages.success(request, _("Stopped. Now ring the patient, by the list below."))
                return redirect("incidents:incident", found.pk)
    context = {"form": form, "order": order}
    return render(request, "dispatch/recall.html", context, status=400 if form.errors else 200)


@for_roles(Role.OPERATOR, Role.ADMIN)
@require_POST
def relieve(request: MemberRequest, number: int) -> HttpResponse:
    """Take everything from the rider of an incident, with one click."""
    found = get_incident(request.membership, number)
    count = stopping.relieve(found, by=request.user.username, now=timezone.now())
    messages.success(request, _("Orders taken from him: %(count)s.") % {"count": count})
    return redirect("incidents:incident", number)


@for_roles(*STOPPERS)
@require_POST
def tell_later(request: MemberRequest, number: int) -> HttpResponse:
    """Tell the patients of an incident that it comes later."""
    found = get_incident(request.membership, number)
    told, to_ring = stopping.tell_later(found, by=request.user.username, now=timezone.now())
    said = _("Told by message: %(told)s. To be rung: %(ring)s.") % {"told": told, "ring": to_ring}
    messages.success(request, said)
    return redirect("incidents:incident", number)


@for_roles(Role.PHARMACIST)
@require_POST
def bag_back(request: MemberRequest, number: int) -> HttpResponse:
    """The pharmacist has the recalled bag again and decides what becomes of it."""
    found = get_incident(request.membership, number)
    form = BagBackForm(request.POST)
    if not form.is_valid():
        return incident_pages.shown(request, found, bag_form=form)
    now, by = timezone.now(), request.user.username
    if code := request.POST.get("order", ""):
        other = get_other_bag(found, code)
        stopping.other_bag_is_back(other, **form.cleaned_data, by=by, now=now)
    else:
        stopping.recalled_bag_is_back(found, **form.cleaned_data, by=by, now=now)
    messages.success(request, _("Noted. The order goes through the whole check again."))
    return redirect("incidents:incident", number)


@for_roles(Role.PHARMACIST)
@require_POST
def stopped_back(request: MemberRequest, code: str) -> HttpResponse:
    """The pharmacist has the bag of a stopped order again."""
    order = get_order(request.membership, code)
    stopping.bag_is_back(order, by=request.user.username, now=timezone.now())
    messages.success(request, _("The bag is here; decide below what happens with the order."))
    return redirect(order.detail_page, code)


@for_roles(Role.OPERATOR, Role.ADMIN)
def remedies(request: MemberRequest, code: str) -> HttpResponse:
    """What can be done about an order at risk: ring, tell the patient, give to another, stop."""
    order, now = get_order(request.membership, code), timezone.now()
    form = RemedyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = request.user.username
        try:
            stopping.remedy(order, form.cleaned_data["deed"], form.cleaned_data["why"], by, now)
        except Refused as refusal:
            form.add_error("why", sentence_of(refusal))
        else:
            messages.success(request, _("Done."))
            return redirect("dispatch:remedies", code)
    reader = Reader(
        region=order.region,
        by=request.user.username,
        role=request.membership.role,
        purpose="late delivery",
        now=now,
    )
    context = {
        "form": form,
        "order": order,
        "person": read_person(reader, order.resident_id),
        "rider": find_rider_of(order),
        "zone": order.region.timezone,
    }
    return render(request, "dispatch/remedies.html", context, status=400 if form.errors else 200)
