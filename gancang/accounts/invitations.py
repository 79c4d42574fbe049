"""Links by letter with which people set their own passwords: no admin ever types or sees them."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.accounts import sessions
from gancang.accounts.actions import (
    Newcomer,
    add_person,
    refuse_if_elsewhere,
    set_checked_password,
    void_links,
)
from gancang.accounts.models import OwnLink, User
from gancang.accounts.queries import digest_of, regions_of
from gancang.accounts.rules import Why
from gancang.audit.actions import record
from gancang.outbox.actions import Note, post
from gancang.values import Refused
from gancang.web.links import find_signed, link_to, sign

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Region

_USE = "accounts.own-link"
LASTS = {
    OwnLink.Kind.INVITATION: timedelta(days=7),
    OwnLink.Kind.RESET: timedelta(hours=1),
}
SAYS = {
    OwnLink.Kind.INVITATION: (
        "Halo {name}, akun Gancang Anda ({username}) sudah dibuat. Buat kata sandi Anda sendiri "
        "di sini, dalam 7 hari: {link} Jangan teruskan tautan ini."
    ),
    OwnLink.Kind.RESET: (
        "Kata sandi baru untuk akun Gancang {username}: {link} Berlaku 1 jam, satu kali. "
        "Bukan Anda yang meminta? Abaikan saja, tidak ada yang berubah."
    ),
}


@transaction.atomic
def take_on(newcomer: Newcomer, *, region: Region, by: str, now: datetime) -> str | None:
    """Make a person; without a password an invitation. Returns the link to show, if not sent."""
    user = add_person(newcomer, region=region, by=by, now=now)
    if newcomer.password is not None:
        return None
    return invite(user, region=region, by=by, now=now)


@transaction.atomic
def invite(user: User, *, region: Region, by: str, now: datetime) -> str | None:
    """A link to a password of one's own; earlier ones are void.

    It goes to the person's phone. Where none is known it is returned, to be shown this once.
    """
    refuse_if_elsewhere(user, region)
    if not user.is_active:
        raise Refused(Why.SHUT_OUT, name=user.full_name)
    facts = {"by_letter": bool(user.phone)}
    record("person.invited", user.username, region=region.code, by=by, now=now, facts=facts)
    link = make_link(user, OwnLink.Kind.INVITATION, now=now)
    if not user.phone:
        return link
    send(user, OwnLink.Kind.INVITATION, link, region=region.code, now=now)
    return None


@transaction.atomic
def make_link(user: User, kind: OwnLink.Kind, *, now: datetime) -> str:
    """A new link, the only one of this person that opens."""
    void_links(user, now=now)
    nonce = secrets.token_urlsafe(18)
    OwnLink.objects.create(
        user=user,
        kind=kind,
        digest=digest_of(nonce),
        made_at=now,
        expires_at=now + LASTS[kind],
    )
    return link_to("accounts:set_password", sign(nonce, use=_USE))


def send(user: User, kind: OwnLink.Kind, link: str, *, region: str, now: datetime) -> None:
    """The link by letter, to the account's own phone."""
    told = {"name": user.full_name, "username": user.username, "link": link}
    note = Note(
        key=f"account:{user.pk}:{digest_of(link)[:32]}",
        kind=f"account.{kind}",
        subject=user.username,
        address=user.phone,
        body=SAYS[kind].format(**told),
        told=told,
    )
    post(note, region=region, now=now)


def find_link(token: str, *, now: datetime) -> OwnLink | None:
    """The link that still opens, or None: forged, used, void, too old, of somebody shut out."""
    nonce = find_signed(token, use=_USE)
    if nonce is None:
        return None
    rows = OwnLink.objects.filter(digest=digest_of(nonce), ended_at=None, expires_at__gt=now)
    return rows.filter(user__is_active=True).select_related("user").first()


@transaction.atomic
def set_password(link: OwnLink, new: str, *, now: datetime) -> None:
    """The person's own password by a link that opens this once. Every log-in of before ends."""
    if not OwnLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now):
        raise Refused(Why.LINK_ENDED)
    user = link.user
    set_checked_password(user, new)
    user.save(update_fields=["password"])
    sessions.end_all(user)
    facts = {"by": link.kind}
    for region in regions_of(user):
        record(
            "person.password_set",
            user.username,
            region=region,
            by=user.username,
            now=now,
            facts=facts,
        )


@transaction.atomic
def change_phone(user: User, phone: str, *, region: Region, by: str, now: datetime) -> None:
    """Where letters to this person go from now on; the former number is told, links are void."""
    refuse_if_elsewhere(user, region)
    former = user.phone
    if former == phone:
        return
    User.objects.filter(pk=user.pk).update(phone=phone)
    void_links(user, now=now)
    record("person.phone_changed", user.username, region=region.code, by=by, now=now)
    if former:
        note = Note(
            key=f"account:{user.pk}:phone:{now.isoformat()}",
            kind="account.phone",
            subject=user.username,
            address=former,
            body=f"Nomor HP akun Gancang {user.username} diganti oleh {by}. "
            "Bila ini tidak benar, hubungi admin kabupaten sekarang.",
        )
        post(note, region=region.code, now=now)
