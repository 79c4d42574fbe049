"""Where somebody is logged in: noted at the door, kept up, ended one by one or all at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from gancang.accounts.models import SignIn, User
from gancang.accounts.rules import device_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.sessions.backends.base import SessionBase

NOTED = "sign_in"
SEEN_EVERY = timedelta(minutes=5)


@transaction.atomic
def note(session: SessionBase, user: User, *, browser: str, now: datetime) -> None:
    """Note that somebody logged in; what ended by its age is forgotten."""
    if session.session_key is None:
        session.create()
    oldest = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    SignIn.objects.filter(user=user, since__lt=oldest).delete()
    SignIn.objects.filter(session_key=session.session_key).delete()
    row = SignIn.objects.create(
        user=user,
        session_key=session.session_key or "",
        device=device_of(browser),
        since=now,
        seen_at=now,
    )
    session[NOTED] = {"number": row.pk, "seen": now.timestamp()}


def is_idle(session: SessionBase, *, now: datetime) -> bool:
    """Whether nobody has used this log-in for longer than the setting allows."""
    told = session.get(NOTED)
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    return told is not None and now - datetime.fromtimestamp(told["seen"], UTC) > idle


def keep_up(session: SessionBase, *, now: datetime) -> None:
    """Note that somebody is there; not a write for every page."""
    told = session.get(NOTED)
    if told is None or now - datetime.fromtimestamp(told["seen"], UTC) < SEEN_EVERY:
        return
    SignIn.objects.filter(pk=told["number"]).update(seen_at=now)
    session[NOTED] = {**told, "seen": now.timestamp()}


def follow(session: SessionBase) -> None:
    """The session has got a new key, as after a change of password."""
    if told := session.get(NOTED):
        SignIn.objects.filter(pk=told["number"]).update(session_key=session.session_key)


def number_of(session: SessionBase) -> int | None:
    """Which of the sign-ins this browser's is."""
    told = session.get(NOTED)
    return told["number"] if told else None


def end(user: User, number: int) -> None:
    """End one log-in of a person; one that is over already changes nothing."""
    _end(SignIn.objects.filter(user=user, pk=number))


@transaction.atomic
def end_all(user: User, *, but: int | None = None) -> None:
    """End every log-in of a person; `but` one, which must be told the new state of the user."""
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
    user.refresh_from_db(fields=["sign_outs"])
    _end(SignIn.objects.filter(user=user).exclude(pk=but or 0))


@transaction.atomic
def _end(rows: Iterable[SignIn]) -> None:
    gone = list(rows)
    Session.objects.filter(session_key__in=[row.session_key for row in gone]).delete()
    SignIn.objects.filter(pk__in=[row.pk for row in gone]).delete()
