"""Why somebody may not do what they ask of the accounts, and who needs a second factor."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

import pyotp

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Why(Reason):
    """Refusals of this capability."""

    NAME_TAKEN = "name_taken", N_("The log-in name {username} is taken; choose another one.")
    WRONG_PASSWORD = "wrong_password", N_("That is not your present password.")
    WEAK_PASSWORD = "weak_password", N_("That password is too easy to guess: {problem}")
    NEEDS_ORGANISATION = (
        "needs_organisation",
        N_("Choose the organisation in which this person works."),
    )
    NEEDS_VILLAGE = (
        "needs_village",
        N_("A village clerk works in an office or a health centre that stands in a village."),
    )
    LAST_ADMIN = (
        "last_admin",
        N_("This is the last regency admin; name another one before you take this role away."),
    )
    ALSO_ELSEWHERE = (
        "also_elsewhere",
        N_("{name} also works in another region; ask the admin there, or take the role away here."),
    )
    TOKEN_REVOKED = "token_revoked", N_("This token was revoked already.")
    WRONG_CODE = "wrong_code", N_("That is not the code on the server's screen.")
    ALREADY_SET_UP = "already_set_up", N_("There is a first admin already; log in as that person.")
    ASKED_TOO_OFTEN = (
        "asked_too_often",
        N_("Asked too often from here; wait a quarter of an hour, then try again."),
    )
    LINK_ENDED = "link_ended", N_("This link opens nothing any more.")
    SHUT_OUT = "shut_out", N_("{name} is shut out; let this person in again first.")
    NOT_A_PHONE = "not_a_phone", N_("That is no phone number of a mobile, like 0812 3456 7890.")
    NO_FACTOR = "no_factor", N_("No second factor is being set up; begin anew.")
    HAS_FACTOR = "has_factor", N_("There is a second factor already.")
    FACTOR_NEEDED = (
        "factor_needed",
        N_("Your role needs the second factor; with a new phone, ask another regency admin."),
    )
    WRONG_FACTOR = (
        "wrong_factor",
        N_("That code does not open. Is the phone's clock right? Each code opens once."),
    )
    OWN_FACTOR = (
        "own_factor",
        N_("Nobody takes off their own second factor like this; use a code of yours."),
    )


CODE_S = 30


@dataclass(frozen=True, slots=True)
class Access:
    """What a region asks of those who log in: the table `access` of its pack."""

    second_factor_roles: frozenset[str] = frozenset({"admin", "treasurer", "auditor", "pharmacist"})
    grace: timedelta = timedelta(days=14)

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Self:
        """As the pack tells it, else as we think best."""
        told = config.get("access", {})
        roles = told.get("second_factor_roles")
        days = told.get("grace_days")
        return cls(
            cls().second_factor_roles if roles is None else frozenset(roles),
            cls().grace if days is None else timedelta(days=days),
        )


def find_step(secret: str, code: str, *, now: datetime) -> int | None:
    """The half minute whose code this is: now, or the one before or after; None if of none."""
    totp, step = pyotp.TOTP(secret, interval=CODE_S), int(now.timestamp()) // CODE_S
    found = [
        near
        for near in (step - 1, step, step + 1)
        if hmac.compare_digest(totp.generate_otp(near).encode(), code.encode())
    ]
    return max(found, default=None)


# The first that a browser's own description names; several claim to be Chrome or Safari too.
BROWSERS = {
    "SamsungBrowser": "Samsung",
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def device_of(browser: str) -> str:
    """A device in two words, as somebody knows his own again; "" where it does not say."""
    found = [
        next((word for mark, word in marks.items() if mark in browser), "")
        for marks in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(word for word in found if word)
