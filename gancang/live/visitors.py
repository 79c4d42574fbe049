"""Who asks the gateway: Django's session and membership, read outside of Django's views."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from starlette.requests import HTTPConnection

from gancang.accounts import queries, sessions
from gancang.accounts.doors import SESSION_KEY
from gancang.accounts.models import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.contrib.sessions.backends.base import SessionBase
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
    if not _may_stay(request.session, membership):
        return Visitor(is_known=False, membership=None)
    if membership is not None and queries.owes_second_factor(membership, now=timezone.now()):
        membership = None
    return Visitor(is_known=True, membership=membership)


def _may_stay(session: SessionBase, membership: Membership | None) -> bool:
    is_rider = membership is not None and membership.role == Role.RIDER
    return is_rider or not sessions.is_idle(session, now=timezone.now())


def find_riders(session_keys: Collection[str]) -> dict[str, Membership]:
    """The riders among many sessions, three queries for all. Asks the database.

    Whom it leaves out may still be one: `find_visitor` knows.
    """
    rows = Session.objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
    told = {row.session_key: row.get_decoded() for row in rows}
    told = {key: known for key, known in told.items() if known.get(auth.SESSION_KEY)}
    user_of = {key: int(known[auth.SESSION_KEY]) for key, known in told.items()}
    chosen = {user_of[key]: known.get(SESSION_KEY) for key, known in told.items()}
    acting = queries.find_memberships(chosen)
    now = timezone.now()
    return {
        key: membership
        for key, known in told.items()
        if (membership := acting.get(user_of[key])) is not None
        and chosen[user_of[key]] == known.get(SESSION_KEY)  # not in another browser
        and membership.role == Role.RIDER
        and _is_signed(known, membership)
        and not queries.owes_second_factor(membership, now=now)
    }


def _is_signed(known: Mapping[str, Any], membership: Membership) -> bool:
    """Whether the session began after the last change of password and the last end of all."""
    hashed = membership.user.get_session_auth_hash()
    return constant_time_compare(known.get(auth.HASH_SESSION_KEY, ""), hashed)
