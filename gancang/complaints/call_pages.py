"""One receiver who is rung: his number, what he says, and who decides without an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.callbacks import queries, rules
from gancang.callbacks.actions import refuse_own_work
from gancang.callbacks.forms import InsteadForm, RingForm
from gancang.complaints import calling
from gancang.residents.queries import read_person, reader_for
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from gancang.callbacks.models import Callback


@for_roles(*queries.RINGERS)
def call(request: MemberRequest, number: int) -> HttpResponse:
    """Whom to ring, and what the receiver says."""
    row = queries.get_callback(request.membership, number)
    form = RingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            calling.answer(row, told["answer"], told["note"], by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _(SAID[told["answer"]]))
            return redirect("callbacks:list")
    return _shown(request, row, form=form)


SAID = {
    rules.CAME: rules.STATES[rules.CAME],
    rules.NEVER: calling.OPENED,
    rules.NOT_REACHED: calling.AGAIN,
}


@for_roles(*queries.RINGERS)
def decide(request: MemberRequest, number: int) -> HttpResponse:
    """A second person decides where nobody reached the receiver."""
    row = queries.get_callback(request.membership, number)
    form = InsteadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            calling.decide(
                row, told["outcome"], told["reason"], by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Written down."))
            return redirect("callbacks:list")
    return _shown(request, row, instead=form)


def _shown(
    request: MemberRequest,
    row: Callback,
    *,
    form: RingForm | None = None,
    instead: InsteadForm | None = None,
) -> HttpResponse:
    """The page; whoever brought it himself sees no number and no name."""
    now, asker = timezone.now(), request.membership
    context: dict[str, Any] = {
        "row": row,
        "rings": queries.rings_of(row),
        "is_late": rules.is_overdue(row.state, row.due_at, now=now),
        "form": form or RingForm(),
        "instead": instead or InsteadForm(),
        "may_decide": row.due_at < now or row.tries >= row.tries_max,
        "zone": row.region.timezone,
    }
    try:
        refuse_own_work(row, by=request.user)
    except Refused as refusal:
        context["refusal"] = sentence_of(refusal)
    else:
        reader = reader_for(asker, purpose="callback", now=now)
        context["person"] = read_person(reader, row.resident_id)
    bad = (form is not None and form.errors) or (instead is not None and instead.errors)
    return render(request, "callbacks/call.html", context, status=400 if bad else 200)
