"""A pharmacist's visits of the day, and the note of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.medicine import queries, visiting
from gancang.medicine.visit_forms import NotMetForm, VisitForm
from gancang.orders.forms import tell
from gancang.orders.lifecycle import Failure
from gancang.orders.queries import get_order
from gancang.values import Refused
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpResponse

    from gancang.orders.models import Order


@for_roles(Role.PHARMACIST)
def visits(request: MemberRequest) -> HttpResponse:
    """The visits that wait, the earliest promise first: his own, and those nobody took on yet."""
    asker, now = request.membership, timezone.now()
    found = visiting.visits_of(asker)
    page = page_after(found, key=("promise_at", "id"), cursor=request.GET.get("after", ""))
    people = queries.people_of(asker, page.rows, purpose="visits", now=now)
    rows = [(order, people.get(order.resident_id)) for order in page.rows]
    context = {"page": page, "rows": rows, "zone": asker.region.timezone}
    return render(request, "medicine/visits.html", context)


@for_roles(Role.PHARMACIST)
@require_POST
def take_on(request: MemberRequest, code: str) -> HttpResponse:
    """He takes a visit on, and the bag along."""
    order = get_order(request.membership, code)
    visiting.take_on(order, by=request.user, seen_version=_seen(request), now=timezone.now())
    return redirect("medicine:visit", code)


def _seen(request: MemberRequest) -> int | None:
    version = request.POST.get("version", "")
    return int(version) if version.isdigit() else None


@for_roles(Role.PHARMACIST)
def visit(request: MemberRequest, code: str) -> HttpResponse:
    """At the patient's home: the note, which closes the order."""
    order = get_order(request.membership, code)
    form = VisitForm(request.POST or None, initial={"version": order.version})
    if request.method == "POST" and form.is_valid():
        seen, now = form.cleaned_data["version"], timezone.now()
        try:
            visiting.write_note(order, form.told(), by=request.user, seen_version=seen, now=now)
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("The visit is written down. Thank you."))
            return redirect("medicine:visits")
    return _visit_page(request, order, form)


def _visit_page(request: MemberRequest, order: Order, form: VisitForm) -> HttpResponse:
    asker, now = request.membership, timezone.now()
    people = queries.people_of(asker, [order], purpose="visit", now=now)
    context = {
        "order": order,
        "person": people.get(order.resident_id),
        "papers": queries.papers_of(asker, order, now=now),
        "form": form,
        "not_met": NotMetForm(initial={"version": order.version}),
        "note": visiting.find_note(asker, order),
        "is_mine": order.carrier_id == request.user.pk and order.state == "collected",
        "zone": order.region.timezone,
    }
    return render(request, "medicine/visit.html", context, status=400 if form.errors else 200)


@for_roles(Role.PHARMACIST)
@require_POST
def not_met(request: MemberRequest, code: str) -> HttpResponse:
    """Nobody could be visited."""
    order = get_order(request.membership, code)
    form = NotMetForm(request.POST)
    if not form.is_valid():
        return _visit_page(request, order, VisitForm(request.POST))
    typed = form.cleaned_data
    visiting.not_met(
        order,
        Failure(typed["reason"]),
        typed["note"],
        by=request.user,
        seen_version=typed["version"],
        now=timezone.now(),
    )
    messages.success(request, _("Written down; the bag is in your queue again."))
    return redirect("medicine:detail", code)
