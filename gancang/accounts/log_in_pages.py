"""The way in: the password, then the code of the second factor where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from gancang.accounts import actions, forgotten, invitations, queries, sessions
from gancang.accounts.forms import CodeForm, ForgottenForm, LogInForm, NewPasswordForm
from gancang.accounts.models import User
from gancang.accounts.rules import Why
from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

HALF = "half_in"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters("password")
def log_in(request: HttpRequest) -> HttpResponse:
    """The way in. After five wrong passwords the door stays shut for a quarter of an hour."""
    if not queries.has_any_admin() and not queries.list_demo_people():
        return redirect("accounts:first_run")
    form = LogInForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        user, wanted = form.get_user(), request.POST.get("next", "")
        assert isinstance(user, User)
        if not queries.has_second_factor(user):
            return enter(request, user, wanted=wanted)
        request.session[HALF] = {
            "user": user.pk,
            "at": timezone.now().timestamp(),
            "next": wanted,
        }
        return redirect("log_in_code")
    context = {
        "form": form,
        "next": request.GET.get("next", ""),
        "demo": queries.list_demo_people(),
    }
    return render(request, "accounts/log_in.html", context, status=400 if form.errors else 200)


@never_cache
@sensitive_post_parameters("code")
def log_in_code(request: HttpRequest) -> HttpResponse:
    """The second step. Wrong codes count like wrong passwords."""
    now = timezone.now()
    half = queries.find_half_in(request.session.get(HALF), now=now)
    if half is None:
        return redirect("login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["code"]
        user = authenticate(request, username=half.username, code=typed, now=now)
        if user is not None:
            assert isinstance(user, User)
            return enter(request, user, wanted=request.session.pop(HALF)["next"])
        form.add_error("code", _(Why.WRONG_FACTOR.sentence))
    return render(request, "accounts/log_in_code.html", {"form": form}, status=_status(form))


def _status(form: Form) -> int:
    return 400 if form.errors else 200


@never_cache
@sensitive_post_parameters("new")
def set_password(request: HttpRequest, token: str) -> HttpResponse:
    """A person's own password, by a link that came by letter or was passed on; it opens once."""
    link = invitations.find_link(token, now=timezone.now())
    if link is None:
        return render(request, "accounts/link_ended.html", status=404)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.set_password(link, form.cleaned_data["new"], now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            messages.success(request, _("Your password is set. Log in with it now."))
            return redirect("login")
    context = {"form": form, "link": link}
    return render(request, "accounts/set_password.html", context, status=_status(form))


@never_cache
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Ask for a link to a new password. Says the same, as fast, whether the name exists or not."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        source = request.META.get("REMOTE_ADDR", "")
        forgotten.ask(form.cleaned_data["username"], source=source, now=timezone.now())
        return render(request, "accounts/forgotten_sent.html")
    return render(request, "accounts/forgotten.html", {"form": form}, status=_status(form))


def enter(request: HttpRequest, user: User, *, wanted: str) -> HttpResponse:
    """Log somebody in who has shown all that is asked, and lead him where he wanted to go."""
    login(request, user, backend=BACKEND)
    browser = request.headers.get("User-Agent", "")
    sessions.note(request.session, user, browser=browser, now=timezone.now())
    _remind(request, user)
    allowed = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return redirect(wanted if allowed else "home")


def _remind(request: HttpRequest, user: User) -> None:
    """Tell until when the second factor is to be set up, where a role needs one."""
    if queries.has_second_factor(user):
        return
    needing = [m for m in queries.list_memberships(user) if queries.needs_second_factor(m)]
    for member in needing[:1]:
        actions.begin_grace(member, now=timezone.now())
        assert member.user.factor_due is not None
        due = member.user.factor_due.astimezone(ZoneInfo(member.region.timezone))
        sentence = _(
            "Your role needs a second factor: set it up under your name, “My account”, "
            "until %(day)s. Afterwards you come no further without it."
        )
        messages.warning(request, sentence % {"day": date_format(due, "j F Y")})
