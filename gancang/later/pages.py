"""Where a telephone sends what it kept, and what of it could not be saved."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.later import offline
from gancang.web.paging import page_after

KEEPERS = (Role.RIDER, Role.STALL)


@for_roles(*KEEPERS)
@require_POST
def device_events(request: MemberRequest) -> HttpResponse:
    """What a device kept without network, sent now; twice is harmless."""
    now = timezone.now()
    try:
        batch = offline.read_batch(request.body)
    except ValueError as error:
        return JsonResponse({"message": str(error)}, status=400)
    offline.keep(batch, request.membership, now=now)
    offline.work_off(request.membership, batch.device, now=now)
    told = offline.list_told(request.membership, batch)
    return JsonResponse({"events": told})


@for_roles(Role.OPERATOR, *KEEPERS)
def refused_events(request: MemberRequest) -> HttpResponse:
    """What was sent later and could not be saved: one's own, or all for the operator."""
    found = offline.refused(request.membership)
    page = page_after(found, key=("-id",), cursor=request.GET.get("after", ""))
    context = {"page": page, "zone": request.membership.region.timezone}
    return render(request, "later/refused_events.html", context)


@for_roles(*KEEPERS)
def worker(request: MemberRequest) -> HttpResponse:
    """The script that keeps pages readable without network (a service worker)."""
    answer = render(request, "later/worker.js", content_type="text/javascript")
    answer["Service-Worker-Allowed"] = "/"
    return answer
