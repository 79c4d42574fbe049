"""The words for why an order waits."""

from django import template
from django.utils.translation import gettext as _

from gancang.dispatch.rules import WAITING

register = template.Library()


@register.filter
def waiting_words(reason: str) -> str:
    """The planner's reason in the reader's language."""
    return _(WAITING.get(reason, reason))
