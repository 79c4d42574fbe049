"""The words for an order's state."""

from django import template
from django.utils.translation import gettext as _

from gancang.orders.lifecycle import STATES

register = template.Library()


@register.filter
def state_words(state: str) -> str:
    """A state in the reader's language."""
    return _(STATES[state])
