"""Who stands at the door: the membership of each request, and the roles that a page lets in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, cast

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from gancang.accounts import queries, sessions
from gancang.accounts.models import Role

if TYPE_CHECKING:
    from gancang.accounts.models import Membership, User


class MemberRequest(HttpRequest):
    """A request of somebody who is logged in and acts in one role."""

    user: User
    membership: Membership


type_of_page = Callable[Concatenate[MemberRequest, ...], HttpResponseBase]
SESSION_KEY = "membership"


def membership(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: `request.membership` is the role in which the visitor acts, or None."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        chosen = None
        if request.user.is_authenticated:
            chosen = queries.find_membership(
                request.user.pk, chosen=request.session.get(SESSION_KEY)
            )
            if not _keep_up(request, chosen):
                chosen = None
        request.membership = chosen  # type: ignore[attr-defined]  # MemberRequest names it
        return get_response(request)

    return middleware


def _keep_up(request: HttpRequest, member: Membership | None) -> bool:
    """Whether the log-in goes on; it ends when nobody used it for long."""
    now = timezone.now()
    # A phone in a rider's pocket is no desk that somebody left: only the hours end that log-in.
    if (member is None or member.role != Role.RIDER) and sessions.is_idle(request.session, now=now):
        logout(request)
        return False
    sessions.keep_up(request.session, now=now)
    return True


def for_roles(
    *roles: Role, also_without_factor: bool = False
) -> Callable[[type_of_page], Callable[..., HttpResponseBase]]:
    """Let only members with one of `roles` in; others log in first, or are told no.

    Whoever owes a second factor is led to where it is set up, unless `also_without_factor`.
    """

    def wrap(page: type_of_page) -> Callable[..., HttpResponseBase]:
        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _log_in_first(request)
            acting = getattr(request, "membership", None)
            if acting is None or acting.role not in roles:
                raise PermissionDenied
            if not also_without_factor and queries.owes_second_factor(acting, now=timezone.now()):
                return redirect("accounts:second_factor")
            return page(cast("MemberRequest", request), *args, **kwargs)

        # The walk of all addresses by all roles reads this.
        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]  # a mark on a function
        return guarded

    return wrap


def _log_in_first(request: HttpRequest) -> HttpResponse:
    # After a POST there is nothing to come back to: the log-in leads to the page it came from.
    path = request.get_full_path() if request.method == "GET" else "/"
    return redirect_to_login(path)
