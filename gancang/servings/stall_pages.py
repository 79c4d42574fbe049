"""A stall's phone: what is to be cooked today, for whom of which diet, by when; and falling out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.regions.queries import today_in
from gancang.servings import cooking, falling_out
from gancang.servings.forms import FallOutForm
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_roles(Role.STALL)
def kitchen(request: MemberRequest) -> HttpResponse:
    """Today's meals: how many, of which diets, fetched when and by whom."""
    asker = request.membership
    assert asker.organisation is not None, asker.pk
    today = today_in(asker.region, timezone.now())
    context = {
        "kitchen": asker.organisation,
        "cooks": cooking.stalls_at(asker.organisation),
        "pots": cooking.pots_of(asker.organisation, today),
        "shut": cooking.is_shut(asker.organisation, today),
        "today": today,
        "zone": asker.region.timezone,
    }
    return render(request, "servings/kitchen.html", context)


@for_roles(Role.STALL)
def fall_out(request: MemberRequest) -> HttpResponse:
    """I cannot cook: the meals go to other stalls at once, where there is room and a courier."""
    form = FallOutForm(request.POST or None)
    asker, now = request.membership, timezone.now()
    assert asker.organisation is not None, asker.pk
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        today = today_in(asker.region, now)
        days = (today, told["last"] or today)
        try:
            fallen = falling_out.fall_out(
                asker.organisation, days, told["reason"], by=request.user.username, now=now
            )
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            _tell(request, fallen)
            return redirect("servings:kitchen")
    context = {"form": form, "kitchen": asker.organisation}
    return render(request, "servings/fall_out.html", context, status=400 if form.errors else 200)


def _tell(request: MemberRequest, fallen: falling_out.Fallen) -> None:
    if fallen.stays:
        said = _("Noted. Other stalls cook %(moved)s meals; for %(stays)s the operator looks.")
        told = {"moved": fallen.moved, "stays": fallen.stays}
        messages.warning(request, said % told)
    elif fallen.moved:
        said = _("Noted. Other stalls cook your %(moved)s meals.")
        messages.success(request, said % {"moved": fallen.moved})
    else:
        messages.success(request, _("Noted. You do not cook then."))
