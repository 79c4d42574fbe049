"""Words for meals."""

from django import template
from django.utils.translation import gettext as _

from gancang.servings.rules import AWAY, DIETS, STATES

register = template.Library()


@register.filter
def serving_state(state: str) -> str:
    """How a stop went."""
    return _(STATES[state])


@register.filter
def away_words(why: str) -> str:
    """Why somebody does not eat."""
    return _(AWAY[why])


@register.filter
def diet_words(diet: str) -> str:
    """What somebody may eat."""
    return _(DIETS[diet])
