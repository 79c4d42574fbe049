"""A neighbour in need: told by anybody, answered by the village's clerk, watched by the officer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.enrolment import needs
from gancang.enrolment.forms import AnswerForm, NeedForm
from gancang.regions.queries import list_regions
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

HEARS = (Role.VILLAGE_CLERK, Role.PROGRAMME_OFFICER, Role.ADMIN, Role.AUDITOR)
ANSWERS = (Role.VILLAGE_CLERK, Role.PROGRAMME_OFFICER, Role.ADMIN)


@sensitive_post_parameters()
def report(request: HttpRequest) -> HttpResponse:
    """Anybody tells of a neighbour in need; nothing that is known of anybody is shown."""
    form = NeedForm(request.POST or None, regions=list_regions())
    if request.method == "POST" and form.is_valid():
        source, now = request.META.get("REMOTE_ADDR", ""), timezone.now()
        try:
            row = needs.report(form.told(), now=now, source=source)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            context = {"row": row, "zone": row.region.timezone}
            return render(request, "enrolment/need_told.html", context)
    context = {"form": form}
    return render(
        request, "enrolment/report_need.html", context, status=400 if form.errors else 200
    )


@for_roles(*HEARS)
@sensitive_post_parameters()
def listing(request: MemberRequest) -> HttpResponse:
    """Reports about neighbours in need, those that wait first; a clerk adds what he is told."""
    asker, now = request.membership, timezone.now()
    may_tell = asker.role in ANSWERS
    form = NeedForm(request.POST or None, regions=[asker.region], auto_id="tell_%s")
    if request.method == "POST" and may_tell and form.is_valid():
        needs.report(form.told(), now=now, by=request.user.username)
        messages.success(request, _("Written down; it is to be answered within four hours."))
        return redirect("enrolment:needs")
    rows = needs.needs_visible_to(asker)
    if (shown := request.GET.get("show", "")) != "all":
        rows = rows.filter(answered_at=None)
    context = {
        "page": page_after(rows, key=("due_at", "id"), cursor=request.GET.get("after", "")),
        "form": form if may_tell else None,
        "show": shown,
        "now": now,
        "zone": asker.region.timezone,
        "sees_units": asker.role != Role.VILLAGE_CLERK,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "enrolment/needs.html", context, status=status)


@for_roles(*HEARS)
def need(request: MemberRequest, number: int) -> HttpResponse:
    """One report, and what was done about it."""
    return _need_page(request, number, AnswerForm())


def _need_page(request: MemberRequest, number: int, form: AnswerForm) -> HttpResponse:
    asker = request.membership
    context = {
        "row": needs.get_need(asker, number),
        "form": form,
        "may_answer": asker.role in ANSWERS,
        "now": timezone.now(),
        "zone": asker.region.timezone,
    }
    return render(request, "enrolment/need.html", context, status=400 if form.errors else 200)


@for_roles(*ANSWERS)
@require_POST
@sensitive_post_parameters()
def answer(request: MemberRequest, number: int) -> HttpResponse:
    """What was found and done; the clock stops."""
    row, form = needs.get_need(request.membership, number), AnswerForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            needs.answer(
                row,
                typed["outcome"],
                typed["words"],
                by=request.user.username,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("words", sentence_of(refusal))
        else:
            messages.success(request, _("Answered, and written down."))
            return redirect("enrolment:need", row.pk)
    return _need_page(request, number, form)


@for_roles(Role.PROGRAMME_OFFICER, Role.ADMIN, Role.AUDITOR)
def units(request: MemberRequest) -> HttpResponse:
    """How each unit answers, the most overdue first."""
    rows = needs.units_of(request.membership, now=timezone.now())
    return render(request, "enrolment/units.html", {"rows": rows})
