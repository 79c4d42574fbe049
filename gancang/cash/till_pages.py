"""What tills pass on to fleets, what is written off, and banks' statements of QRIS payments."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.cash import actions, bringing, queries
from gancang.cash.forms import PassOnForm, StatementForm, WriteOffForm
from gancang.cash.pages import SEES
from gancang.cash.statements import read_statement
from gancang.values import Money, Refused
from gancang.web.deeds import is_done
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

PASSERS = (Role.COUNTER_CLERK, Role.TREASURER)
DECIDERS = (Role.TREASURER, Role.ADMIN)
BANKERS = (Role.OPERATOR, Role.TREASURER)
BANK_ROWS_MAX = 200


@for_roles(*SEES)
def tills(request: MemberRequest) -> HttpResponse:
    """What each till holds for each fleet, and what was passed on."""
    return _tills_page(request, None)


@for_roles(*PASSERS)
@require_POST
def pass_on(request: MemberRequest) -> HttpResponse:
    """A till gives a fleet all that it holds for it."""
    form = PassOnForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        held = queries.get_held(request.membership, typed["till"], typed["fleet"])
        seen, slip = Money(typed["seen_rp"]), typed["slip"]
        try:
            done = actions.pass_on(
                held.till, held.fleet, seen, slip, by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error("slip", sentence_of(refusal))
        else:
            messages.success(request, _("Receipt %(number)s is written.") % {"number": done})
            return redirect("cash:passed_on", done.pk)
    return _tills_page(request, form)


@for_roles(Role.TREASURER)
@require_POST
def bring(request: MemberRequest) -> HttpResponse:
    """The treasurer has received what buyers paid a fleet's riders for goods."""
    form = PassOnForm(request.POST)
    if not form.is_valid():
        return _tills_page(request, form)
    typed = form.cleaned_data
    held = queries.get_held(request.membership, typed["till"], typed["fleet"])
    seen, slip = Money(typed["seen_rp"]), typed["slip"]
    try:
        done = bringing.bring(
            held.till, held.fleet, seen, slip, by=request.user, now=timezone.now()
        )
    except Refused as refusal:
        form.add_error("slip", sentence_of(refusal))
        return _tills_page(request, form)
    messages.success(request, _("Receipt %(number)s is written.") % {"number": done})
    return redirect("cash:tills")


def _tills_page(request: MemberRequest, sent: PassOnForm | None) -> HttpResponse:
    asker = request.membership
    may_pass = asker.role in PASSERS
    rows = [
        (held, _form_for(held, sent) if may_pass and _is_his(request, held) else None)
        for held in queries.list_held(asker)
    ]
    found = queries.passed_on_visible_to(asker)
    page = page_after(found, key=("-id",), cursor=request.GET.get("after", ""))
    goods = bringing.list_to_bring(asker.region) if asker.role == Role.TREASURER else []
    context = {
        "rows": rows,
        "goods": [(each, _form_for(each, sent)) for each in goods],
        "page": page,
        "sent": sent,
        "zone": asker.region.timezone,
    }
    status = 400 if sent is not None else 200
    return render(request, "cash/tills.html", context, status=status)


def _is_his(request: MemberRequest, held: queries.Held) -> bool:
    return request.membership.organisation_id in (None, held.till.pk)


def _form_for(held: queries.Held | bringing.ToBring, sent: PassOnForm | None) -> PassOnForm:
    pair = (held.till.code, held.fleet.code)
    if sent is not None and (sent.data.get("till"), sent.data.get("fleet")) == pair:
        return sent
    seen = {"till": pair[0], "fleet": pair[1], "seen_rp": held.amount.rupiah}
    return PassOnForm(initial=seen)


@for_roles(*SEES)
def passed_on(request: MemberRequest, number: int) -> HttpResponse:
    """The receipt of what a till passed on, to be printed and signed by both."""
    found = queries.get_passed_on(request.membership, number)
    context = {"passed": found, "zone": found.region.timezone}
    return render(request, "cash/passed_on.html", context)


@for_roles(Role.TREASURER)
@require_POST
def write_off(request: MemberRequest, number: int) -> HttpResponse:
    """The treasurer asks that a shortfall is written off."""
    found = queries.get_shortfall(request.membership, number)
    form = WriteOffForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    by, now = request.user, timezone.now()
    deed = partial(actions.ask_write_off, found, reason, by=by, now=now)
    is_done(request, deed, _("Asked. A second person decides."))
    return redirect("cash:holder", found.deposit.rider.username)


@for_roles(*DECIDERS)
@require_POST
def decide(request: MemberRequest, number: int) -> HttpResponse:
    """A second person decides whether a shortfall is written off."""
    asked = queries.get_write_off(request.membership, number)
    approve = request.POST.get("answer") == "yes"
    by, now = request.user, timezone.now()
    deed = partial(actions.decide_write_off, asked, approve=approve, by=by, now=now)
    is_done(request, deed, _("Decided, and written down."))
    return redirect("cash:holder", asked.shortfall.deposit.rider.username)


@for_roles(*BANKERS)
def qris(request: MemberRequest) -> HttpResponse:
    """A bank's statement taken in, and what stands only there or only here."""
    asker = request.membership
    form = StatementForm(
        request.POST or None, request.FILES or None, fleets=queries.fleets_of(asker)
    )
    if request.method == "POST" and form.is_valid():
        try:
            lines = read_statement(form.text(), ZoneInfo(asker.region.timezone))
            found = actions.take_statement(form.fleet(), lines, by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error("file", sentence_of(refusal))
        else:
            told = _("%(fresh)s new lines taken in, %(matched)s payments found in them.")
            counts = {"fresh": found.fresh, "matched": found.matched}
            messages.success(request, told % counts)
            return redirect("cash:qris")
    payments = queries.unmatched_payments(asker)
    page = page_after(payments, key=("-id",), cursor=request.GET.get("after", ""))
    lines_left = list(queries.unmatched_lines(asker).order_by("-id")[:BANK_ROWS_MAX])
    context = {"form": form, "page": page, "lines": lines_left, "zone": asker.region.timezone}
    return render(request, "cash/qris.html", context, status=400 if form.errors else 200)
