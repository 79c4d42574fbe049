"""Words for cards."""

from django import template
from django.utils.translation import gettext as _

from gancang.cards.rules import ENDS

register = template.Library()


@register.filter
def end_words(why: str) -> str:
    """What became of a card."""
    return _(ENDS[why])
