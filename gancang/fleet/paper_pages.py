"""Riders' papers: noted and renewed by the desk, listed before they end, read by their owners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.fleet import actions, queries
from gancang.fleet import papers as reading
from gancang.fleet.forms import PaperForm
from gancang.fleet.planned import duties_ahead
from gancang.fleet.rules import kinds_of
from gancang.regions.queries import today_in
from gancang.values import Refused
from gancang.web.files import as_csv_file
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

    from gancang.fleet.models import Rider


@for_roles(Role.OPERATOR, Role.ADMIN)
@sensitive_post_parameters("number")
def papers(request: MemberRequest, number: int) -> HttpResponse:
    """How a rider's papers stand, what was seen of them, and noting one."""
    found, now = queries.get_visible_rider(request.membership, number), timezone.now()
    today = today_in(found.region, now)
    kinds = kinds_of(found.region.config, on=today)
    form = PaperForm(request.POST or None, kinds=kinds, today=today)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        kind = next(each for each in kinds if each.code == told.pop("kind"))
        try:
            actions.see_paper(found, kind, **told, by=request.user, now=now)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("%(paper)s is noted.") % {"paper": kind.title})
            return redirect("fleet:papers", number)
    context = {
        "rider": found,
        "standing": queries.papers_of(found, on=today),
        "history": reading.history_of(found, on=today),
        "form": form,
    }
    return render(request, "fleet/papers.html", context, status=400 if form.errors else 200)


@for_roles(Role.OPERATOR, Role.ADMIN)
def endings(request: MemberRequest) -> HttpResponse:
    """What of whom ends within 30 days, has ended, or was never seen; the most pressing first."""
    today = today_in(request.membership.region, timezone.now())
    found = reading.list_ending(request.membership, on=today)
    page = page_after(found, key=("soonest", "id"), cursor=request.GET.get("after", ""))
    lines = reading.endings_of(page.rows, on=today)
    return render(request, "fleet/endings.html", {"page": page, "lines": lines})


@for_roles(Role.OPERATOR, Role.ADMIN)
def endings_csv(request: MemberRequest) -> HttpResponse:
    """The whole list as a file for the fleets."""
    today = today_in(request.membership.region, timezone.now())
    found = reading.of_all(reading.list_ending(request.membership, on=today))
    data = reading.as_csv(found, on=today)
    return as_csv_file(data, f"gancang-papers-{today}.csv")


@for_roles(Role.RIDER)
def mine(request: MemberRequest) -> HttpResponse:
    """A rider's own plan, his papers and trainings, and until when each is good."""
    rider: Rider = queries.get_rider(request.user)
    today = today_in(rider.region, timezone.now())
    context = {
        "papers": queries.papers_of(rider, on=today),
        "trainings": queries.trainings_of(rider, today=today),
        "duties": duties_ahead(rider, today=today),
        "today": today,
    }
    return render(request, "fleet/mine.html", context)
