"""A budget line: what documents made of it, and the next document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.models import Role
from gancang.closing import queries
from gancang.closing.forms import RevisionForm
from gancang.ledger.queries import balances_of
from gancang.ledger.revising import revise
from gancang.programmes.queries import list_programmes
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.http import HttpResponse

READERS = (Role.PROGRAMME_OFFICER, Role.TREASURER, Role.AUDITOR, Role.ADMIN)


@for_roles(*READERS)
def budget(request: MemberRequest, number: int) -> HttpResponse:
    """Its history; the treasurer writes a document down here."""
    region = request.membership.region
    found = queries.get_budget(region, number)
    may_act = request.membership.role == Role.TREASURER
    form = RevisionForm(request.POST if request.method == "POST" and may_act else None)
    if form.is_valid():
        try:
            revise(found, form.document(), by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("The budget has its new amount."))
            return redirect("closing:budget", number)
    names = {each.code: each.name for each in list_programmes(region)}
    context: dict[str, Any] = {
        "budget": found,
        "balances": balances_of(found),
        "programme": names.get(found.programme, found.programme),
        "revisions": queries.revisions_of(found),
        "form": form,
        "may_act": may_act,
        "zone": region.timezone,
    }
    wrong = form.is_bound and not form.is_valid()
    return render(request, "closing/budget.html", context, status=400 if wrong else 200)
