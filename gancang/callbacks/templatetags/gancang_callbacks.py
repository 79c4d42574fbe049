"""Words for calls."""

from django import template
from django.utils.translation import gettext as _

from gancang.callbacks.rules import ANSWERS, STATES

register = template.Library()


@register.filter
def call_state(state: str) -> str:
    """How far a call is."""
    return _(STATES[state])


@register.filter
def call_answer(answer: str) -> str:
    """What a call brought."""
    return _(ANSWERS[answer])
