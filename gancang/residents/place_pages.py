"""Finding the place of a house from what people say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.residents.finding import find_places
from gancang.residents.pages import REGISTRY, person_of

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_roles(*REGISTRY)
@sensitive_post_parameters("place")
def places(request: MemberRequest) -> HttpResponse:
    """Places that may be meant by village, hamlet or a code; of houses that of one patient."""
    # Sent, not linked: where somebody lives must not stand in an address.
    typed = " ".join(request.POST.get("place", "").split())[:200]
    villages = [each for each in request.POST.getlist("village") if each.strip()]
    village = villages[-1][:80] if villages else ""
    patient = request.POST.get("patient", "")
    person = None
    if patient.isdecimal() and patient.isascii():
        person = person_of(request, int(patient[:18]), "place of the house")
    asked = typed or village
    region = request.membership.region
    found = find_places(region, typed, village=village, person=person) if asked else []
    context = {"place": typed, "found": found, "asked": asked}
    page = "found" if request.headers.get("HX-Request") else "places"
    return render(request, f"residents/{page}.html", context)
