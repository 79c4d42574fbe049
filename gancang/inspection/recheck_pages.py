"""Receivers who are asked again: whom to ring, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.inspection import queries, rechecking
from gancang.inspection.forms import RecheckForm
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

ASKERS = (Role.OPERATOR, Role.PROGRAMME_OFFICER, Role.ADMIN)
CALLS_A_PAGE = 20


@for_roles(*ASKERS)
def rechecks(request: MemberRequest) -> HttpResponse:
    """Whom to ring about a hand-over, the oldest first."""
    asker = request.membership
    found = queries.rechecks_to_ask(asker)
    after = request.GET.get("after", "")
    page = page_after(found, key=("id",), cursor=after, size=CALLS_A_PAGE)
    people = queries.receivers_to_ask(asker, page.rows, now=timezone.now())
    context = {
        "page": page,
        "rows": [(each, people[each.order.resident_id]) for each in page.rows],
        "told": asker.region.config.get("recheck", {}),
        "here": asker.region,
    }
    return render(request, "inspection/rechecks.html", context)


@for_roles(*ASKERS)
def recheck(request: MemberRequest, code: str) -> HttpResponse:
    """One receiver: his number, and what he says."""
    found = queries.get_recheck(request.membership, code)
    form = RecheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rechecking.write_down(
                found,
                form.cleaned_data["outcome"],
                how=form.cleaned_data["how"],
                note=form.cleaned_data["note"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Written down."))
            return redirect("inspection:rechecks")
    people = queries.receivers_to_ask(request.membership, [found], now=timezone.now())
    told = {
        "recheck": found,
        "person": people[found.order.resident_id],
        "form": form,
        "most": found.region.config.get("recheck", {}).get("tries", 1),
        "zone": found.region.timezone,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "inspection/recheck.html", told, status=status)


@for_roles(*ASKERS)
@require_POST
def not_reached(request: MemberRequest, code: str) -> HttpResponse:
    """Nobody answered the call."""
    found = queries.get_recheck(request.membership, code)
    rechecking.nobody_answered(found, by=request.user, now=timezone.now())
    return redirect("inspection:rechecks")
