"""On the way by a counter or by post: given on, sent home, handed in, arrived, brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.cash.queries import still_due
from gancang.medicine import onward, posting
from gancang.medicine.queries import people_of
from gancang.medicine.way_forms import ArrivedForm, CameBackForm, GiveToForm, PostForm
from gancang.orders import lifecycle
from gancang.orders.forms import tell
from gancang.orders.lifecycle import Failure
from gancang.orders.queries import get_order, list_legs
from gancang.values import Refused
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpResponse

    from gancang.orders.models import Order

DESK = (Role.COUNTER_CLERK, Role.PHARMACIST)


def _held_here(request: MemberRequest, code: str) -> Order:
    order = get_order(request.membership, code)
    here = order.hold_at_id is not None and order.hold_at_id == request.membership.organisation_id
    if not here or order.state != lifecycle.HELD:
        raise Http404
    return order


@for_roles(Role.COUNTER_CLERK)
def bring_on(request: MemberRequest, code: str) -> HttpResponse:
    """The clerk gives a bag to a rider who brings it to the house."""
    order, now = _held_here(request, code), timezone.now()
    form = GiveToForm(request.POST or None, riders=onward.riders_for(order, now=now))
    if _given(request, order, form, onward.bring_on, now=now):
        messages.success(request, _("%(code)s is on its way to the house.") % {"code": code})
        return redirect("medicine:at_counter")
    context = {"order": order, "form": form, "rest": onward.rest_of(order, now=now)}
    return render(request, "medicine/bring_on.html", context, status=400 if form.errors else 200)


@for_roles(Role.COUNTER_CLERK)
def send_back(request: MemberRequest, code: str) -> HttpResponse:
    """Nobody came: the clerk gives the bag to a rider who takes it to the pharmacy."""
    order, now = _held_here(request, code), timezone.now()
    form = GiveToForm(request.POST or None, riders=onward.riders_for(order, now=now))
    if _given(request, order, form, onward.send_back, now=now):
        messages.success(request, _("%(code)s goes back to the pharmacy.") % {"code": code})
        return redirect("medicine:at_counter")
    context = {"order": order, "form": form, "zone": order.region.timezone}
    return render(request, "medicine/send_back.html", context, status=400 if form.errors else 200)


def _given(
    request: MemberRequest,
    order: Order,
    form: GiveToForm,
    give: Callable[..., None],
    *,
    now: datetime,
) -> bool:
    """Whether the rider who was chosen took the bag; else the form says why not."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        give(order, form.chosen(), form.cleaned_data["bag_codes"], by=request.user, now=now)
    except Refused as refusal:
        tell(form, refusal, order)
        return False
    return True


@for_roles(*DESK)
def parcels(request: MemberRequest) -> HttpResponse:
    """What is to be handed to the post, and what is on its way by post."""
    found = posting.parcels_of(request.membership)
    page = page_after(found, key=("promise_at", "id"), cursor=request.GET.get("after", ""))
    context = {"page": page, "zone": request.membership.region.timezone}
    return render(request, "medicine/parcels.html", context)


@for_roles(*DESK)
def post(request: MemberRequest, code: str) -> HttpResponse:
    """One parcel: its slip, then its arrival or its return."""
    order, now = get_order(request.membership, code), timezone.now()
    form = PostForm(
        request.POST or None,
        fleets=posting.carriers_of(order),
        pays=bool(still_due(order)),
        initial={"version": order.version, "cost_rp": order.price_rp - order.patient_pays_rp},
    )
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            posting.hand_in(order, form.told(), by=request.user, seen_version=seen, now=now)
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("Handed to the post; the patient is told the number."))
            return redirect("medicine:parcels")
    return _parcel_page(request, order, {"form": form})


@for_roles(*DESK)
def arrived(request: MemberRequest, code: str) -> HttpResponse:
    """The patient says that the parcel is there."""
    order, now = get_order(request.membership, code), timezone.now()
    form = ArrivedForm(request.POST or None, zone=order.region.timezone, now=now)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            posting.arrived(order, form.told(), by=request.user, seen_version=seen, now=now)
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("%(code)s has arrived.") % {"code": code})
            return redirect("medicine:parcels")
    return _parcel_page(request, order, {"arrived": form if form.is_bound else None})


@for_roles(*DESK)
def post_failed(request: MemberRequest, code: str) -> HttpResponse:
    """The post brings the parcel back."""
    order, now = get_order(request.membership, code), timezone.now()
    form = CameBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        reason, seen = Failure(typed["reason"]), typed["version"]
        try:
            posting.came_back(order, reason, typed["note"], seen_version=seen, now=now)
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("Written down; the bag is in your queue again."))
            return redirect("medicine:parcels")
    return _parcel_page(request, order, {"came_back": form if form.is_bound else None})


def _parcel_page(request: MemberRequest, order: Order, forms: dict[str, Any]) -> HttpResponse:
    now, seen = timezone.now(), {"version": order.version}
    people = people_of(request.membership, [order], purpose="post", now=now)
    zone = order.region.timezone
    shown = {
        "form": PostForm(
            fleets=posting.carriers_of(order),
            pays=bool(still_due(order)),
            initial={**seen, "cost_rp": order.price_rp - order.patient_pays_rp},
        ),
        "arrived": ArrivedForm(zone=zone, now=now, initial=seen),
        "came_back": CameBackForm(initial=seen),
        **{name: form for name, form in forms.items() if form is not None},
    }
    context = {
        "order": order,
        "person": people.get(order.resident_id),
        "legs": list_legs(order),
        "zone": zone,
        **shown,
    }
    bad = any(form.errors for form in shown.values() if form.is_bound)
    return render(request, "medicine/parcel.html", context, status=400 if bad else 200)
