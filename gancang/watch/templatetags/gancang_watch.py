"""The words of the watch."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext as _

from gancang.contact.models import PatientMessage
from gancang.watch import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()


@register.filter
def open_words(kind: str) -> str:
    """What kind of thing is open."""
    return _(rules.KINDS[kind])


@register.filter
def gap_title(kind: str) -> str:
    """What was amiss with an alarm."""
    return _(rules.GAPS[kind])


@register.filter
def moment(kept: str) -> datetime:
    """A time as a note keeps it."""
    return datetime.fromisoformat(kept)


@register.filter
def of(things: Mapping[str, str], key: str) -> str:
    """What a table says of a key, or nothing."""
    return things.get(key, "")


@register.filter
def message_words(state: str) -> str:
    """Whether somebody must still answer a message."""
    return str(PatientMessage.State(state).label) if state else ""
