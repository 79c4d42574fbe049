"""Writing a programme: every save is kept, nobody overwrites what another saved meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from gancang.audit.actions import record
from gancang.programmes.models import Draft, Programme, Save
from gancang.programmes.rules import Why
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Region

Told = Mapping[str, Any]
OPEN = (Draft.State.DRAFT, Draft.State.TRIED)


@transaction.atomic
def begin(
    told: Told,
    *,
    region: Region,
    by: User,
    now: datetime,
    based_on: Programme | None = None,
) -> Draft:
    """A new draft: from an empty page, from a version, or from a file."""
    draft = Draft.objects.create(
        region=region, based_on=based_on, made_by=by, made_at=now, changed_at=now
    )
    _keep(draft, told, step="", by=by, now=now)
    facts: dict[str, object] = {"code": told.get("code", ""), "version": told.get("version", 1)}
    subject = f"draft-{draft.pk}"
    record("programme.begun", subject, region=region.code, by=by.username, now=now, facts=facts)
    return draft


@transaction.atomic
def save(draft: Draft, told: Told, *, step: str, seen: int, by: User, now: datetime) -> None:
    """What a page told is kept at once. Refused where somebody saved since it was `seen`."""
    _still_open(draft, seen)
    if dict(told) != draft.told:
        _keep(draft, told, step=step, by=by, now=now)
        facts: dict[str, object] = {"step": step, "save": draft.saves}
        _record("programme.written", draft, by=by, now=now, facts=facts)


@transaction.atomic
def go_back(draft: Draft, number: int, *, seen: int, by: User, now: datetime) -> None:
    """The draft is again as it was at an earlier save; what came after is kept too."""
    _still_open(draft, seen)
    earlier = Save.objects.filter(draft=draft, number=number).first()
    if earlier is None:
        raise Refused(Why.NO_SUCH_SAVE, number=number)
    _keep(draft, earlier.told, step="", by=by, now=now)
    facts: dict[str, object] = {"to": number, "save": draft.saves}
    _record("programme.gone_back", draft, by=by, now=now, facts=facts)


@transaction.atomic
def drop(draft: Draft, *, by: User, now: datetime) -> None:
    """A draft that nobody wants any more leaves the list. Its saves stay."""
    gone = Draft.objects.filter(pk=draft.pk, state__in=OPEN).update(state=Draft.State.DROPPED)
    if not gone:
        raise Refused(Why.DRAFT_CLOSED)
    _record("programme.dropped", draft, by=by, now=now)


def _still_open(draft: Draft, seen: int) -> None:
    """Lock it, and see that it is still what the writer saw."""
    fresh = Draft.objects.select_for_update().get(pk=draft.pk)
    if fresh.state not in OPEN:
        raise Refused(Why.DRAFT_CLOSED)
    if fresh.saves != seen:
        raise Refused(Why.SAVED_MEANWHILE)
    draft.told, draft.saves, draft.state = fresh.told, fresh.saves, fresh.state


def _keep(draft: Draft, told: Told, *, step: str, by: User, now: datetime) -> None:
    # Whatever was tried was tried with other words.
    changed = {
        "told": dict(told),
        "name": str(told.get("name", "")),
        "state": Draft.State.DRAFT,
        "changed_at": now,
        "tried": {},
    }
    Draft.objects.filter(pk=draft.pk).update(saves=F("saves") + 1, **changed)
    draft.refresh_from_db()
    Save.objects.create(draft=draft, number=draft.saves, step=step, told=dict(told), by=by, at=now)


def _record(
    kind: str, draft: Draft, *, by: User, now: datetime, facts: Mapping[str, object] | None = None
) -> None:
    subject, region = f"draft-{draft.pk}", draft.region.code
    record(kind, subject, region=region, by=by.username, now=now, facts=facts)
