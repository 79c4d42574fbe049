"""A forgotten password: the page answers the same for every name; a job writes to whom exists.

So neither the answer nor the time it takes tells who has an account here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.accounts.invitations import make_link, send
from gancang.accounts.models import Forgotten, OwnLink, User
from gancang.accounts.queries import regions_of
from gancang.accounts.rules import Why
from gancang.audit.actions import record
from gancang.values import Refused
from gancang.vault import blind_index

if TYPE_CHECKING:
    from datetime import datetime

ASKS_OF_A_SOURCE_MAX = 10  # a whole office may stand behind one address
ASKS_WITHIN = timedelta(minutes=15)
LINKS_OF_A_PERSON_MAX = 3
KEPT = timedelta(hours=1)


@transaction.atomic
def ask(typed: str, *, source: str, now: datetime) -> None:
    """Keep that somebody at `source` forgot the password of a name, whether it exists or not."""
    digest = blind_index(source, column="accounts_forgotten.source")
    recent = Forgotten.objects.filter(source=digest, at__gt=now - ASKS_WITHIN)
    if recent.count() >= ASKS_OF_A_SOURCE_MAX:
        raise Refused(Why.ASKED_TOO_OFTEN)
    Forgotten.objects.create(typed=typed, source=digest, at=now)


@transaction.atomic
def answer_waiting(*, now: datetime, most: int = 20) -> int:
    """Send links to those who asked and exist; how many. What is older than an hour is dropped."""
    Forgotten.objects.filter(at__lt=now - KEPT).delete()
    waiting = Forgotten.objects.filter(answered_at=None).order_by("at")
    asked = list(waiting.select_for_update(skip_locked=True)[:most])
    Forgotten.objects.filter(pk__in=[ask.pk for ask in asked]).update(answered_at=now)
    users = User.objects.filter(username__in={ask.typed for ask in asked}, is_active=True)
    return sum(_write_to(user, now=now) for user in users.filter(is_demo=False))


def _write_to(user: User, *, now: datetime) -> bool:
    regions = regions_of(user)
    links = OwnLink.objects.filter(user=user, kind=OwnLink.Kind.RESET, made_at__gt=now - KEPT)
    if not user.phone or not regions or links.count() >= LINKS_OF_A_PERSON_MAX:
        return False
    link = make_link(user, OwnLink.Kind.RESET, now=now)
    send(user, OwnLink.Kind.RESET, link, region=regions[0], now=now)
    record("person.password_forgotten", user.username, region=regions[0], by=user.username, now=now)
    return True
