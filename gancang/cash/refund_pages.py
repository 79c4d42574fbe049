"""What is owed back to patients, who releases it, who pays it out, and the receipt."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.cash import queries, refunding
from gancang.cash.pages import SEES
from gancang.cash.till_pages import DECIDERS
from gancang.values import Refused
from gancang.web.deeds import is_done
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_roles(*SEES)
def refunds(request: MemberRequest) -> HttpResponse:
    """What is owed back for orders that never came."""
    asker = request.membership
    page = page_after(
        queries.owed_back(asker), key=("id",), cursor=request.GET.get("after", ""), size=20
    )
    context = {
        "page": page,
        "may_release": asker.role in DECIDERS,
        "may_pay": asker.role in queries.CASHIERS,
        "zone": asker.region.timezone,
    }
    return render(request, "cash/refunds.html", context)


@for_roles(*DECIDERS)
@require_POST
def release_refund(request: MemberRequest, code: str) -> HttpResponse:
    """The treasurer or an admin releases what is owed back."""
    found = get_object_or_404(queries.owed_back(request.membership), order__code=code)
    deed = partial(refunding.approve, found, by=request.user, now=timezone.now())
    is_done(request, deed, _("Released. Somebody else pays it out at the till."))
    return redirect("cash:refunds")


@for_roles(*queries.CASHIERS)
@require_POST
@sensitive_post_parameters()
def pay_back(request: MemberRequest, code: str) -> HttpResponse:
    """The cashier counts the money out to whoever came for it, and writes the receipt."""
    asker = request.membership
    found = get_object_or_404(queries.owed_back(asker), order__code=code)
    till = asker.organisation or found.fleet
    received_by = request.POST.get("received_by", "")
    try:
        refunding.pay_back(found, received_by, till=till, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence_of(refusal))
        return redirect("cash:refunds")
    return redirect("cash:refund", code)


@for_roles(*SEES)
def refund(request: MemberRequest, code: str) -> HttpResponse:
    """The receipt of what a patient got back, to be printed and signed."""
    found = queries.get_refund(request.membership, code)
    zone = found.payment.order.region.timezone
    return render(request, "cash/refund.html", {"refund": found, "zone": zone})
