"""The rider's page of the way: words first, then a map beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.dispatch.my_way import MyWay, my_way, on_map
from gancang.fleet.queries import find_shift, get_rider

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_roles(Role.RIDER)
def way(request: MemberRequest) -> HttpResponse:
    """His stops in order, the way to the next in words, and others to choose from."""
    context = {
        "found": _found(request),
        "chosen": request.GET.urlencode(),
        "to": request.GET.get("to", ""),
        "zone": request.membership.region.timezone,
    }
    return render(request, "dispatch/my_way.html", context)


@for_roles(Role.RIDER)
def way_things(request: MemberRequest) -> HttpResponse:
    """The same for the map: points, and the line."""
    answer = JsonResponse(on_map(_found(request)))
    answer["Cache-Control"] = "no-store"
    return answer


def _found(request: MemberRequest) -> MyWay:
    rider = get_rider(request.user)
    return my_way(
        rider,
        find_shift(rider),
        to=request.GET.get("to", ""),
        by=request.GET.get("by", ""),
        language="en" if (get_language() or "").startswith("en") else "id",
        now=timezone.now(),
    )
