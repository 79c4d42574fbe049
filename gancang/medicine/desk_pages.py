"""One order at the desk: review, preparation, release with counselling, taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.formulary.queries import desk_rules
from gancang.medicine import owing, queries, releasing, reviewing
from gancang.medicine.desk import DECISIONS, STEPS
from gancang.medicine.desk_forms import (
    FetchForm,
    OwedForm,
    PrepareForm,
    ReleaseForm,
    ReviewForm,
    TakeBackForm,
)
from gancang.medicine.desk_lists import debts, get_owed, owed_by, waiting_rows
from gancang.medicine.trip_pages import house_of
from gancang.orders import lifecycle
from gancang.orders.forms import tell
from gancang.orders.queries import find_disposition, find_proof, get_order, list_attempts, list_legs
from gancang.values import Refused
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpResponse

    from gancang.orders.models import Order


DESK = (Role.COUNTER_CLERK, Role.PHARMACIST)


@for_roles(Role.PHARMACIST)
def queue(request: MemberRequest) -> HttpResponse:
    """What waits for this pharmacy, the oldest first, held to the standard of waiting."""
    asker, typed, step = request.membership, request.GET.get("q", ""), request.GET.get("step", "")
    found = queries.queue(asker, typed=typed, step=step)
    page = page_after(found, key=("placed_at", "id"), cursor=request.GET.get("after", ""))
    rows = waiting_rows(asker, page.rows, now=timezone.now())
    context = {"page": page, "rows": rows, "q": typed, "step": step, "steps": STEPS}
    context["zone"] = asker.region.timezone
    return render(request, "medicine/queue.html", context)


@for_roles(*DESK)
def owed(request: MemberRequest) -> HttpResponse:
    """What the pharmacy still owes patients, the longest first."""
    asker, now = request.membership, timezone.now()
    page = page_after(owed_by(asker), key=("id",), cursor=request.GET.get("after", ""))
    rows = debts(asker, page.rows, now=now)
    context = {"page": page, "rows": rows, "zone": asker.region.timezone, "how": OwedForm()}
    return render(request, "medicine/owed.html", context)


@for_roles(*DESK)
@require_POST
def close_owed(request: MemberRequest, number: int) -> HttpResponse:
    """It was given at the counter, or is not needed any more."""
    asker, form = request.membership, OwedForm(request.POST)
    get_owed(asker, number)
    if form.is_valid():
        typed = form.cleaned_data
        owing.close(number, typed["how"], asker=asker, note=typed["note"], now=timezone.now())
        messages.success(request, _("That is done; it is not owed any more."))
    return redirect("medicine:owed")


@for_roles(*DESK, Role.OPERATOR, Role.ADMIN)
def detail(request: MemberRequest, code: str) -> HttpResponse:
    """One order: where it stands, whom it is for, what can be done now."""
    order = get_order(request.membership, code)
    if not order.is_medicine:
        return redirect(order.detail_page, code)
    return render(request, "medicine/detail.html", _detail(request, order))


def _detail(request: MemberRequest, order: Order, **forms_sent: forms.Form) -> dict[str, Any]:
    asker, now = request.membership, timezone.now()
    people = queries.people_of(asker, [order], purpose="order", now=now)
    at_desk = asker.role == Role.PHARMACIST and order.state in reviewing.AT_THE_DESK
    papers = queries.papers_of(asker, order, now=now)
    initial = {"version": order.version, "channel": "counter", "told_to": "patient"}
    return {
        "order": order,
        "person": people.get(order.resident_id),
        "papers": papers,
        "lines": papers.lines if papers else [],
        "work": queries.desk_work_of(order),
        "attempts": list_attempts(order),
        "proof": find_proof(order),
        "disposition": find_disposition(order),
        "legs": list_legs(order),
        "review": ReviewForm(),
        "prepare": PrepareForm(),
        "form": ReleaseForm(initial=initial),
        "zone": order.region.timezone,
        "house": house_of(asker, order, now=now),
        "at_desk": at_desk,
        "step": _step(order, papers) if at_desk and papers else "",
        "decisions": DECISIONS,
        "desk": desk_rules(order.region),
        "can_cancel": order.state in lifecycle.CANCELLABLE,
        "can_print": asker.role in DESK and order.state in lifecycle.OPEN,
        "errors": list(forms_sent.values()),
        **forms_sent,
    }


def _step(order: Order, papers: queries.Papers) -> str:
    if papers.reviewed_at is None:
        return "review"
    return "release" if papers.ready_at or order.state == lifecycle.FAILED else "prepare"


def _shown_again(request: MemberRequest, order: Order, **forms_sent: forms.Form) -> HttpResponse:
    order.refresh_from_db()
    context = _detail(request, order, **forms_sent)
    return render(request, "medicine/detail.html", context, status=400)


@for_roles(Role.PHARMACIST)
@require_POST
def review(request: MemberRequest, code: str) -> HttpResponse:
    """What was checked, what becomes of each item; prepared at once, where that was told too."""
    order, now = get_order(request.membership, code), timezone.now()
    form = ReviewForm(request.POST)
    if form.is_valid():
        found = reviewing.Found(
            points=form.cleaned_data["points"],
            note=form.cleaned_data["note"],
            decisions=form.decisions(),
        )
        try:
            reviewing.review(order, found, by=request.user, now=now)
            if request.POST.get("then") == "prepare":
                mixed = form.cleaned_data["compounded"]
                reviewing.prepare(order, compounded=mixed, by=request.user, now=now)
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("%(code)s is reviewed.") % {"code": code})
            return redirect("medicine:detail", code)
    return _shown_again(request, order, review=form)


@for_roles(Role.PHARMACIST)
@require_POST
def prepare(request: MemberRequest, code: str) -> HttpResponse:
    """The medicine is put together."""
    order = get_order(request.membership, code)
    form = PrepareForm(request.POST)
    form.is_valid()
    try:
        reviewing.prepare(
            order,
            compounded=form.cleaned_data["compounded"],
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        tell(form, refusal, order)
        return _shown_again(request, order, prepare=form)
    messages.success(request, _("%(code)s waits for the final check.") % {"code": code})
    return redirect("medicine:queue")


@for_roles(Role.PHARMACIST)
@require_POST
def release(request: MemberRequest, code: str) -> HttpResponse:
    """Final check and counselling done: let it out."""
    order, now = get_order(request.membership, code), timezone.now()
    form = ReleaseForm(request.POST)
    if form.is_valid():
        try:
            releasing.release(
                order,
                form.counselling(zone=order.region.timezone, now=now),
                form.told_bags(),
                points=form.cleaned_data["points"],
                by=request.user,
                seen_version=form.cleaned_data["version"],
                now=now,
            )
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("%(code)s is released.") % {"code": code})
            return redirect("medicine:queue")
    return _shown_again(request, order, form=form)


@for_roles(Role.PHARMACIST)
@require_POST
def take_back(request: MemberRequest, code: str) -> HttpResponse:
    """The bag is here again, and the order ends."""
    order = get_order(request.membership, code)
    form = TakeBackForm(request.POST)
    seen = form.cleaned_data["version"] if form.is_valid() else None
    releasing.take_back(order, by=request.user.username, seen_version=seen, now=timezone.now())
    messages.success(request, _("%(code)s is back; its money is free again.") % {"code": code})
    return redirect("medicine:queue")


@for_roles(Role.PHARMACIST)
@require_POST
def fetch_all(request: MemberRequest, code: str) -> HttpResponse:
    """Nothing of it travels: the patient fetches all of it, and the order ends."""
    order = get_order(request.membership, code)
    form = FetchForm(request.POST)
    seen = form.cleaned_data["version"] if form.is_valid() else None
    reviewing.fetch_all(order, by=request.user, seen_version=seen, now=timezone.now())
    messages.success(request, _("%(code)s is fetched at the counter.") % {"code": code})
    return redirect("medicine:queue")
