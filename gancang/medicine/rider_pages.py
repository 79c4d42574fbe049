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
from gancang.medicine import handing_over, queries
from gancang.medicine.door_forms import HandOverForm
from gancang.orders.evidence import SIGNATURE_HEIGHT, SIGNATURE_WIDTH
from gancang.orders.forms import tell
from gancang.orders.queries import find_photo, get_order
from gancang.residents.queries import read_person
from gancang.values import Refused

if TYPE_CHECKING:
    from django.http import HttpResponseBase


@for_roles(Role.RIDER)
def hand_over(request: MemberRequest, code: str) -> HttpResponse:
    """At the door: who receives it, and the second factor."""
    order = get_order(request.membership, code)
    form = HandOverForm(
        request.POST or None, request.FILES or None, initial={"version": order.version}
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            handing_over.hand_over(
                order,
                form.told(now=now),
                rider=request.user,
                seen_version=form.cleaned_data["version"],
                now=now,
            )
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("Handed over. Thank you."))
            return redirect("dispatch:rider")
    context = {
        "order": order,
        "form": form,
        "width": SIGNATURE_WIDTH,
        "height": SIGNATURE_HEIGHT,
    }
    return render(request, "medicine/hand_over.html", context, status=400 if form.errors else 200)


@for_roles(Role.PHARMACIST, Role.OPERATOR, Role.ADMIN)
def photo(request: MemberRequest, code: str) -> HttpResponseBase:
    """The photo of the hand-over. Whoever looks at it has looked at the patient."""
    order = get_order(request.membership, code)
    image = find_photo(order)
    if image is None:
        raise Http404
    reader = queries.reader_for(request.membership, purpose="photo", now=timezone.now())
    read_person(reader, order.resident_id)
    return HttpResponse(image, content_type="image/jpeg")
