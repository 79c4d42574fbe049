"""What is done with one application, each a button or a small form on its page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.enrolment import deciding, queries
from gancang.enrolment.forms import OverrideForm, WordsForm
from gancang.enrolment.pages import deed_of, enrolment_page, fact_form
from gancang.regions.queries import today_in
from gancang.residents import registry
from gancang.residents.actions import KnownFact
from gancang.values import Refused
from gancang.web.deeds import is_done
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpResponse

    from gancang.enrolment.models import Enrolment

MOVES = {"pause": deciding.pause, "resume": deciding.resume, "end": deciding.end}


@for_roles(*queries.APPLIES)
@require_POST
def look_again(request: MemberRequest, code: str) -> HttpResponse:
    """Judge by what is known today; papers that were seen now are ticked."""
    row = queries.get_enrolment(request.membership, code)
    papers = request.POST.getlist("papers")
    deed = partial(deciding.look_again, row, deed_of(request), papers=papers)
    is_done(request, deed, _("Looked at again, by what is known today."))
    return redirect("enrolment:enrolment", code)


@for_roles(*queries.APPLIES)
@require_POST
@sensitive_post_parameters()
def tell_fact(request: MemberRequest, code: str) -> HttpResponse:
    """Write down a fact that a rule asks for, and judge by it."""
    row = queries.get_enrolment(request.membership, code)
    form = fact_form(row, request.POST)
    if not form.is_valid():
        return enrolment_page(request, row, {"fact": form})
    typed, now = form.cleaned_data, timezone.now()
    fact = KnownFact(typed["value"], typed["source"], typed["as_of"])
    by = registry.Deed(by=request.user.username, now=now)
    try:
        registry.record_fact(
            row.resident_id, typed["fact"], fact, by, today=today_in(row.region, now)
        )
        deciding.look_again(row, deed_of(request))
    except Refused as refusal:
        form.add_error("as_of", sentence_of(refusal))
        return enrolment_page(request, row, {"fact": form})
    messages.success(request, _("Written down, and judged by it."))
    return redirect("enrolment:enrolment", code)


@for_roles(*queries.DECIDES)
@require_POST
@sensitive_post_parameters()
def move(request: MemberRequest, code: str) -> HttpResponse:
    """Pause, resume or end."""
    row = queries.get_enrolment(request.membership, code)
    deed = MOVES.get(request.POST.get("deed", ""), deciding.end)
    return _do(
        request,
        row,
        ("words", WordsForm(request.POST)),
        lambda typed: deed(row, deed_of(request, typed["note"])),
        said=_("Done, and written down."),
    )


@for_roles(*queries.APPLIES)
@require_POST
@sensitive_post_parameters()
def appeal(request: MemberRequest, code: str) -> HttpResponse:
    """The person does not accept the refusal."""
    row = queries.get_enrolment(request.membership, code)
    return _do(
        request,
        row,
        ("appeal", WordsForm(request.POST, auto_id="appeal_%s")),
        lambda typed: deciding.appeal(row, deed_of(request, typed["note"])),
        said=_("The appeal is written down; an officer decides."),
    )


@for_roles(*queries.DECIDES)
@require_POST
@sensitive_post_parameters()
def decide(request: MemberRequest, code: str) -> HttpResponse:
    """An officer upholds a refusal, or lets the person in with a reason and a last day."""
    row = queries.get_enrolment(request.membership, code)

    def answer(typed: dict[str, Any]) -> None:
        deed = deed_of(request, typed["note"])
        if request.POST.get("answer") == "uphold":
            deciding.uphold(row, deed)
        else:
            deciding.override(row, typed["until"], deed)

    return _do(
        request,
        row,
        ("decide", OverrideForm(request.POST, auto_id="decide_%s")),
        answer,
        said=_("Decided, and written down with your name."),
    )


def _do(
    request: MemberRequest,
    row: Enrolment,
    named: tuple[str, Form],
    deed: Callable[[dict[str, Any]], None],
    *,
    said: str,
) -> HttpResponse:
    """What one of the page's forms asks for; or the page again with what is wrong at its note."""
    name, form = named
    if form.is_valid():
        try:
            deed(form.cleaned_data)
        except Refused as refusal:
            form.add_error("note", sentence_of(refusal))
        else:
            messages.success(request, said)
            return redirect("enrolment:enrolment", row.code)
    return enrolment_page(request, row, {name: form})
