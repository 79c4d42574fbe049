"""Batches of payments: drafted, approved by two, sent to the bank, and the bank's answers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.settlement import actions, bank, queries
from gancang.settlement.forms import AnswerForm
from gancang.settlement.pages import SEES
from gancang.settlement.rules import Why
from gancang.values import Refused
from gancang.web.deeds import is_done
from gancang.web.files import as_csv_file
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from gancang.settlement.models import Batch


@for_roles(*SEES)
def batches(request: MemberRequest) -> HttpResponse:
    """All batches, the newest first; the treasurer drafts the next one here."""
    region = request.membership.region
    if request.method == "POST" and request.membership.role == Role.TREASURER:
        try:
            made = actions.draft(
                region, request.POST.get("month", ""), by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            messages.error(request, sentence_of(refusal))
            return redirect("settlement:batches")
        return redirect("settlement:batch", made.code)
    found = queries.batches_of(region)
    page = page_after(found, key=("-pk",), cursor=request.GET.get("after", ""))
    context = {
        "page": page,
        "zone": region.timezone,
        "may_act": request.membership.role == Role.TREASURER,
    }
    return render(request, "settlement/batches.html", context)


@for_roles(*SEES)
def batch(request: MemberRequest, code: str) -> HttpResponse:
    """One batch: whom it pays what, who stands for it, what the bank said."""
    region = request.membership.region
    found = queries.get_batch(region, code)
    approvals = list(found.approvals.select_related("by").order_by("pk"))
    role = request.membership.role
    context: dict[str, Any] = {
        "batch": found,
        "payments": list(found.payments.select_related("payee", "repeats").order_by("pk")),
        "approvals": approvals,
        "may_act": role == Role.TREASURER,
        "may_approve": found.state == "draft"
        and role in (Role.TREASURER, Role.ADMIN)
        and all(each.by_id != request.user.pk for each in approvals),
        "zone": region.timezone,
    }
    return render(request, "settlement/batch.html", context)


def _do(request: MemberRequest, code: str, deed: Callable[..., None], said: str) -> HttpResponse:
    found: Batch = queries.get_batch(request.membership.region, code)
    is_done(request, partial(deed, found, by=request.user, now=timezone.now()), said)
    return redirect("settlement:batch", code)


@for_roles(Role.TREASURER, Role.ADMIN)
@require_POST
def approve(request: MemberRequest, code: str) -> HttpResponse:
    """One of two people stands for it."""
    return _do(request, code, actions.approve, _("You stand for this batch."))


@for_roles(Role.TREASURER)
@require_POST
def discard(request: MemberRequest, code: str) -> HttpResponse:
    """A draft is thrown away."""
    return _do(request, code, actions.discard, _("The draft is thrown away; its lines are open."))


@for_roles(Role.TREASURER)
@require_POST
def sent(request: MemberRequest, code: str) -> HttpResponse:
    """The file was given to the bank."""
    return _do(request, code, actions.mark_sent, _("Now it waits for the bank's answer."))


@for_roles(Role.TREASURER)
def bank_file(request: MemberRequest, code: str) -> HttpResponse:
    """The file for the bank, once two people have approved it."""
    region = request.membership.region
    found = queries.get_batch(region, code)
    told = queries.money_of(region).get("bank_file")
    try:
        if not told:
            raise Refused(Why.NO_FILE_FORMAT)
        if found.state not in ("approved", "sent"):
            raise Refused(Why.WRONG_STATE, batch=found.code, state=found.get_state_display())
    except Refused as refusal:
        messages.error(request, sentence_of(refusal))
        return redirect("settlement:batch", code)
    rows = [
        {
            "reference": each.reference,
            "bank": each.bank,
            "number": each.account,
            "holder": each.holder,
            "qris": each.qris,
            "amount": each.amount_rp,
            "about": f"{found.month} {each.reference}",
        }
        for each in found.payments.filter(amount_rp__gt=0).order_by("pk")
    ]
    return as_csv_file(bank.written(rows, told), f"{found.code}.csv")


@for_roles(Role.TREASURER)
def answers(request: MemberRequest) -> HttpResponse:
    """A file of the bank comes in; every row of it is shown with what became of it."""
    form = AnswerForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            context["fates"] = actions.take_answer(
                file.read(),
                file.name or "-",
                region=request.membership.region,
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("file", sentence_of(refusal))
    status = 400 if request.method == "POST" and form.errors else 200
    return render(request, "settlement/answers.html", context, status=status)
