"""The rider's own pages: light, for one thumb, with JavaScript or without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.dispatch import actions, failing, queries
from gancang.dispatch.forms import CollectForm, FailForm
from gancang.dispatch.round import round_of
from gancang.fleet import actions as fleet
from gancang.fleet import rostering
from gancang.fleet.forms import BreakForm
from gancang.fleet.hours import go_on_until, today_at
from gancang.fleet.planned import find_duty
from gancang.fleet.queries import find_shift, get_rider, pause_of, seen_in
from gancang.orders import lifecycle
from gancang.orders.failing import may_be_held
from gancang.orders.forms import tell
from gancang.orders.queries import counters_near, get_order
from gancang.programmes.queries import terms_of
from gancang.regions.queries import today_in, zone_of
from gancang.residents.queries import Reader, read_person
from gancang.trips.queries import mates_in_hand
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpResponse

    from gancang.fleet.models import Shift
    from gancang.orders.models import Order
    from gancang.regions.models import Organisation


@for_roles(Role.RIDER)
def home(request: MemberRequest) -> HttpResponse:
    """Shift, offers with pay and distance, and the stops in order."""
    now = timezone.now()
    rider = get_rider(request.user)
    shift = find_shift(rider)
    asked = queries.list_asked(request.user, now=now) if shift else []
    for offer in (offer for each in asked for offer in each.offers):
        if offer.shown_at is None:
            actions.show(offer, now=now)
    stops = round_of(rider, shift, now=now)
    pause = pause_of(shift, now=now) if shift else None
    context = {
        "rider": rider,
        "shift": shift,
        "offers": asked,
        "pause": pause,
        "seen": seen_in(shift, pause.rests if pause else (), now=now),
        "longer": _longer(shift, now=now) if shift else [],
        "duty": find_duty(rider, today_in(rider.region, now)),
        "round": stops,
        "pharmacies": _pharmacies(stop.order for stop in stops),
        "zone": rider.region.timezone,
    }
    return render(request, "dispatch/rider.html", context)


def _longer(shift: Shift, *, now: datetime) -> list[tuple[int, datetime]]:
    """How many hours more he may work, and until when, once his shift nears its end."""
    return go_on_until(started_at=shift.started_at, ends_by=shift.ends_by, now=now)


def _pharmacies(orders: Iterable[Order]) -> list[Organisation]:
    """Where the medicine of these orders comes from, each once: whom to ring about it."""
    return list({order.origin_id: order.origin for order in orders if order.is_medicine}.values())


@for_roles(Role.RIDER)
@require_POST
def start_shift(request: MemberRequest) -> HttpResponse:
    """Begin to work."""
    fleet.start_shift(get_rider(request.user), now=timezone.now())
    return redirect("dispatch:rider")


@for_roles(Role.RIDER)
@require_POST
def go_on(request: MemberRequest) -> HttpResponse:
    """Work on beyond the planned end: one tap."""
    rider, hours = get_rider(request.user), request.POST.get("hours", "")
    now = timezone.now()
    try:
        until = rostering.go_on(rider, int(hours) if hours in ("1", "2") else 0, now=now)
    except Refused as refusal:
        messages.error(request, sentence_of(refusal))
    else:
        when = until.astimezone(zone_of(rider.region)).strftime("%H.%M")
        messages.success(request, _("Thank you. You work until %(when)s.") % {"when": when})
    return redirect("dispatch:rider")


@for_roles(Role.RIDER)
@require_POST
def end_shift(request: MemberRequest) -> HttpResponse:
    """Go home."""
    actions.end_shift(request.user, now=timezone.now())
    messages.success(request, _("Your shift has ended. Thank you."))
    return redirect("dispatch:rider")


@for_roles(Role.RIDER)
@require_POST
def take_break(request: MemberRequest) -> HttpResponse:
    """Rest until the chosen time: nothing is offered meanwhile."""
    rider, now = get_rider(request.user), timezone.now()
    form = BreakForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose until when you rest."))
        return redirect("dispatch:rider")
    until = today_at(form.cleaned_data["until"], zone_of(rider.region), now=now)
    actions.take_break(request.user, until=until, now=now)
    messages.success(request, _("Have a good rest. Nothing is offered to you meanwhile."))
    return redirect("dispatch:rider")


@for_roles(Role.RIDER)
@require_POST
def come_back(request: MemberRequest) -> HttpResponse:
    """The break is over: work is offered again."""
    rostering.come_back(get_rider(request.user), now=timezone.now())
    return redirect("dispatch:rider")


@for_roles(Role.RIDER)
@require_POST
def answer(request: MemberRequest, number: int) -> HttpResponse:
    """Yes or no to an offer."""
    offer = queries.get_own_offer(request.user, number)
    now = timezone.now()
    if request.POST.get("answer") == "yes":
        order = actions.accept(offer, by=request.user, now=now)
        return redirect("dispatch:stop", order.code)
    actions.decline(offer, reason=request.POST.get("reason", ""), by=request.user, now=now)
    return redirect("dispatch:rider")


@for_roles(Role.RIDER)
def stop(request: MemberRequest, code: str) -> HttpResponse:
    """One order that he holds: where to, whom to ring, what next. Never what is in the bag."""
    order = get_order(request.membership, code)
    form = CollectForm(request.POST or None, initial={"version": order.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.collect(
                order,
                bag_code=form.cleaned_data["bag_code"],
                by=request.user,
                seen_version=form.cleaned_data["version"],
                now=timezone.now(),
            )
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            return redirect("dispatch:stop", code)
    along = mates_in_hand(order)
    context = {
        "order": order,
        "form": form,
        "zone": order.region.timezone,
        "along": along,
        "pharmacies": _pharmacies([order, *along]),
        **_door(request, order),
    }
    return render(request, "dispatch/stop.html", context, status=400 if form.errors else 200)


def _door(request: MemberRequest, order: Order) -> dict[str, Any]:
    # Before he has the bag he needs the village, not the person; for a counter
    # never, and not while it is stopped.
    if order.state != lifecycle.COLLECTED or order.hold_at or order.frozen_at:
        return {"person": None}
    reader = Reader(
        region=order.region,
        by=request.user.username,
        role=Role.RIDER,
        purpose="delivery",
        now=timezone.now(),
    )
    return {
        "person": read_person(reader, order.resident_id),
        "through_operator": terms_of(order.programme).calls_through_operator,
    }


@for_roles(Role.RIDER)
@require_POST
def give_up(request: MemberRequest, code: str) -> HttpResponse:
    """He cannot come after all, before he has the bag."""
    order = get_order(request.membership, code)
    version = request.POST.get("version", "")
    seen = int(version) if version.isdigit() else None
    actions.give_up(order, by=request.user.username, seen_version=seen, now=timezone.now())
    messages.success(request, _("The order goes to somebody else."))
    return redirect("dispatch:rider")


@for_roles(Role.RIDER)
def fail(request: MemberRequest, code: str) -> HttpResponse:
    """The bag could not be handed over."""
    order = get_order(request.membership, code)
    form = _fail_form(order, request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            visit = form.told(now=now)
            failing.fail(order, visit, seen_version=form.cleaned_data["version"], now=now)
        except Refused as refusal:
            tell(form, refusal, order)
        else:
            messages.success(request, _words_after(order, visit.reason))
            return redirect("dispatch:rider")
    context = {"order": order, "form": form}
    return render(request, "dispatch/fail.html", context, status=400 if form.errors else 200)


def _words_after(order: Order, reason: lifecycle.Failure) -> str:
    place = {"place": order.hold_at or order.origin}
    if reason is lifecycle.Failure.DECEASED:
        return (
            _(
                "Noted. Nobody writes to the house any more. Please leave the family in peace and"
                " bring the bag, closed, to %(place)s."
            )
            % place
        )
    return _("Noted. Please bring the bag to %(place)s.") % place


def _fail_form(order: Order, data: Any) -> FailForm:
    near = counters_near(order) if may_be_held(order) else []
    return FailForm(
        data,
        initial={"version": order.version},
        counters=[(counter.code, counter.name) for counter in near],
        pharmacy=order.origin.name,
    )
