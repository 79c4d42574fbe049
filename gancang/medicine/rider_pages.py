"""Where a bag changes hands: the hand-over at the door, and the photo that was taken of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.cash.queries import still_due
from gancang.medicine import handing_over
from gancang.medicine.door_forms import DisposeForm, HandOverForm, TakeInForm
from gancang.orders import failing, lifecycle
from gancang.orders.evidence import SIGNATURE_HEIGHT, SIGNATURE_WIDTH
from gancang.orders.forms import tell
from gancang.orders.queries import at_counter as bags_at_counter
from gancang.orders.queries import find_photo, get_order, list_attempts, undecided
from gancang.residents.queries import read_people, read_person, reader_for
from gancang.trips.queries import along_with, others_at_the_door
from gancang.values import Refused
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from gancang.orders.models import Order

AT_A_DOOR = frozenset({lifecycle.COLLECTED, lifecycle.HELD})


@for_roles(Role.RIDER, Role.COUNTER_CLERK)
def hand_over(request: MemberRequest, code: str) -> HttpResponse:
    """At the door, or at the counter where the bag waits: who receives it, the second factor."""
    order = get_order(request.membership, code)
    is_clerk = request.membership.role == Role.COUNTER_CLERK
    if not order.is_medicine or (is_clerk and not _waits_here(request, order)):
        raise Http404
    along = along_with(order)
    form = HandOverForm(
        request.POST or None,
        request.FILES or None,
        initial={"version": order.version},
        others=_others(request, order),
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            told, seen = form.told(now=now), form.cleaned_data["version"]
            handing_over.hand_over(order, told, rider=request.user, seen_version=seen, now=now)
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("Handed over. Thank you."))
            _tell_poor_place(request, told)
            return redirect("medicine:at_counter" if is_clerk else "dispatch:rider")
    context = {
        "is_clerk": is_clerk,
        "accurate_m": handing_over.ACCURATE_M,
        "order": order,
        "along": along,
        "pays_rp": sum(still_due(each) for each in (order, *along)),
        "form": form,
        "width": SIGNATURE_WIDTH,
        "height": SIGNATURE_HEIGHT,
        "receivers": _receivers(request, order),
    }
    return render(request, "medicine/hand_over.html", context, status=400 if form.errors else 200)


def _tell_poor_place(request: MemberRequest, told: handing_over.AtTheDoor) -> None:
    if handing_over.knows_the_house(told):
        return
    words = _(
        "Your phone knew this place only to %(metres)s m, so it was not remembered. "
        "What was known of the house stays."
    )
    messages.warning(request, words % {"metres": round(told.accuracy_m or 0)})


def _others(request: MemberRequest, order: Order) -> list[tuple[str, str]]:
    """The further patients of the house, whom the rider asks for their factor too."""
    mates = others_at_the_door(order) if order.state in AT_A_DOOR else []
    if not mates:
        return []
    asker, now = request.membership, timezone.now()
    reader = reader_for(asker, purpose="second factor", now=now)
    people = read_people(reader, [mate.resident_id for mate in mates])
    return [(mate.code, people[mate.resident_id].full_name) for mate in mates]


def _receivers(request: MemberRequest, order: Order) -> list[tuple[str, str]]:
    """Who may receive it; told to nobody who does not have the bag."""
    if order.state not in AT_A_DOOR:
        return []
    return handing_over.list_receivers(order, rider=request.user, now=timezone.now())


def _waits_here(request: MemberRequest, order: Order) -> bool:
    here = order.hold_at_id is not None and order.hold_at_id == request.membership.organisation_id
    return here and order.state == lifecycle.HELD


@for_roles(Role.COUNTER_CLERK)
def at_counter(request: MemberRequest) -> HttpResponse:
    """The bags that wait here for people near by, and those that are on their way here."""
    found = bags_at_counter(request.membership)
    page = page_after(found, key=("placed_at", "id"), cursor=request.GET.get("after", ""))
    context = {"page": page, "zone": request.membership.region.timezone}
    return render(request, "medicine/at_counter.html", context)


@for_roles(Role.COUNTER_CLERK)
def take_in(request: MemberRequest, code: str) -> HttpResponse:
    """The clerk scans the bags that a rider brings, and takes them."""
    order = get_order(request.membership, code)
    if order.hold_at_id is None or order.hold_at_id != request.membership.organisation_id:
        raise Http404
    form = TakeInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            handing_over.take_in(
                order, form.cleaned_data["bag_codes"], by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("%(code)s waits here now.") % {"code": code})
            return redirect("medicine:at_counter")
    context = {"order": order, "form": form}
    return render(request, "medicine/take_in.html", context, status=400 if form.errors else 200)


@for_roles(Role.PHARMACIST)
def returns(request: MemberRequest) -> HttpResponse:
    """The bags that are back and wait for the pharmacist's decision."""
    found = undecided(request.membership)
    page = page_after(found, key=("placed_at", "id"), cursor=request.GET.get("after", ""))
    context = {"page": page, "zone": request.membership.region.timezone}
    return render(request, "medicine/returns.html", context)


@for_roles(Role.PHARMACIST)
def dispose(request: MemberRequest, code: str) -> HttpResponse:
    """What becomes of a bag that is back, with the reason."""
    order = get_order(request.membership, code)
    form = DisposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            failing.dispose(
                order, typed["what"], why=typed["why"], by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("Noted for %(code)s.") % {"code": code})
            return redirect("medicine:returns")
    context = {"order": order, "form": form, "attempts": list_attempts(order)}
    return render(request, "medicine/dispose.html", context, status=400 if form.errors else 200)


@for_roles(Role.PHARMACIST, Role.OPERATOR, Role.ADMIN)
def photo(request: MemberRequest, code: str) -> HttpResponseBase:
    """The photo of the hand-over. Whoever looks at it has looked at the patient."""
    order = get_order(request.membership, code)
    image = find_photo(order)
    if image is None:
        raise Http404
    reader = reader_for(request.membership, purpose="photo", now=timezone.now())
    read_person(reader, order.resident_id)
    return HttpResponse(image, content_type="image/jpeg")
