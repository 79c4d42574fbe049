"""Words for how goods were handed over."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from gancang.orders.lifecycle import Failure
from gancang.parcels.rules import LEVELS, RELATIONS
from gancang.values import N_

register = template.Library()
LEFT = N_("Left at the door")


@register.filter
def level_words(level: str) -> str:
    """A level of proof in the reader's language."""
    return _(LEVELS.get(level, LEFT))


@register.filter
def receiver_words(relation: str) -> str:
    """Who received it."""
    return _(RELATIONS.get(relation, LEFT))


@register.filter
def why_not_received(code: str) -> str:
    """Why it was not handed over."""
    return _(Failure(code).sentence)
