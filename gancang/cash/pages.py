"""Who carries patients' money, the cashier's count, receipts, and a rider's own purse."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.cash import actions, queries
from gancang.cash.forms import CountForm, FollowUpForm, WriteOffForm
from gancang.values import Money, Refused
from gancang.web.deeds import is_done
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

    from gancang.accounts.models import User
    from gancang.regions.models import Organisation

SEES = (*queries.CASHIERS, Role.AUDITOR, Role.ADMIN)


@for_roles(*SEES)
def holders(request: MemberRequest) -> HttpResponse:
    """Who carries patients' money, and who owes some."""
    found = queries.accounts_visible_to(request.membership)
    page = page_after(found, key=("id",), cursor=request.GET.get("after", ""))
    context = {
        "page": page,
        "holders": queries.holders_of(page.rows),
        "zone": request.membership.region.timezone,
    }
    return render(request, "cash/holders.html", context)


@for_roles(*SEES)
def holder(request: MemberRequest, username: str) -> HttpResponse:
    """One rider: what he carries, what he handed in, what is missing."""
    return _holder_page(request, queries.get_holder(request.membership, username))


def _holder_page(
    request: MemberRequest, found: User, form: CountForm | None = None
) -> HttpResponse:
    asker = request.membership
    purses = [
        (fleet, has, form if form and form.data.get("fleet") == fleet.code else _count(fleet, has))
        for fleet, has in queries.purses_of(found, asker)
    ]
    deposits = queries.deposits_of(found)
    page = page_after(deposits, key=("-id",), cursor=request.GET.get("after", ""), size=20)
    context = {
        "holder": found,
        "purses": purses,
        "form": form,
        "payments": list(queries.not_handed_in(found)[:200]),
        "shortfalls": [
            (s, FollowUpForm(), WriteOffForm()) for s in queries.list_open_shortfalls(found)
        ],
        "may_ask": asker.role == Role.TREASURER,
        "may_decide": asker.role in (Role.TREASURER, Role.ADMIN),
        "page": page,
        "zone": asker.region.timezone,
        "is_cashier": asker.role in queries.CASHIERS,
    }
    status = 400 if form is not None and form.errors else 200
    return render(request, "cash/holder.html", context, status=status)


def _count(fleet: Organisation, has: Money) -> CountForm:
    return CountForm(initial={"fleet": fleet.code, "seen_rp": has.rupiah})


@for_roles(*queries.CASHIERS)
@require_POST
def hand_in(request: MemberRequest, username: str) -> HttpResponse:
    """The cashier counted: it is handed in, and what is missing is written down."""
    asker = request.membership
    found = queries.get_holder(asker, username)
    form = CountForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        fleet = queries.get_fleet(asker, typed["fleet"])
        told = actions.Counted(
            seen=Money(typed["seen_rp"]), counted=Money(typed["counted_rp"]), note=typed["note"]
        )
        try:
            done = actions.hand_in(
                found,
                fleet,
                told,
                till=asker.organisation or fleet,
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Receipt %(number)s is written.") % {"number": done})
            return redirect("cash:deposit", done.pk)
    return _holder_page(request, found, form)


@for_roles(*queries.CASHIERS)
@require_POST
def follow_up(request: MemberRequest, number: int) -> HttpResponse:
    """Something was done about a shortfall, or some of it was brought."""
    found = queries.get_shortfall(request.membership, number)
    form = FollowUpForm(request.POST)
    username = found.deposit.rider.username
    if not form.is_valid():
        messages.error(request, _("Write whole rupiah, like 18000 or 18.000."))
        return redirect("cash:holder", username)
    note, by, now = form.cleaned_data["note"], request.user, timezone.now()
    deed = partial(actions.follow_up, found, note, form.repaid(), by=by, now=now)
    is_done(request, deed, _("Written down."))
    return redirect("cash:holder", username)


@for_roles(*SEES, Role.RIDER)
def deposit(request: MemberRequest, number: int) -> HttpResponse:
    """The receipt of what a rider handed in, to be printed."""
    found = queries.get_deposit(request.membership, number)
    context = {"deposit": found, "zone": found.region.timezone}
    return render(request, "cash/deposit.html", context)


@for_roles(*SEES, Role.RIDER)
def payment(request: MemberRequest, code: str) -> HttpResponse:
    """The receipt of what a patient paid, to be printed or shown."""
    found = queries.get_payment(request.membership, code)
    context = {"payment": found, "zone": found.order.region.timezone}
    return render(request, "cash/payment.html", context)


@for_roles(Role.RIDER)
def mine(request: MemberRequest) -> HttpResponse:
    """What a rider carries of patients' money, what he handed in, and what he owes."""
    page = page_after(
        queries.deposits_of(request.user),
        key=("-id",),
        cursor=request.GET.get("after", ""),
        size=20,
    )
    context = {
        "purses": queries.purses_of(request.user),
        "payments": list(queries.not_handed_in(request.user)[:200]),
        "shortfalls": queries.list_open_shortfalls(request.user),
        "page": page,
        "zone": request.membership.region.timezone,
    }
    return render(request, "cash/mine.html", context)
