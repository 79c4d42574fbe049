"""What addresses of log-ins and tokens may name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gancang.accounts.actions import make_token
from gancang.accounts.invitations import make_link
from gancang.accounts.models import OwnLink

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from gancang.regions.models import Organisation


def of_accounts(
    clerk: User, organisation: Organisation, admin: User
) -> dict[str, dict[str, object]]:
    """A clerk, his role and his link, and a token of his house, as parts of addresses."""
    username: dict[str, object] = {"username": clerk.username}
    now = datetime.now(UTC)
    token, _text = make_token("apotek", organisation=organisation, by=admin, now=now)
    link = make_link(clerk, OwnLink.Kind.RESET, now=now)
    return {
        "username": username,
        "accounts:take_role": {**username, "number": clerk.memberships.get().pk},
        "accounts:revoke_token": {"number": token.pk},
        "accounts:end_sign_in": {"number": 123},  # one's own, or nothing happens
        "accounts:set_password": {"token": link.rpartition("/")[2]},
    }
