"""A movement of the book, and taking it back: asked, decided by another, paid back."""

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
from gancang.ledger.reversing import why_not_reversible
from gancang.regions.queries import today_in
from gancang.settlement import correcting, queries
from gancang.settlement.forms import ReasonForm, RepaymentForm
from gancang.settlement.models import Correction
from gancang.settlement.pages import SEES
from gancang.settlement.rules import Why
from gancang.values import Refused
from gancang.web.deeds import is_done
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from gancang.ledger.models import Transfer

DECIDES = (Role.TREASURER, Role.ADMIN)


@for_roles(*SEES)
def movement(request: MemberRequest, number: int) -> HttpResponse:
    """One movement: from where to where, whose deed, what it takes back and what took it back."""
    region = request.membership.region
    row = queries.get_movement(region, number)
    return render(request, "settlement/movement.html", _told(request, row))


def _told(request: MemberRequest, row: Transfer) -> dict[str, Any]:
    region = request.membership.region
    why_not = why_not_reversible(row)
    asked = list(queries.corrections_of(region).filter(line=row).order_by("pk"))
    return {
        "row": row,
        "taken_back_by": queries.find_reversal(row),
        "corrections": asked,
        "why_not": sentence_of(Refused(why_not)) if why_not else "",
        "may_ask": request.membership.role == Role.TREASURER
        and why_not is None
        and all(each.state != "asked" for each in asked),
        "needs_second": queries.needs_second(row),
        "limit_rp": queries.money_of(region).get("second_approval_above_rp", 0),
        "zone": region.timezone,
    }


@for_roles(Role.TREASURER)
@require_POST
def ask(request: MemberRequest, number: int) -> HttpResponse:
    """The treasurer asks that a movement be taken back."""
    row = queries.get_movement(request.membership.region, number)
    form = ReasonForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(Why.SAY_WHY)
        made = correcting.ask(row, form.cleaned_data["reason"], by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence_of(refusal))
    else:
        is_done = made.state == Correction.State.DONE
        said = _("It is taken back.") if is_done else _("Asked. Another person decides it now.")
        messages.success(request, said)
    return redirect("settlement:movement", number)


@for_roles(*SEES)
def corrections(request: MemberRequest) -> HttpResponse:
    """What was asked to be taken back, the newest first, and what payees owe back."""
    asker = request.membership
    found = queries.corrections_of(asker.region)
    context = {
        "page": page_after(found, key=("-pk",), cursor=request.GET.get("after", "")),
        "waiting": list(found.filter(state=Correction.State.ASKED).order_by("pk")[:50]),
        "bounces": list(queries.bounces_of(asker.region).order_by("-pk")[:50]),
        "to_mend": queries.accounts_to_mend(
            asker.region, on=today_in(asker.region, timezone.now())
        ),
        "owed_back": queries.owed_back(asker.region)[:200],
        "may_decide": asker.role in DECIDES,
        "may_act": asker.role == Role.TREASURER,
        "zone": asker.region.timezone,
    }
    return render(request, "settlement/corrections.html", context)


def _do(request: MemberRequest, number: int, deed: Callable[..., None], said: str) -> HttpResponse:
    found = queries.get_correction(request.membership.region, number)
    is_done(request, partial(deed, found, by=request.user, now=timezone.now()), said)
    return redirect("settlement:corrections")


@for_roles(*DECIDES)
@require_POST
def approve(request: MemberRequest, number: int) -> HttpResponse:
    """Another person stands for a correction: it is done."""
    return _do(request, number, correcting.approve, _("It is taken back."))


@for_roles(*DECIDES)
@require_POST
def reject(request: MemberRequest, number: int) -> HttpResponse:
    """Another person says no to a correction."""
    answer = request.POST.get("reason", "")

    def deed(found: Correction, **told: Any) -> None:
        correcting.reject(found, answer, **told)

    return _do(request, number, deed, _("Nothing moves; who asked sees why."))


@for_roles(Role.TREASURER)
@require_POST
def withdraw(request: MemberRequest, number: int) -> HttpResponse:
    """Who asked takes it back before anybody decided."""
    return _do(request, number, correcting.withdraw, _("Withdrawn; nothing moved."))


@for_roles(Role.TREASURER)
@require_POST
def repaid(request: MemberRequest, number: int) -> HttpResponse:
    """A payee paid back what he owed."""
    row = queries.get_movement(request.membership.region, number)
    form = RepaymentForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the amount in whole rupiah, and the bank's number."))
        return redirect("settlement:corrections")
    told = form.amount(), form.cleaned_data["reference"]
    deed = partial(correcting.take_repayment, row, *told, by=request.user, now=timezone.now())
    is_done(request, deed, _("It is with its budget again."))
    return redirect("settlement:corrections")
