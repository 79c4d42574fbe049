"""Finding the place of a house from what people say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.addresses.forms import PinForm
from gancang.addresses.queries import find_doubt
from gancang.regions.queries import find_clear_village
from gancang.residents.finding import find_places
from gancang.residents.pages import REGISTRY, person_of
from gancang.values import Point
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_roles(*REGISTRY)
@require_POST
@sensitive_post_parameters()
def pin(request: MemberRequest) -> HttpResponse:
    """What is odd about the pin that stands in a form just now: a sentence, or nothing."""
    form = PinForm(request.POST)
    told = ""
    if form.is_valid() and form.cleaned_data["lat"] is not None:
        region = request.membership.region
        chosen = find_clear_village(region, _village_of(request))
        point = Point(form.cleaned_data["lat"], form.cleaned_data["lon"])
        odd = find_doubt(region, point, chosen) if chosen else None
        told = sentence_of(odd) if odd else ""
    return render(request, "residents/pin.html", {"told": told, "form": form})


def _village_of(request: MemberRequest) -> str:
    """The one that was chosen, if one was; else what was typed."""
    told = [each for each in request.POST.getlist("village") if each.strip()]
    return told[-1][:80] if told else ""


@for_roles(*REGISTRY)
@sensitive_post_parameters("place")
def places(request: MemberRequest) -> HttpResponse:
    """Places that may be meant by village, hamlet or a code; of houses that of one patient."""
    # Sent, not linked: where somebody lives must not stand in an address.
    typed = " ".join(request.POST.get("place", "").split())[:200]
    village = _village_of(request)
    patient = request.POST.get("patient", "")
    person = None
    if patient.isdecimal() and patient.isascii():
        person = person_of(request, int(patient[:18]), "place of the house")
    asked = typed or village
    region = request.membership.region
    found = find_places(region, typed, village=village, person=person) if asked else []
    context = {"place": typed, "found": found, "asked": asked}
    if request.headers.get("HX-Request"):  # a form that has a pin to set
        return render(request, "residents/found.html", {**context, "picks": True})
    return render(request, "residents/places.html", context)
