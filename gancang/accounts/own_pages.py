"""One's own second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gancang.accounts import queries, second_factor
from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.forms import CodeForm, PresentPasswordForm
from gancang.accounts.models import Role
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpResponse

for_everybody = for_roles(*Role, also_without_factor=True)


@for_everybody
@sensitive_post_parameters("present")
def own_factor(request: MemberRequest) -> HttpResponse:
    """What of a second factor there is; a POST begins to set one up."""
    form = PresentPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.begin(request.user, **form.cleaned_data, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            return redirect("accounts:second_factor")
    return _page(request, form)


@for_everybody
@require_POST
@sensitive_post_parameters("code")
def confirm_factor(request: MemberRequest) -> HttpResponse:
    """The device shows the right code; the recovery codes are shown this once."""
    return _with_code(request, second_factor.confirm)


@for_everybody
@require_POST
@sensitive_post_parameters("code")
def new_recovery_codes(request: MemberRequest) -> HttpResponse:
    """Ten new recovery codes instead of the old ones."""
    return _with_code(request, second_factor.renew_codes)


@for_everybody
@require_POST
@sensitive_post_parameters("code")
def drop_factor(request: MemberRequest) -> HttpResponse:
    """Do without a second factor, where the role may."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    second_factor.drop(request.membership, form.cleaned_data["code"], now=timezone.now())
    messages.success(request, _("From now on the password alone opens."))
    return redirect("accounts:own_password")


def _with_code(request: MemberRequest, deed: Any) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        codes = deed(request.user, form.cleaned_data["code"], now=timezone.now())
    except Refused as refusal:
        form.add_error("code", sentence_of(refusal))
        return _page(request, form)
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


def _page(request: MemberRequest, form: forms.Form) -> HttpResponse:
    factor = queries.factor_of(request.user)
    is_being_set_up = factor is not None and factor.confirmed_at is None
    context = {
        "factor": factor,
        "is_needed": queries.needs_second_factor(request.membership),
        "owes": queries.owes_second_factor(request.membership, now=timezone.now()),
        # Drawn by ourselves from a secret of ours; nothing in it was typed by anybody.
        "picture": mark_safe(second_factor.drawn(factor)) if is_being_set_up and factor else "",
        "left": queries.count_recovery_codes(request.user),
        "form": form if form.is_bound else None,
        "begin": form if isinstance(form, PresentPasswordForm) else PresentPasswordForm(),
        "code_form": form if isinstance(form, CodeForm) else CodeForm(),
    }
    status = 400 if form.errors else 200
    return render(request, "accounts/second_factor.html", context, status=status)
