"""What a clerk sees and does for a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.contact import queries
from gancang.contact.forms import SearchForm
from gancang.dispatch.tracking import progress
from gancang.orders.queries import get_order

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_roles(Role.VILLAGE_CLERK)
def search(request: MemberRequest) -> HttpResponse:
    """Find the order of a patient who stands at the desk."""
    form = SearchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = queries.find_order(request.membership, form.cleaned_data["code"])
        if found:
            return redirect("contact:order", found.code)
        form.add_error("code", _("No order of your village has this code. Read it once more."))
    return render(
        request, "contact/search.html", {"form": form}, status=400 if form.errors else 200
    )


@for_roles(Role.VILLAGE_CLERK)
def order(request: MemberRequest, code: str) -> HttpResponse:
    """Where an order stands, to be told to the patient."""
    found = get_order(request.membership, code)
    context = {"order": found, "zone": found.region.timezone, **progress(found)}
    return render(request, "contact/order.html", context)
