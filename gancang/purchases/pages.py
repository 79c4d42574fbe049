"""Purchases of an office: what was bought, whose turn it is, what sellers took."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.purchases import actions, queries
from gancang.purchases.forms import PurchaseForm
from gancang.regions.queries import today_in
from gancang.values import Refused
from gancang.web.deeds import is_done
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

READERS = (Role.COUNTER_CLERK, Role.TREASURER, Role.AUDITOR, Role.ADMIN)


@for_roles(*READERS)
def purchases(request: MemberRequest) -> HttpResponse:
    """What was bought; an office writes the next purchase down and sees whose turn it is."""
    asker = request.membership
    may_buy = asker.role == Role.COUNTER_CLERK
    if request.method == "POST" and not may_buy:
        raise PermissionDenied
    now = timezone.now()
    today = today_in(asker.region, now)
    form = PurchaseForm(request.POST or None, region=asker.region, initial={"on": today})
    office = asker.organisation
    if request.method == "POST" and office and form.is_valid():
        try:
            actions.buy(office, form.bought(), by=request.user, now=now)
        except Refused as refusal:
            form.add_error("seller", sentence_of(refusal))
        else:
            messages.success(request, _("Written down."))
            return redirect("purchases:list")
    rule = asker.region.config.get("rotation", {})
    found = queries.visible_to(asker)
    context = {
        "form": form,
        "may_buy": may_buy and office is not None,
        "rule": rule,
        "sellers": queries.sellers_near(office, after=rule.get("after"))
        if may_buy and office
        else [],
        "page": page_after(found, key=("-id",), cursor=request.GET.get("after", "")),
        "income": [] if may_buy else queries.income_of(asker, today.year),
        "year": today.year,
        "today": today,
        "zone": asker.region.timezone,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "purchases/list.html", context, status=status)


@for_roles(Role.COUNTER_CLERK)
@require_POST
def take_back(request: MemberRequest, number: int) -> HttpResponse:
    """It was written down wrongly."""
    found = queries.get_purchase(request.membership, number)
    deed = partial(actions.take_back, found, by=request.user, now=timezone.now())
    is_done(request, deed, _("Taken back; it counts no more."))
    return redirect("purchases:list")
