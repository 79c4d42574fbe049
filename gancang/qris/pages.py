"""A buyer's bill behind its link; a shop's bills and its code; a region's bills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.paper.qr import svg_of
from gancang.qris import actions, queries
from gancang.qris.forms import CodeForm
from gancang.qris.links import bill_url, find_code
from gancang.qris.rules import BY_SHOP, OPEN
from gancang.values import Refused
from gancang.web.deeds import is_done
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gancang.qris.models import Bill

LOOKERS = (Role.STALL, *queries.READERS)


@require_safe
def bill(request: HttpRequest, token: str) -> HttpResponse:
    """What a buyer is to pay, to whom, until when; it needs no log-in and no script."""
    code = find_code(token)
    found = queries.find_bill(code) if code else None
    if found is None:
        raise Http404
    now = timezone.now()
    is_open = found.state in OPEN and now < found.expires_at
    context = {
        "bill": found,
        "square": svg_of(found.payload, border=2) if is_open and found.payload else "",
        "is_open": is_open,
        "is_by_shop": found.way == BY_SHOP,
        "seconds": max(int((found.expires_at - now).total_seconds()), 0),
        "zone": found.region.timezone,
        "region": found.region,
    }
    return render(request, "qris/bill.html", context)


@for_roles(*LOOKERS)
def bills(request: MemberRequest) -> HttpResponse:
    """The bills of a shop or of a region; a shop's keeper sees first what to look for."""
    asker = request.membership
    is_shop = asker.role == Role.STALL
    context = {
        "page": page_after(
            queries.bills_visible_to(asker), key=("-id",), cursor=request.GET.get("after", "")
        ),
        "waiting": list(queries.to_confirm(asker)[:50]) if is_shop else [],
        "code": queries.code_of(asker.organisation) if is_shop and asker.organisation else None,
        "is_shop": is_shop,
        "may_decide": asker.role in queries.DECIDERS,
        "zone": asker.region.timezone,
    }
    return render(request, "qris/bills.html", context)


@for_roles(*LOOKERS)
def story(request: MemberRequest, code: str) -> HttpResponse:
    """One bill, and all that was told of it."""
    found = queries.get_bill(request.membership, code)
    context = {
        "bill": found,
        "notices": queries.notices_of(found),
        "mismatches": queries.mismatches_of(found),
        "url": bill_url(found.code),
        "may_confirm": _may_confirm(request, found),
        "zone": found.region.timezone,
    }
    return render(request, "qris/story.html", context)


def _may_confirm(request: MemberRequest, found: Bill) -> bool:
    is_shop = request.membership.role == Role.STALL
    return is_shop and found.way == BY_SHOP and not found.paid_at


@for_roles(Role.STALL)
@require_POST
def confirm(request: MemberRequest, code: str) -> HttpResponse:
    """The shop has seen the money on its own account."""
    found = queries.get_bill(request.membership, code)
    is_done(
        request,
        lambda: actions.confirm(found, by=request.user, now=timezone.now()),
        _("Written down: the money has arrived."),
    )
    return redirect("qris:story", found.code)


@for_roles(Role.STALL)
def own_code(request: MemberRequest) -> HttpResponse:
    """The code that hangs on the shop's wall, entered once."""
    shop = queries.shop_of(request.membership)
    if shop is None:
        raise Http404
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.enter_code(
                shop,
                typed["text"],
                is_sure=typed["is_sure"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("text", sentence_of(refusal))
        else:
            return redirect("qris:own_code")
    code = queries.code_of(shop)
    context = {
        "form": form,
        "code": code,
        "square": svg_of(code.payload, border=2) if code else "",
        "shop": shop,
        "zone": shop.region.timezone,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "qris/own_code.html", context, status=status)
