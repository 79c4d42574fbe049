"""How fairly the published order showed sellers, for those who answer for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.menus import exposing, searching
from gancang.regions.queries import today_in

if TYPE_CHECKING:
    from django.http import HttpResponse

DAYS = 28


@for_roles(Role.OPERATOR, Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMIN)
def shown(request: MemberRequest) -> HttpResponse:
    """Newcomers, small sellers and villages: how often each was shown in four weeks."""
    region = request.membership.region
    last = today_in(region, timezone.now())
    first = last - timedelta(days=DAYS - 1)
    weights = searching.weights_of(region, on=last)
    fairness = exposing.fairness_of(region, first=first, last=last, weights=weights)
    context = {"fairness": fairness, "first": first, "last": last}
    return render(request, "menus/shown.html", context)
