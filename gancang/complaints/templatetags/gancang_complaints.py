"""Words for complaints."""

from django import template
from django.utils.translation import gettext as _

from gancang.complaints.rules import CAUSES, CHANNELS, OUTCOMES, STATES

register = template.Library()


@register.filter
def cause_words(cause: str) -> str:
    """What was wrong."""
    return _(CAUSES[cause])


@register.filter
def outcome_words(outcome: str) -> str:
    """How it was put right."""
    return _(OUTCOMES[outcome]) if outcome else ""


@register.filter
def complaint_state(state: str) -> str:
    """Where it stands."""
    return _(STATES[state])


@register.filter
def channel_words(channel: str) -> str:
    """How it reached us."""
    return _(CHANNELS[channel])
