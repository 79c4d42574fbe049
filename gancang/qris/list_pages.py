"""The operators' list of payments that did not agree, and what shops get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.qris import correcting, paying, queries
from gancang.qris.forms import DecisionForm, NoteForm, PayOutForm
from gancang.qris.rules import PROBLEMS, Problem
from gancang.values import Money, Refused
from gancang.web.deeds import is_done
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

PAGE = 20


@for_roles(*queries.READERS)
def mismatches(request: MemberRequest) -> HttpResponse:
    """What did not agree, newest first, by kind; what is open or what is done."""
    asker = request.membership
    problem = request.GET.get("problem", "")
    is_open = request.GET.get("state") != "done"
    rows = queries.mismatches_visible_to(
        asker, problem=problem if problem in PROBLEMS else "", is_open=is_open
    )
    context = {
        "page": page_after(rows, key=("-id",), cursor=request.GET.get("after", ""), size=PAGE),
        "problems": [(each.value, PROBLEMS[each]) for each in Problem],
        "problem": problem,
        "is_open": is_open,
        "may_decide": asker.role in queries.DECIDERS,
        "limit": Money(queries.limit_of(asker.region)),
        "zone": asker.region.timezone,
    }
    return render(request, "qris/mismatches.html", context)


@for_roles(*queries.DECIDERS)
@require_POST
def want(request: MemberRequest, number: int, wanted: str) -> HttpResponse:
    """Give it back, or accept it."""
    found = queries.get_mismatch(request.membership, number)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _say_what_lacks(request, form)
    typed = form.cleaned_data
    is_done(
        request,
        lambda: correcting.want(
            found,
            wanted,
            typed["text"],
            reference=typed["reference"],
            by=request.user,
            now=timezone.now(),
        ),
        _("Another person must stand for it.") if queries.is_much(found) else _("Done."),
    )
    return redirect("qris:mismatches")


@for_roles(*queries.DECIDERS)
@require_POST
def stand_for(request: MemberRequest, number: int) -> HttpResponse:
    """A second person wants it too."""
    found = queries.get_mismatch(request.membership, number)
    is_done(
        request,
        lambda: correcting.stand_for(found, by=request.user, now=timezone.now()),
        _("Done."),
    )
    return redirect("qris:mismatches")


@for_roles(*queries.DECIDERS)
@require_POST
def write(request: MemberRequest, number: int, deed: str) -> HttpResponse:
    """What was found out; with it, it may be closed, or what another asked is turned down."""
    found = queries.get_mismatch(request.membership, number)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _say_what_lacks(request, form)
    text, by, now = form.cleaned_data["text"], request.user, timezone.now()
    if deed == "turn-down":
        is_done(request, lambda: correcting.turn_down(found, text, by=by, now=now), _("Done."))
    else:
        closes = deed == "close"
        is_done(
            request,
            lambda: correcting.write(found, text, closes=closes, by=by, now=now),
            _("Written down."),
        )
    return redirect("qris:mismatches")


def _say_what_lacks(request: MemberRequest, form: DecisionForm | NoteForm) -> HttpResponse:
    messages.error(request, "; ".join(str(each) for each in _sentences(form)))
    return redirect("qris:mismatches")


def _sentences(form: DecisionForm | NoteForm) -> list[str]:
    return [
        f"{form.fields[name].label}: {error}"
        for name, errors in form.errors.items()
        for error in errors
    ]


@for_roles(Role.STALL, *queries.READERS)
def pay_outs(request: MemberRequest) -> HttpResponse:
    """What is held for each shop, and what shops got; the treasurer writes a transfer down."""
    asker = request.membership
    may_pay = asker.role == Role.TREASURER
    form = PayOutForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if not may_pay:
            raise PermissionDenied
        status = 400
        if form.is_valid() and _is_paid_out(request, form):
            return redirect("qris:pay_outs")
    held = queries.list_held(asker.region)
    if asker.role == Role.STALL:
        held = [each for each in held if each.shop.pk == asker.organisation_id]
    context = {
        "held": [(each, _form_for(each, form, sent=status == 400)) for each in held],
        "page": page_after(
            queries.pay_outs_visible_to(asker), key=("-id",), cursor=request.GET.get("after", "")
        ),
        "may_pay": may_pay,
        "sent": form if status == 400 else None,
        "zone": asker.region.timezone,
    }
    return render(request, "qris/pay_outs.html", context, status=status)


def _is_paid_out(request: MemberRequest, form: PayOutForm) -> bool:
    typed = form.cleaned_data
    shop = queries.get_seller(request.membership, typed["shop"])
    seen = Money(typed["seen_rp"])
    try:
        done = paying.pay_out(shop, seen, typed["reference"], by=request.user, now=timezone.now())
    except Refused as refusal:
        form.add_error("reference", sentence_of(refusal))
        return False
    messages.success(request, _("Receipt %(number)s is written.") % {"number": done})
    return True


def _form_for(held: queries.Held, form: PayOutForm, *, sent: bool) -> PayOutForm:
    if sent and form.data.get("shop") == held.shop.code:
        return form
    seen = {"shop": held.shop.code, "seen_rp": held.free.rupiah}
    return PayOutForm(initial=seen, auto_id=f"id_{held.shop.pk}_%s")
