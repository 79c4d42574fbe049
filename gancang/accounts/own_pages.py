"""One's own account: password, second factor, where one is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gancang.accounts import actions, queries, second_factor, sessions
from gancang.accounts.doors import MemberRequest, for_roles
from gancang.accounts.forms import CodeForm, PasswordForm, PresentPasswordForm
from gancang.accounts.models import Role
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpResponse

for_everybody = for_roles(*Role, also_without_factor=True)


@for_everybody
@sensitive_post_parameters("present", "new")
def own_password(request: MemberRequest) -> HttpResponse:
    """One's own password, roles and log-ins; a new password ends the log-ins elsewhere."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_own_password(request.user, **form.cleaned_data, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            _end_elsewhere(request)
            messages.success(request, _("Your password is changed."))
            return redirect("home")
    context = {
        "form": form,
        "memberships": queries.list_memberships(request.user),
        "sign_ins": queries.list_sign_ins(request.user),
        "this": sessions.number_of(request.session),
    }
    status = 400 if form.errors else 200
    return render(request, "accounts/own_password.html", context, status=status)


def _end_elsewhere(request: MemberRequest) -> None:
    sessions.end_all(request.user, but=sessions.number_of(request.session))
    update_session_auth_hash(request, request.user)
    sessions.follow(request.session)


@for_everybody
@require_POST
def end_sign_in(request: MemberRequest, number: int) -> HttpResponse:
    """End one of one's own log-ins, in another browser."""
    sessions.end(request.user, number)
    return redirect("accounts:own_password")


@for_everybody
@require_POST
def sign_out_elsewhere(request: MemberRequest) -> HttpResponse:
    """End all of one's own log-ins but this one."""
    _end_elsewhere(request)
    messages.success(request, _("You are logged in only here now."))
    return redirect("accounts:own_password")


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
