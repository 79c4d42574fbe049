"""Making people, giving roles, and tokens for machines."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from gancang.accounts import sessions
from gancang.accounts.models import ApiToken, Membership, OwnLink, Role, User
from gancang.accounts.queries import digest_of, needs_second_factor, regions_of
from gancang.accounts.rules import Access, Why
from gancang.audit.actions import record
from gancang.regions.models import Organisation
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Region

# Whose work is always in one organisation.
WORKS_IN_ONE = {Role.COUNTER_CLERK, Role.PHARMACIST, Role.RIDER, Role.STALL, Role.VILLAGE_CLERK}
# Where a village clerk sits; its village is the one whose patients he helps.
NEAR_PEOPLE = {Organisation.Kind.OFFICE, Organisation.Kind.PUSKESMAS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A person to be made, with the first role."""

    username: str
    full_name: str
    password: str | None  # None: the person sets one with a link
    role: Role
    organisation: Organisation | None = None
    phone: str = ""
    is_demo: bool = False


@transaction.atomic
def add_person(newcomer: Newcomer, *, region: Region, by: str, now: datetime) -> User:
    """Make a person who can log in, with one role. Refused for a weak password or a taken name."""
    user = User(
        username=newcomer.username,
        full_name=newcomer.full_name,
        phone=newcomer.phone,
        is_demo=newcomer.is_demo,
        date_joined=now,
    )
    if newcomer.password is None:
        user.set_unusable_password()
    else:
        set_checked_password(user, newcomer.password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(Why.NAME_TAKEN, username=newcomer.username) from error
    give_role(
        user, newcomer.role, region=region, organisation=newcomer.organisation, by=by, now=now
    )
    return user


def set_checked_password(user: User, password: str) -> None:
    """Set a password that is not too easy to guess; does not save."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(Why.WEAK_PASSWORD, problem=" ".join(error.messages)) from error
    user.set_password(password)


@transaction.atomic
def give_role(
    user: User,
    role: Role,
    *,
    region: Region,
    organisation: Organisation | None,
    by: str,
    now: datetime,
) -> Membership:
    """Give a person a role; a second time changes nothing."""
    if role in WORKS_IN_ONE and organisation is None:
        raise Refused(Why.NEEDS_ORGANISATION)
    if role == Role.VILLAGE_CLERK and not _has_a_village(organisation):
        raise Refused(Why.NEEDS_VILLAGE)
    assert organisation is None or organisation.region_id == region.pk, "organisation elsewhere"
    membership, made = Membership.objects.get_or_create(
        user=user, role=role, region=region, organisation=organisation
    )
    if made:
        begin_grace(membership, now=now)
        record(
            "person.role_given",
            user.username,
            region=region.code,
            by=by,
            now=now,
            facts={"role": role, "organisation": organisation.code if organisation else None},
        )
    return membership


def begin_grace(membership: Membership, *, now: datetime) -> None:
    """Where the role needs a second factor, the days begin in which one may still do without."""
    user = membership.user
    if user.factor_due is None and needs_second_factor(membership):
        user.factor_due = now + Access.of(membership.region.config).grace
        User.objects.filter(pk=user.pk, factor_due=None).update(factor_due=user.factor_due)


def _has_a_village(organisation: Organisation | None) -> bool:
    return (
        organisation is not None
        and organisation.kind in NEAR_PEOPLE
        and organisation.village_id is not None
    )


@transaction.atomic
def take_role(membership: Membership, *, by: str, now: datetime) -> None:
    """Take a role away. The last regency admin keeps his."""
    if membership.role == Role.ADMIN and _is_last_admin(membership.user, membership.region):
        raise Refused(Why.LAST_ADMIN)
    record(
        "person.role_taken",
        membership.user.username,
        region=membership.region.code,
        by=by,
        now=now,
        facts={"role": membership.role},
    )
    membership.delete()


@transaction.atomic
def change_own_password(user: User, *, present: str, new: str, now: datetime) -> None:
    """Change one's own password, knowing the present one."""
    if not user.check_password(present):
        raise Refused(Why.WRONG_PASSWORD)
    set_checked_password(user, new)
    user.save(update_fields=["password"])
    void_links(user, now=now)
    for region in regions_of(user):
        record("person.password_changed", user.username, region=region, by=user.username, now=now)


@transaction.atomic
def reset_password(user: User, *, region: Region, by: str, now: datetime) -> str:
    """A new first password, told this once; the old one opens nothing any more."""
    refuse_if_elsewhere(user, region)
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    set_checked_password(user, password)
    user.save(update_fields=["password"])
    void_links(user, now=now)
    sessions.end_all(user)
    record("person.password_reset", user.username, region=region.code, by=by, now=now)
    return password


@transaction.atomic
def set_active(user: User, *, active: bool, region: Region, by: str, now: datetime) -> None:
    """Shut a person out, or let him in again. The last regency admin stays in."""
    refuse_if_elsewhere(user, region)
    if not active and _is_last_admin(user, region):
        raise Refused(Why.LAST_ADMIN)
    if User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
        void_links(user, now=now)
        sessions.end_all(user)
        kind = "person.let_in" if active else "person.shut_out"
        record(kind, user.username, region=region.code, by=by, now=now)


@transaction.atomic
def sign_out(user: User, *, region: Region, by: str, now: datetime) -> None:
    """End all log-ins of somebody whose phone or computer is in other hands."""
    refuse_if_elsewhere(user, region)
    sessions.end_all(user)
    record("person.signed_out", user.username, region=region.code, by=by, now=now)


def void_links(user: User, *, now: datetime) -> None:
    """No link that was sent to this person opens anything any more."""
    OwnLink.objects.filter(user=user, ended_at=None).update(ended_at=now)


def refuse_if_elsewhere(user: User, region: Region) -> None:
    """Refuse what only a region that alone trusts this person may do."""
    # One region's admin must not become, or shut out, a person whom another region trusts.
    if regions_of(user) != [region.code]:
        raise Refused(Why.ALSO_ELSEWHERE, name=user.full_name)


def _is_last_admin(user: User, region: Region) -> bool:
    admins = Membership.objects.select_for_update().filter(
        role=Role.ADMIN, region=region, user__is_active=True
    )
    return set(admins.values_list("user_id", flat=True)) == {user.pk}


@transaction.atomic
def make_token(
    name: str, *, organisation: Organisation, by: User, now: datetime
) -> tuple[ApiToken, str]:
    """A new token for a machine, with its text, which is shown this once."""
    text = f"gancang_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        name=name,
        organisation=organisation,
        digest=digest_of(text),
        created_at=now,
        created_by=by,
    )
    record(
        "token.made",
        name,
        region=organisation.region.code,
        by=by.username,
        now=now,
        facts={"organisation": organisation.code},
    )
    return token, text


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User, now: datetime) -> None:
    """Close a machine's door at once."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        raise Refused(Why.TOKEN_REVOKED)
    region = token.organisation.region.code
    record("token.revoked", token.name, region=region, by=by.username, now=now)


def note_use(token: ApiToken, *, now: datetime) -> None:
    """Keep when a token was last used, to the minute: not a write for every call."""
    minute_ago = now - timedelta(minutes=1)
    if token.last_used_at is None or token.last_used_at < minute_ago:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
