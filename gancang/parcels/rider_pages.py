"""Where goods change hands: the rider's page at the door, and the photo that was taken."""

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
from gancang.orders import lifecycle
from gancang.orders.evidence import SIGNATURE_HEIGHT, SIGNATURE_WIDTH
from gancang.orders.forms import tell
from gancang.orders.queries import find_photo, get_order
from gancang.parcels import handing_over, queries
from gancang.parcels.forms import HandOverForm
from gancang.parcels.handing_over import terms_at
from gancang.residents.queries import read_person, reader_for
from gancang.values import Refused

if TYPE_CHECKING:
    from gancang.orders.models import Order


@for_roles(Role.RIDER, Role.COUNTER_CLERK)
def hand_over(request: MemberRequest, code: str) -> HttpResponse:
    """At the door, or at the counter where it waits: who receives it, by which proof."""
    order = get_order(request.membership, code)
    is_clerk = request.membership.role == Role.COUNTER_CLERK
    if order.is_medicine or (is_clerk and not _waits_here(request, order)):
        raise Http404
    asked = terms_at(order)
    form = HandOverForm(
        request.POST or None,
        request.FILES or None,
        initial={"version": order.version},
        **asked,
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        told, seen = form.told(now=now), form.cleaned_data["version"]
        try:
            handing_over.hand_over(order, told, rider=request.user, seen_version=seen, now=now)
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("Handed over. Thank you."))
            return redirect("medicine:at_counter" if is_clerk else "dispatch:rider")
    parcel = queries.find_parcel(order)
    context = {
        "is_clerk": is_clerk,
        "order": order,
        "note": parcel.note if parcel else "",
        "pays_rp": still_due(order),
        "form": form,
        "signs": "signature" in asked["levels"],
        "width": SIGNATURE_WIDTH,
        "height": SIGNATURE_HEIGHT,
    }
    return render(request, "parcels/hand_over.html", context, status=400 if form.errors else 200)


def _waits_here(request: MemberRequest, order: Order) -> bool:
    here = order.hold_at_id is not None and order.hold_at_id == request.membership.organisation_id
    return here and order.state == lifecycle.HELD


@for_roles(Role.COUNTER_CLERK, Role.OPERATOR, Role.ADMIN)
def photo(request: MemberRequest, code: str) -> HttpResponse:
    """The photo of the hand-over. Whoever looks at it has looked at the receiver."""
    order = get_order(request.membership, code)
    image = None if order.is_medicine else find_photo(order)
    if image is None:
        raise Http404
    reader = reader_for(request.membership, purpose="photo", now=timezone.now())
    read_person(reader, order.resident_id)
    return HttpResponse(image, content_type="image/jpeg")
