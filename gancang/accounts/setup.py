"""The first admin of an empty installation, who must be somebody that runs the server."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction

from gancang.accounts import actions, queries
from gancang.accounts.models import Role, User
from gancang.accounts.rules import Why
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Region


def first_run_code() -> str:
    """What `gancang serve` prints on its own screen while there is no admin."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), b"first run", sha256)
    return digest.hex()[:12]


@transaction.atomic
def first_admin(
    *, code: str, region: Region, full_name: str, username: str, password: str, now: datetime
) -> User:
    """Make the first regency admin. Refused for a wrong code, or when there is one already."""
    if not hmac.compare_digest(code.strip(), first_run_code()):
        raise Refused(Why.WRONG_CODE)
    with connection.cursor() as cursor:
        # Two browsers on the first page at once: the second waits, then finds an admin.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('gancang.first_admin'))")
    if queries.has_any_admin():
        raise Refused(Why.ALREADY_SET_UP)
    newcomer = actions.Newcomer(
        username=username, full_name=full_name, password=password, role=Role.ADMIN
    )
    return actions.add_person(newcomer, region=region, by="first-run", now=now)
