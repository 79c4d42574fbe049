"""The board as a map: the page, and the JSON that moves on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.dispatch.on_map import board_on_map, demand_on_map

if TYPE_CHECKING:
    from django.http import HttpResponse

OPERATORS = (Role.OPERATOR, Role.ADMIN)


@for_roles(*OPERATORS)
def board_map(request: MemberRequest) -> HttpResponse:
    """A large map of all that is open; the board tells the same as a table."""
    return render(request, "dispatch/board_map.html", {"heat": "heat" in request.GET})


@for_roles(*OPERATORS)
def board_things(request: MemberRequest) -> HttpResponse:
    """What is on the map now; with `heat` also from where much was asked lately."""
    now = timezone.now()
    found = board_on_map(request.membership, now=now)
    if "heat" in request.GET:
        found["heat"] = demand_on_map(request.membership, now=now)
    return JsonResponse(found)
