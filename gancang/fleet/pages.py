"""The riders of a region for its operators and admins, and of a fleet for its own people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.fleet import actions, queries
from gancang.fleet.forms import NewRiderForm, RiderForm, TrainingForm
from gancang.regions.queries import today_in
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse, QueryDict

    from gancang.fleet.models import Rider


@for_roles(Role.OPERATOR, Role.ADMIN)
def riders(request: MemberRequest) -> HttpResponse:
    """Who carries here: on shift or not, and how the trainings stand."""
    asker, typed = request.membership, request.GET.get("q", "")
    found = queries.riders_visible_to(asker, typed=typed)
    page = page_after(found, key=("user__full_name", "id"), cursor=request.GET.get("after", ""))
    lines = queries.listed(
        page.rows,
        queries.list_classes(asker.region),
        on=today_in(asker.region, timezone.now()),
    )
    return render(request, "fleet/riders.html", {"page": page, "lines": lines, "q": typed})


@for_roles(Role.OPERATOR, Role.ADMIN)
@sensitive_post_parameters("phone")
def new_rider(request: MemberRequest) -> HttpResponse:
    """Put somebody who logs in as a rider on his fleet's list."""
    hireable = queries.hireable_by(request.membership)
    form = NewRiderForm(request.POST or None, hireable=hireable)
    if request.method == "POST" and form.is_valid():
        equipment, told = form.equipment(), dict(form.cleaned_data)
        member = hireable[told.pop("member")]
        assert member.organisation is not None, member.pk
        rider = actions.enlist(
            member.user,
            organisation=member.organisation,
            **told,
            equipment=equipment,
            by=request.user.username,
            now=timezone.now(),
        )
        messages.success(request, _("%(name)s is on the list now.") % {"name": rider})
        return redirect("fleet:rider", rider.pk)
    context = {"form": form, "nobody": not hireable}
    return render(request, "fleet/new_rider.html", context, status=400 if form.errors else 200)


@for_roles(Role.OPERATOR, Role.ADMIN)
def rider(request: MemberRequest, number: int) -> HttpResponse:
    """One rider: how he is reached, what he may carry, his trainings."""
    return _rider_page(request, queries.get_visible_rider(request.membership, number))


def _rider_page(
    request: MemberRequest, found: Rider, form: TrainingForm | None = None
) -> HttpResponse:
    today = today_in(found.region, timezone.now())
    classes = queries.list_classes(found.region)
    (line,) = queries.listed([found], classes, on=today)
    context = {
        "line": line,
        "trainings": queries.trainings_of(found, today=today),
        "form": form or _training_form(found, classes, today),
        "zone": found.region.timezone,
    }
    status = 400 if form is not None and form.errors else 200
    return render(request, "fleet/rider.html", context, status=status)


def _training_form(
    found: Rider, classes: list[str], today: date, typed: QueryDict | None = None
) -> TrainingForm:
    further = queries.list_further_classes(found.region, on=today)
    return TrainingForm(typed, classes=dict.fromkeys([*classes, *further]), today=today)


@for_roles(Role.OPERATOR, Role.ADMIN)
@sensitive_post_parameters("phone")
def change_rider(request: MemberRequest, number: int) -> HttpResponse:
    """Mend what is said of a rider."""
    found = queries.get_visible_rider(request.membership, number)
    known = {name: getattr(found, name) for name in RiderForm.base_fields}
    form = RiderForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        actions.enlist(
            found.user,
            organisation=found.organisation,
            equipment=form.equipment(),
            **form.cleaned_data,
            by=request.user.username,
            now=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("fleet:rider", found.pk)
    context = {"form": form, "rider": found}
    return render(request, "fleet/change_rider.html", context, status=400 if form.errors else 200)


@for_roles(Role.OPERATOR, Role.ADMIN)
@require_POST
def train(request: MemberRequest, number: int) -> HttpResponse:
    """Note a training."""
    found, now = queries.get_visible_rider(request.membership, number), timezone.now()
    classes = queries.list_classes(found.region)
    form = _training_form(found, classes, today_in(found.region, now), request.POST)
    if form.is_valid():
        try:
            actions.train(found, **form.cleaned_data, by=request.user.username, now=now)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("The training of %(name)s is noted.") % {"name": found})
            return redirect("fleet:rider", found.pk)
    return _rider_page(request, found, form)
