"""Labels, lists for a day without screens, and keying in what happened on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.medicine.queries import people_of
from gancang.orders.forms import tell
from gancang.orders.queries import get_order
from gancang.paper.labels import as_escpos, as_pdf
from gancang.paper.lists import as_pdf as list_as_pdf
from gancang.paperwork import actions, queries
from gancang.paperwork.forms import OnPaperForm
from gancang.paperwork.rules import Why
from gancang.values import Refused
from gancang.web.files import as_file
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

    from gancang.orders.models import Order

DESK = (Role.COUNTER_CLERK, Role.PHARMACIST)


@for_roles(*DESK)
def labels(request: MemberRequest, code: str) -> HttpResponse:
    """The labels of an order's bags as PDF, or with ?printer as a thermal printer takes them."""
    order, now = get_order(request.membership, code), timezone.now()
    found = queries.labels_of(request.membership, [order], now=now)
    if not found:
        raise Refused(Why.NOTHING_TO_PRINT)
    actions.tell_printed(order, len(found), by=request.user.username, now=now)
    if "printer" in request.GET:
        return as_file(as_escpos(found), f"{code}.bin", "application/octet-stream", shown=True)
    return as_file(as_pdf(found), f"{code}.pdf", "application/pdf", shown=True)


@for_roles(*DESK)
@require_POST
def print_labels(request: MemberRequest, code: str) -> HttpResponse:
    """The labels, on the house's own label printer."""
    order, now = get_order(request.membership, code), timezone.now()
    found = queries.labels_of(request.membership, [order], now=now)
    house = order.origin
    actions.print_labels(order, found, house=house, by=request.user.username, now=now)
    told = ngettext("%(n)s label is printed.", "%(n)s labels are printed.", len(found))
    messages.success(request, told % {"n": len(found)})
    return redirect(order.detail_page, code)


@for_roles(*DESK)
def downtime(request: MemberRequest) -> HttpResponse:
    """What to print before the screens go dark, and what to key in afterwards."""
    found = queries.open_orders(request.membership)
    page = page_after(found, key=("promise_at", "id"), cursor=request.GET.get("after", ""))
    now = timezone.now()
    people = people_of(request.membership, page.rows, purpose="day list", now=now)
    rows = [(order, people.get(order.resident_id)) for order in page.rows]
    context = {"page": page, "rows": rows, "zone": request.membership.region.timezone}
    return render(request, "paperwork/downtime.html", context)


def _when(request: MemberRequest) -> str:
    here = timezone.now().astimezone(ZoneInfo(request.membership.region.timezone))
    return here.strftime("%d-%m-%Y %H:%M")


@for_roles(*DESK)
def day_list(request: MemberRequest) -> HttpResponse:
    """All open orders of the house on paper, with room for what happens to them."""
    listing = queries.day_list(request.membership, when=_when(request), now=timezone.now())
    return as_file(list_as_pdf(listing), "day-list.pdf", "application/pdf", shown=True)


@for_roles(*DESK)
def blank_list(request: MemberRequest) -> HttpResponse:
    """Empty lines for prescriptions that come in meanwhile."""
    listing = queries.blank_list(request.membership, when=_when(request))
    return as_file(list_as_pdf(listing), "blank.pdf", "application/pdf", shown=True)


@for_roles(*DESK)
def all_labels(request: MemberRequest) -> HttpResponse:
    """The labels of all open orders, printed beforehand."""
    now = timezone.now()
    orders = list(queries.open_orders(request.membership)[: queries.LABELS_MAX])
    found = queries.labels_of(request.membership, orders, now=now)
    if not found:
        raise Refused(Why.NOTHING_TO_PRINT)
    return as_file(as_pdf(found), "labels.pdf", "application/pdf", shown=True)


@for_roles(*DESK)
def on_paper(request: MemberRequest, code: str) -> HttpResponse:
    """Key in how one bag's way ended on paper."""
    order = get_order(request.membership, code)
    riders = queries.riders_of(order.region)
    form = OnPaperForm(
        request.POST or None,
        riders=riders,
        zone=order.region.timezone,
        pays=bool(order.at_door_rp),
        initial=_known(order),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.key_in(order, form.told(), by=request.user, now=timezone.now())
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("%(code)s is keyed in.") % {"code": code})
            return redirect("paperwork:downtime")
    context = {"order": order, "form": form, "zone": order.region.timezone}
    return render(request, "paperwork/on_paper.html", context, status=400 if form.errors else 200)


def _known(order: Order) -> dict[str, Any]:
    carrier = order.carrier
    return {"rider": carrier.rider.pk if carrier and hasattr(carrier, "rider") else ""}
