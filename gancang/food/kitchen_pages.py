"""A kitchen's phone: what rings, what is cooked until when, what came in today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.food import actions, queries, rules
from gancang.food.forms import AcceptForm, RefuseForm
from gancang.settlement.queries import list_due
from gancang.shops.queries import Promise, promise_of
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

    from gancang.food.models import FoodOrder

SEES = (Role.STALL, Role.OPERATOR, Role.ADMIN)


@for_roles(Role.STALL)
def kitchen(request: MemberRequest) -> HttpResponse:
    """What waits for an answer, what is cooked, and today's income with what is due when."""
    asker, now = request.membership, timezone.now()
    assert asker.organisation is not None, asker.pk
    promise = promise_of(asker.organisation, now)
    count, sold = queries.sold_today(asker, now=now)
    context = {
        "kitchen": asker.organisation,
        "ringing": [_answering(row, promise) for row in queries.ringing(asker)],
        "unpaid": queries.waits_for_payment(asker),
        "cooking": [(row, queries.lines_of(row)) for row in queries.in_the_kitchen(asker)],
        "count": count,
        "sold": sold,
        "due": list_due(asker.region, now=now, payee=asker.organisation.code),
        "zone": asker.region.timezone,
    }
    return render(request, "food/kitchen.html", context)


def _answering(row: FoodOrder, promise: Promise) -> dict[str, object]:
    lines = queries.lines_of(row)
    minutes = queries.minutes_for(promise, [line for _at, line, _is in lines])
    names = [(at, f"{line.count} x {line.name}") for at, line, _is in lines]
    return {
        "row": row,
        "lines": lines,
        "accept": AcceptForm(lines=names, initial={"minutes": minutes}, prefix=row.code),
        "refuse": RefuseForm(prefix=row.code),
    }


@for_roles(Role.STALL)
@require_POST
def accept(request: MemberRequest, code: str) -> HttpResponse:
    """Yes, in so many minutes, with or without what is missing."""
    row = queries.get_order(request.membership, code)
    names = [(at, line.name) for at, line, _is in queries.lines_of(row)]
    form = AcceptForm(request.POST, lines=names, prefix=code)
    if not form.is_valid():
        messages.error(
            request, sentence_of(Refused(rules.Why.HOW_LONG, most=str(rules.MINUTES_MOST)))
        )
        return redirect("food:kitchen")
    told, by = form.cleaned_data, request.user.username
    try:
        actions.accept(row, told["minutes"], told["without"], by=by, now=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence_of(refusal))
    else:
        messages.success(request, _("Accepted. A rider comes in time."))
    return redirect("food:kitchen")


@for_roles(Role.STALL)
@require_POST
def refuse(request: MemberRequest, code: str) -> HttpResponse:
    """No, and why."""
    row = queries.get_order(request.membership, code)
    form = RefuseForm(request.POST, prefix=code)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        actions.refuse(row, reason, by=request.user.username, now=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence_of(refusal))
    else:
        messages.success(request, _("Refused; the buyer is told."))
    return redirect("food:kitchen")


@for_roles(Role.STALL)
@require_POST
def ready(request: MemberRequest, code: str) -> HttpResponse:
    """It is packed and waits for its rider; or it came back."""
    row = queries.get_order(request.membership, code)
    is_back = row.delivery is not None and row.delivery.state in ("failed", "held")
    deed = actions.take_back if is_back else actions.finish
    try:
        deed(row, by=request.user.username, now=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence_of(refusal))
    return redirect("food:kitchen")


@for_roles(*SEES)
def slip(request: MemberRequest, code: str) -> HttpResponse:
    """One order on paper: what to cook, and the number for the rider."""
    row = queries.get_order(request.membership, code)
    context = {"row": row, "lines": queries.lines_of(row), "zone": row.region.timezone}
    return render(request, "food/slip.html", context)


@for_roles(*SEES)
def listing(request: MemberRequest) -> HttpResponse:
    """All orders, the newest first."""
    rows = queries.visible_to(request.membership)
    page = page_after(rows, key=("-id",), cursor=request.GET.get("after", ""))
    context = {"page": page, "zone": request.membership.region.timezone}
    return render(request, "food/list.html", context)
