"""Landmarks: to look for, to add, to correct, to withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.addresses import actions, queries
from gancang.addresses.forms import LandmarkForm
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

KEEPERS = (Role.COUNTER_CLERK, Role.PHARMACIST, Role.OPERATOR, Role.ADMIN)


@for_roles(*KEEPERS)
def landmarks(request: MemberRequest) -> HttpResponse:
    """All that stand, by name; one more is added below."""
    region = request.membership.region
    form = LandmarkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_landmark(
                form.told(), region=region, source="clerk", by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("addresses:landmarks")
    typed = request.GET.get("q", "")[:80]
    found = queries.list_landmarks(region, typed)
    page = page_after(found, key=("name", "id"), cursor=request.GET.get("after", ""))
    context = {"page": page, "q": typed, "form": form, "zone": region.timezone}
    status = 400 if form.errors else 200
    return render(request, "addresses/landmarks.html", context, status=status)


@for_roles(*KEEPERS)
def landmark(request: MemberRequest, number: int) -> HttpResponse:
    """One of them, to correct or to withdraw."""
    row = queries.get_landmark(request.membership.region, number)
    shown = {name: getattr(row, name) for name in ("kind", "name", "lat", "lon")}
    form = LandmarkForm(request.POST if request.method == "POST" else None, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_landmark(row, form.told(), by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("addresses:landmarks")
    context = {"row": row, "form": form}
    status = 400 if form.errors else 200
    return render(request, "addresses/landmark.html", context, status=status)


@for_roles(*KEEPERS)
@require_POST
def withdraw(request: MemberRequest, number: int) -> HttpResponse:
    """It is there no more."""
    row = queries.get_landmark(request.membership.region, number)
    actions.withdraw_landmark(row, by=request.user, now=timezone.now())
    messages.success(request, _("Withdrawn; nothing is found by it any more."))
    return redirect("addresses:landmarks")
