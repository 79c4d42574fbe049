"""Questions about people who log in. Each that lists people knows who asks."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from gancang.accounts.models import ApiToken, Membership, Role, SecondFactor, SignIn, User
from gancang.accounts.rules import Access

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def find_membership(user_id: int, *, chosen: int | None) -> Membership | None:
    """The membership in which a user acts: the one chosen, else the first; None if none."""
    rows = _memberships([user_id]).select_related("user__second_factor", "region", "organisation")
    return _chosen(list(rows), chosen)


def find_memberships(chosen: Mapping[int, int | None]) -> dict[int, Membership]:
    """The membership in which each of many users acts. Two queries, each region read once."""
    rows = _memberships(chosen).select_related("user__second_factor").prefetch_related("region")
    by_user: defaultdict[int, list[Membership]] = defaultdict(list)
    for row in rows:
        by_user[row.user_id].append(row)
    acting = {user: _chosen(found, chosen[user]) for user, found in by_user.items()}
    return {user: found for user, found in acting.items() if found is not None}


def _memberships(users: Iterable[int]) -> QuerySet[Membership]:
    rows = Membership.objects.filter(user_id__in=list(users), user__is_active=True)
    if not settings.DEMO:
        rows = rows.filter(user__is_demo=False)
    # Every request asks this: what a device knows stays sealed here.
    return rows.defer("user__second_factor__secret").order_by("id")


def _chosen(found: list[Membership], chosen: int | None) -> Membership | None:
    return next((row for row in found if row.pk == chosen), found[0] if found else None)


def regions_of(user: User) -> list[str]:
    """The codes of the regions that trust a person."""
    rows = Membership.objects.filter(user=user).values_list("region__code", flat=True)
    return list(rows.distinct())


def factor_of(user: User) -> SecondFactor | None:
    """A person's second factor, confirmed or just being set up."""
    factor: SecondFactor | None = getattr(user, "second_factor", None)
    return factor


def has_second_factor(user: User) -> bool:
    """Whether a code is asked for after the password."""
    factor = factor_of(user)
    return factor is not None and factor.confirmed_at is not None


def needs_second_factor(member: Membership) -> bool:
    """Whether the region asks one of this role. The people of the demonstration need none."""
    asked = Access.of(member.region.config).second_factor_roles
    return member.role in asked and not member.user.is_demo


def owes_second_factor(member: Membership, *, now: datetime) -> bool:
    """Whether the days of grace are over and there is none: this person comes no further."""
    due = member.user.factor_due
    is_late = due is not None and due <= now
    return is_late and needs_second_factor(member) and not has_second_factor(member.user)


HALF_IN = timedelta(minutes=5)


def find_half_in(told: object, *, now: datetime) -> User | None:
    """Who gave the right password in this browser minutes ago and owes the code; or None."""
    if not isinstance(told, dict):
        return None
    if datetime.fromtimestamp(told["at"], UTC) + HALF_IN < now:
        return None
    return User.objects.filter(pk=told["user"], is_active=True).first()


def names_of(usernames: Iterable[str]) -> dict[str, str]:
    """Full names by log-in name, of those who are people. One query."""
    rows = User.objects.filter(username__in=set(usernames))
    return dict(rows.values_list("username", "full_name"))


def list_sign_ins(user: User) -> list[SignIn]:
    """Where a person is logged in, the newest first."""
    return list(SignIn.objects.filter(user=user).order_by("-seen_at")[:50])


def count_recovery_codes(user: User) -> int:
    """How many of a person's recovery codes still open."""
    return user.recovery_codes.filter(used_at=None).count()


def list_memberships(user: User) -> list[Membership]:
    """All roles of a person, for the switch in the header."""
    rows = Membership.objects.filter(user=user).select_related("region", "organisation")
    return list(rows.order_by("id"))


def get_membership(asker: Membership, person: User, number: int) -> Membership:
    """One role of a person in the asker's region, or 404."""
    rows = Membership.objects.select_related("user", "region", "organisation")
    return get_object_or_404(rows, pk=number, user=person, region=asker.region)


def people_visible_to(asker: Membership, *, typed: str = "") -> QuerySet[User]:
    """The people of the asker's region who log in; nobody but a regency admin sees any."""
    if asker.role != Role.ADMIN:
        return User.objects.none()
    rows = User.objects.filter(
        Exists(Membership.objects.filter(user=OuterRef("pk"), region=asker.region))
    )
    # PostgreSQL takes no NUL in a text.
    if wanted := typed.replace("\0", "").strip():
        rows = rows.filter(Q(full_name__icontains=wanted) | Q(username__icontains=wanted))
    return rows.prefetch_related("memberships__organisation")


def list_demo_people() -> list[Membership]:
    """Whom a visitor of the demonstration may play; nobody outside of it."""
    if not settings.DEMO:
        return []
    rows = Membership.objects.filter(user__is_demo=True, user__is_active=True)
    return list(rows.select_related("user", "region", "organisation").order_by("id"))


def get_person(asker: Membership, username: str) -> User:
    """One person of the asker's region, or 404."""
    return get_object_or_404(people_visible_to(asker), username=username)


def tokens_visible_to(asker: Membership) -> QuerySet[ApiToken]:
    """The machine tokens of the asker's region; nobody but a regency admin sees any."""
    if asker.role != Role.ADMIN:
        return ApiToken.objects.none()
    rows = ApiToken.objects.filter(organisation__region=asker.region)
    return rows.select_related("organisation", "created_by").order_by("-id")


def list_living_tokens_by(maker: User) -> list[ApiToken]:
    """The machine tokens that a person made and that still open."""
    rows = ApiToken.objects.filter(created_by=maker, revoked_at=None)
    return list(rows.select_related("organisation").order_by("id"))


def get_token(asker: Membership, number: int) -> ApiToken:
    """One machine token of the asker's region, or 404."""
    return get_object_or_404(tokens_visible_to(asker), pk=number)


def digest_of(token: str) -> str:
    """What is kept of a token. It is long and random, so a plain hash suffices."""
    return sha256(token.encode()).hexdigest()


def find_token(token: str) -> ApiToken | None:
    """The living token that a machine presents, or None."""
    rows = ApiToken.objects.filter(digest=digest_of(token), revoked_at=None)
    return rows.select_related("organisation__region").first()


def has_any_admin() -> bool:
    """Whether somebody can administer anything; if not, the first-run page is open."""
    return Membership.objects.filter(
        role=Role.ADMIN, user__is_active=True, user__is_demo=False
    ).exists()
