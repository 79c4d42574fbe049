"""How templates tell a way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext as _

from gancang.reach.closing import Because
from gancang.reach.rules import KINDS
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from gancang.values import Refused

register = template.Library()


@register.filter
def way_kind(kind: str) -> str:
    """A kind of way in words."""
    return _(KINDS[kind])


@register.filter
def why_not(refusal: Refused | None) -> str:
    """Why a way is not taken, in the reader's language."""
    return sentence_of(refusal) if refusal else ""


@register.filter
def because_off(because: str) -> str:
    """Why a fleet or a way is switched off, in words."""
    return _(Because(because).sentence)


@register.filter
def named(names: dict[str, str], code: str) -> str:
    """A name by its code; the code where the pack does not know it any more."""
    return names.get(code, code)
