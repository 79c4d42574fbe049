"""Who asks the gateway: Django's session and membership, read outside of Django's views."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.utils import timezone
from starlette.requests import HTTPConnection

from gancang.accounts import queries, sessions
from gancang.accounts.doors import SESSION_KEY
from gancang.accounts.models import Role

if TYPE_CHECKING:
    from starlette.types import Scope

    from gancang.accounts.models import Membership


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the door: unknown, known without a role, or a member."""

    is_known: bool
    membership: Membership | None

    def why_not(self, *roles: Role) -> int | None:
        """The HTTP status that keeps this visitor out of what is for `roles`; None lets in."""
        if not self.is_known:
            return 401
        if self.membership is None or self.membership.role not in roles:
            return 403
        return None


def session_key_of(scope: Scope) -> str:
    """The session that the browser names, or nothing."""
    return HTTPConnection(scope).cookies.get(settings.SESSION_COOKIE_NAME, "")


def find_visitor(session_key: str) -> Visitor:
    """Whose session this is. Asks the database: call it in a thread."""
    if not session_key:
        return Visitor(is_known=False, membership=None)
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)  # also refuses sessions from before a change of password
    if not user.is_authenticated or user.pk is None:
        return Visitor(is_known=False, membership=None)
    membership = queries.find_membership(user.pk, chosen=request.session.get(SESSION_KEY))
    is_rider = membership is not None and membership.role == Role.RIDER
    if not is_rider and sessions.is_idle(request.session, now=timezone.now()):
        return Visitor(is_known=False, membership=None)
    if membership is not None and queries.owes_second_factor(membership, now=timezone.now()):
        membership = None
    return Visitor(is_known=True, membership=membership)
