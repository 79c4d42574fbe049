"""What somebody has agreed to, purpose by purpose, and what he has taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.residents.actions import get_surviving, note
from gancang.residents.models import Consent
from gancang.residents.rules import CONSENT_HOWS, CONSENTS, Why
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from gancang.regions.models import Region
    from gancang.residents.registry import Deed

STOPS_WITHIN = timedelta(hours=72)  # UU 27/2022, article 40
PROGRAMMES = "programmes"


@transaction.atomic
def give(number: int, purpose: str, how: str, deed: Deed) -> None:
    """Somebody agrees to a purpose. Again, it changes nothing."""
    if purpose not in CONSENTS or how not in CONSENT_HOWS:
        raise Refused(Why.NO_SUCH_CONSENT)
    row = get_surviving(number)
    if Consent.objects.filter(resident=row, purpose=purpose, withdrawn_at=None).exists():
        return
    Consent.objects.create(
        resident=row, purpose=purpose, how=how, given_at=deed.now, given_by=deed.by
    )
    note(row, "resident.consent_given", {"purpose": purpose}, deed.by, deed.now)


@transaction.atomic
def withdraw(number: int, purpose: str, deed: Deed) -> None:
    """Somebody takes it back, also where nobody had written it down: the clock of 72 hours runs."""
    if purpose not in CONSENTS:
        raise Refused(Why.NO_SUCH_CONSENT)
    row = get_surviving(number)
    if _last(row.pk, purpose, withdrawn=True):
        return
    told = {"withdrawn_at": deed.now, "withdrawn_by": deed.by}
    given = Consent.objects.filter(resident=row, purpose=purpose, withdrawn_at=None)
    if not given.update(**told, stop_by=deed.now + STOPS_WITHIN):
        Consent.objects.create(
            resident=row,
            purpose=purpose,
            how="",
            given_at=None,
            given_by="",
            stop_by=deed.now + STOPS_WITHIN,
            **told,
        )
    note(row, "resident.consent_withdrawn", {"purpose": purpose}, deed.by, deed.now)


def _last(number: int, purpose: str, *, withdrawn: bool) -> bool:
    row = Consent.objects.filter(resident=number, purpose=purpose).order_by("-pk").first()
    return row is not None and (row.withdrawn_at is not None) is withdrawn


def consents_of(number: int) -> list[Consent]:
    """The newest word of a person who was read on each purpose."""
    rows = Consent.objects.filter(resident=number).order_by("purpose", "-pk")
    return list(rows.distinct("purpose"))


def withdrawn_among(region: Region, numbers: Iterable[int], purpose: str) -> set[int]:
    """Those of many who have taken their consent back and not given it again. Nobody is shown."""
    rows = Consent.objects.filter(resident__region=region, resident__in=list(numbers))
    newest = rows.filter(purpose=purpose).order_by("resident", "-pk").distinct("resident")
    return {row.resident_id for row in newest if row.withdrawn_at is not None}


def withdrawn_since(region: Region, purpose: str, *, since: datetime) -> set[int]:
    """Whose consent was taken back since then and not given again. Nobody is shown."""
    rows = Consent.objects.filter(resident__region=region, purpose=purpose, withdrawn_at__gte=since)
    return withdrawn_among(region, rows.values_list("resident", flat=True), purpose)
