"""The operator's board, calling off or assigning by hand, and what plans the region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.dispatch import actions, comparing, queries, regimes
from gancang.dispatch.fitting import Standing, standing_of
from gancang.dispatch.forms import NOTHING, CancelForm, HandForm, SeenForm, ShadowForm
from gancang.dispatch.tracking import find_near, find_tracked, progress
from gancang.dispatch.words import ENGINES
from gancang.orders.forms import tell
from gancang.orders.queries import get_order
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

OPERATORS = (Role.OPERATOR, Role.ADMIN)
COMPARISONS_A_PAGE = 20


@for_roles(*OPERATORS)
def board(request: MemberRequest) -> HttpResponse:
    """All open orders of a region; what is late or at risk comes first."""
    found = queries.board(request.membership, now=timezone.now())
    # The page itself, or only its live part when a hint told it that something changed.
    part = request.headers.get("HX-Request") == "true"
    template = "dispatch/board_live.html" if part else "dispatch/board.html"
    context = {"board": found, "part": part, "zone": request.membership.region.timezone}
    return render(request, template, context)


@for_roles(*OPERATORS)
def by_hand(request: MemberRequest, code: str) -> HttpResponse:
    """Name the rider of an order oneself, with a reason."""
    order = get_order(request.membership, code)
    now = timezone.now()
    found = queries.list_riders_for_hand(request.membership, now=now)
    standings = [standing_of(order, each, now=now) for each in found]
    riders = [each.rider for each in standings]
    choices = [
        (each.rider.user_id, _named(each))
        for each in sorted(standings, key=lambda each: len(each.may_pass))
        if not each.bars
    ]
    initial = {"version": order.version}
    # Whoever became barred meanwhile is still understood, and refused with the reason.
    known = choices if request.method == "GET" else [(r.user_id, str(r)) for r in riders]
    form = HandForm(request.POST or None, riders=known, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = next(r.user for r in riders if r.user_id == int(form.cleaned_data["rider"]))
        try:
            actions.assign_by_hand(
                order,
                chosen,
                reason=form.cleaned_data["reason"],
                by=request.membership,
                seen_version=form.cleaned_data["version"],
                now=timezone.now(),
                despite=form.cleaned_data["despite"],
            )
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _("%(name)s has it now.") % {"name": chosen.full_name})
            return redirect("dispatch:board")
    form.offer(choices)
    told = [(each.rider, _why(each)) for each in standings if each.bars or each.may_pass]
    context = {"form": form, "order": order, "riders": choices, "told": told}
    return render(request, "dispatch/by_hand.html", context, status=400 if form.errors else 200)


def _named(standing: Standing) -> str:
    rider = standing.rider
    name = f"{rider.user.full_name}, {rider.organisation}"
    return f"{name} ({_('only with “all the same”')})" if standing.may_pass else name


def _why(standing: Standing) -> list[str]:
    """Why he cannot have it, or why only all the same, in sentences."""
    return [sentence_of(refusal) for refusal in (*standing.bars, *standing.may_pass)]


@for_roles(Role.COUNTER_CLERK, Role.PHARMACIST, Role.OPERATOR, Role.ADMIN)
def cancel(request: MemberRequest, code: str) -> HttpResponse:
    """Call an order off, until a rider has collected it."""
    order = get_order(request.membership, code)
    form = CancelForm(request.POST or None, initial={"version": order.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(
                order,
                reason=form.cleaned_data["reason"],
                by=request.user.username,
                seen_version=form.cleaned_data["version"],
                now=timezone.now(),
            )
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(
                request,
                _("Order %(code)s is called off; its money is free again.") % {"code": code},
            )
            return redirect(order.detail_page, code)
    context = {"form": form, "order": order}
    return render(request, "dispatch/cancel.html", context, status=400 if form.errors else 200)


@for_roles(*OPERATORS)
def planning(request: MemberRequest) -> HttpResponse:
    """What plans here, what is tried in its shadow, and what that would do otherwise."""
    rule = queries.in_force(request.membership.region, now=timezone.now())
    return _planning(request, rule, _shadow_form(rule))


def _shadow_form(rule: queries.InForce, typed: QueryDict | None = None) -> ShadowForm:
    planners = [
        (planner.name, f"{planner.policy.title} · {_(ENGINES[planner.engine])}")
        for planner in rule.untried()
    ]
    initial = {"seen": rule.number, "tried": rule.shadow.name if rule.shadow else NOTHING}
    return ShadowForm(typed, planners=planners, initial=initial)


def _planning(request: MemberRequest, rule: queries.InForce, form: ShadowForm) -> HttpResponse:
    region = request.membership.region
    page = page_after(
        comparing.comparisons_of(region),
        key=("-id",),
        cursor=request.GET.get("after", ""),
        size=COMPARISONS_A_PAGE,
    )
    context = {
        "rule": rule,
        "before": queries.find_before(region, rule),
        "form": form,
        "may_change": request.membership.role == Role.ADMIN,
        "days": comparing.list_days(region),
        "page": page,
        "compared": comparing.compared(page.rows, request.membership),
        "zone": region.timezone,
    }
    return render(request, "dispatch/planning.html", context, status=400 if form.errors else 200)


@for_roles(Role.ADMIN)
@require_POST
def try_in_shadow(request: MemberRequest) -> HttpResponse:
    """Try another planner in the shadow of the running one, or stop trying."""
    region, now = request.membership.region, timezone.now()
    rule = queries.in_force(region, now=now)
    form = _shadow_form(rule, request.POST)
    if not form.is_valid():
        return _planning(request, rule, form)
    seen = form.cleaned_data["seen"]
    regimes.try_in_shadow(region, form.chosen(), seen=seen, by=request.user.username, now=now)
    return redirect("dispatch:planning")


@for_roles(Role.ADMIN)
@require_POST
def adopt_shadow(request: MemberRequest) -> HttpResponse:
    """What was tried plans from now on."""
    regimes.adopt_shadow(
        request.membership.region,
        seen=_seen(request),
        by=request.user.username,
        now=timezone.now(),
    )
    messages.success(request, _("It plans from now on; what planned before is in its shadow."))
    return redirect("dispatch:planning")


@for_roles(Role.ADMIN)
@require_POST
def go_back(request: MemberRequest) -> HttpResponse:
    """What planned before plans again."""
    regimes.go_back(
        request.membership.region,
        seen=_seen(request),
        by=request.user.username,
        now=timezone.now(),
    )
    messages.success(request, _("What planned before plans again."))
    return redirect("dispatch:planning")


def _seen(request: MemberRequest) -> int:
    form = SeenForm(request.POST)
    # Whoever sends no number has seen nothing; that is told like a change.
    return form.cleaned_data["seen"] if form.is_valid() else -1


def track(request: HttpRequest, token: str) -> HttpResponse:
    """The patient's link: where it stands, when to expect it, whom to ring. No log-in, no name."""
    order = find_tracked(token)
    if order is None:
        return render(request, "dispatch/no_track.html", status=404)
    context = {"order": order, "token": token, "zone": order.region.timezone, **progress(order)}
    context["near"] = find_near(order, now=timezone.now())
    return render(request, "dispatch/track.html", context)


@require_POST
def track_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """The patient calls it off himself."""
    order = find_tracked(token)
    if order is None or order.is_sold:
        return render(request, "dispatch/no_track.html", status=404)
    actions.cancel(
        order, reason="by the patient", by="patient", seen_version=None, now=timezone.now()
    )
    return redirect("track", token)
