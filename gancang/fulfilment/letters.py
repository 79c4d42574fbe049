"""What a person is told once a visit, a ride or a transfer is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from gancang.outbox.actions import Note
from gancang.values import N_

if TYPE_CHECKING:
    from gancang.fulfilment.models import Case
    from gancang.residents.models import Resident

PLANNED = N_("%(item)s is planned for %(day)s, by %(performer)s. Questions: %(phone)s.")
PLANNED_MORE = N_(
    "%(item)s is planned for %(day)s and %(more)s more days, by %(performer)s. "
    "Questions: %(phone)s."
)


def planned_notes(first: Case, resident: Resident, *, more: int) -> list[Note]:
    """One letter for all that was planned at once; none where there is no phone."""
    if not resident.phone:
        return []
    told = {
        "item": first.item[:1].upper() + first.item[1:],
        "day": first.day.strftime("%d-%m-%Y"),
        "performer": first.performer.name,
        "phone": first.performer.phone or first.region.phone,
        "more": str(more),
    }
    with translation.override("id"):
        body = _(PLANNED_MORE if more else PLANNED) % told
    return [
        Note(
            key=f"case.planned:{first.code}",
            kind="case.planned",
            subject=first.code,
            address=resident.phone,
            body=body,
            person=resident.pk,
            told=told,
        )
    ]
