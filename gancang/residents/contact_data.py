"""The phone and the landmark of a resident, as a clerk hears them for a delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.residents.actions import get_surviving
from gancang.residents.models import Phone
from gancang.residents.queries import indexes_of_phone

if TYPE_CHECKING:
    from datetime import datetime


@transaction.atomic
def change_contact(number: int, *, phone: str, landmark: str, by: str, now: datetime) -> list[str]:
    """Another first phone, another landmark; the phone before stays known. What changed."""
    row = get_surviving(number)
    wanted = {"phone": phone, "landmark": landmark}
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    if not changed:
        return []
    if "phone" in changed and row.phone:
        Phone.objects.filter(resident=row, number_index__in=indexes_of_phone(phone)).delete()
        Phone.objects.create(resident=row, number=row.phone, whose=row.phone_whose, added_at=now)
    for name in changed:
        setattr(row, name, wanted[name])
    row.version += 1
    row.save()
    record(
        "resident.contact_changed",
        f"resident:{row.pk}",
        region=row.region.code,
        by=by,
        now=now,
        facts={"fields": changed},
    )
    return changed
