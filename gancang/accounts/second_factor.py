"""A second factor: set up on a device of one's own, used once a code, taken off."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pyotp
import segno
from django.contrib.auth.backends import BaseBackend
from django.db import transaction

from gancang.accounts import sessions
from gancang.accounts.actions import refuse_if_elsewhere
from gancang.accounts.models import Membership, RecoveryCode, SecondFactor, User
from gancang.accounts.queries import factor_of, has_second_factor, needs_second_factor, regions_of
from gancang.accounts.rules import Why, find_step
from gancang.audit.actions import record
from gancang.values import Refused
from gancang.vault import blind_indexes

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from gancang.regions.models import Region

# Without letters and digits that look alike on paper: sixteen of them hold 79 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
RECOVERY_CODES = 10


class CodeBackend(BaseBackend):
    """The second step of the log-in. Django tells the throttle of every code that fails."""

    def authenticate(  # type: ignore[override]  # Django calls it with the credentials it names
        self, request: HttpRequest | None, *, username: str, code: str, now: datetime
    ) -> User | None:
        """Whose code this is; the code opens nothing any more."""
        del request
        user = User.objects.filter(username=username, is_active=True).first()
        return user if user is not None and spend(user, code, now=now) else None


@transaction.atomic
def begin(user: User, *, present: str, now: datetime) -> None:
    """A new secret for one's device, knowing the password; it opens once a code confirms it."""
    if not user.check_password(present):
        raise Refused(Why.WRONG_PASSWORD)
    if has_second_factor(user):
        raise Refused(Why.HAS_FACTOR)
    fresh = {"secret": pyotp.random_base32(), "made_at": now, "last_step": 0}
    SecondFactor.objects.update_or_create(user=user, confirmed_at=None, defaults=fresh)


def drawn(factor: SecondFactor) -> str:
    """The secret as a picture (SVG) that the device's camera reads."""
    uri = pyotp.TOTP(factor.secret).provisioning_uri(
        name=factor.user.username, issuer_name="Gancang"
    )
    return segno.make(uri, error="m").svg_inline(scale=5, light="#fff", svgclass="qr")


@transaction.atomic
def confirm(user: User, code: str, *, now: datetime) -> list[str]:
    """The device shows the right code: from now on it is asked for. Returns recovery codes."""
    factor = factor_of(user)
    if factor is None or factor.confirmed_at is not None:
        raise Refused(Why.NO_FACTOR)
    step = find_step(factor.secret, code.strip(), now=now)
    if step is None:
        raise Refused(Why.WRONG_FACTOR)
    SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=now, last_step=step)
    for region in regions_of(user):
        record("person.second_factor_set", user.username, region=region, by=user.username, now=now)
    return _new_codes(user)


@transaction.atomic
def spend(user: User, code: str, *, now: datetime) -> bool:
    """Whether this code opens; if so it never does again. A recovery code opens as well."""
    factor = factor_of(user)
    if factor is None or factor.confirmed_at is None:
        return False
    step = find_step(factor.secret, code.strip().replace(" ", ""), now=now)
    if step is not None:
        rows = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
        return bool(rows.update(last_step=step))
    unused = RecoveryCode.objects.filter(user=user, digest__in=_digests(code), used_at=None)
    if not unused.update(used_at=now):
        return False
    for region in regions_of(user):
        record("person.recovery_code_used", user.username, region=region, by=user.username, now=now)
    return True


@transaction.atomic
def renew_codes(user: User, code: str, *, now: datetime) -> list[str]:
    """New recovery codes for whoever shows that he has the device; the old ones open no more."""
    if not spend(user, code, now=now):
        raise Refused(Why.WRONG_FACTOR)
    return _new_codes(user)


@transaction.atomic
def drop(member: Membership, code: str, *, now: datetime) -> None:
    """Do without again, where one's role may. The code is the proof that it is oneself."""
    user = member.user
    roles = Membership.objects.filter(user=user).select_related("region", "user")
    if any(needs_second_factor(role) for role in roles):
        raise Refused(Why.FACTOR_NEEDED)
    if not spend(user, code, now=now):
        raise Refused(Why.WRONG_FACTOR)
    _take(user, reason="", by=user.username, now=now)


@transaction.atomic
def take_off(user: User, *, reason: str, region: Region, by: User, now: datetime) -> None:
    """An admin helps somebody whose device is lost. Where one is needed, it is due at once."""
    if by.pk == user.pk:
        raise Refused(Why.OWN_FACTOR)
    refuse_if_elsewhere(user, region)
    if factor_of(user) is None:
        raise Refused(Why.NO_FACTOR)
    User.objects.filter(pk=user.pk).exclude(factor_due=None).update(factor_due=now)
    _take(user, reason=reason, by=by.username, now=now)
    sessions.end_all(user)


def _take(user: User, *, reason: str, by: str, now: datetime) -> None:
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    facts = {"reason": reason}
    for region in regions_of(user):
        record(
            "person.second_factor_taken", user.username, region=region, by=by, now=now, facts=facts
        )


def _new_codes(user: User) -> list[str]:
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(16)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digests(c)[0]) for c in codes)
    return ["-".join(code[i : i + 4] for i in range(0, 16, 4)) for code in codes]


def _digests(code: str) -> list[str]:
    # Keyed, so that a stolen table cannot be tried out without the keys; several keys after a
    # change of them, the newest first.
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return blind_indexes(plain, column="accounts_recoverycode.digest")
