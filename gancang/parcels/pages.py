"""The desk of whoever sends goods: a new delivery, the list, one delivery until its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.orders import lifecycle
from gancang.orders.forms import tell
from gancang.orders.queries import find_proof, get_order, list_attempts
from gancang.parcels import actions, queries
from gancang.parcels.forms import BackForm, DeliveryForm, ReadyForm
from gancang.regions.models import SELLERS
from gancang.regions.queries import villages_by_code
from gancang.residents.choosing import chosen_in, found_by
from gancang.residents.queries import read_people, read_person, reader_for
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from gancang.orders.models import Order

READERS = (Role.COUNTER_CLERK, Role.OPERATOR, Role.ADMIN)


@for_roles(Role.COUNTER_CLERK)
def new(request: MemberRequest) -> HttpResponse:
    """A new delivery; a receiver who is known need not be written down again."""
    organisation = request.membership.organisation
    assert organisation is not None, "a desk belongs to somebody"
    typed = request.POST.get("find")
    placing = request.method == "POST" and typed is None
    person = chosen_in(request, "new delivery", now=timezone.now())
    form = DeliveryForm(
        request.POST if placing else None,
        programmes=queries.programmes_from(organisation),
        villages=villages_by_code(request.membership.region),
        known=person is not None,
        sells=organisation.kind in SELLERS,
        initial={"person": person.number if person else None},
    )
    if placing and form.is_valid():
        try:
            order = actions.place(
                form.draft(), organisation, by=request.user.username, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Order %(code)s is placed.") % {"code": order.code})
            return redirect("parcels:detail", order.code)
    context = {
        "form": form,
        "find": typed or "",
        "people": found_by(request, typed, now=timezone.now()),
        "person": person,
    }
    context |= {"villages": form.villages.values(), "programmes": form.programmes}
    return render(request, "parcels/new.html", context, status=400 if form.errors else 200)


@for_roles(*READERS)
def list_orders(request: MemberRequest) -> HttpResponse:
    """The deliveries that one may see, newest first."""
    typed, state = request.GET.get("q", ""), request.GET.get("state", "")
    found = queries.parcels_of(request.membership, typed=typed, state=state)
    page = page_after(found, key=("-id",), cursor=request.GET.get("after", ""))
    reader = reader_for(request.membership, purpose="list", now=timezone.now())
    people = read_people(reader, [order.resident_id for order in page.rows])
    context = {
        "page": page,
        "rows": [(order, people.get(order.resident_id)) for order in page.rows],
        "q": typed,
        "state": state,
        "states": lifecycle.STATES,
        "zone": request.membership.region.timezone,
        "may_place": request.membership.role == Role.COUNTER_CLERK,
    }
    return render(request, "parcels/list.html", context)


@for_roles(*READERS)
def detail(request: MemberRequest, code: str) -> HttpResponse:
    """One delivery: what, to whom, how far it is; the next step for its sender."""
    return _show(request, _get(request, code))


@for_roles(Role.COUNTER_CLERK)
@require_POST
def ready(request: MemberRequest, code: str) -> HttpResponse:
    """It is packed: riders are asked from now on."""
    order = _own(request, code)
    form = ReadyForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            actions.send_out(
                order,
                pieces=typed["pieces"],
                code=typed["code"],
                by=request.user.username,
                seen_version=typed["version"],
                now=timezone.now(),
            )
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("Riders are asked now."))
            return redirect("parcels:detail", code)
    return _show(request, order, form, status=400)


@for_roles(Role.COUNTER_CLERK)
@require_POST
def take_back(request: MemberRequest, code: str) -> HttpResponse:
    """It is back at its sender, and the order ends."""
    order = _own(request, code)
    form = BackForm(request.POST)
    if form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            actions.take_back(
                order, by=request.user.username, seen_version=seen, now=timezone.now()
            )
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("Noted: %(code)s is back.") % {"code": code})
            return redirect("parcels:detail", code)
    return _show(request, order, form, status=400)


def _get(request: MemberRequest, code: str) -> Order:
    order = get_order(request.membership, code)
    if order.is_medicine:
        raise Http404
    return order


def _own(request: MemberRequest, code: str) -> Order:
    order = _get(request, code)
    if order.origin_id != request.membership.organisation_id:
        raise Http404
    return order


def _show(
    request: MemberRequest,
    order: Order,
    failed: ReadyForm | BackForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    reader = reader_for(request.membership, purpose="order", now=timezone.now())
    is_sender = order.origin_id == request.membership.organisation_id
    seen = {"version": order.version}
    fresh = order.state in {lifecycle.PLACED, lifecycle.FAILED}
    context = {
        "order": order,
        "person": read_person(reader, order.resident_id),
        "parcel": queries.find_parcel(order) if is_sender else None,
        "shown": queries.find_shown(order),
        "proof": find_proof(order),
        "attempts": list_attempts(order),
        "zone": order.region.timezone,
        "failed": failed,
        "ready": ReadyForm(initial=seen) if is_sender and fresh else None,
        "back": BackForm(initial=seen) if is_sender and order.state in _BACK else None,
        "can_cancel": order.state in lifecycle.CANCELLABLE,
    }
    if isinstance(failed, ReadyForm):
        context["ready"] = failed
    return render(request, "parcels/detail.html", context, status=status)


_BACK = frozenset({lifecycle.FAILED, lifecycle.HELD})
