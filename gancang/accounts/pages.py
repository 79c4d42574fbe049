"""Logging out, and the regency admin's people and tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gancang.accounts import actions, invitations, queries, second_factor, sessions, setup
from gancang.accounts.doors import SESSION_KEY, MemberRequest, for_roles
from gancang.accounts.forms import (
    FirstAdminForm,
    PersonForm,
    PhoneForm,
    ReasonForm,
    RoleForm,
    TokenForm,
)
from gancang.accounts.log_in_pages import enter
from gancang.accounts.models import Role, User
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from gancang.web.paging import page_after

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """What somebody sees after too many wrong passwords."""
    return render(request, "accounts/locked_out.html", status=429)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """The way out."""
    number = sessions.number_of(request.session)
    if number is not None and isinstance(request.user, User):
        sessions.end(request.user, number)
    logout(request)
    return redirect("home")


@require_POST
def choose_membership(request: HttpRequest) -> HttpResponse:
    """Act in another of one's roles from here on."""
    chosen = request.POST.get("membership", "")
    if request.user.is_authenticated and chosen.isdigit():
        # find_membership looks among one's own only, whatever was sent.
        request.session[SESSION_KEY] = int(chosen)
    return redirect("home")


@for_roles(Role.ADMIN)
def people(request: MemberRequest) -> HttpResponse:
    """Who logs in here; a new person."""
    form = PersonForm(request.POST or None, region=request.membership.region)
    if request.method == "POST" and form.is_valid():
        try:
            return _take_on(request, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
    found = queries.people_visible_to(request.membership, typed=request.GET.get("q", ""))
    page = page_after(found, key=("full_name", "id"), cursor=request.GET.get("after", ""))
    context = {"form": form, "page": page, "q": request.GET.get("q", "")}
    return render(request, "accounts/people.html", context, status=400 if form.errors else 200)


def _take_on(request: MemberRequest, typed: dict[str, Any]) -> HttpResponse:
    newcomer = actions.Newcomer(
        username=typed["username"],
        full_name=typed["full_name"],
        password=typed["password"] or None,
        role=Role(typed["role"]),
        organisation=typed["organisation"],
        phone=typed["phone"],
    )
    link = invitations.take_on(
        newcomer,
        region=request.membership.region,
        by=request.user.username,
        now=timezone.now(),
    )
    if link:
        return _show_link(request, link, newcomer.full_name, newcomer.username)
    sentence = (
        _("%(name)s can log in now.")
        if newcomer.password
        else _("A link is on its way to the phone of %(name)s, good for seven days.")
    )
    messages.success(request, sentence % {"name": newcomer.full_name})
    return redirect("accounts:people")


def _show_link(request: MemberRequest, link: str, name: str, username: str) -> HttpResponse:
    context = {"link": link, "name": name, "username": username}
    return render(request, "accounts/link.html", context)


@for_roles(Role.ADMIN)
@require_POST
def send_link(request: MemberRequest, username: str) -> HttpResponse:
    """A link to a new password: by letter, or shown this once where no phone is known."""
    somebody = queries.get_person(request.membership, username)
    link = invitations.invite(
        somebody,
        region=request.membership.region,
        by=request.user.username,
        now=timezone.now(),
    )
    if link:
        return _show_link(request, link, somebody.full_name, username)
    sentence = _("A link is on its way to the phone of %(name)s, good for seven days.")
    messages.success(request, sentence % {"name": somebody.full_name})
    return redirect("accounts:person", username)


@for_roles(Role.ADMIN)
@require_POST
def change_phone(request: MemberRequest, username: str) -> HttpResponse:
    """Where letters to this person go."""
    somebody = queries.get_person(request.membership, username)
    region = request.membership.region
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _show_person(request, somebody, phone_form=form)
    invitations.change_phone(
        somebody,
        form.cleaned_data["phone"],
        region=region,
        by=request.user.username,
        now=timezone.now(),
    )
    return redirect("accounts:person", username)


@for_roles(Role.ADMIN)
def person(request: MemberRequest, username: str) -> HttpResponse:
    """One person: roles, a new first password, out of use and back."""
    return _show_person(request, queries.get_person(request.membership, username))


def _show_person(request: MemberRequest, somebody: User, **refused: Form) -> HttpResponse:
    """The page of a person, with the form that was refused in the place of the empty one."""
    context = {
        "person": somebody,
        "memberships": queries.list_memberships(somebody),
        "form": RoleForm(None, region=request.membership.region),
        "has_factor": queries.has_second_factor(somebody),
        "reason_form": ReasonForm(),
        "phone_form": PhoneForm(initial={"phone": somebody.phone}),
        **refused,
    }
    return render(request, "accounts/person.html", context, status=400 if refused else 200)


@for_roles(Role.ADMIN)
@require_POST
def give_role(request: MemberRequest, username: str) -> HttpResponse:
    """One more role."""
    somebody = queries.get_person(request.membership, username)
    form = RoleForm(request.POST, region=request.membership.region)
    if form.is_valid():
        actions.give_role(
            somebody,
            Role(form.cleaned_data["role"]),
            region=request.membership.region,
            organisation=form.cleaned_data["organisation"],
            by=request.user.username,
            now=timezone.now(),
        )
        return redirect("accounts:person", username)
    return _show_person(request, somebody, form=form)


@for_roles(Role.ADMIN)
@require_POST
def take_role(request: MemberRequest, username: str, number: int) -> HttpResponse:
    """One role fewer."""
    somebody = queries.get_person(request.membership, username)
    actions.take_role(
        queries.get_membership(request.membership, somebody, number),
        by=request.user.username,
        now=timezone.now(),
    )
    return redirect("accounts:person", username)


@for_roles(Role.ADMIN)
@require_POST
def switch_person(request: MemberRequest, username: str) -> HttpResponse:
    """Let somebody in again; shutting out has a page of its own, which hands over the work."""
    somebody = queries.get_person(request.membership, username)
    if request.POST.get("active") != "yes":
        return redirect("overview:leave", username)
    actions.set_active(
        somebody,
        active=True,
        region=request.membership.region,
        by=request.user.username,
        now=timezone.now(),
    )
    return redirect("accounts:person", username)


@for_roles(Role.ADMIN)
@require_POST
def new_password(request: MemberRequest, username: str) -> HttpResponse:
    """A new first password for somebody who forgot his; shown this once."""
    somebody = queries.get_person(request.membership, username)
    password = actions.reset_password(
        somebody,
        region=request.membership.region,
        by=request.user.username,
        now=timezone.now(),
    )
    context = {"person": somebody, "password": password}
    return render(request, "accounts/new_password.html", context)


@for_roles(Role.ADMIN)
@require_POST
def sign_out_person(request: MemberRequest, username: str) -> HttpResponse:
    """End all log-ins of somebody whose phone is in other hands."""
    somebody = queries.get_person(request.membership, username)
    actions.sign_out(
        somebody,
        region=request.membership.region,
        by=request.user.username,
        now=timezone.now(),
    )
    sentence = _("%(name)s is logged in nowhere any more.")
    messages.success(request, sentence % {"name": somebody.full_name})
    return redirect("accounts:person", username)


@for_roles(Role.ADMIN)
@require_POST
def take_factor(request: MemberRequest, username: str) -> HttpResponse:
    """Take off the second factor of somebody whose phone is lost."""
    somebody = queries.get_person(request.membership, username)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show_person(request, somebody, reason_form=form)
    second_factor.take_off(
        somebody,
        reason=form.cleaned_data["reason"],
        region=request.membership.region,
        by=request.user,
        now=timezone.now(),
    )
    return redirect("accounts:person", username)


@for_roles(Role.ADMIN)
def tokens(request: MemberRequest) -> HttpResponse:
    """The machines that may send prescriptions; a new token, shown once."""
    form = TokenForm(request.POST or None, region=request.membership.region)
    text = None
    if request.method == "POST" and form.is_valid():
        _token, text = actions.make_token(**form.cleaned_data, by=request.user, now=timezone.now())
    page = page_after(
        queries.tokens_visible_to(request.membership),
        key=("-id",),
        cursor=request.GET.get("after", ""),
    )
    context = {"form": form, "page": page, "text": text}
    return render(request, "accounts/tokens.html", context, status=400 if form.errors else 200)


@for_roles(Role.ADMIN)
@require_POST
def revoke_token(request: MemberRequest, number: int) -> HttpResponse:
    """Close a machine's door."""
    token = queries.get_token(request.membership, number)
    actions.revoke_token(token, by=request.user, now=timezone.now())
    messages.success(request, _("The token “%(name)s” opens nothing any more.") % {"name": token})
    return redirect("accounts:tokens")


@never_cache
@sensitive_post_parameters("password", "code")
def first_run(request: HttpRequest) -> HttpResponse:
    """An empty installation: make the first admin, with the code from the server's screen."""
    if queries.has_any_admin():
        return redirect("login")
    form = FirstAdminForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            setup.first_admin(**form.cleaned_data, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence_of(refusal))
        else:
            user = authenticate(
                request,
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
            )
            assert isinstance(user, User)
            return enter(request, user, wanted="")
    context = {"form": form, "has_region": form.fields["region"].queryset.exists()}  # type: ignore[attr-defined]  # a ModelChoiceField
    return render(request, "accounts/first_run.html", context, status=400 if form.errors else 200)
