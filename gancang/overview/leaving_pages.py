"""Closing the account of somebody who leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.forms import ReasonForm
from gancang.accounts.models import Role
from gancang.accounts.queries import get_person
from gancang.overview import leaving

if TYPE_CHECKING:
    from django.http import HttpResponse


@for_roles(Role.ADMIN)
def leave(request: MemberRequest, username: str) -> HttpResponse:
    """What this person would leave behind; closing the account hands it over."""
    person = get_person(request.membership, username)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        held = leaving.close_account(
            person,
            reason=form.cleaned_data["reason"],
            region=request.membership.region,
            by=request.user,
            now=timezone.now(),
        )
        if held:
            sentence = _("%(name)s still holds bags; the operator has an incident for each.")
            messages.warning(request, sentence % {"name": person.full_name})
        sentence = _("The account of %(name)s is closed.")
        messages.success(request, sentence % {"name": person.full_name})
        return redirect("accounts:person", username)
    form.fields["reason"].help_text = ""
    context = {"person": person, "work": leaving.open_work_of(person), "form": form}
    return render(request, "overview/leave.html", context, status=400 if form.errors else 200)
