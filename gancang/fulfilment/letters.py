"""What a person is told once a visit, a ride or a transfer is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from gancang.outbox.actions import Note
from gancang.programmes.letters import in_own_words
from gancang.values import N_, in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        "item": _item_of(first),
        "day": first.day.strftime("%d-%m-%Y"),
        "performer": first.performer.name,
        "phone": first.performer.phone or first.region.phone,
        "more": str(more),
    }
    with translation.override("id"):
        body = _(PLANNED_MORE if more else PLANNED) % told
    return _in_own_words("planned", first, resident, body, told)


def paid_notes(case: Case) -> list[Note]:
    """The money of a transfer is at its bank: one letter, where the programme has words for it."""
    if case.resident is None or not case.resident.phone:
        return []
    told = {
        "item": _item_of(case),
        "amount": in_words(case.price_rp),
        "phone": case.performer.phone or case.region.phone,
    }
    body = "{item}: {amount}".format(**told)
    return _in_own_words("paid", case, case.resident, body, told)


def _item_of(case: Case) -> str:
    return case.item[:1].upper() + case.item[1:]


def _in_own_words(
    event: str, case: Case, resident: Resident, body: str, told: Mapping[str, str]
) -> list[Note]:
    note = Note(
        key=f"case.{event}:{case.code}",
        kind=f"case.{event}",
        subject=case.code,
        address=resident.phone,
        body=body,
        person=resident.pk,
        told=told,
    )
    return in_own_words(case.programme, event, note)
