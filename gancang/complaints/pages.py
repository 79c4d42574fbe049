"""The list of complaints, one of them, and the receiver's own page for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.complaints import actions, queries, rules
from gancang.complaints.forms import AppealForm, DecideForm, HearForm, OwnForm, TellForm
from gancang.complaints.queries import DECIDERS, SEES
from gancang.dispatch.tracking import find_tracked
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpRequest, HttpResponse

    from gancang.complaints.models import Complaint

TELLERS = (Role.COUNTER_CLERK, Role.VILLAGE_CLERK, Role.OPERATOR, Role.PROGRAMME_OFFICER)


def own(request: HttpRequest, token: str) -> HttpResponse:
    """The receiver's link: something was wrong with what came, or did not come. No log-in."""
    order = find_tracked(token)
    if order is None:
        raise Http404
    form = OwnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = actions.Told(code=order.code, channel="page", **form.cleaned_data)
        try:
            row = actions.tell(told, region=order.region, by=None, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            context = {"row": row, "token": token, "zone": order.region.timezone}
            return render(request, "complaints/told.html", context)
    hours = queries.answer_hours(order.region, order.programme.code)
    context = {"form": form, "token": token, "order": order, "hours": hours}
    return render(request, "complaints/own.html", context, status=400 if form.errors else 200)


@for_roles(*TELLERS, Role.AUDITOR)
def tell(request: MemberRequest) -> HttpResponse:
    """Somebody rang, or stands at the desk: what was wrong with what."""
    form = TellForm(request.POST or None, initial={"code": request.GET.get("code", "")[:20]})
    if request.method == "POST" and form.is_valid():
        told, region = actions.Told(**form.cleaned_data), request.membership.region
        try:
            row = actions.tell(told, region=region, by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            said = _("Written down. Nobody is paid for %(code)s until it is decided.")
            messages.success(request, said % {"code": row.about})
            if request.membership.role in SEES:
                return redirect("complaints:one", row.pk)
            return redirect("complaints:tell")
    context = {"form": form, "sees": request.membership.role in SEES}
    return render(request, "complaints/tell.html", context, status=400 if form.errors else 200)


@for_roles(*SEES)
def listed(request: MemberRequest) -> HttpResponse:
    """All complaints, the newest first, and their numbers by cause."""
    asker, now, state = request.membership, timezone.now(), request.GET.get("state", "")
    page = page_after(
        queries.complaints_of(asker, state=state),
        key=("-id",),
        cursor=request.GET.get("after", ""),
    )
    context = {
        "page": page,
        "rows": [(row, rules.is_late(row.due_at, row.state, now=now)) for row in page.rows],
        "tallies": queries.tallies(asker.region, now=now),
        "asked": f"state={state}" if state in rules.STATES else "",
        "states": rules.STATES,
        "zone": asker.region.timezone,
        "may_tell": asker.role != Role.TREASURER,
    }
    return render(request, "complaints/list.html", context)


@for_roles(*SEES)
def one(request: MemberRequest, number: int) -> HttpResponse:
    """One complaint: what was said, what hangs on it, what was decided; and the next step."""
    row = queries.get_complaint(request.membership, number)
    return _shown(request, row, {})


def _shown(request: MemberRequest, row: Complaint, kept: dict[str, forms.Form]) -> HttpResponse:
    may = request.membership.role in DECIDERS
    context = {
        "row": row,
        "stakes": queries.stakes_of(row),
        "zone": row.region.timezone,
        "decide": kept.get("decide") or (DecideForm() if may and row.state == "open" else None),
        "appeal": kept.get("appeal") or (AppealForm() if may and row.state == "decided" else None),
        "hear": kept.get("hear") or (HearForm() if may and row.state == "appealed" else None),
        "late": rules.is_late(row.due_at, row.state, now=timezone.now()),
    }
    return render(request, "complaints/one.html", context, status=400 if kept else 200)


def _step(
    request: MemberRequest, number: int, name: str, form: forms.Form, deed: Callable[..., object]
) -> HttpResponse:
    """One of the steps, of which the form names what the deed is told: done, or what is wrong."""
    row = queries.get_complaint(request.membership, number)
    if request.method == "POST" and form.is_valid():
        try:
            deed(row, **form.cleaned_data, by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Noted."))
            return redirect("complaints:one", number)
    return _shown(request, row, {name: form} if request.method == "POST" else {})


@for_roles(*DECIDERS)
def decide(request: MemberRequest, number: int) -> HttpResponse:
    """How it is put right."""
    return _step(request, number, "decide", DecideForm(request.POST), actions.decide)


@for_roles(*DECIDERS)
def appeal(request: MemberRequest, number: int) -> HttpResponse:
    """Who lost by it appeals, by telephone or letter."""
    return _step(request, number, "appeal", AppealForm(request.POST), actions.appeal)


@for_roles(*DECIDERS)
def hear(request: MemberRequest, number: int) -> HttpResponse:
    """Another person hears the appeal."""
    return _step(request, number, "hear", HearForm(request.POST), actions.hear)
