"""Words for cases."""

from django import template
from django.utils.translation import gettext as _

from gancang.fulfilment.rules import KINDS, LEGS, LEVELS, STATES

register = template.Library()


@register.filter
def case_state(state: str) -> str:
    """A state of a case."""
    return _(STATES[state])


@register.filter
def case_kind(kind: str) -> str:
    """A kind of case."""
    return _(KINDS[kind])


@register.filter
def case_leg(leg: str) -> str:
    """There, or back."""
    return _(LEGS[leg]) if leg else ""


@register.filter
def case_proof(level: str) -> str:
    """What proved a case."""
    return _(LEVELS.get(level, level))
