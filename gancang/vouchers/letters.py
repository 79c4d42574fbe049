"""What a holder is told once a balance was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from gancang.outbox.actions import Note
from gancang.programmes.letters import in_own_words
from gancang.values import N_
from gancang.vouchers.links import balance_url
from gancang.vouchers.words import amount_words

if TYPE_CHECKING:
    from gancang.vouchers.models import Voucher

ISSUED = N_(
    "%(programme)s: you have %(amount)s until %(last)s. Bring your card. Your balance: %(link)s"
)


def issued_notes(row: Voucher) -> list[Note]:
    """A balance was given: one letter; none where there is no phone."""
    return _notes(row, "issued", row.count)


def lapses_notes(row: Voucher) -> list[Note]:
    """What is left lapses soon: one letter, where the programme has words for it."""
    return _notes(row, "lapses", row.left)


def _notes(row: Voucher, event: str, count: int) -> list[Note]:
    if not row.resident.phone:
        return []
    with translation.override("id"):
        told = {
            "programme": row.programme.name,
            "amount": amount_words(row, count),
            "last": f"{row.last:%d-%m-%Y}",
            "link": balance_url(row.code),
        }
        body = _(ISSUED) % told
    note = Note(
        key=f"voucher.{event}:{row.code}",
        kind=f"voucher.{event}",
        subject=row.code,
        address=row.resident.phone,
        body=body,
        person=row.resident_id,
        told=told,
    )
    return in_own_words(row.programme, event, note)
